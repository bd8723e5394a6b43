//! Everything billing lets somebody do.

/// Look at invoices.
pub const INVOICE_VIEW: &str = "billing.invoice.view";
/// Write and issue invoices by hand.
pub const INVOICE_ISSUE: &str = "billing.invoice.issue";
/// Void an invoice.
pub const INVOICE_VOID: &str = "billing.invoice.void";
/// Write an invoice off.
pub const INVOICE_WRITE_OFF: &str = "billing.invoice.write_off";
/// Make a credit note.
pub const CREDIT_NOTE: &str = "billing.credit_note.issue";
/// Record a payment, allocate it, apply credit.
pub const PAYMENT_RECORD: &str = "billing.payment.record";
/// Give money back.
pub const REFUND: &str = "billing.refund";
/// Give or take credit by hand.
pub const CREDIT_ADJUST: &str = "billing.credit.adjust";
/// Look at subscriptions.
pub const SUBSCRIPTION_VIEW: &str = "billing.subscription.view";
/// Make and change subscriptions.
pub const SUBSCRIPTION_CHANGE: &str = "billing.subscription.change";
/// Start the billing run.
pub const RUN_BILLING: &str = "billing.run";
/// Change tax rules, numbering, the seller's identity.
pub const SETTINGS: &str = "billing.settings";

/// All of them with their labels.
pub const ALL: &[(&str, &str)] = &[
    (INVOICE_VIEW, "View invoices"),
    (INVOICE_ISSUE, "Write and issue invoices"),
    (INVOICE_VOID, "Void invoices"),
    (INVOICE_WRITE_OFF, "Write invoices off"),
    (CREDIT_NOTE, "Issue credit notes"),
    (PAYMENT_RECORD, "Record and allocate payments"),
    (REFUND, "Refund payments"),
    (CREDIT_ADJUST, "Adjust customer credit"),
    (SUBSCRIPTION_VIEW, "View subscriptions"),
    (SUBSCRIPTION_CHANGE, "Make and change subscriptions"),
    (RUN_BILLING, "Run billing"),
    (SETTINGS, "Change billing settings"),
];

//! Everything billing lets somebody do.

use bursar_app::Permission;

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
pub const ALL: &[Permission] = &[
    Permission { name: INVOICE_VIEW, label: "View invoices" },
    Permission { name: INVOICE_ISSUE, label: "Write and issue invoices" },
    Permission { name: INVOICE_VOID, label: "Void invoices" },
    Permission { name: INVOICE_WRITE_OFF, label: "Write invoices off" },
    Permission { name: CREDIT_NOTE, label: "Issue credit notes" },
    Permission { name: PAYMENT_RECORD, label: "Record and allocate payments" },
    Permission { name: REFUND, label: "Refund payments" },
    Permission { name: CREDIT_ADJUST, label: "Adjust customer credit" },
    Permission { name: SUBSCRIPTION_VIEW, label: "View subscriptions" },
    Permission { name: SUBSCRIPTION_CHANGE, label: "Make and change subscriptions" },
    Permission { name: RUN_BILLING, label: "Run billing" },
    Permission { name: SETTINGS, label: "Change billing settings" },
];

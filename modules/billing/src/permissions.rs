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

/// A customer's user: see the customer's invoices.
pub const PORTAL_INVOICE_VIEW: &str = "billing.portal.invoice.view";
/// A customer's user: pay them.
pub const PORTAL_INVOICE_PAY: &str = "billing.portal.invoice.pay";

/// A customer's user: see the customer's subscriptions.
pub const PORTAL_SUBSCRIPTION_VIEW: &str = "billing.portal.subscription.view";
/// A customer's user: change, cancel and keep them.
pub const PORTAL_SUBSCRIPTION_CHANGE: &str = "billing.portal.subscription.change";

/// All of them with their labels.
pub const ALL: &[Permission] = &[
    Permission::staff(INVOICE_VIEW, "View invoices", &["billing", "sales", "support", "read_only"]),
    Permission::staff(INVOICE_ISSUE, "Write and issue invoices", &["billing"]),
    Permission::staff(INVOICE_VOID, "Void invoices", &["billing"]),
    Permission::staff(INVOICE_WRITE_OFF, "Write invoices off", &["billing"]),
    Permission::staff(CREDIT_NOTE, "Issue credit notes", &["billing"]),
    Permission::staff(PAYMENT_RECORD, "Record and allocate payments", &["billing"]),
    Permission::staff(REFUND, "Refund payments", &["billing"]),
    Permission::staff(CREDIT_ADJUST, "Adjust customer credit", &["billing"]),
    Permission::staff(
        SUBSCRIPTION_VIEW,
        "View subscriptions",
        &["billing", "sales", "support", "technician", "read_only"],
    ),
    Permission::staff(SUBSCRIPTION_CHANGE, "Make and change subscriptions", &["billing", "sales"]),
    Permission::staff(RUN_BILLING, "Run billing", &["billing"]),
    Permission::staff(SETTINGS, "Change billing settings", &[]),
    Permission::customer(PORTAL_INVOICE_VIEW, "billing-permission-invoice-view", &["billing", "read_only"]),
    Permission::customer(PORTAL_INVOICE_PAY, "billing-permission-invoice-pay", &["billing"]),
    Permission::customer(
        PORTAL_SUBSCRIPTION_VIEW,
        "billing-permission-subscription-view",
        &["billing", "technical", "read_only"],
    ),
    Permission::customer(PORTAL_SUBSCRIPTION_CHANGE, "billing-permission-subscription-change", &["billing"]),
];

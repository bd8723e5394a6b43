//! What staff need to be allowed.

use bursar_app::Permission;

/// See payments, refunds and webhooks.
pub const PAYMENT_VIEW: &str = "payments.payment.view";
/// Record a payment that came by bank, cash or cheque.
pub const PAYMENT_RECORD: &str = "payments.payment.record";
/// Give money back.
pub const PAYMENT_REFUND: &str = "payments.payment.refund";
/// Take money that is held, or let it go.
pub const PAYMENT_HOLD: &str = "payments.payment.hold";
/// When the money for orders is taken.
pub const SETTINGS: &str = "payments.settings";

/// A customer's user: see, add, choose and remove payment methods.
pub const PORTAL_METHOD_MANAGE: &str = "payments.portal.method.manage";

/// Every permission with what people read.
pub const ALL: &[Permission] = &[
    Permission::staff(
        PAYMENT_VIEW,
        "See payments and refunds",
        &["billing", "sales", "support", "read_only"],
    ),
    Permission::staff(PAYMENT_RECORD, "Record payments received by bank, cash or cheque", &["billing"]),
    Permission::staff(PAYMENT_REFUND, "Refund payments", &["billing"]),
    Permission::staff(PAYMENT_HOLD, "Take held money, or let it go", &["billing"]),
    Permission::staff(SETTINGS, "Decide when the money for orders is taken", &[]),
    Permission::customer(PORTAL_METHOD_MANAGE, "payments-permission-methods", &["billing"]),
];

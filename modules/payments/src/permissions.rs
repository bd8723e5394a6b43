//! What staff need to be allowed.

/// See payments, refunds and webhooks.
pub const PAYMENT_VIEW: &str = "payments.payment.view";
/// Record a payment that came by bank, cash or cheque.
pub const PAYMENT_RECORD: &str = "payments.payment.record";
/// Give money back.
pub const PAYMENT_REFUND: &str = "payments.payment.refund";

/// Every permission with what people read.
pub const ALL: &[(&str, &str)] = &[
    (PAYMENT_VIEW, "See payments and refunds"),
    (PAYMENT_RECORD, "Record payments received by bank, cash or cheque"),
    (PAYMENT_REFUND, "Refund payments"),
];

//! How invoices are settled: payments, credit, credit notes, write-offs, and money that goes back.
//!
//! Money that arrived is on an invoice, on the customer's credit, or on its way back; never lost, never used twice. The
//! ledger says the same in three control accounts: `receivable` is what open invoices still ask for, `customer_credit`
//! is the sum of the credit balances, `unapplied_payments` is what has arrived and not been looked at yet, and what is
//! on its way back.
//!
//! A refund is always paid out of credit. Who asks for one on a paid invoice must say why there is credit: a credit
//! note takes back part of what was invoiced, or the invoice is reopened and owed again.

pub mod allocate;
pub mod apply;
pub mod charge;
pub mod credit;
pub mod delivery;
pub mod deposit;
pub mod pay;
pub mod refund;
pub mod store;
pub mod take_back;

pub use allocate::Source;
pub use apply::{Received, apply_payment, record_payment};
pub use charge::{PayRequest, pay_invoices};
pub use credit::{
    CreditMove, adjust_credit, apply_credit, apply_credit_to_invoice, credit_balances, credit_moves,
};
pub use delivery::{deliver_first, delivered, is_held, is_held_in_parts, is_held_with_others, take_held};
pub use deposit::{DepositLimits, DepositSettings, NewDeposit, add_funds, deposit_limits};
pub use pay::{
    MOST_INVOICES, PayOrder, PayPart, PayPlan, PayWish, Paying, UseCredit, pay, payable_invoices,
    plan_payment, running_charge,
};
pub use refund::{RefundFrom, RefundRequest, RefundTo, Refunded, refund};

/// Hands over what settlement listens to and does later.
pub(crate) fn register(registry: &mut bursar_app::Registry) {
    registry.on("billing.allocate_payment", apply::on_captured);
    registry.on("billing.release_charge", apply::on_failed);
    registry.on("billing.secure_invoices", delivery::on_held);
    registry.on("billing.hold_after_payment", delivery::on_paid);
    registry.on("billing.hold_after_void", delivery::on_voided);
    registry.on("billing.hold_after_write_off", delivery::on_written_off);
    registry.on("billing.refund_settled", refund::on_settled);
    registry.on("billing.refund_failed", refund::on_refund_failed);
    registry.job(charge::settle);
}

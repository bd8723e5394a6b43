//! What is told about holds: to other modules by events, to staff once.

use bursar_db::Tx;
use bursar_fault::{Fault, TextArg};
use bursar_i18n::amount;
use bursar_messaging::notices::{Audience, NewNotice, raise};
use bursar_web::{NoticeKind, Severity};

use super::settings::Ending;
use crate::events::PaymentHeld;
use crate::payment::{Payment, PaymentState};
use crate::permissions::PAYMENT_VIEW;

/// What was held could not be taken.
pub(crate) const LOST: NoticeKind = NoticeKind::staff(
    "payments.hold_lost",
    "Held money that could not be taken",
    "Payment {payment}: {amount} was held and could not be taken.",
    PAYMENT_VIEW,
)
.values(&["payment", "amount"])
.severity(Severity::Danger);
/// A hold would have run out and was taken.
pub(crate) const TAKEN: NoticeKind = NoticeKind::staff(
    "payments.hold_taken",
    "Held money that was taken before its time was over",
    "Payment {payment}: {amount} was held for as long as the card allows and is being taken.",
    PAYMENT_VIEW,
)
.values(&["payment", "amount"])
.severity(Severity::Warning);
/// A hold would have run out and was let go.
pub(crate) const LET_GO: NoticeKind = NoticeKind::staff(
    "payments.hold_let_go",
    "Held money that was let go",
    "Payment {payment}: {amount} was held for as long as the card allows and is being let go.",
    PAYMENT_VIEW,
)
.values(&["payment", "amount"])
.severity(Severity::Warning);

pub(crate) fn held(payment: &Payment) -> PaymentHeld {
    PaymentHeld {
        payment_id: payment.id.get(),
        customer_id: payment.customer,
        amount_minor: payment.amount.minor(),
        currency: payment.amount.currency(),
        until_micros: payment.held_until.map_or(0, |until| until.micros()),
        purpose: payment.purpose.clone(),
    }
}

pub(super) async fn ending(tx: &mut Tx, payment: &Payment, ending: Ending) -> Result<(), Fault> {
    let kind = match ending {
        Ending::Capture => &TAKEN,
        Ending::Release => &LET_GO,
    };
    tell(tx, kind, payment).await
}

/// A hold ended although nobody let it go.
pub(crate) async fn lost(tx: &mut Tx, before: &Payment, after: &Payment) -> Result<(), Fault> {
    let was_wanted = matches!(before.state, PaymentState::Held | PaymentState::Capturing);
    if was_wanted && after.state.is_final() && after.state != PaymentState::Captured {
        return tell(tx, &LOST, after).await;
    }
    Ok(())
}

async fn tell(tx: &mut Tx, kind: &'static NoticeKind, payment: &Payment) -> Result<(), Fault> {
    let id = payment.id.get();
    let notice = NewNotice {
        to: Audience::Staff,
        about: format!("payment:{id}"),
        said: vec![TextArg::from(id.to_string()), amount(payment.amount)],
        href: format!("/admin/payments/{id}"),
    };
    raise(tx, kind, notice).await.map(drop)
}

//! Money arrives: one entry, one event, in the transaction that says so.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, Entry, NewEntry};
use bursar_money::Money;
use bursar_time::Date;

use crate::error::PayError;
use crate::events::{PaymentCaptured, PaymentFailed};
use crate::jobs::{Follow, reconcile_soon};
use crate::payment::{Change, News, Payment, PaymentState, decide};
use crate::{holds, store};

/// The same in a transaction of its own.
pub(crate) async fn record_news(cx: &Cx, id: Id<Payment>, news: News) -> Result<(Payment, Follow), PayError> {
    let (payment, follow) =
        cx.write(async move |tx: &mut Tx| record(tx, id, &news).await.map_err(PayError::from)).await?;
    tracing::info!(
        payment.id = id.get(),
        gateway = payment.gateway,
        state = payment.state.code(),
        "a payment has news"
    );
    Ok((payment, follow))
}

/// Applies news to a payment as it is now. The only way by which a charge changes.
pub(crate) async fn record(tx: &mut Tx, id: Id<Payment>, news: &News) -> Result<(Payment, Follow), Fault> {
    let before = store::find(tx, id)
        .await?
        .ok_or_else(|| Fault::new(format!("payment {id} does not exist any more")))?;
    let (change, follow) = decide(&before, news, tx.now());
    let after = match change {
        Change::None => store::touch(tx, before).await?,
        Change::To(next) => {
            let next = store::save(tx, &before, next).await?;
            if next.state.is_final() {
                let was_held = before.state.holds_money();
                bursar_events::emit(tx, &PaymentFailed { was_held, ..failed(&next) }).await?;
                holds::news::lost(tx, &before, &next).await?;
            } else if next.state == PaymentState::Held && before.state != PaymentState::Held {
                holds::began(tx, &next).await?;
                reconcile_soon(tx).await?;
            } else if next.state != PaymentState::Created {
                reconcile_soon(tx).await?;
            }
            next
        }
        Change::Captured { mut payment, at } => {
            payment.captured_at = Some(at);
            let on = at.to_date(tx.zone());
            payment.entry = Some(post_capture(tx, &payment, on).await?);
            let payment = store::save(tx, &before, payment).await?;
            bursar_events::emit(tx, &captured(&payment)).await?;
            payment
        }
    };
    Ok((after, follow))
}

/// DR cash (amount − fee), DR fees (fee), CR unapplied payments (amount): the same for every origin.
pub(crate) fn captured_lines(
    gateway: &str,
    amount: Money,
    fee: Money,
) -> Result<[(Account, Money); 3], Fault> {
    let overflow = |e| Fault::wrap("a fee and its amount do not fit together", e);
    let net = amount.checked_sub(fee).map_err(overflow)?;
    Ok([
        (Account::Cash(gateway.to_owned()), net),
        (Account::Fees(gateway.to_owned()), fee),
        (Account::UnappliedPayments, amount.neg()),
    ])
}

pub(crate) async fn post_capture(tx: &mut Tx, payment: &Payment, on: Date) -> Result<Id<Entry>, Fault> {
    let lines = captured_lines(&payment.gateway, payment.amount, payment.fee)?;
    let entry = NewEntry {
        kind: "payment_captured",
        on,
        source: ("payment", payment.id.get()),
        memo: payment.gateway_reference.clone(),
        postings: without_zeros(lines),
    };
    bursar_ledger::post(tx, entry).await
}

pub(crate) fn without_zeros<const N: usize>(lines: [(Account, Money); N]) -> Vec<(Account, Money)> {
    lines.into_iter().filter(|(_, amount)| !amount.is_zero()).collect()
}

pub(crate) fn captured(payment: &Payment) -> PaymentCaptured {
    PaymentCaptured {
        payment_id: payment.id.get(),
        customer_id: payment.customer,
        amount_minor: payment.amount.minor(),
        currency: payment.amount.currency(),
        purpose: payment.purpose.clone(),
    }
}

pub(crate) fn failed(payment: &Payment) -> PaymentFailed {
    // What was refused is the part that was to be taken; what was let go or ran out is all that was held.
    let amount = match (payment.state, payment.part) {
        (PaymentState::Declined, Some(part)) => part,
        _ => payment.amount,
    };
    PaymentFailed {
        payment_id: payment.id.get(),
        customer_id: payment.customer,
        amount_minor: amount.minor(),
        currency: amount.currency(),
        state: payment.state.code().to_owned(),
        decline_code: payment.decline_code.clone(),
        decline_class: payment.decline_class.clone(),
        group_key: payment.group_key.clone(),
        was_held: false,
        purpose: payment.purpose.clone(),
    }
}

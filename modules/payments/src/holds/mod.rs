//! Money that is held: set aside at the gateway for something that is still to be delivered, taken when it is, let go when
//! it is not.
//!
//! Whether a charge is held is decided when it is sent: it was meant to be taken later, the gateway can hold, and the
//! business has not switched it off. What is decided about a hold (take it, let it go) is written down first; the payment's
//! job does it, looking before it asks again for what may have been done. Nothing is in the books before the capture.

pub(crate) mod by_hand;
mod ending;
pub(crate) mod news;
pub(crate) mod settings;

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_gateway::ChargeOutcome;
use bursar_ids::Id;
use bursar_money::Money;

pub(crate) use ending::end_hold;

use crate::capture::record_news;
use crate::charge::{key_of, redacted};
use crate::error::PayError;
use crate::gateways::Gateways;
use crate::jobs::{ChargeJob, Follow, reconcile_soon};
use crate::payment::{Capture, News, Payment, PaymentState, Wish, wished};
use crate::store;

/// A payment's money was set aside: its end is watched, and whoever wants to know hears of it.
pub(crate) async fn began(tx: &mut Tx, payment: &Payment) -> Result<(), Fault> {
    ending::watch(tx, payment).await?;
    bursar_events::emit(tx, &news::held(payment)).await
}

/// Takes what is held, or the [part](capture_no_more) of it that was named, in the caller's transaction; the payment's job calls the gateway. Asked again it changes nothing.
/// False when nothing is held any more, or not yet.
///
/// # Errors
/// Faults of the database.
pub async fn capture_held(tx: &mut Tx, id: Id<Payment>) -> Result<bool, Fault> {
    wish(tx, id, Wish::Capture).await
}

/// Takes no more than a part of what is held, when it is taken: the rest is not owed any more. Asked again the last word
/// counts. False when nothing is held, when it is being taken already, or when it is taken whole or not at all.
///
/// # Errors
/// Faults of the database, and a part that is none: nothing, more than is held, or in another currency.
pub async fn capture_no_more(tx: &mut Tx, id: Id<Payment>, part: Money) -> Result<bool, Fault> {
    let Some(before) = store::find(tx, id).await? else { return Ok(false) };
    if before.state != PaymentState::Held || !before.takes_parts {
        return Ok(false);
    }
    if part.currency() != before.amount.currency() || !(1..=before.amount.minor()).contains(&part.minor()) {
        return Err(Fault::new(format!(
            "{part} is no part of the {} that payment {id} holds",
            before.amount
        )));
    }
    let part = (part != before.amount).then_some(part);
    if part != before.part {
        store::save(tx, &before, Payment { part, ..before.clone() }).await?;
    }
    Ok(true)
}

/// Lets what is held go, as [`capture_held`] takes it. False also when it is being taken: the money may be ours already.
///
/// # Errors
/// Faults of the database.
pub async fn release_held(tx: &mut Tx, id: Id<Payment>) -> Result<bool, Fault> {
    wish(tx, id, Wish::Release).await
}

async fn wish(tx: &mut Tx, id: Id<Payment>, wish: Wish) -> Result<bool, Fault> {
    let Some(before) = store::find(tx, id).await? else { return Ok(false) };
    let Some(state) = wished(before.state, wish) else { return Ok(false) };
    if state == before.state {
        return Ok(true);
    }
    let next = Payment { state, ..before.clone() };
    store::save(tx, &before, next).await?;
    bursar_jobs::enqueue(tx, &ChargeJob { payment_id: id.get() }).await?;
    reconcile_soon(tx).await?;
    Ok(true)
}

/// What a charge that is about to be sent does: one that was to be held is charged at once where the gateway cannot hold,
/// or the business does not want it.
pub(crate) async fn settle_capture(tx: &mut Tx, payment: &Payment, can_hold: bool) -> Result<Capture, Fault> {
    if payment.capture == Capture::AtOnce || !can_hold {
        return Ok(Capture::AtOnce);
    }
    let is_wanted = settings::HoldSettings::load(tx).await?.on_delivery;
    Ok(if is_wanted { Capture::Later } else { Capture::AtOnce })
}

/// Brings what was decided about a hold to its end. What a lost answer did is found by looking, before anything is asked
/// for again. Safe at the same time: the gateway captures and releases once per key.
pub(crate) async fn finish(
    cx: &Cx,
    gateways: &Gateways,
    payment: Payment,
) -> Result<(Payment, Follow), PayError> {
    let found = gateways.find(&payment.gateway);
    let Some((gateway, holds)) = found.and_then(|gateway| Some((gateway, gateway.holds()?))) else {
        let why = format!("the gateway {} is not set up, or cannot hold money", payment.gateway);
        return Ok((payment, Follow::Person(why)));
    };
    let (call, key) = (gateways.call(cx, &payment.gateway), key_of(&payment.key)?);
    let mut answer = gateway.find_charge(&call, &key).await;
    if let Ok(Some(ChargeOutcome::Held(_))) = answer {
        let done = match payment.state {
            PaymentState::Releasing => holds.release(&call, &key).await,
            _ => holds.capture(&call, &key, payment.part).await,
        };
        answer = done.map(Some);
    }
    let news = match answer {
        Ok(Some(outcome)) => News::Outcome(outcome),
        Ok(None) => News::NotThere,
        Err(error) => News::AskFailed(redacted(gateways, &payment.gateway, error)),
    };
    record_news(cx, payment.id, news).await
}

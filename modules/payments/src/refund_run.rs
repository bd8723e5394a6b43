//! Refunding through a gateway: call and record.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_gateway::{Gateway, GatewayReference, RefundRequest};
use bursar_ids::Id;

use crate::charge::{key_of, redacted};
use crate::error::PayError;
use crate::gateways::Gateways;
use crate::jobs::{Follow, reconcile_soon};
use crate::refund::{
    Destination, Refund, RefundChange, RefundNews, RefundState, decide, failed, is_lost, settle, settled,
};
use crate::{refund_store, store};

enum Next {
    Nothing(Refund, Follow),
    Ask(Refund),
    /// With the vendor's reference of the charge.
    Send(Refund, String),
}

/// Drives a refund as far as it goes now, as [`run_charge`](crate::run_charge) does a charge. Checks no permission.
pub async fn run_refund(cx: &Cx, gateways: &Gateways, id: Id<Refund>) -> Result<(Refund, Follow), PayError> {
    let (refund, follow, asked) = step(cx, gateways, id).await?;
    if refund.state == RefundState::Created && asked {
        let (refund, follow, _) = step(cx, gateways, id).await?;
        return Ok((refund, follow));
    }
    Ok((refund, follow))
}

async fn step(cx: &Cx, gateways: &Gateways, id: Id<Refund>) -> Result<(Refund, Follow, bool), PayError> {
    match cx.write(async move |tx: &mut Tx| begin(tx, id).await).await? {
        Next::Nothing(refund, follow) => Ok((refund, follow, false)),
        Next::Ask(refund) => ask(cx, gateways, refund).await.map(|(refund, follow)| (refund, follow, true)),
        Next::Send(refund, charge) => {
            let news = send(cx, gateways, &refund, charge).await?;
            record_news(cx, id, news).await.map(|(refund, follow)| (refund, follow, false))
        }
    }
}

async fn begin(tx: &mut Tx, id: Id<Refund>) -> Result<Next, PayError> {
    let refund = refund_store::find(tx, id).await?.ok_or(PayError::NotFound)?;
    Ok(match refund.state {
        RefundState::Settled | RefundState::Failed => Next::Nothing(refund, Follow::Done),
        RefundState::Sent if !is_lost(&refund, tx.now()) => {
            Next::Nothing(refund, Follow::Again("a call is under way".to_owned()))
        }
        RefundState::Sent | RefundState::Unknown | RefundState::Pending => Next::Ask(refund),
        RefundState::Created => {
            let payment = match refund.payment {
                Some(payment) => store::find(tx, payment).await?,
                None => None,
            };
            let charge = payment.map(|payment| payment.gateway_reference).unwrap_or_default();
            let sent = Refund { state: RefundState::Sent, ..refund.clone() };
            let sent = refund_store::save(tx, &refund, sent).await?;
            Next::Send(sent, charge)
        }
    })
}

async fn send(cx: &Cx, gateways: &Gateways, refund: &Refund, charge: String) -> Result<RefundNews, PayError> {
    let capability = gateways.find(&refund.gateway).and_then(Gateway::refunds);
    // A payment that was recorded by hand has no charge at the vendor.
    let Some(refunds) = capability.filter(|_| !charge.is_empty()) else {
        return Ok(RefundNews::NotSupported);
    };
    let request = RefundRequest {
        key: key_of(&refund.key)?,
        charge: GatewayReference::new(charge),
        amount: refund.amount,
        reason: refund.reason.clone(),
    };
    let call = gateways.call(cx, &refund.gateway);
    Ok(match refunds.refund(&call, &request).await {
        Ok(outcome) => RefundNews::Outcome(outcome),
        Err(error) => RefundNews::CallFailed(redacted(gateways, &refund.gateway, error)),
    })
}

/// Asks the vendor what became of a refund and records the answer.
pub(crate) async fn ask(cx: &Cx, gateways: &Gateways, refund: Refund) -> Result<(Refund, Follow), PayError> {
    if refund.destination != Destination::Gateway {
        return Ok((refund, Follow::Done));
    }
    let Some(refunds) = gateways.find(&refund.gateway).and_then(Gateway::refunds) else {
        let why = format!("the gateway {} is not set up or cannot refund", refund.gateway);
        return Ok((refund, Follow::Person(why)));
    };
    let call = gateways.call(cx, &refund.gateway);
    let news = match refunds.find_refund(&call, &key_of(&refund.key)?).await {
        Ok(Some(outcome)) => RefundNews::Outcome(outcome),
        Ok(None) => RefundNews::NotThere,
        Err(error) => RefundNews::AskFailed(redacted(gateways, &refund.gateway, error)),
    };
    record_news(cx, refund.id, news).await
}

async fn record_news(cx: &Cx, id: Id<Refund>, news: RefundNews) -> Result<(Refund, Follow), PayError> {
    let (refund, follow) =
        cx.write(async move |tx: &mut Tx| record(tx, id, &news).await.map_err(PayError::from)).await?;
    tracing::info!(refund.id = id.get(), state = refund.state.code(), "a refund has news");
    Ok((refund, follow))
}

/// Applies news to a refund as it is now. The only way by which one at a gateway changes.
async fn record(tx: &mut Tx, id: Id<Refund>, news: &RefundNews) -> Result<(Refund, Follow), Fault> {
    let before = refund_store::find(tx, id)
        .await?
        .ok_or_else(|| Fault::new(format!("refund {id} does not exist any more")))?;
    let (change, follow) = decide(&before, news, tx.now());
    let after = match change {
        RefundChange::None => refund_store::touch(tx, before).await?,
        RefundChange::To(next) => {
            if next.state != RefundState::Created {
                reconcile_soon(tx).await?;
            }
            refund_store::save(tx, &before, next).await?
        }
        RefundChange::Settled(mut next) => {
            let (now, on) = (tx.now(), tx.today());
            settle(tx, &mut next, now, on).await?;
            let next = refund_store::save(tx, &before, next).await?;
            bursar_events::emit(tx, &settled(&next)).await?;
            next
        }
        RefundChange::Failed(next) => {
            if let Some(entry) = before.entry {
                let on = tx.today();
                bursar_ledger::reverse(tx, entry, on, "the refund came back").await?;
            }
            if let Some(payment) = before.payment {
                tx.exec_one(&store::RELEASE_REFUND, params![payment, before.amount.minor()]).await?;
            }
            let next = refund_store::save(tx, &before, next).await?;
            bursar_events::emit(tx, &failed(&next)).await?;
            next
        }
    };
    Ok((after, follow))
}

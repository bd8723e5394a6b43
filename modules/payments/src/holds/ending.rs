//! A hold that would run out: taken or let go in time, as the business has decided, and staff are told.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_jobs::{Job, JobOutcome};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};

use super::settings::{Ending, HoldSettings};
use super::{capture_held, news, release_held};
use crate::payment::{Payment, PaymentState};
use crate::store;

/// How long before its end a hold is decided about: long enough for a gateway that is down for a night.
const MARGIN_SECONDS: i64 = 12 * 3_600;

/// Decides about a hold that would run out. Safe twice: what is decided already is left alone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct EndHold {
    payment_id: i64,
}

impl Job for EndHold {
    const KIND: &'static str = "payments.end_hold";
}

/// When a hold from `now` until `until` is decided about: twelve hours before its end, and of a short one when half of it
/// is over.
fn decided_at(now: Instant, until: Instant) -> Instant {
    let lasts = until.since(now).max(0) / 1_000_000;
    until.plus_seconds(-MARGIN_SECONDS.min(lasts / 2))
}

pub(super) async fn watch(tx: &mut Tx, payment: &Payment) -> Result<(), Fault> {
    let Some(until) = payment.held_until else { return Ok(()) };
    let at = decided_at(tx.now(), until);
    let key = format!("{}:{}", EndHold::KIND, payment.id);
    bursar_jobs::enqueue_once(tx, &EndHold { payment_id: payment.id.get() }, at, &key).await.map(drop)
}

/// The job `payments.end_hold`.
pub(crate) async fn end_hold(cx: Cx, job: EndHold) -> JobOutcome {
    let done = cx.write(async move |tx: &mut Tx| end(tx, Id::new(job.payment_id)).await).await;
    done.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}

async fn end(tx: &mut Tx, id: Id<Payment>) -> Result<(), Fault> {
    let payment = store::find(tx, id).await?.filter(|payment| payment.state == PaymentState::Held);
    let Some(payment) = payment else { return Ok(()) };
    let ending = HoldSettings::load(tx).await?.when_ending;
    match ending {
        Ending::Capture => capture_held(tx, id).await?,
        Ending::Release => release_held(tx, id).await?,
    };
    news::ending(tx, &payment, ending).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hold_is_decided_about_in_time() {
        let noon = Instant::from_micros(1_767_268_800_000_000);
        // Seven days: after six and a half. An hour: after half an hour. What is over: at once.
        assert_eq!(decided_at(noon, noon.plus_days(7)), noon.plus_seconds(561_600));
        assert_eq!(decided_at(noon, noon.plus_seconds(3_600)), noon.plus_seconds(1_800));
        assert_eq!(decided_at(noon, noon.plus_seconds(-60)), noon.plus_seconds(-60));
    }
}

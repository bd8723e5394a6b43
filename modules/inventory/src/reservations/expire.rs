//! Places that nobody confirmed in time fall back.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};

use super::{PlacementState, release, store};

/// Looks whether a place was held for long enough. Safe twice, and too early: what is confirmed, held for longer, or
/// gone is left alone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ExpireReservation {
    /// Whose place.
    pub service_id: i64,
}

impl Job for ExpireReservation {
    const KIND: &'static str = "inventory.expire_reservation";
}

pub(crate) async fn expire(cx: Cx, job: ExpireReservation) -> JobOutcome {
    let done = cx
        .write(async move |tx: &mut Tx| {
            let now = tx.now();
            match store::placement(tx, job.service_id).await?.map(|place| place.state) {
                Some(PlacementState::Held { until }) if until <= now => release(tx, job.service_id).await,
                Some(PlacementState::Held { .. } | PlacementState::Confirmed) | None => Ok::<_, Fault>(()),
            }
        })
        .await;
    match done {
        Ok(()) => JobOutcome::Done,
        Err(fault) => fault.into(),
    }
}

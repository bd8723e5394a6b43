//! The jobs of this module. All may run twice: each drives a state that the database guards.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_jobs::{Handler, Job, JobOutcome, Schedule, handler};
use bursar_time::{Date, Instant};
use serde::{Deserialize, Serialize};

use crate::charge::run_charge;
use crate::error::PayError;
use crate::gateways::Gateways;
use crate::holds;
use crate::refund_run::run_refund;
use crate::webhook::process_webhook;

/// What should happen after a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Follow {
    /// Nothing.
    Done,
    /// Nothing now: the vendor or the customer is at work, a webhook or the reconciler goes on.
    Later,
    /// The same again after a pause.
    Again(String),
    /// A person must look.
    Person(String),
}

/// Drives one charge. Safe twice: see [`run_charge`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ChargeJob {
    /// The payment.
    pub payment_id: i64,
}

impl Job for ChargeJob {
    const KIND: &'static str = "payments.charge";
}

/// Drives one refund. Safe twice: see [`run_refund`].
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct RefundJob {
    /// The refund.
    pub refund_id: i64,
}

impl Job for RefundJob {
    const KIND: &'static str = "payments.refund";
}

/// Follows one stored webhook. Safe twice: it only asks the vendor and records the answer.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct WebhookJob {
    /// The stored webhook.
    pub webhook_id: i64,
}

impl Job for WebhookJob {
    const KIND: &'static str = "payments.webhook";
}

/// Asks about whatever had no news for a while, and enqueues itself again while anything is open. Safe twice: see
/// [`reconcile`](crate::reconcile).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ReconcileJob {}

impl Job for ReconcileJob {
    const KIND: &'static str = "payments.reconcile";
}

/// Asks whether refunds that had left came back. Safe twice: see [`look_for_returns`](crate::look_for_returns).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LookForReturns {
    /// The day that asks.
    pub on: Date,
    /// Where an earlier run of the same day stopped: when that refund left, and its id.
    pub after: Option<(Instant, i64)>,
}

impl Job for LookForReturns {
    const KIND: &'static str = "payments.look_for_returns";
}

/// In the small hours: the vendor has time, and staff find in the morning what came back.
pub(crate) fn returns_schedule() -> Schedule {
    Schedule::daily("payments.returned_refunds", 4, |on| LookForReturns { on, after: None })
}

/// The reconciler runs on the full ten minutes, so that any number of asks for the same run are one job.
const RECONCILE_MICROS: i64 = 10 * 60 * 1_000_000;
const RECONCILE_AT_ONCE: i64 = 200;

/// Sees to it that the reconciler runs in ten to twenty minutes.
pub(crate) async fn reconcile_soon(tx: &mut Tx) -> Result<(), Fault> {
    let slot = tx.now().micros().div_euclid(RECONCILE_MICROS) + 2;
    let run_at = Instant::from_micros(slot * RECONCILE_MICROS);
    let key = format!("{}:{slot}", ReconcileJob::KIND);
    bursar_jobs::enqueue_once(tx, &ReconcileJob {}, run_at, &key).await.map(drop)
}

/// The handlers of every job of this module.
pub fn handlers(gateways: &Gateways) -> Vec<Handler> {
    vec![
        handler(run_with(gateways, charge)),
        handler(run_with(gateways, refund)),
        handler(run_with(gateways, webhook)),
        handler(run_with(gateways, reconcile)),
        handler(run_with(gateways, look_for_returns)),
        handler(holds::end_hold),
    ]
}

/// Gives a job the gateways.
pub(crate) fn run_with<J, F, Fut>(
    gateways: &Gateways,
    run: F,
) -> impl Fn(Cx, J) -> Fut + Send + Sync + 'static
where
    F: Fn(Cx, Gateways, J) -> Fut + Send + Sync + 'static,
{
    let gateways = gateways.clone();
    move |cx, job| run(cx, gateways.clone(), job)
}

pub(crate) async fn charge(cx: Cx, gateways: Gateways, job: ChargeJob) -> JobOutcome {
    outcome(run_charge(&cx, &gateways, Id::new(job.payment_id)).await.map(|view| view.follow))
}

pub(crate) async fn refund(cx: Cx, gateways: Gateways, job: RefundJob) -> JobOutcome {
    outcome(run_refund(&cx, &gateways, Id::new(job.refund_id)).await.map(|(_, follow)| follow))
}

pub(crate) async fn webhook(cx: Cx, gateways: Gateways, job: WebhookJob) -> JobOutcome {
    outcome(process_webhook(&cx, &gateways, job.webhook_id).await)
}

pub(crate) async fn reconcile(cx: Cx, gateways: Gateways, _job: ReconcileJob) -> JobOutcome {
    match crate::reconcile::pass(&cx, &gateways, RECONCILE_AT_ONCE).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::from(fault),
    }
}

pub(crate) async fn look_for_returns(cx: Cx, gateways: Gateways, job: LookForReturns) -> JobOutcome {
    match crate::returns::pass(&cx, &gateways, job).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::from(fault),
    }
}

fn outcome(result: Result<Follow, PayError>) -> JobOutcome {
    match result {
        Ok(Follow::Done | Follow::Later) => JobOutcome::Done,
        Ok(Follow::Again(why)) => JobOutcome::Retry { why },
        Ok(Follow::Person(why)) => JobOutcome::Park { why },
        Err(PayError::Fault(fault)) => JobOutcome::from(fault),
        Err(error) => JobOutcome::Park { why: error.to_string() },
    }
}

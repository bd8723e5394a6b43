//! The jobs of this module. All may run twice: each drives a state that the database guards.

use bursar_context::Cx;
use bursar_ids::Id;
use bursar_jobs::{Handler, Job, JobOutcome, handler};
use serde::{Deserialize, Serialize};

use crate::charge::run_charge;
use crate::error::PayError;
use crate::gateways::Gateways;
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

/// The handlers of every job of this module.
pub fn handlers(gateways: &Gateways) -> Vec<Handler> {
    let [for_charge, for_refund, for_webhook] = std::array::from_fn(|_| gateways.clone());
    vec![
        handler(move |cx: Cx, job: ChargeJob| {
            let gateways = for_charge.clone();
            async move {
                outcome(run_charge(&cx, &gateways, Id::new(job.payment_id)).await.map(|view| view.follow))
            }
        }),
        handler(move |cx: Cx, job: RefundJob| {
            let gateways = for_refund.clone();
            async move { outcome(run_refund(&cx, &gateways, Id::new(job.refund_id)).await.map(|(_, f)| f)) }
        }),
        handler(move |cx: Cx, job: WebhookJob| {
            let gateways = for_webhook.clone();
            async move { outcome(process_webhook(&cx, &gateways, job.webhook_id).await) }
        }),
    ]
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

//! Orders that nobody pays: what they hold is let go after a while.

use bursar_billing::BillError;
use bursar_billing::settle::take_back::PaidBack;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};

use super::decide::{Ending, end};
use super::states::OrderStatus;
use super::{Order, store};
use crate::error::OrderError;

const SECONDS_AN_HOUR: i64 = 3_600;

/// Cancels an order that was not paid in time. Safe to run twice: only an order that still waits for payment after its
/// deadline is touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExpireOrder {
    /// The order.
    pub order_id: i64,
}

impl Job for ExpireOrder {
    const KIND: &'static str = "ordering.expire_order";
}

/// Comes back when the order's time is over.
pub(crate) async fn watch(tx: &mut Tx, order: &Order) -> Result<(), Fault> {
    let Some(at) = order.expires_at else { return Ok(()) };
    bursar_jobs::enqueue_at(tx, &ExpireOrder { order_id: order.id }, at).await
}

/// The job `ordering.expire_order`.
pub(crate) async fn expire(cx: Cx, job: ExpireOrder) -> JobOutcome {
    match cx.write(async move |tx: &mut Tx| expire_one(tx, job.order_id).await).await {
        Ok(()) => JobOutcome::Done,
        Err(OrderError::Fault(fault)) => JobOutcome::from(fault),
        Err(refused) => JobOutcome::Park { why: refused.to_string() },
    }
}

async fn expire_one(tx: &mut Tx, id: i64) -> Result<(), OrderError> {
    let Some(mut order) = store::find(tx, id).await? else { return Ok(()) };
    let now = tx.now();
    let is_late = order.expires_at.is_some_and(|at| at <= now);
    if order.status != OrderStatus::PendingPayment || !is_late {
        return Ok(());
    }
    let ending = Ending { reason: "Not paid in time".to_owned(), paid: PaidBack::Credit };
    match end(tx, &mut order, OrderStatus::Cancelled, &ending).await {
        // A payment is under way: what it brings is not known yet. Refused before anything was written.
        Err(OrderError::Bill(BillError::Refused(_))) => {
            let later = now.plus_seconds(SECONDS_AN_HOUR);
            Ok(bursar_jobs::enqueue_at(tx, &ExpireOrder { order_id: id }, later).await?)
        }
        other => other.map(drop),
    }
}

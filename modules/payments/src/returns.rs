//! Refunds that left and came back: the payer's account was closed, the card has expired. The vendor announces it by
//! webhook; when none comes, this asks.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_time::Instant;

use crate::error::PayError;
use crate::gateways::Gateways;
use crate::jobs::{Follow, LookForReturns};
use crate::refund::RefundState;
use crate::{refund_run, refund_store};

/// How long after it left a refund is asked about. Cards return one within thirty days and bank transfers within sixty;
/// what comes back later than that is still learned from the vendor's webhook.
pub const RETURN_DAYS: i64 = 60;
/// The least time between two questions about one refund, short of a day so that a daily run asks daily at first.
const LEAST_GAP_HOURS: i64 = 20;
/// Refunds asked about in one go.
const AT_ONCE: i64 = 200;

/// What a look found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Returns {
    /// Refunds that the vendor was asked about.
    pub asked: usize,
    /// Those that had come back.
    pub came_back: usize,
    /// Where to go on when there are more: when the last one left, and its id.
    pub more_after: Option<(Instant, i64)>,
}

/// Asks about up to `limit` settled refunds at gateways, from `after` on. One is asked about after a day and then ever
/// more rarely, when half of its age has passed since the last answer, until it is [`RETURN_DAYS`] old: about nine
/// times. A question without an answer does not count and is repeated by the next run. Safe twice: it only asks and
/// records what is said.
pub async fn look_for_returns(
    cx: &Cx,
    gateways: &Gateways,
    after: Option<(Instant, i64)>,
    limit: i64,
) -> Result<Returns, Fault> {
    let due = cx
        .read(async move |tx: &mut Tx| {
            let now = tx.now();
            let from = after.unwrap_or((now.plus_days(-RETURN_DAYS), i64::MIN));
            refund_store::maybe_returned(tx, from, now.plus_seconds(-LEAST_GAP_HOURS * 3_600), limit).await
        })
        .await?;
    let mut found = Returns { asked: due.len(), ..Returns::default() };
    if i64::try_from(due.len()).unwrap_or(i64::MAX) >= limit {
        found.more_after = due.last().and_then(|refund| Some((refund.settled_at?, refund.id.get())));
    }
    for refund in due {
        let id = refund.id;
        match refund_run::ask(cx, gateways, refund).await {
            Ok((refund, Follow::Done | Follow::Later)) => {
                found.came_back += usize::from(refund.state == RefundState::Failed);
                cx.write(async move |tx: &mut Tx| refund_store::note_asked(tx, id).await).await?;
            }
            Ok((_, Follow::Again(why) | Follow::Person(why))) => {
                tracing::warn!(refund.id = id.get(), why, "nobody says whether a refund came back");
            }
            Err(PayError::Fault(fault)) => return Err(fault),
            Err(refused) => tracing::error!(refund.id = id.get(), %refused, "a refund cannot be asked about"),
        }
    }
    Ok(found)
}

/// One run of the job, and the next one while there is more.
pub(crate) async fn pass(cx: &Cx, gateways: &Gateways, job: LookForReturns) -> Result<(), Fault> {
    let found = look_for_returns(cx, gateways, job.after, AT_ONCE).await?;
    let Some(after) = found.more_after else { return Ok(()) };
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        let next = LookForReturns { on: job.on, after: Some(after) };
        let key = format!("payments.returned_refunds:{}:{}:{}", job.on, after.0.micros(), after.1);
        bursar_jobs::enqueue_once(tx, &next, now, &key).await.map(drop)
    })
    .await
}

//! The billing run: every subscription that is due, billed exactly once, in small batches that may stop at any point.
//!
//! Reading and deciding ([`plan`]) go one batch ahead of writing ([`apply`]), on another thread; each batch is one
//! transaction. A run that dies leaves whole batches behind and the next one goes on from there. Two runs at once
//! disturb each other's batches and plan them again, and come to the same result as one.

pub(crate) mod apply;
pub mod plan;
mod report;
pub mod store;

use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Engine, Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Stopwatch};
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use crate::permissions;
use crate::settings::BillingSettings;
use crate::subscriptions::Subscription;
use crate::subscriptions::store::{self as subscriptions, DueCursor};
use crate::taxes::{self, TaxTable};
use apply::ApplyError;
use plan::{Facts, Plan};
pub use report::{CurrencyTotals, Outlier, RunReport};

/// Due subscriptions per transaction: small enough for people who use the panel meanwhile.
pub const BATCH: usize = 1_000;
/// One customer's due subscriptions are never split; beyond this many they are.
const MOST_OF_ONE_CUSTOMER: usize = 20_000;
/// From this size on, SQLite's write-ahead log may grow to 64 MiB before it is copied back: fewer, larger copies.
const LARGE_RUN: i64 = 10_000;
/// How often a disturbed batch is planned again before the run gives up.
const MOST_REPLANS: u32 = 50;

/// How to run.
#[derive(Clone)]
pub struct RunOptions {
    /// The civil date to bill for.
    pub as_of: Date,
    /// Decide and count only.
    pub dry_run: bool,
    /// Due subscriptions per transaction.
    pub batch: usize,
    /// Batches written at once on PostgreSQL.
    pub workers: usize,
    /// Called with (done, of about) subscriptions.
    pub progress: Option<Arc<dyn Fn(u64, u64) + Send + Sync>>,
}

impl RunOptions {
    /// An ordinary run for a date.
    pub fn for_date(as_of: Date) -> Self {
        Self { as_of, dry_run: false, batch: BATCH, workers: 2, progress: None }
    }
}

/// Why a run did not finish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The actor may not run billing.
    #[error(transparent)]
    Denied(#[from] bursar_fault::Denied),
    /// The seller's identity is missing: nothing may be invoiced without it.
    #[error("the seller's name and address are not set; set them before invoices are issued")]
    NoSeller,
    /// The database failed; what was written stays, the next run goes on.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// A batch as read, and what it is planned with.
struct Batch {
    due: Vec<Subscription>,
    plan: Plan,
    from: DueCursor,
    to: DueCursor,
}

/// What stays the same over a run.
struct Frame {
    settings: BillingSettings,
    taxes: TaxTable,
    seller_id: i64,
}

/// Bills everything that is due on a date.
pub async fn run(cx: &Cx, options: RunOptions) -> Result<RunReport, RunError> {
    cx.require(permissions::RUN_BILLING)?;
    let watch = Stopwatch::start();
    let frame = Arc::new(frame(cx).await?);
    let as_of = options.as_of;
    let due = cx
        .read(async move |tx: &mut Tx| {
            tx.query_one(&subscriptions::COUNT_DUE, params![as_of], |r| r.get::<i64>(0)).await
        })
        .await?;
    let mut report = RunReport::new(as_of, due);
    let run_id = if options.dry_run { None } else { Some(begin(cx, as_of).await?) };
    let started = cx.now();
    let large = run_id.is_some() && due >= LARGE_RUN;
    if large {
        cx.db().begin_bulk(cx.now()).await?;
    }
    let driven = drive(cx, &frame, &options, &mut report).await;
    if large {
        cx.db().end_bulk(cx.now()).await?;
    }
    driven?;
    if let Some(id) = run_id {
        clear_aside(cx, started).await?;
        report.elapsed_micros = watch.elapsed_micros();
        finish(cx, id, &report).await?;
    }
    report.elapsed_micros = watch.elapsed_micros();
    Ok(report)
}

async fn frame(cx: &Cx) -> Result<Frame, RunError> {
    let (settings, taxes, seller) = cx
        .read(async |tx: &mut Tx| {
            let settings = BillingSettings::load(tx).await?;
            let taxes = taxes::store::load(tx).await?;
            let seller = crate::sellers::current(tx).await?;
            Ok::<_, Fault>((settings, taxes, seller))
        })
        .await?;
    let seller_id = seller.ok_or(RunError::NoSeller)?;
    Ok(Frame { settings, taxes, seller_id })
}

/// Reads and plans ahead while batches are written.
async fn drive(
    cx: &Cx,
    frame: &Arc<Frame>,
    options: &RunOptions,
    report: &mut RunReport,
) -> Result<(), RunError> {
    let writers = match cx.db().engine() {
        Engine::Sqlite => 1,
        Engine::Postgres => options.workers.max(1),
    };
    let mut cursor = DueCursor::START;
    let mut writing = FuturesUnordered::new();
    let mut done = false;
    loop {
        while !done && writing.len() < writers {
            let Some(batch) = next_batch(cx, frame, options, cursor).await? else {
                done = true;
                break;
            };
            cursor = batch.to;
            if options.dry_run {
                report.add(&batch.due, &batch.plan, &frame.settings);
                options.tell(report);
                continue;
            }
            writing.push(write(cx.clone(), Arc::clone(frame), options.clone(), batch));
        }
        if writing.is_empty() {
            return Ok(());
        }
        // While batches are being written, the next one is read and planned.
        let ahead = async { if done { Ok(None) } else { next_batch(cx, frame, options, cursor).await } };
        let (written, ahead) = futures_util::join!(writing.next(), ahead);
        let batch = written.expect("a batch is being written")?;
        report.add(&batch.due, &batch.plan, &frame.settings);
        options.tell(report);
        match ahead? {
            Some(batch) => {
                cursor = batch.to;
                writing.push(write(cx.clone(), Arc::clone(frame), options.clone(), batch));
            }
            None => done = true,
        }
    }
}

impl RunOptions {
    fn tell(&self, report: &RunReport) {
        if let Some(progress) = &self.progress {
            let seen = report.subscriptions_seen;
            progress(seen, seen.max(u64::try_from(report.subscriptions_due).unwrap_or(0)));
        }
    }
}

async fn next_batch(
    cx: &Cx,
    frame: &Arc<Frame>,
    options: &RunOptions,
    from: DueCursor,
) -> Result<Option<Batch>, RunError> {
    let (frame, as_of, size) = (Arc::clone(frame), options.as_of, options.batch);
    let batch =
        cx.read(async move |tx: &mut Tx| read_batch(tx, &frame, as_of, size, from, None).await).await?;
    Ok(batch)
}

/// Reads one batch after `from`, up to `to` when given, and plans it.
async fn read_batch(
    tx: &mut Tx,
    frame: &Frame,
    as_of: Date,
    size: usize,
    from: DueCursor,
    to: Option<DueCursor>,
) -> Result<Option<Batch>, Fault> {
    let mut limit = if to.is_some() { MOST_OF_ONE_CUSTOMER } else { size };
    let due = loop {
        let page = i64::try_from(limit).expect("a batch is small");
        let mut due = subscriptions::due(tx, as_of, from, page).await?;
        let full = due.len() == limit;
        if let Some(to) = to {
            due.retain(|s| cursor_of(s) <= to);
            break due;
        }
        if !full {
            break due;
        }
        // The last customer of a full page may have more on the next one: leave it whole for the next batch.
        let last = (due[limit - 1].next_bill_on, due[limit - 1].customer_id);
        let whole = due.iter().take_while(|s| (s.next_bill_on, s.customer_id) != last).count();
        if whole > 0 {
            due.truncate(whole);
            break due;
        }
        if limit >= MOST_OF_ONE_CUSTOMER {
            break due;
        }
        limit = MOST_OF_ONE_CUSTOMER;
    };
    let Some(last) = due.last() else { return Ok(None) };
    let end = cursor_of(last);
    let plan = plan_batch(tx, frame, as_of, &due).await?;
    Ok(Some(Batch { due, plan, from, to: end }))
}

fn cursor_of(s: &Subscription) -> DueCursor {
    DueCursor { bill_on: s.next_bill_on.unwrap_or(Date::ZERO), customer_id: s.customer_id, id: s.id }
}

async fn plan_batch(tx: &mut Tx, frame: &Frame, as_of: Date, due: &[Subscription]) -> Result<Plan, Fault> {
    let ids: Vec<i64> = due.iter().map(|s| s.id).collect();
    let mut customers: Vec<i64> = due.iter().map(|s| s.customer_id).collect();
    customers.sort_unstable();
    customers.dedup();
    let items = subscriptions::items(tx, &ids).await?;
    let discounts = subscriptions::discounts(tx, &ids).await?;
    let profiles = bursar_customers::billing_profiles(tx, &customers).await?;
    let zone = tx.zone().clone();
    let facts = Facts {
        as_of,
        zone: &zone,
        taxes: &frame.taxes,
        due_days: frame.settings.due_days,
        seller_id: frame.seller_id,
        items: &items,
        discounts: &discounts,
        profiles: &profiles,
    };
    Ok(plan::plan(due, &facts))
}

/// Writes a batch; when a rival disturbed it, reads the same stretch again, plans it again and tries once more.
async fn write(cx: Cx, frame: Arc<Frame>, options: RunOptions, mut batch: Batch) -> Result<Batch, RunError> {
    for _ in 0..MOST_REPLANS {
        let (plan, settings) = (Arc::new(batch.plan), Arc::clone(&frame));
        let (inner, as_of) = (Arc::clone(&plan), options.as_of);
        let outcome = cx
            .write_batch(async move |tx: &mut Tx| {
                apply::apply(tx, &inner, &settings.settings, settings.seller_id, as_of).await
            })
            .await;
        match outcome {
            Ok(_) => {
                batch.plan = Arc::try_unwrap(plan).unwrap_or_else(|shared| (*shared).clone());
                return Ok(batch);
            }
            Err(ApplyError::Fault(fault)) => return Err(fault.into()),
            Err(ApplyError::Rival) => {
                tracing::debug!(from = ?batch.from, "a rival moved part of a batch; planning it again");
                let (frame, from, to) = (Arc::clone(&frame), batch.from, batch.to);
                let (as_of, size) = (options.as_of, options.batch);
                let again = cx
                    .read(async move |tx: &mut Tx| read_batch(tx, &frame, as_of, size, from, Some(to)).await)
                    .await?;
                match again {
                    Some(fresh) => batch = Batch { to: batch.to, ..fresh },
                    None => return Ok(Batch { due: Vec::new(), plan: Plan::default(), from, to }),
                }
            }
        }
    }
    Err(Fault::unavailable(
        "a batch was disturbed again and again by another run; start this run again later",
    )
    .into())
}

async fn begin(cx: &Cx, as_of: Date) -> Result<i64, Fault> {
    cx.write(async move |tx: &mut Tx| {
        let (id, now) = (tx.new_raw_id()?, tx.now());
        tx.exec(&store::BEGIN, params![id, as_of, now]).await?;
        Ok(id)
    })
    .await
}

async fn finish(cx: &Cx, id: i64, report: &RunReport) -> Result<(), Fault> {
    let text = serde_json::to_string(report).map_err(|e| Fault::wrap("encoding a run's report", e))?;
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        tx.exec(&store::FINISH, params![id, now, &text]).await.map(drop)
    })
    .await
}

async fn clear_aside(cx: &Cx, started: bursar_time::Instant) -> Result<(), Fault> {
    cx.write(async move |tx: &mut Tx| tx.exec(&store::CLEAR_ASIDE, params![started]).await.map(drop)).await
}

#[cfg(test)]
mod tests;

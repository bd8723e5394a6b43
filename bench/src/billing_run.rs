//! The billing run against the raw floor.

use std::path::Path;

use bursar_billing::run::{RunOptions, run};
use bursar_context::Cx;
use bursar_db::Engine;
use bursar_fault::Fault;
use bursar_time::{Date, Stopwatch};
use serde::Serialize;

use crate::{floor_postgres, floor_sqlite, memory, seed};

/// The day everything falls due on.
const DUE: Date = jiff::civil::date(2026, 3, 1);

/// The figures; a documented contract of `bursar bench billing-run --json`.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// `sqlite` or `postgres`.
    pub engine: &'static str,
    /// How many were due.
    pub subscriptions: i64,
    /// Billed per second by the real engine.
    pub subscriptions_per_second: f64,
    /// The same rows per second, written raw.
    pub floor_subscriptions_per_second: f64,
    /// The first divided by the second.
    pub ratio_to_floor: f64,
    /// Most resident memory during the run.
    pub peak_rss_mb: u64,
    /// Rows written by the run, and again by the floor.
    pub rows_written: u64,
    /// Seconds of the run.
    pub elapsed_seconds: f64,
    /// Seconds of the floor.
    pub floor_seconds: f64,
}

/// Where the floor writes: a second, empty database with the same schema and the same subscriptions.
pub struct Floor<'a> {
    /// Its context.
    pub cx: &'a Cx,
    /// Its file on SQLite.
    pub path: Option<&'a Path>,
    /// The measured database's file on SQLite.
    pub source: Option<&'a Path>,
}

/// Seeds both databases, bills one with the real engine, then writes the very rows it wrote into the other.
pub async fn measure(cx: &Cx, floor: Floor<'_>, subscriptions: i64) -> Result<Report, Fault> {
    // One invoice per subscription, as the floor's prototype had it.
    seed::business(cx, subscriptions, DUE).await?;
    seed::business(floor.cx, subscriptions, DUE).await?;
    memory::reset_peak();
    let watch = Stopwatch::start();
    let options = RunOptions { batch: batch_size(), ..RunOptions::for_date(DUE) };
    let outcome = run(cx, options).await.map_err(|e| Fault::new(format!("the run failed: {e}")))?;
    let elapsed = watch.elapsed().as_secs_f64();
    let peak_rss_mb = memory::peak_resident_mb();
    if i64::try_from(outcome.subscriptions_billed).ok() != Some(subscriptions) {
        return Err(Fault::new(format!("{} of {subscriptions} were billed", outcome.subscriptions_billed)));
    }
    let raw = match cx.db().engine() {
        Engine::Sqlite => {
            let (from, to) =
                floor.source.zip(floor.path).ok_or_else(|| Fault::new("the floor needs both files"))?;
            floor_sqlite::measure(from, to)?
        }
        Engine::Postgres => floor_postgres::measure(cx, floor.cx).await?,
    };
    let per_second = |seconds: f64| subscriptions as f64 / seconds;
    Ok(Report {
        engine: cx.db().engine().name(),
        subscriptions,
        subscriptions_per_second: per_second(elapsed),
        floor_subscriptions_per_second: per_second(raw.seconds),
        ratio_to_floor: raw.seconds / elapsed,
        peak_rss_mb,
        rows_written: raw.rows,
        elapsed_seconds: elapsed,
        floor_seconds: raw.seconds,
    })
}

fn batch_size() -> usize {
    std::env::var("BURSAR_BENCH_BATCH")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(bursar_billing::run::BATCH)
}

/// What the floor took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Raw {
    pub(crate) seconds: f64,
    pub(crate) rows: u64,
}

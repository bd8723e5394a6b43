//! Looking at servers regularly.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use bursar_time::Date;
use serde::{Deserialize, Serialize};

use crate::drivers::HostingDrivers;
use crate::error::InventoryError;
use crate::servers::health::{ANY, DUE};
use crate::servers::probe::probe_server;
use crate::settings::InventorySettings;

/// How many servers one run looks at before it makes room for other work.
const AT_ONCE: i64 = 50;
/// Runs begin on full minutes, so that any number of asks for the same run are one job.
const MINUTE_MICROS: i64 = 60 * 1_000_000;

/// Asks every server that was not asked for a while how it is, and enqueues itself again. Safe twice: it only looks and
/// records what it saw.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CheckServers {
    /// Servers up to this id were asked in this round.
    pub after: i64,
}

impl Job for CheckServers {
    const KIND: &'static str = "inventory.check_servers";
}

/// Starts the checks again should they ever have ended: once a day.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ResumeChecks {
    /// The day.
    pub on: Date,
}

impl Job for ResumeChecks {
    const KIND: &'static str = "inventory.resume_checks";
}

/// Sees to it that servers are asked within the interval, if there are any.
pub(crate) async fn check_soon(tx: &mut Tx) -> Result<(), Fault> {
    let minutes = InventorySettings::load(tx).await?.check_minutes;
    let any = tx.query_opt(&ANY, params![], |row| row.get::<i64>(0)).await?;
    if minutes <= 0 || any.is_none() {
        return Ok(());
    }
    let slot = tx.now().micros().div_euclid(minutes * MINUTE_MICROS) + 1;
    let run_at = bursar_time::Instant::from_micros(slot * minutes * MINUTE_MICROS);
    let key = format!("{}:{}", CheckServers::KIND, run_at.micros());
    bursar_jobs::enqueue_once(tx, &CheckServers { after: 0 }, run_at, &key).await.map(drop)
}

pub(crate) async fn resume(cx: Cx, _job: ResumeChecks) -> JobOutcome {
    match cx.write(async |tx: &mut Tx| check_soon(tx).await).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => fault.into(),
    }
}

pub(crate) async fn check(cx: Cx, drivers: HostingDrivers, job: CheckServers) -> JobOutcome {
    match pass(&cx, &drivers, job.after).await {
        Ok(()) => JobOutcome::Done,
        Err(InventoryError::Fault(fault)) => fault.into(),
        Err(other) => JobOutcome::Retry { why: other.to_string() },
    }
}

async fn pass(cx: &Cx, drivers: &HostingDrivers, after: i64) -> Result<(), InventoryError> {
    let due: Vec<i64> = cx
        .read(async move |tx: &mut Tx| {
            let minutes = InventorySettings::load(tx).await?.check_minutes.max(1);
            // A little early counts: the runs of one interval are not all at the same second.
            let before = tx.now().plus_minutes(-minutes).plus_seconds(30);
            tx.query(&DUE, params![after, before, AT_ONCE], |row| row.get(0)).await
        })
        .await?;
    for server_id in &due {
        match probe_server(cx, drivers, *server_id).await {
            Ok(_) => {}
            // Removed meanwhile, or of a driver that this installation no longer has: its page says so.
            Err(InventoryError::NotFound(_) | InventoryError::NoDriver(_)) => {}
            Err(other) => return Err(other),
        }
    }
    let last = due.last().copied();
    let is_page = i64::try_from(due.len()).is_ok_and(|seen| seen == AT_ONCE);
    cx.write(async move |tx: &mut Tx| match last {
        Some(after) if is_page => bursar_jobs::enqueue(tx, &CheckServers { after }).await,
        Some(_) | None => check_soon(tx).await,
    })
    .await?;
    Ok(())
}

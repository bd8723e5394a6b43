//! Asking vendors how much is used. Takes no input but the hour, may run at any time and twice at once: the first reading of
//! an hour is kept.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_hosting::{Capability, UsageReading};
use bursar_inventory::HostingDrivers;
use bursar_jobs::{Job, JobOutcome, Schedule};
use bursar_time::{Date, Instant};
use futures_util::{StreamExt as _, stream};
use serde::{Deserialize, Serialize};

use super::{FORGET, FORGET_METERS, INSERT, KEPT_DAYS, METERS, PAGE, PUT_METER, since};
use crate::reconcile::{Known, open_server};
use crate::service::Resource;
use crate::settings::ProvisioningSettings;
use crate::{prepare, store};

const HOUR_MICROS: i64 = 3_600_000_000;
/// Services read and written together.
const ROWS: i64 = 200;
/// Questions under way at once.
const AT_ONCE: usize = 50;
/// A job works so long and then lets another go on where it stopped: well within its lease.
const STRETCH_SECONDS: i64 = 100;

/// A reading of everything. Safe twice: the first one of an hour is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Measure {
    /// The hour that it is for.
    hour: i64,
    /// The day's readings end before this.
    until: i64,
    /// Resources up to here are done.
    after: i64,
}

impl Job for Measure {
    const KIND: &'static str = "provisioning.measure";
}

/// The first one of a day has the others follow it.
pub(crate) fn schedule() -> Schedule {
    Schedule::daily("provisioning.measure_daily", 0, |on: Date| {
        let hour = Instant::from_date_start(on, &bursar_time::TimeZone::UTC).micros();
        Measure { hour, until: hour + 24 * HOUR_MICROS, after: i64::MIN }
    })
}

pub(crate) async fn job(cx: Cx, drivers: HostingDrivers, job: Measure) -> JobOutcome {
    match turn(&cx, &drivers, job).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::from(fault),
    }
}

async fn turn(cx: &Cx, drivers: &HostingDrivers, mut at: Measure) -> Result<(), Fault> {
    let settings = cx.read(async |tx: &mut Tx| ProvisioningSettings::load(tx).await).await?;
    if settings.measure_every_hours == 0 {
        return Ok(());
    }
    let until = cx.now().plus_seconds(STRETCH_SECONDS);
    let mut known = BTreeMap::new();
    // One that was kept waiting for longer than a round is left out: its hour is over, and the next has its own.
    let is_late = cx.now().micros() - at.hour > settings.measure_every_hours * HOUR_MICROS;
    if !is_late {
        while let Some(last) = measure_page(cx, drivers, &mut known, &at).await? {
            at.after = last;
            if cx.now() >= until {
                return cx.write(async move |tx: &mut Tx| bursar_jobs::enqueue(tx, &at).await).await;
            }
        }
    }
    cx.write(async move |tx: &mut Tx| {
        let oldest = tx.now().plus_days(-KEPT_DAYS);
        tx.exec(&FORGET, params![oldest]).await?;
        tx.exec(&FORGET_METERS, params![oldest]).await?;
        go_on(tx, &at, settings.measure_every_hours).await
    })
    .await
}

/// The next round of the day, skipping those whose time is over.
async fn go_on(tx: &mut Tx, at: &Measure, every_hours: i64) -> Result<(), Fault> {
    let step = every_hours * HOUR_MICROS;
    let missed = (tx.now().micros() - at.hour).div_euclid(step).max(0);
    let hour = at.hour + step * (missed + 1);
    if hour >= at.until {
        return Ok(());
    }
    let next = Measure { hour, until: at.until, after: i64::MIN };
    let key = format!("{}:{hour}", Measure::KIND);
    bursar_jobs::enqueue_once(tx, &next, Instant::from_micros(hour), &key).await.map(drop)
}

/// Measures some of what is there, and gives the last of it.
async fn measure_page(
    cx: &Cx,
    drivers: &HostingDrivers,
    known: &mut Known,
    at: &Measure,
) -> Result<Option<i64>, Fault> {
    let after = at.after;
    let rows = cx
        .read(async move |tx: &mut Tx| tx.query(&PAGE, params![after, ROWS], store::resource).await)
        .await?;
    let Some(last) = rows.last().map(|row| row.id) else { return Ok(None) };
    let measured =
        |row: &Resource| drivers.find(&row.driver).is_some_and(|hosting| hosting.usage().is_some());
    let rows: Vec<Resource> = rows.into_iter().filter(measured).collect();
    for server in rows.iter().map(|row| row.server_id) {
        if let Entry::Vacant(place) = known.entry(server) {
            place.insert(open_server(cx, drivers, server).await?);
        }
    }
    let known = &*known;
    let readings: Vec<(Resource, UsageReading)> = stream::iter(rows)
        .map(|row| async move { read(cx, drivers, known, &row).await.map(|reading| (row, reading)) })
        .buffer_unordered(AT_ONCE)
        .filter_map(std::future::ready)
        .collect()
        .await;
    if !readings.is_empty() {
        let (hour, readings) = (Instant::from_micros(at.hour), Arc::new(readings));
        cx.write(async move |tx: &mut Tx| write(tx, hour, &readings).await).await?;
    }
    Ok(Some(last))
}

/// What a vendor says; none where it says nothing.
async fn read(cx: &Cx, drivers: &HostingDrivers, known: &Known, row: &Resource) -> Option<UsageReading> {
    let (access, hosting) = known.get(&row.server_id)?.as_ref()?;
    let usage = hosting.usage().filter(|_| hosting.offers(&access.settings, Capability::Usage))?;
    let target = prepare::target(row).ok()?;
    match usage.usage(&access.ask(drivers, cx), &target).await {
        Ok(reading) => reading,
        Err(error) => {
            tracing::debug!(service.id = row.service_id, %error, "a vendor did not say how much is used");
            None
        }
    }
}

async fn write(tx: &mut Tx, hour: Instant, readings: &[(Resource, UsageReading)]) -> Result<(), Fault> {
    let ids: Vec<i64> = readings.iter().map(|(row, _)| row.id).collect();
    let meters =
        tx.query(&METERS, params![&ids], |row| Ok((row.get::<i64>(0)?, (row.get(1)?, row.get(2)?)))).await?;
    let meters: BTreeMap<i64, (i64, i64)> = meters.into_iter().collect();
    for (row, reading) in readings {
        let before = meters.get(&row.id).copied();
        let (in_bytes, out_bytes) =
            reading.traffic.as_ref().map_or((None, None), |traffic| since(before, traffic));
        let id = tx.new_raw_id()?;
        let values = params![
            id,
            row.service_id,
            hour,
            reading.cpu_ppm,
            reading.memory_bytes,
            reading.disk_bytes,
            in_bytes,
            out_bytes
        ];
        let is_new = tx.exec(&INSERT, values).await? == 1;
        // Of a second reading nothing is kept, so that its traffic is still to come with the next.
        if let Some(traffic) = reading.traffic.filter(|_| is_new) {
            let values = params![row.id, traffic.in_bytes, traffic.out_bytes, hour];
            tx.exec(&PUT_METER, values).await?;
        }
    }
    Ok(())
}

//! Services that are made on a day: the one that the customer chose in the order, the one that staff say, or the first day
//! of what bills them.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_inventory::HostingDrivers;
use bursar_jobs::{Job, JobOutcome};
use bursar_time::{Date, Instant, plus_days};
use serde::{Deserialize, Serialize};

use crate::actions::{get, record};
use crate::error::ProvisionError;
use crate::permissions::SERVICE_OPERATE;
use crate::service::Service;
use crate::services::{Fact, learn};
use crate::settings::ProvisioningSettings;
use crate::{money_back, places, store};

/// The order's answer under this name is the day that the customer chose.
pub const ANSWER: &str = "start_on";
/// Further ahead is a slip of the pen.
const MOST_DAYS: i64 = 1_100;

/// Makes a service when its day has come. Safe twice, and when somebody chose another day since: only the day that is in
/// force counts, and what is begun is not begun again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct StartOnDate {
    service_id: i64,
    on: Date,
}

impl Job for StartOnDate {
    const KIND: &'static str = "provisioning.start_on_date";
}

/// A service may be made from now on, and is on its day: the one that was chosen, or else `usual`.
pub(crate) async fn release(
    tx: &mut Tx,
    drivers: Option<&HostingDrivers>,
    service: &mut Service,
    usual: Date,
) -> Result<(), Fault> {
    if service.facts.is_started || service.facts.is_ended {
        return Ok(());
    }
    let on = service.start_on.unwrap_or(usual);
    set(tx, service, on).await?;
    let Some(drivers) = drivers.filter(|_| on > tx.today()) else { return Ok(()) };
    // What was paid has its room kept until then, where there is any.
    let until = Instant::from_date_start(on, tx.zone()).plus_days(2);
    if let Err(why) = places::hold(tx, drivers, service, until, Vec::new()).await? {
        service.why = why;
        store::save(tx, service).await?;
    }
    Ok(())
}

/// Makes it on a day; at once when that has come.
async fn set(tx: &mut Tx, service: &mut Service, on: Date) -> Result<(), Fault> {
    service.start_on = Some(on);
    if on <= tx.today() {
        return begin(tx, service).await;
    }
    store::save(tx, service).await?;
    let at = Instant::from_date_start(on, tx.zone());
    let key = format!("{}:{}:{on}", StartOnDate::KIND, service.id);
    bursar_jobs::enqueue_once(tx, &StartOnDate { service_id: service.id, on }, at, &key).await.map(drop)
}

async fn begin(tx: &mut Tx, service: &mut Service) -> Result<(), Fault> {
    let settings = ProvisioningSettings::load(tx).await?;
    money_back::watch(tx, &settings, service.id).await?;
    learn(tx, service, Fact::Started).await
}

pub(crate) async fn start_on_date(cx: Cx, job: StartOnDate) -> JobOutcome {
    let done = cx
        .write(async move |tx: &mut Tx| match store::find(tx, job.service_id).await? {
            Some(mut service) if service.start_on == Some(job.on) && waits(&service) => {
                begin(tx, &mut service).await
            }
            Some(_) | None => Ok::<_, Fault>(()),
        })
        .await;
    done.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}

fn waits(service: &Service) -> bool {
    !service.facts.is_started && !service.facts.is_ended
}

/// Has a service made on a day that staff chose, paid or not.
///
/// # Errors
/// [`ProvisionError::Refused`] for what is begun or over; [`ProvisionError::Invalid`] for a day that is past or far away.
pub async fn start_service_on(cx: &Cx, id: i64, on: Date) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    cx.write(async move |tx: &mut Tx| {
        let mut service = get(tx, id).await?;
        if !waits(&service) {
            return Err(ProvisionError::refused("It is begun already, or over: there is no day to choose."));
        }
        let today = tx.today();
        let latest = plus_days(today, MOST_DAYS).map_err(|e| Fault::wrap("a day three years from now", e))?;
        if on < today || on > latest {
            let why = format!("Choose a day from today, {today}, to three years from now.");
            return Err(ProvisionError::field("on", why));
        }
        set(tx, &mut service, on).await?;
        record(tx, id, "provisioning.service.start_on", Some(&on.to_string())).await
    })
    .await
}

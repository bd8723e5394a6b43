//! Taking services away from who owes: after the days that are set, never what is exempt, and never many at once without a
//! person's word.

use bursar_audit::Audit;
use bursar_billing::subscriptions::Status;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::ProvisionError;
use crate::service::Service;
use crate::services::{Fact, learn};
use crate::settings::ProvisioningSettings;
use crate::{alerts, follow, permissions, store};

bursar_db::statements! {
    /// One more suspension today, unless there were as many as may be.
    pub(crate) COUNT = "INSERT INTO provisioning_suspension_days (on_day, decided) VALUES ($1, 1)
        ON CONFLICT (on_day) DO UPDATE SET decided = provisioning_suspension_days.decided + 1
        WHERE provisioning_suspension_days.decided < $2";
    /// One waits for a person.
    pub(crate) HOLD = "INSERT INTO provisioning_suspensions_held
            (service_id, subscription_id, customer_id, label, reason, held_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (service_id) DO NOTHING";
    /// Whether any waits.
    pub(crate) ANY_HELD = "SELECT service_id FROM provisioning_suspensions_held LIMIT 1";
    /// What waits, by service.
    pub(crate) HELD = "SELECT service_id, customer_id, label, reason, held_at FROM provisioning_suspensions_held
        WHERE service_id > $1 ORDER BY service_id LIMIT $2";
    /// How many wait.
    pub(crate) COUNT_HELD = "SELECT COUNT(*) FROM provisioning_suspensions_held";
    /// One does not wait any more.
    pub(crate) FORGET_ONE = "DELETE FROM provisioning_suspensions_held WHERE service_id = $1";
    /// A subscription does not owe any more.
    pub(crate) FORGET = "DELETE FROM provisioning_suspensions_held WHERE subscription_id = $1";
}

/// What the customer reads as the reason.
const WHY: &str = "An invoice is overdue.";
/// Suspensions let through in one transaction.
const PAGE: i64 = 100;

/// Suspends what a subscription is delivered by, if it still owes then. Safe twice: what is held stays held.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SuspendOverdue {
    pub(crate) subscription_id: i64,
}

impl Job for SuspendOverdue {
    const KIND: &'static str = "provisioning.suspend_overdue";
}

/// A subscription is past due. What runs is suspended after the days that are set. What rested already goes on resting
/// until it is paid, as a pause between is no payment; only what is never suspended comes back.
pub(crate) async fn owes(
    tx: &mut Tx,
    settings: &ProvisioningSettings,
    subscription_id: i64,
    services: &mut [Service],
) -> Result<(), Fault> {
    for service in services.iter_mut().filter(|service| service.facts.is_held_by_billing) {
        let is_exempt = settings.never_suspend.contains(&service.product_id);
        let fact = if is_exempt { Fact::FreedByBilling } else { Fact::HeldByBilling(WHY.to_owned()) };
        learn(tx, service, fact).await?;
    }
    let at = tx.now().plus_days(settings.suspend_after_days);
    bursar_jobs::enqueue_at(tx, &SuspendOverdue { subscription_id }, at).await
}

pub(crate) async fn suspend_overdue(cx: Cx, job: SuspendOverdue) -> JobOutcome {
    let done = cx.write(async move |tx: &mut Tx| suspend(tx, job.subscription_id).await).await;
    done.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}

async fn suspend(tx: &mut Tx, subscription: i64) -> Result<(), Fault> {
    // They may have paid, or it may have ended meanwhile.
    if follow::status(tx, subscription).await? != Some(Status::PastDue) {
        return Ok(());
    }
    let settings = ProvisioningSettings::load(tx).await?;
    for mut service in store::of_subscription(tx, subscription).await? {
        let is_exempt = settings.never_suspend.contains(&service.product_id);
        if is_exempt || service.facts.is_held_by_billing || service.facts.is_ended {
            continue;
        }
        let today = tx.today();
        if tx.exec(&COUNT, params![today, settings.most_suspensions]).await? == 1 {
            learn(tx, &mut service, Fact::HeldByBilling(WHY.to_owned())).await?;
            continue;
        }
        if tx.query_opt(&ANY_HELD, params![], |row| row.get::<i64>(0)).await?.is_none() {
            alerts::many_suspensions(tx, settings.most_suspensions).await?;
        }
        let now = tx.now();
        let values = params![service.id, subscription, service.customer_id, &service.label, WHY, now];
        tx.exec(&HOLD, values).await?;
    }
    Ok(())
}

/// A subscription does not owe any more.
pub(crate) async fn forget(tx: &mut Tx, subscription: i64) -> Result<(), Fault> {
    tx.exec(&FORGET, params![subscription]).await.map(drop)
}

/// A suspension that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HeldSuspension {
    /// The service.
    pub service_id: i64,
    /// Whose it is.
    pub customer_id: i64,
    /// As shown.
    pub label: String,
    /// Why it is to be suspended.
    pub reason: String,
    /// Since when it waits.
    pub held_at: Instant,
}

/// Suspensions that wait, after a service, by service.
///
/// # Errors
/// Faults of the database.
pub async fn list_held(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<HeldSuspension>, Fault> {
    tx.query(&HELD, params![after, limit], |row| {
        Ok(HeldSuspension {
            service_id: row.get(0)?,
            customer_id: row.get(1)?,
            label: row.get(2)?,
            reason: row.get(3)?,
            held_at: row.get(4)?,
        })
    })
    .await
}

/// How many wait.
///
/// # Errors
/// Faults of the database.
pub async fn count_held(tx: &mut Tx) -> Result<i64, Fault> {
    tx.query_one(&COUNT_HELD, params![], |row| row.get(0)).await
}

/// What a person decided about the suspensions that wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// They are made.
    Suspend,
    /// They are not: whoever owes still owes.
    Leave,
}

/// As staff: decides about everything that waits, if it is still as many as they were shown. Returns how many it was.
///
/// # Errors
/// [`ProvisionError::Refused`] when the number has changed meanwhile.
pub async fn release(cx: &Cx, word: Word, shown: i64) -> Result<i64, ProvisionError> {
    cx.require(permissions::SUSPENSION_RELEASE)?;
    let now = cx.read(async |tx: &mut Tx| count_held(tx).await).await?;
    if now != shown {
        return Err(ProvisionError::refused(format!(
            "{now} suspensions wait by now, not {shown}. Look at them again."
        )));
    }
    let mut done = 0;
    loop {
        let page = cx.write(async move |tx: &mut Tx| release_page(tx, word).await).await?;
        done += page;
        if page == 0 {
            break;
        }
    }
    cx.write(async move |tx: &mut Tx| {
        let after = Some(json!({ "suspended": word == Word::Suspend, "services": done }));
        let action = permissions::SUSPENSION_RELEASE;
        bursar_audit::record(tx, Audit { action, subject: "suspensions", before: None, after }).await
    })
    .await?;
    Ok(done)
}

async fn release_page(tx: &mut Tx, word: Word) -> Result<i64, Fault> {
    let page = list_held(tx, i64::MIN, PAGE).await?;
    for held in &page {
        tx.exec(&FORGET_ONE, params![held.service_id]).await?;
        let service = store::find(tx, held.service_id).await?;
        if let Some(mut service) = service.filter(|_| word == Word::Suspend) {
            learn(tx, &mut service, Fact::HeldByBilling(held.reason.clone())).await?;
        }
    }
    Ok(i64::try_from(page.len()).unwrap_or(PAGE))
}

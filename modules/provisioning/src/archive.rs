//! Services that are kept for a while instead of being removed: suspended, with everything in them, until a day. Until then
//! one can be given back, under a subscription that pays for it.

use bursar_billing::subscriptions::Status;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};

use crate::actions::{get, record};
use crate::error::ProvisionError;
use crate::permissions::{SERVICE_OPERATE, SERVICE_TERMINATE};
use crate::service::{ResourceState, Service};
use crate::services::{Fact, learn};
use crate::states::State;
use crate::{follow, store};

/// Longer than this nobody keeps what nobody pays for.
pub const MOST_DAYS: i64 = 365;

bursar_db::statements! {
    /// Another subscription pays for a service.
    pub(crate) REBILL = "UPDATE provisioning_services SET subscription_id = $2, slot = $3 WHERE id = $1";
}

/// Removes a service that was put away, when its time is over. Safe twice, and after it was given back or kept for longer:
/// only the day that is in force counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct RemoveArchived {
    service_id: i64,
    until: Instant,
}

impl Job for RemoveArchived {
    const KIND: &'static str = "provisioning.remove_archived";
}

pub(crate) async fn remove_archived(cx: Cx, job: RemoveArchived) -> JobOutcome {
    let done = cx
        .write(async move |tx: &mut Tx| match store::find(tx, job.service_id).await? {
            Some(mut service) if service.archived_until == Some(job.until) => {
                learn(tx, &mut service, Fact::Ended).await
            }
            Some(_) | None => Ok::<_, Fault>(()),
        })
        .await;
    done.map_or_else(JobOutcome::from, |()| JobOutcome::Done)
}

/// Puts a service away: it is suspended now, kept for so many days and then removed. What bills it is left as it is.
///
/// # Errors
/// [`ProvisionError::Invalid`] for the days; [`ProvisionError::Refused`] when there is nothing that could be kept.
pub async fn archive_service(cx: &Cx, id: i64, days: i64) -> Result<(), ProvisionError> {
    cx.require(SERVICE_TERMINATE)?;
    if !(1..=MOST_DAYS).contains(&days) {
        return Err(ProvisionError::field("days", format!("Keep it for 1 to {MOST_DAYS} days.")));
    }
    cx.write(async move |tx: &mut Tx| {
        let mut service = get(tx, id).await?;
        let own = store::resource_of(tx, id).await?;
        if service.facts.is_ended || own.is_none_or(|own| own.state != ResourceState::Live) {
            return Err(ProvisionError::refused(
                "There is nothing of it that could be kept. Remove it instead.",
            ));
        }
        let until = tx.now().plus_days(days);
        let on = until.to_date(tx.zone());
        let why = format!("It is kept until {on} and then removed.");
        learn(tx, &mut service, Fact::PutAway { until, why }).await?;
        bursar_jobs::enqueue_at(tx, &RemoveArchived { service_id: id, until }, until).await?;
        record(tx, id, "provisioning.service.archive", Some(&on.to_string())).await
    })
    .await
}

/// Gives back what was kept. Where its own subscription is over, another one of the customer's pays for it from now on, and
/// says what plan it has; what that one was to have made and is not begun is not made.
///
/// # Errors
/// [`ProvisionError::Refused`] for what is not kept; [`ProvisionError::Invalid`] for a subscription that cannot pay for it.
pub async fn restore_service(cx: &Cx, id: i64, subscription: Option<i64>) -> Result<(), ProvisionError> {
    cx.require(SERVICE_OPERATE)?;
    cx.write(async move |tx: &mut Tx| {
        let mut service = get(tx, id).await?;
        if service.archived_until.is_none() || service.facts.is_ended {
            return Err(ProvisionError::refused("It is not among what is kept, and cannot be given back."));
        }
        match subscription {
            Some(subscription) => rebill(tx, &mut service, subscription).await?,
            None if is_paid_for(tx, &service).await? => {}
            None => {
                return Err(ProvisionError::field(
                    "subscription",
                    "Its own subscription is over. Enter the number of the one that pays for it from now on.",
                ));
            }
        }
        learn(tx, &mut service, Fact::Freed).await?;
        record(tx, id, "provisioning.service.restore", None).await
    })
    .await
}

async fn is_paid_for(tx: &mut Tx, service: &Service) -> Result<bool, Fault> {
    let Some(subscription) = service.subscription_id else { return Ok(true) };
    Ok(follow::status(tx, subscription).await?.is_some_and(|status| !status.is_over()))
}

async fn rebill(tx: &mut Tx, service: &mut Service, subscription: i64) -> Result<(), ProvisionError> {
    let wrong = |why: &str| Err(ProvisionError::field("subscription", why));
    if service.subscription_id == Some(subscription) {
        return if is_paid_for(tx, service).await? { Ok(()) } else { wrong("This subscription is over.") };
    }
    let Some((customer, status)) = follow::payer(tx, subscription).await? else {
        return wrong("There is no such subscription.");
    };
    if customer != service.customer_id {
        return wrong("This subscription is another customer's.");
    }
    if !matches!(status, Status::Trial | Status::Active) {
        return wrong("This subscription is not active.");
    }
    for mut other in store::of_subscription(tx, subscription).await? {
        match other.state {
            State::Deprovisioned => {}
            State::Pending | State::Queued => learn(tx, &mut other, Fact::Ended).await?,
            _ => {
                return wrong(
                    "This subscription delivers something already. Remove that first, or enter another one.",
                );
            }
        }
    }
    let Some((slot, fact)) = follow::as_sold(tx, subscription).await? else {
        return wrong("This subscription is for something that no driver makes.");
    };
    tx.exec_one(&REBILL, params![service.id, subscription, &slot]).await?;
    service.subscription_id = Some(subscription);
    service.slot = slot;
    learn(tx, service, fact).await?;
    Ok(())
}

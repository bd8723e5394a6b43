//! Either the thing or the money: what could not be made within the hours that are set is called off, and what was paid for
//! it becomes credit or goes back, as the business has decided.

use bursar_billing::changes::{Credit, When as Ends};
use bursar_billing::settle::take_back::{PaidBack, take_back_lines};
use bursar_billing::subscriptions::{detail, lifecycle};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};

use crate::error::ProvisionError;
use crate::service::{ResourceState, Service};
use crate::services::{Fact, learn};
use crate::settings::{MoneyBack, ProvisioningSettings};
use crate::{mails, store};

/// What the customer reads.
const WHY: &str = "We could not set it up.";

/// Looks whether a service was made in time. Safe twice: what is called off stays so, and money goes back under one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct GiveMoneyBack {
    pub(crate) service_id: i64,
}

impl Job for GiveMoneyBack {
    const KIND: &'static str = "provisioning.give_money_back";
}

/// A service is to be made: in so many hours it is there, or the money is looked after; its customer hears of it before.
pub(crate) async fn watch(
    tx: &mut Tx,
    settings: &ProvisioningSettings,
    service_id: i64,
) -> Result<(), Fault> {
    mails::watch(tx, settings, service_id).await?;
    let at = tx.now().plus_minutes(settings.money_back_hours * 60);
    let key = format!("{}:{service_id}", GiveMoneyBack::KIND);
    bursar_jobs::enqueue_once(tx, &GiveMoneyBack { service_id }, at, &key).await.map(drop)
}

pub(crate) async fn give_money_back(cx: Cx, job: GiveMoneyBack) -> JobOutcome {
    let id = job.service_id;
    let done = cx
        .write(async move |tx: &mut Tx| match due(tx, id).await? {
            Some((service, paid)) => call_off(tx, &service, paid).await,
            None => Ok(()),
        })
        .await;
    match done {
        Ok(()) => JobOutcome::Done,
        Err(ProvisionError::Fault(fault)) => JobOutcome::from(fault),
        // A payment under way, for one: it is tried again, and in the end a person looks.
        Err(error) => JobOutcome::Retry { why: error.message() },
    }
}

/// The service, if it was not made in time and the money is to be given back; and where to.
async fn due(tx: &mut Tx, id: i64) -> Result<Option<(Service, PaidBack)>, Fault> {
    let Some(service) = store::find(tx, id).await? else { return Ok(None) };
    let paid = match ProvisioningSettings::load(tx).await?.money_back {
        MoneyBack::Wait => return Ok(None),
        MoneyBack::Credit => PaidBack::Credit,
        MoneyBack::Refund => PaidBack::Gateway,
    };
    let resource = store::resource_of(tx, id).await?;
    let was_made = resource.is_some_and(|resource| resource.state == ResourceState::Live);
    if was_made || service.facts.is_ended || !service.facts.is_started {
        return Ok(None);
    }
    let Some(subscription) = service.subscription_id else { return Ok(None) };
    // One of several units of one subscription: what there is of it goes on, and staff decide.
    let units = store::of_subscription(tx, subscription).await?.len();
    Ok((units == 1).then_some((service, paid)))
}

/// Ends the subscription and takes its lines of the invoices back that were made for it.
async fn call_off(tx: &mut Tx, service: &Service, paid: PaidBack) -> Result<(), ProvisionError> {
    let refused = |error: bursar_billing::BillError| match error {
        bursar_billing::BillError::Fault(fault) => ProvisionError::Fault(fault),
        other => ProvisionError::refused(other.message()),
    };
    if let Some(subscription) = service.subscription_id {
        let key = format!("service:{}", service.id);
        let back = take_back_lines(tx, subscription, WHY, paid, &key).await.map_err(refused)?;
        mails::failed(tx, service, &back).await?;
        let now = detail::get(tx, subscription).await.map_err(refused)?;
        if !now.core.status.is_over() {
            lifecycle::cancel(tx, subscription, Ends::Now, WHY, Credit::Forfeit).await.map_err(refused)?;
        }
    }
    let found = store::find(tx, service.id).await?;
    let mut service = found.ok_or(ProvisionError::NotFound("service"))?;
    Ok(learn(tx, &mut service, Fact::Ended).await?)
}

//! Either the thing or the money: what could not be made within the hours that are set is called off, and what was paid for
//! it becomes credit or goes back, as the business has decided. Money that is only held is let go, whatever was decided: it
//! never was ours. When something else on the same invoice is there, only what is owed for that is taken; where the gateway
//! takes what it holds whole, all of it is, and the part goes back as if it had been paid.

use bursar_billing::changes::{Credit, When as Ends};
use bursar_billing::settle::take_back::{
    PaidBack, TakenBack, invoices_of, is_held_for_more, take_back, take_back_lines,
};
use bursar_billing::settle::{is_held, is_held_in_parts, take_held};
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
use crate::{alerts, mails, store, taking};

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
    match cx.write(async move |tx: &mut Tx| take_first(tx, id).await).await {
        Ok(false) => {}
        Ok(true) => return JobOutcome::Retry { why: "the money that is held is being taken".to_owned() },
        Err(fault) => return JobOutcome::from(fault),
    }
    let done = cx
        .write(async move |tx: &mut Tx| match due(tx, id).await? {
            Some((service, paid)) => call_off(tx, &service, paid).await,
            None => match late(tx, id).await? {
                Some(service) => Ok(alerts::late(tx, &service).await?),
                None => Ok(()),
            },
        })
        .await;
    match done {
        Ok(()) => JobOutcome::Done,
        Err(ProvisionError::Fault(fault)) => JobOutcome::from(fault),
        // A payment under way, for one: it is tried again, and in the end a person looks.
        Err(error) => JobOutcome::Retry { why: error.message() },
    }
}

/// The invoice of a service whose money is held.
pub(crate) async fn held_invoice(tx: &mut Tx, service: &Service) -> Result<Option<i64>, Fault> {
    let Some(subscription) = service.subscription_id else { return Ok(None) };
    for invoice in invoices_of(tx, subscription).await? {
        if is_held(tx, invoice).await? {
            return Ok(Some(invoice));
        }
    }
    Ok(None)
}

/// Takes what is held for a service that was not made in time, if something else is paid by it too and no part of it can be
/// let go. True when it has only now been asked for.
async fn take_first(tx: &mut Tx, id: i64) -> Result<bool, Fault> {
    let Some((service, _)) = due(tx, id).await? else { return Ok(false) };
    let Some(invoice) = held_invoice(tx, &service).await? else { return Ok(false) };
    if is_held_in_parts(tx, invoice).await? || !is_for_more(tx, &service, invoice).await? {
        return Ok(false);
    }
    take_held(tx, invoice).await
}

/// Whether what is held for a service that was not made is for something that may yet be, or is there.
async fn is_for_more(tx: &mut Tx, service: &Service, invoice: i64) -> Result<bool, Fault> {
    let failed = failed_with(tx, service).await?;
    let subscriptions: Vec<i64> = failed.iter().filter_map(|service| service.subscription_id).collect();
    is_held_for_more(tx, &subscriptions, invoice).await
}

/// A service that was not made in time, and whatever else of its order was not: they were begun together.
async fn failed_with(tx: &mut Tx, service: &Service) -> Result<Vec<Service>, Fault> {
    let Some(order) = service.order_id else { return Ok(vec![service.clone()]) };
    let mut failed = Vec::new();
    for other in store::of_order(tx, order).await? {
        if other.id == service.id || due(tx, other.id).await?.is_some() {
            failed.push(other);
        }
    }
    Ok(failed)
}

/// The service, if it was not made in time.
async fn late(tx: &mut Tx, id: i64) -> Result<Option<Service>, Fault> {
    let Some(service) = store::find(tx, id).await? else { return Ok(None) };
    let resource = store::resource_of(tx, id).await?;
    let was_made = resource.is_some_and(|resource| resource.state == ResourceState::Live);
    let is_wanted = service.facts.is_started && !service.facts.is_ended;
    Ok((is_wanted && !was_made).then_some(service))
}

/// The service, if it was not made in time and the money is to be given back; and where to. What is not called off by
/// itself is for staff to decide about.
async fn due(tx: &mut Tx, id: i64) -> Result<Option<(Service, PaidBack)>, Fault> {
    let Some(service) = late(tx, id).await? else { return Ok(None) };
    let paid = match ProvisioningSettings::load(tx).await?.money_back {
        MoneyBack::Wait => return Ok(None),
        MoneyBack::Credit => PaidBack::Credit,
        MoneyBack::Refund => PaidBack::Gateway,
    };
    Ok(is_alone(tx, &service).await?.then_some((service, paid)))
}

/// Whether a service is all that its subscription pays for. One of several units is called off by nobody but staff: what
/// there is of the others goes on.
pub(crate) async fn is_alone(tx: &mut Tx, service: &Service) -> Result<bool, Fault> {
    match service.subscription_id {
        Some(subscription) => Ok(store::of_subscription(tx, subscription).await?.len() == 1),
        None => Ok(false),
    }
}

/// Ends the subscription and takes its lines of the invoices back that were made for it. What is held for the rest of its
/// order is taken, if that waited for nothing else.
async fn call_off(tx: &mut Tx, service: &Service, paid: PaidBack) -> Result<(), ProvisionError> {
    if let Some(invoice) = held_invoice(tx, service).await?
        && !is_for_more(tx, service, invoice).await?
    {
        return let_go(tx, service, invoice).await;
    }
    if let Some(subscription) = service.subscription_id {
        let key = format!("service:{}", service.id);
        let back = take_back_lines(tx, subscription, WHY, paid, &key).await.map_err(refused)?;
        mails::failed(tx, service, &back).await?;
    }
    end(tx, service).await?;
    Ok(taking::take_for_the_rest(tx, service).await?)
}

/// Nothing that the held money is for was made: all of it is called off together, and the money is let go.
async fn let_go(tx: &mut Tx, service: &Service, invoice: i64) -> Result<(), ProvisionError> {
    let failed = failed_with(tx, service).await?;
    let key = format!("service:{}", service.id);
    let mut back = take_back(tx, invoice, WHY, PaidBack::Credit, &key).await.map_err(refused)?;
    for service in &failed {
        mails::failed(tx, service, &back).await?;
        // The first mail says what was held for all of them.
        back = TakenBack::default();
        end(tx, service).await?;
    }
    Ok(())
}

fn refused(error: bursar_billing::BillError) -> ProvisionError {
    match error {
        bursar_billing::BillError::Fault(fault) => ProvisionError::Fault(fault),
        other => ProvisionError::refused(other.message()),
    }
}

/// Ends a service with what bills it.
async fn end(tx: &mut Tx, service: &Service) -> Result<(), ProvisionError> {
    if let Some(subscription) = service.subscription_id {
        let now = detail::get(tx, subscription).await.map_err(refused)?;
        if !now.core.status.is_over() {
            lifecycle::cancel(tx, subscription, Ends::Now, WHY, Credit::Forfeit).await.map_err(refused)?;
        }
    }
    let found = store::find(tx, service.id).await?;
    let mut service = found.ok_or(ProvisionError::NotFound("service"))?;
    Ok(learn(tx, &mut service, Fact::Ended).await?)
}

//! What orders and billing say, as facts about services. Each of these may be told twice and in any order between
//! subjects: facts that are known already change nothing.

use bursar_billing::events::{SubscriptionChanged, SubscriptionStarted, SubscriptionStatusChanged};
use bursar_billing::subscriptions::Status;
use bursar_billing::subscriptions::detail::{self, ItemKind};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_inventory::HostingDrivers;
use bursar_ordering::events::{
    OrderAccepted, OrderCancelled, OrderPaid, OrderPlaced, OrderRejected, OrderSecured,
};
use bursar_ordering::orders::OrderItem;
use bursar_time::Date;

use crate::removal::RemoveEnded;
use crate::service::Service;
use crate::services::{Fact, NewService, learn, open};
use crate::settings::{ProvisioningSettings, When};
use crate::suspension;
use crate::{dated, hold, money_back, places, store, taking};

/// Most units of one item that become services of their own; more are a mistake in a form.
const MOST_UNITS: i64 = 100;

/// An order was placed: its services are written down and their places held, unless the till has done so already.
pub(crate) async fn on_placed(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    placed: OrderPlaced,
) -> Result<(), Fault> {
    let Some(order) = bursar_ordering::find_order(tx, placed.order_id).await? else { return Ok(()) };
    open_of_order(tx, placed.order_id, placed.customer_id).await?;
    let until = hold::until(tx, &order);
    for mut service in store::of_order(tx, placed.order_id).await? {
        if let Err(why) = places::hold(tx, drivers, &service, until, Vec::new()).await? {
            service.why = why;
            store::save(tx, &mut service).await?;
        }
    }
    start(tx, placed.order_id, |when| when == When::Ordered).await
}

/// An order was paid.
pub(crate) async fn on_paid(tx: &mut Tx, paid: OrderPaid) -> Result<(), Fault> {
    start(tx, paid.order_id, |when| matches!(when, When::Ordered | When::Paid)).await?;
    taking::paid_after_all(tx, paid.order_id).await
}

/// The money for an order is held: what is made with the payment is made now, so that there is something to take it for.
pub(crate) async fn on_secured(tx: &mut Tx, secured: OrderSecured) -> Result<(), Fault> {
    start(tx, secured.order_id, |when| matches!(when, When::Ordered | When::Paid)).await
}

/// An order is to be delivered.
pub(crate) async fn on_accepted(
    tx: &mut Tx,
    drivers: &HostingDrivers,
    accepted: OrderAccepted,
) -> Result<(), Fault> {
    // Where what tells of the placing waits or was not there yet, this makes up for it.
    open_of_order(tx, accepted.order_id, accepted.customer_id).await?;
    let is_now = |when| matches!(when, When::Ordered | When::Paid | When::Accepted);
    start(tx, accepted.order_id, is_now).await?;
    let settings = ProvisioningSettings::load(tx).await?;
    for mut service in store::of_order(tx, accepted.order_id).await? {
        if settings.when_of(service.product_id) == When::OnDate {
            let usual = first_day(tx, &service).await?;
            dated::release(tx, Some(drivers), &mut service, usual).await?;
        }
    }
    Ok(())
}

/// The day on which what bills a service begins.
async fn first_day(tx: &mut Tx, service: &Service) -> Result<Date, Fault> {
    let today = tx.today();
    let Some(subscription) = service.subscription_id else { return Ok(today) };
    let detail = detail::get(tx, subscription).await.map_err(|error| Fault::new(error.to_string()))?;
    Ok(detail.started_on)
}

/// An order is called off.
pub(crate) async fn on_cancelled(tx: &mut Tx, cancelled: OrderCancelled) -> Result<(), Fault> {
    end_of_order(tx, cancelled.order_id).await
}

/// Staff do not want an order.
pub(crate) async fn on_rejected(tx: &mut Tx, rejected: OrderRejected) -> Result<(), Fault> {
    end_of_order(tx, rejected.order_id).await
}

pub(crate) async fn open_of_order(tx: &mut Tx, order: i64, customer_id: i64) -> Result<(), Fault> {
    for item in bursar_ordering::items_of_order(tx, order).await? {
        let wish = item.answers.get(dated::ANSWER).and_then(|answer| answer.parse::<Date>().ok());
        for new in services_of_item(tx, &item, customer_id).await? {
            let opened = open(tx, new).await?;
            if let (Some(mut service), Some(_)) = (opened, wish) {
                service.start_on = wish;
                store::save(tx, &mut service).await?;
            }
        }
    }
    Ok(())
}

/// One service for each unit of a product that a driver makes.
async fn services_of_item(tx: &mut Tx, item: &OrderItem, customer_id: i64) -> Result<Vec<NewService>, Fault> {
    let bursar_ordering::carts::Wish::Product(picked) = &item.wish else { return Ok(Vec::new()) };
    if !places::is_delivered(tx, picked.product).await? {
        return Ok(Vec::new());
    }
    let name = ["hostname", "domain"].iter().find_map(|key| item.answers.get(*key)).cloned();
    let units = (1..=picked.quantity.clamp(1, MOST_UNITS)).map(|unit| NewService {
        customer_id,
        subscription_id: Some(item.subscription_id),
        slot: slot(unit),
        product_id: picked.product,
        order_id: Some(item.order_id),
        label: item.label.clone(),
        name: name.clone().filter(|name| unit == 1 && !name.trim().is_empty()),
        options: picked.options.clone(),
    });
    Ok(units.collect())
}

fn slot(unit: i64) -> String {
    format!("product:{unit}")
}

fn unit_of(slot: &str) -> Option<i64> {
    slot.strip_prefix("product:")?.parse().ok()
}

async fn start(tx: &mut Tx, order: i64, is_time: impl Fn(When) -> bool) -> Result<(), Fault> {
    let settings = ProvisioningSettings::load(tx).await?;
    for mut service in store::of_order(tx, order).await? {
        if is_time(settings.when_of(service.product_id)) && !service.facts.is_started {
            money_back::watch(tx, &settings, service.id).await?;
            learn(tx, &mut service, Fact::Started).await?;
        }
    }
    Ok(())
}

async fn end_of_order(tx: &mut Tx, order: i64) -> Result<(), Fault> {
    for mut service in store::of_order(tx, order).await? {
        learn(tx, &mut service, Fact::Ended).await?;
    }
    Ok(())
}

/// A subscription was opened. One that came with an order is delivered with the order.
pub(crate) async fn on_subscription_started(tx: &mut Tx, started: SubscriptionStarted) -> Result<(), Fault> {
    let id = started.subscription_id;
    if bursar_ordering::item_of_subscription(tx, id).await?.is_some() {
        return Ok(());
    }
    let Some(sold) = sold(tx, id).await? else { return Ok(()) };
    for new in sold.services(id) {
        open(tx, new).await?;
    }
    start_without_order(tx, id, sold.status).await
}

/// What staff sold by hand begins when its subscription runs.
async fn start_without_order(tx: &mut Tx, subscription: i64, status: Status) -> Result<(), Fault> {
    if !matches!(status, Status::Trial | Status::Active) {
        return Ok(());
    }
    let settings = ProvisioningSettings::load(tx).await?;
    for mut service in store::of_subscription(tx, subscription).await? {
        if service.order_id.is_some() || service.facts.is_started {
            continue;
        }
        match settings.when_of(service.product_id) {
            When::ByHand => {}
            When::OnDate => {
                let usual = first_day(tx, &service).await?;
                dated::release(tx, None, &mut service, usual).await?;
            }
            When::Ordered | When::Paid | When::Accepted => {
                money_back::watch(tx, &settings, service.id).await?;
                learn(tx, &mut service, Fact::Started).await?;
            }
        }
    }
    Ok(())
}

/// A subscription runs, owes, rests or is over. What it is now is read, not what the news says it became: later news may
/// be on its way.
pub(crate) async fn on_status_changed(tx: &mut Tx, changed: SubscriptionStatusChanged) -> Result<(), Fault> {
    let id = changed.subscription_id;
    let mut services = store::of_subscription(tx, id).await?;
    if services.is_empty() {
        return Ok(());
    }
    let settings = ProvisioningSettings::load(tx).await?;
    let Some(status) = status(tx, id).await? else { return Ok(()) };
    match status {
        Status::Pending => return Ok(()),
        Status::Trial | Status::Active => {
            suspension::forget(tx, id).await?;
            for service in &mut services {
                learn(tx, service, Fact::FreedByBilling).await?;
            }
            return start_without_order(tx, id, status).await;
        }
        Status::PastDue => suspension::owes(tx, &settings, id, &mut services).await?,
        Status::Paused => {
            for service in &mut services {
                let why = "The subscription is paused.".to_owned();
                learn(tx, service, Fact::HeldByBilling(why)).await?;
            }
        }
        Status::Cancelled | Status::Ended => {
            suspension::forget(tx, id).await?;
            RemoveEnded::plan(tx, &settings, id, &mut services).await?;
        }
    }
    Ok(())
}

/// A subscription consists of something else: another product, other options, more or fewer units.
pub(crate) async fn on_changed(tx: &mut Tx, changed: SubscriptionChanged) -> Result<(), Fault> {
    let id = changed.subscription_id;
    let services = store::of_subscription(tx, id).await?;
    let Some(sold) = sold(tx, id).await? else { return Ok(()) };
    let is_started = services.iter().any(|service| service.facts.is_started);
    let order_id = services.iter().find_map(|service| service.order_id);
    let units = usize::try_from(sold.units.clamp(1, MOST_UNITS)).unwrap_or(1);
    // A unit that was given up is over for good: taken again, it is another one.
    let next_unit =
        1 + services.iter().filter_map(|service| unit_of(&service.slot)).max().unwrap_or_default();
    let mut live: Vec<Service> = services.into_iter().filter(|service| !service.facts.is_ended).collect();
    let held = live.iter().find(|service| service.facts.is_held_by_billing);
    let held = held.map(|service| service.hold_reason.clone());
    for (unit, _) in (next_unit..).zip(live.len()..units) {
        let new = NewService { order_id, ..sold.service(id, unit) };
        let Some(mut more) = open(tx, new).await? else { continue };
        // Nobody gets another unit of what they owe for; with the payment it is begun.
        if let Some(why) = &held {
            learn(tx, &mut more, Fact::HeldByBilling(why.clone())).await?;
        }
        if is_started {
            learn(tx, &mut more, Fact::Started).await?;
        }
    }
    for (at, service) in live.iter_mut().enumerate() {
        if at < units {
            replan(tx, service, &sold).await?;
        } else {
            learn(tx, service, Fact::Ended).await?;
        }
    }
    Ok(())
}

async fn replan(tx: &mut Tx, service: &mut Service, sold: &Sold) -> Result<(), Fault> {
    service.label.clone_from(&sold.label);
    let fact = Fact::Replanned { product_id: sold.product_id, options: sold.options.clone() };
    learn(tx, service, fact).await
}

/// What a service is that a subscription pays for from now on: its part, and the fact of its plan. None where no driver
/// makes it.
pub(crate) async fn as_sold(tx: &mut Tx, subscription: i64) -> Result<Option<(String, Fact)>, Fault> {
    let Some(sold) = sold(tx, subscription).await? else { return Ok(None) };
    let taken = store::of_subscription(tx, subscription).await?;
    let unit = 1 + taken.iter().filter_map(|service| unit_of(&service.slot)).max().unwrap_or_default();
    let fact = Fact::Replanned { product_id: sold.product_id, options: sold.options };
    Ok(Some((slot(unit), fact)))
}

/// Who pays for a subscription, and where it stands.
pub(crate) async fn payer(tx: &mut Tx, subscription: i64) -> Result<Option<(i64, Status)>, Fault> {
    let found = bursar_billing::subscriptions::store::by_ids(tx, &[subscription]).await?;
    Ok(found.into_iter().next().map(|core| (core.customer_id, core.status)))
}

/// What a subscription consists of now.
struct Sold {
    customer_id: i64,
    status: Status,
    product_id: i64,
    label: String,
    units: i64,
    options: Vec<(i64, i64, i64)>,
}

impl Sold {
    fn services(&self, subscription: i64) -> Vec<NewService> {
        (1..=self.units.clamp(1, MOST_UNITS)).map(|unit| self.service(subscription, unit)).collect()
    }

    fn service(&self, subscription: i64, unit: i64) -> NewService {
        NewService {
            customer_id: self.customer_id,
            subscription_id: Some(subscription),
            slot: slot(unit),
            product_id: self.product_id,
            order_id: None,
            label: self.label.clone(),
            name: None,
            options: self.options.clone(),
        }
    }
}

/// What a subscription consists of, if a driver makes it.
async fn sold(tx: &mut Tx, subscription: i64) -> Result<Option<Sold>, Fault> {
    let detail = detail::get(tx, subscription).await.map_err(|error| Fault::new(error.to_string()))?;
    let Some(product_id) = detail.product_id else { return Ok(None) };
    if !places::is_delivered(tx, product_id).await? {
        return Ok(None);
    }
    let items = detail::all_items(tx, subscription).await?;
    let live = || items.iter().filter(|item| item.ended_on.is_none());
    let units = live().find(|item| item.kind == ItemKind::Product).map_or(1, |item| item.item.quantity);
    let options = live().filter(|item| item.kind == ItemKind::Option).filter_map(|item| {
        // An option is billed with every unit of its product.
        Some((item.source_id?, item.value_id?, item.item.quantity / units.max(1)))
    });
    Ok(Some(Sold {
        customer_id: detail.core.customer_id,
        status: detail.core.status,
        product_id,
        label: detail.core.label.clone(),
        units,
        options: options.collect(),
    }))
}

/// Where a subscription stands now.
pub(crate) async fn status(tx: &mut Tx, subscription: i64) -> Result<Option<Status>, Fault> {
    Ok(payer(tx, subscription).await?.map(|(_, status)| status))
}

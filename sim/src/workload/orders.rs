//! The shop: a cart, an order, its payment, and the staff who look at it.

use std::collections::BTreeMap;

use bursar_billing::settle::take_back::PaidBack;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ordering::OrderError;
use bursar_ordering::carts::change::{Place, add_coupon, add_item};
use bursar_ordering::carts::{self, Cart, Picked, Shopper, Wish, quote};
use bursar_ordering::orders::decide::{Ending, accept_order, cancel_order, reject_order};
use bursar_ordering::orders::place::{Checkout, place_order};
use bursar_provisioning::settings::MoneyBack;
use bursar_time::{Cycle, Date};

use super::setup::{COUPON, COUPON_PERIODS, COUPON_PPM, Fate, Good};
use super::subscriptions::{ITEM, beat};
use super::{Outcome, World};
use crate::audit::Records;
use crate::calendar::count_days;
use crate::model::{Paying, Rebate, ShopOrder, Standing, Subscription};

/// Days before a period on which it is invoiced, by the product's own settings.
const LEAD_DAYS: i64 = 7;
/// Days after which staff give up what nobody else gives up.
const PATIENCE_DAYS: i64 = 2;

bursar_db::statements! {
    /// The newest order of a customer.
    NEWEST = "SELECT MAX(id) FROM ordering_orders WHERE customer_id = $1";
}

impl Outcome for OrderError {
    fn told(self) -> Result<String, Fault> {
        match self {
            Self::Fault(fault) => Err(fault),
            Self::Bill(error) => error.told(),
            other => Ok(other.to_string()),
        }
    }
}

impl World {
    /// A customer fills a cart and orders it. Most pay at once.
    pub(crate) async fn order_in_shop(&mut self) -> Result<(), Fault> {
        let Some(at) = (!self.model.customers.is_empty()).then(|| self.below(self.model.customers.len()))
        else {
            return Ok(());
        };
        self.fill_cart(at).await?;
        let Some(order) = self.check_out(at).await? else { return Ok(()) };
        let customer = self.model.customers[at].id;
        match self.below(10) {
            0 | 1 => Ok(()),
            2 => match self.records().await?.documents.get(&order.invoice).cloned() {
                Some(invoice) if invoice.open() > 0 => self.receive_at_bank(&invoice).await,
                _ => Ok(()),
            },
            _ => self.pay_with_some_card(customer, vec![order.invoice]).await,
        }
    }

    /// One to three things, of which some can never be made.
    async fn fill_cart(&mut self, at: usize) -> Result<(), Fault> {
        for _ in 0..1 + self.below(3) {
            let drawn = self.below(100);
            let fate = match drawn {
                0..50 => Fate::Made,
                50..65 => Fate::NoRoom,
                65..80 => Fate::Fails,
                _ => Fate::Nobody,
            };
            let Some(good) = self.shelf.goods.iter().copied().find(|good| good.fate == fate) else {
                continue;
            };
            let quantity = if fate == Fate::Made && self.chance(20) { 2 } else { 1 };
            self.put_in_cart(at, good, quantity).await?;
        }
        if self.chance(20) {
            let (kinds, shopper) = (self.office.kinds.clone(), self.shopper(at));
            let wish = async move |cx: Cx| add_coupon(&cx, kinds, shopper, COUPON.to_owned()).await;
            self.ask("a code for the cart".to_owned(), wish).await?;
        }
        Ok(())
    }

    pub(crate) async fn put_in_cart(&mut self, at: usize, good: Good, quantity: i64) -> Result<(), Fault> {
        let customer = self.model.customers[at].clone();
        let (kinds, shopper) = (self.office.kinds.clone(), self.shopper(at));
        let place = Place { currency: customer.currency, country: String::new() };
        let picked = Picked {
            product: good.id,
            cycle: Cycle::Monthly,
            quantity,
            options: Vec::new(),
            addons: Vec::new(),
        };
        let wanted = (Wish::Product(picked), BTreeMap::new());
        let wish = async move |cx: Cx| add_item(&cx, kinds, shopper, place, wanted).await;
        let what = format!("customer {} puts {quantity} of product {} in the cart", customer.id, good.id);
        // In doubt they look at the cart, and order what is in it.
        self.ask(what, wish).await.map(drop)
    }

    fn shopper(&self, at: usize) -> Shopper {
        Shopper { token: None, customer_id: Some(self.model.customers[at].id) }
    }

    /// Orders what is in the cart, for what the cart shows.
    pub(crate) async fn check_out(&mut self, at: usize) -> Result<Option<ShopOrder>, Fault> {
        let (kinds, shopper) = (self.office.kinds.clone(), self.shopper(at));
        let (looking, who) = (kinds.clone(), shopper.clone());
        let seen = self.office.spy.read(async move |tx: &mut Tx| look(tx, &looking, &who).await).await;
        let seen = seen.map_err(|error| Fault::new(format!("a cart cannot be shown: {error}")))?;
        let Some((cart, total)) = seen else { return Ok(None) };
        let (customer, today) = (self.model.customers[at].id, self.today());
        let before = self.newest_order(customer).await?;
        let checkout = Checkout { seen_total_minor: Some(total), ..Checkout::default() };
        let wish = async move |cx: Cx| place_order(&cx, kinds, shopper, checkout).await;
        let what = format!("customer {customer} orders {} things for {total}", cart.items.len());
        self.ask(what, wish).await?;
        let after = self.newest_order(customer).await?;
        match after.filter(|_| after != before) {
            Some(order) => self.believe_order(at, order, &cart, today).await,
            None => Ok(None),
        }
    }

    async fn newest_order(&self, customer: i64) -> Result<Option<i64>, Fault> {
        let look = async move |tx: &mut Tx| tx.query_one(&NEWEST, params![customer], |row| row.get(0)).await;
        self.office.spy.read(look).await
    }

    /// What the auditor expects of an order: a month of everything at once, the next ones when it is accepted.
    async fn believe_order(
        &mut self,
        at: usize,
        id: i64,
        cart: &Cart,
        today: Date,
    ) -> Result<Option<ShopOrder>, Fault> {
        let records = self.records().await?;
        let Some(found) = records.sold.orders.get(&id) else { return Ok(None) };
        let Some(invoice) = found.invoice else {
            return Err(Fault::new(format!("order {id} asks for nothing, and nothing in it is free")));
        };
        if found.subscriptions.len() != cart.items.len() {
            return Err(Fault::new(format!("order {id} is not what was in the cart")));
        }
        for (subscription, item) in found.subscriptions.iter().zip(&cart.items) {
            let Wish::Product(picked) = &item.wish else { continue };
            let subscription = *subscription;
            let item_id = self.office.spy.read(async move |tx: &mut Tx| {
                tx.query_one(&ITEM, params![subscription], |row| row.get::<i64>(0)).await
            });
            let item_id = item_id.await?;
            let good = self.shelf.goods.iter().copied().find(|good| good.id == picked.product);
            let good = good.ok_or_else(|| Fault::new("something was ordered that is not in the shop"))?;
            let beat = beat(Cycle::Monthly, today, today.day());
            let is_cheaper = cart.coupons.iter().any(|code| code == COUPON);
            let mut thing = Subscription {
                id: subscription,
                item_id,
                customer: at,
                order: Some(id),
                is_taken_back: false,
                is_made: good.fate != Fate::Nobody,
                beat,
                paying: Paying::Ahead,
                lead: LEAD_DAYS,
                quantity: picked.quantity,
                quantity_later: None,
                unit: good.unit,
                rebate: is_cheaper.then_some(Rebate { ppm: COUPON_PPM, periods_left: COUPON_PERIODS }),
                standing: Standing::Live,
                next: Subscription::first_period(beat, today),
                bill_on: today,
                pause_on: None,
                cancel_on: None,
                owed: Vec::new(),
            };
            thing.bill(today);
            thing.standing = Standing::Waiting;
            self.model.subscriptions.push(thing);
        }
        let order = ShopOrder { id, invoice, placed_on: today, is_ended_by_staff: false };
        self.model.orders.push(order.clone());
        Ok(Some(order))
    }

    /// What became of orders, and of what could not be made, since somebody last looked.
    pub(crate) async fn follow_the_shop(&mut self) -> Result<(), Fault> {
        let records = self.records().await?;
        for subscription in &mut self.model.subscriptions {
            if records.sold.is_called_off(subscription.id) {
                subscription.take_back();
                continue;
            }
            let Some(order) = subscription.order.and_then(|order| records.sold.orders.get(&order)) else {
                continue;
            };
            match order.status.as_str() {
                "accepted" => subscription.release(),
                "cancelled" | "rejected" => subscription.take_back(),
                _ => {}
            }
        }
        Ok(())
    }

    /// The staff's morning: what waits to be looked at is accepted or not, and what has been missing for days is called off
    /// where the product does not do that by itself.
    pub(crate) async fn look_after_orders(&mut self) -> Result<(), Fault> {
        let (records, today) = (self.records().await?, self.today());
        for at in 0..self.model.orders.len() {
            let order = self.model.orders[at].clone();
            let status = records.sold.orders.get(&order.id).map(|order| order.status.clone());
            let days = count_days(order.placed_on, today);
            match status.as_deref() {
                Some("pending_review") if self.chance(85) => {
                    let wish = async move |cx: Cx| accept_order(&cx, order.id).await;
                    self.ask(format!("staff accept order {}", order.id), wish).await?;
                }
                Some("pending_review") => {
                    let ending = self.ending("no such street");
                    self.model.orders[at].is_ended_by_staff = true;
                    let wish = async move |cx: Cx| reject_order(&cx, order.id, ending).await;
                    self.ask(format!("staff reject order {}", order.id), wish).await?;
                }
                Some("accepted") if days >= PATIENCE_DAYS && self.is_given_up(&records, &order) => {
                    let ending = self.ending("it cannot be made");
                    self.model.orders[at].is_ended_by_staff = true;
                    let wish = async move |cx: Cx| cancel_order(&cx, order.id, ending).await;
                    self.ask(format!("staff call order {} off", order.id), wish).await?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Whether something of an order is missing that nobody but staff gives up: by the rule, or because it is one of several.
    fn is_given_up(&self, records: &Records, order: &ShopOrder) -> bool {
        let things = self.model.of_order(order.id).filter(|it| it.is_made && it.standing == Standing::Live);
        let mut missing = things.filter(|it| {
            let live = records.resources.values().filter(|made| made.subscription == it.id && made.is_live);
            i64::try_from(live.count()).unwrap_or(i64::MAX) < it.quantity
        });
        missing.any(|it| self.model.money_back == MoneyBack::Wait || it.quantity > 1)
    }

    fn ending(&mut self, reason: &str) -> Ending {
        let paid = if self.chance(50) { PaidBack::Credit } else { PaidBack::Gateway };
        Ending { reason: reason.to_owned(), paid }
    }
}

/// The cart with the total that it shows, if everything in it can be ordered.
async fn look(
    tx: &mut Tx,
    kinds: &bursar_ordering::Kinds,
    shopper: &Shopper,
) -> Result<Option<(Cart, i64)>, OrderError> {
    let Some(cart) = carts::find(tx, shopper).await? else { return Ok(None) };
    let shown = quote::quote(tx, kinds, &cart).await?;
    Ok(shown.is_whole().then_some((cart, shown.totals.total_minor)))
}

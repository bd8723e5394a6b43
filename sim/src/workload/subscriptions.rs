//! Subscribing, changing, pausing, cancelling.

use bursar_billing::BillError;
use bursar_billing::changes::{Change, ChangeOptions, Credit, Proration, When, change_subscription};
use bursar_billing::subscriptions::Mode;
use bursar_billing::subscriptions::lifecycle::{
    ResumeDay, cancel_subscription, keep_subscription, pause_subscription, resume_subscription,
};
use bursar_billing::subscriptions::order::{Order, preview_subscribe, subscribe};
use bursar_billing::subscriptions::subscribe::BillingDay;
use bursar_catalog::{Buyer, Selection};
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::{Cycle, Date};

use super::setup::{COUPON, COUPON_PERIODS, COUPON_PPM, Product};
use super::{Answer, World};
use crate::calendar::{Beat, days_later};
use crate::model::{Paying, Rebate, Standing, Subscription};

bursar_db::statements! {
    /// A subscription and its item by the label it was given.
    OPENED = "SELECT s.id, i.id FROM billing_subscriptions s JOIN billing_items i ON i.subscription_id = s.id
        WHERE s.label = $1 ORDER BY i.id DESC LIMIT 1";
    /// The item of a subscription that is billed now.
    pub(super) ITEM = "SELECT MAX(id) FROM billing_items WHERE subscription_id = $1 AND ended_on IS NULL";
    /// Changes whenever something happened to a subscription.
    MARK = "SELECT version, (SELECT COUNT(*) FROM billing_changes c WHERE c.subscription_id = s.id)
        FROM billing_subscriptions s WHERE s.id = $1";
}

/// How often, in months or days.
pub(super) fn beat(cycle: Cycle, from: Date, day: i8) -> Beat {
    match cycle {
        Cycle::Weekly => Beat::Days { from, step: 7 },
        Cycle::Quarterly => Beat::Months { from, step: 3, day },
        Cycle::Annual => Beat::Months { from, step: 12, day },
        _ => Beat::Months { from, step: 1, day },
    }
}

/// The first day on or after another that is a certain day of the month, or the last of a month that is too short.
fn first_fixed_day(from: Date, day: i8) -> Date {
    let monthly = Beat::Months { from, step: 1, day };
    if monthly.begins_on(from) { from } else { monthly.next_after(from) }
}

impl World {
    pub(crate) async fn subscribe(&mut self) -> Result<(), Fault> {
        if self.model.customers.is_empty() {
            return Ok(());
        }
        let customer = self.below(self.model.customers.len());
        let at = self.below(self.shelf.products.len());
        let product = self.shelf.products[at].clone();
        let cycles: Vec<(Cycle, i64)> = product.prices.iter().map(|(cycle, unit)| (*cycle, *unit)).collect();
        let (cycle, unit) = self.pick(&cycles).expect("every product has a price");
        let order = self.order(customer, &product, cycle);
        let wish = order.clone();
        let what = format!(
            "customer {} orders {} {} of product {}, {:?}, {:?}, {:?} days ahead, trial {:?}, coupons {:?}",
            order.customer_id,
            order.selection.quantity,
            cycle.code(),
            product.id,
            order.mode,
            order.billing_day,
            order.lead_days,
            order.trial_days,
            order.coupons,
        );
        let answer =
            self.ask(what, async move |cx: Cx| cx.write(async move |tx: &mut Tx| buy(tx, &wish).await).await);
        if let Answer::No = answer.await? {
            return Ok(());
        }
        let label = order.label.clone().unwrap_or_default();
        let found = self.office.spy.read(async move |tx: &mut Tx| {
            tx.query_opt(&OPENED, params![&label], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))).await
        });
        if let Some((id, item_id)) = found.await? {
            self.believe(customer, &order, (cycle, unit), product.is_made, (id, item_id));
        }
        Ok(())
    }

    /// What somebody puts in the cart.
    fn order(&mut self, customer: usize, product: &Product, cycle: Cycle) -> Order {
        let buyer = self.model.customers[customer].clone();
        let quantity = i64::try_from(self.below(3)).expect("small") + 1;
        let selection = Selection {
            product: product.id,
            currency: buyer.currency,
            cycle,
            quantity,
            options: Vec::new(),
            addons: Vec::new(),
        };
        let behind = self.chance(15);
        let day = u8::try_from(self.below(31) + 1).expect("a day");
        let is_fixed = cycle != Cycle::Weekly && self.chance(40);
        let n = self.fresh();
        Order {
            customer_id: buyer.id,
            selection,
            coupons: if self.chance(25) { vec![COUPON.to_owned()] } else { Vec::new() },
            start_on: self.today(),
            billing_day: Some(if is_fixed { BillingDay::Fixed(day) } else { BillingDay::Anniversary }),
            mode: Some(if behind { Mode::Arrears } else { Mode::Prepaid }),
            lead_days: Some(i64::try_from(self.below(7)).expect("small")),
            trial_days: Some(if behind { 0 } else { product.trial_days }),
            label: Some(format!("order {n}")),
            gateway: String::new(),
            source: "order",
            buyer: Buyer::Public,
        }
    }

    fn believe(
        &mut self,
        customer: usize,
        order: &Order,
        (cycle, unit): (Cycle, i64),
        is_made: bool,
        (id, item_id): (i64, i64),
    ) {
        let from = days_later(order.start_on, order.trial_days.unwrap_or(0));
        let beat = match order.billing_day {
            None | Some(BillingDay::Anniversary) => beat(cycle, from, from.day()),
            Some(BillingDay::Fixed(day)) => {
                let day = i8::try_from(day).expect("a day");
                beat(cycle, first_fixed_day(from, day), day)
            }
        };
        let rebate = order.coupons.first().map(|_| Rebate { ppm: COUPON_PPM, periods_left: COUPON_PERIODS });
        let mut subscription = Subscription {
            id,
            item_id,
            customer,
            order: None,
            is_taken_back: false,
            is_made,
            beat,
            paying: if order.mode == Some(Mode::Prepaid) { Paying::Ahead } else { Paying::Behind },
            lead: order.lead_days.unwrap_or(0),
            quantity: order.selection.quantity,
            quantity_later: None,
            unit,
            rebate,
            standing: Standing::Live,
            next: Subscription::first_period(beat, from),
            bill_on: from,
            pause_on: None,
            cancel_on: None,
            owed: Vec::new(),
        };
        subscription.bill_on = subscription.usual_bill_day(subscription.next).max(order.start_on);
        // What is due at once is on the first invoice.
        subscription.bill(order.start_on);
        self.model.subscriptions.push(subscription);
    }

    /// A subscription that staff sold of which something holds, by the seed. What was ordered in the shop is left alone:
    /// what becomes of it is decided by its machine and its money.
    fn some_subscription(&mut self, of: impl Fn(&Subscription) -> bool) -> Option<usize> {
        let fits = |at: &usize| {
            let subscription = &self.model.subscriptions[*at];
            subscription.order.is_none() && of(subscription)
        };
        let fit: Vec<usize> = (0..self.model.subscriptions.len()).filter(fits).collect();
        self.pick(&fit)
    }

    /// Asks for a change of a subscription; whether it happened, crashes included.
    async fn alter<T>(
        &mut self,
        at: usize,
        what: &str,
        wish: impl AsyncFnOnce(Cx, i64) -> Result<T, BillError>,
    ) -> Result<bool, Fault> {
        let id = self.model.subscriptions[at].id;
        let before = self.mark(id).await?;
        let answer = self.ask(format!("subscription {id}: {what}"), async |cx| wish(cx, id).await).await?;
        Ok(match answer {
            Answer::Yes(_) => true,
            Answer::No => false,
            Answer::Doubt => self.mark(id).await? != before,
        })
    }

    async fn mark(&self, id: i64) -> Result<(i64, i64), Fault> {
        self.office
            .spy
            .read(async move |tx: &mut Tx| {
                tx.query_one(&MARK, params![id], |row| Ok((row.get(0)?, row.get(1)?))).await
            })
            .await
    }

    pub(crate) async fn change_quantity(&mut self) -> Result<(), Fault> {
        let Some(at) = self.some_subscription(|s| s.standing == Standing::Live && s.paying == Paying::Ahead)
        else {
            return Ok(());
        };
        let quantity = i64::try_from(self.below(6)).expect("small") + 1;
        let when = if self.chance(60) { When::Now } else { When::PeriodEnd };
        let proration = if self.chance(50) { Proration::ByDay } else { Proration::BySecond };
        let credit = if self.chance(60) { Credit::GiveBack } else { Credit::Forfeit };
        let item_id = self.model.subscriptions[at].item_id;
        let (change, options) =
            (Change::Quantity { item_id, quantity }, ChangeOptions { when, proration, credit });
        let what = format!("{quantity} units, {when:?}, {proration:?}, {credit:?}");
        let wish = async move |cx: Cx, id| change_subscription(&cx, id, change, options, None).await;
        if self.alter(at, &what, wish).await? {
            let subscription = &mut self.model.subscriptions[at];
            subscription.quantity_later = None;
            match when {
                When::Now => subscription.quantity = quantity,
                When::PeriodEnd => subscription.quantity_later = Some(quantity),
            }
        }
        Ok(())
    }

    pub(crate) async fn change_cycle(&mut self) -> Result<(), Fault> {
        let today = self.today();
        let Some(at) = self.some_subscription(|s| {
            s.standing == Standing::Live
                && s.paying == Paying::Ahead
                && s.cancel_on.is_none()
                && s.pause_on.is_none()
                && s.rebate.is_none_or(|r| r.periods_left == 0)
                && !s.owed.is_empty()
                && s.owed[0].start <= today
        }) else {
            return Ok(());
        };
        let unit = self.model.subscriptions[at].unit;
        let product =
            self.shelf.products.iter().find(|p| p.prices.values().any(|price| *price == unit)).cloned();
        let others: Vec<(Cycle, i64)> = product
            .map(|p| p.prices.into_iter().filter(|(_, price)| *price != unit).collect())
            .unwrap_or_default();
        let Some((cycle, price)) = self.pick(&others) else { return Ok(()) };
        let change = Change::Cycle { cycle, day: BillingDay::Anniversary };
        let options =
            ChangeOptions { when: When::Now, proration: Proration::ByDay, credit: Credit::GiveBack };
        let wish = async move |cx: Cx, id| change_subscription(&cx, id, change, options, None).await;
        if self.alter(at, &format!("billed {} from now on", cycle.code()), wish).await? {
            let id = self.model.subscriptions[at].id;
            let item = self.office.spy.read(async move |tx: &mut Tx| {
                tx.query_one(&ITEM, params![id], |row| row.get::<i64>(0)).await
            });
            let item_id = item.await?;
            let subscription = &mut self.model.subscriptions[at];
            subscription.item_id = item_id;
            subscription.unit = price;
            subscription.quantity_later = None;
            subscription.lead = subscription.lead.min(if cycle == Cycle::Weekly { 6 } else { 27 });
            subscription.beat = beat(cycle, today, today.day());
            subscription.next = Subscription::first_period(subscription.beat, today);
            subscription.bill_on = today;
            subscription.bill(today);
        }
        Ok(())
    }

    pub(crate) async fn pause(&mut self) -> Result<(), Fault> {
        let Some(at) = self.some_subscription(|s| s.standing == Standing::Live && s.paying == Paying::Ahead)
        else {
            return Ok(());
        };
        let when = if self.chance(50) { When::Now } else { When::PeriodEnd };
        let wish = async move |cx: Cx, id| pause_subscription(&cx, id, when, Credit::Forfeit).await;
        if self.alter(at, &format!("paused, {when:?}"), wish).await? {
            let subscription = &mut self.model.subscriptions[at];
            match when {
                When::Now => {
                    subscription.standing = Standing::Paused;
                    subscription.pause_on = None;
                }
                When::PeriodEnd => {
                    subscription.pause_on = Some(subscription.next.0);
                    subscription.bill_on = subscription.bill_on.max(subscription.next.0);
                }
            }
        }
        Ok(())
    }

    pub(crate) async fn resume(&mut self) -> Result<(), Fault> {
        let today = self.today();
        let Some(at) = self.some_subscription(|s| s.standing == Standing::Paused || s.pause_on.is_some())
        else {
            return Ok(());
        };
        let wish = async |cx: Cx, id| resume_subscription(&cx, id, ResumeDay::Keep).await;
        if self.alter(at, "resumed", wish).await? {
            let subscription = &mut self.model.subscriptions[at];
            if subscription.standing == Standing::Paused {
                subscription.resume(today);
            } else {
                subscription.pause_on = None;
                subscription.bill_on = subscription.usual_bill_day(subscription.next);
            }
        }
        Ok(())
    }

    pub(crate) async fn cancel(&mut self) -> Result<(), Fault> {
        let Some(at) = self.some_subscription(|s| s.standing != Standing::Over) else { return Ok(()) };
        let is_live = self.model.subscriptions[at].standing == Standing::Live;
        let behind = self.model.subscriptions[at].paying == Paying::Behind;
        let when = if behind || self.chance(70) { When::PeriodEnd } else { When::Now };
        if behind && !is_live {
            return Ok(());
        }
        let credit = if self.chance(50) { Credit::GiveBack } else { Credit::Forfeit };
        let reason = "does not need it any more".to_owned();
        let wish = async move |cx: Cx, id| cancel_subscription(&cx, id, when, reason, credit).await;
        if self.alter(at, &format!("cancelled, {when:?}, {credit:?}"), wish).await? {
            let subscription = &mut self.model.subscriptions[at];
            if when == When::Now || !is_live {
                subscription.standing = Standing::Over;
            } else {
                let end = if behind { subscription.next.1 } else { subscription.next.0 };
                subscription.cancel_on = Some(end);
                subscription.pause_on = None;
                subscription.quantity_later = None;
                subscription.bill_on = subscription.bill_on.max(end);
            }
        }
        Ok(())
    }

    pub(crate) async fn uncancel(&mut self) -> Result<(), Fault> {
        let Some(at) = self.some_subscription(|s| s.standing == Standing::Live && s.cancel_on.is_some())
        else {
            return Ok(());
        };
        let wish = async |cx: Cx, id| keep_subscription(&cx, id).await;
        if self.alter(at, "kept after all", wish).await? {
            let subscription = &mut self.model.subscriptions[at];
            subscription.cancel_on = None;
            subscription.bill_on = subscription.usual_bill_day(subscription.next);
        }
        Ok(())
    }
}

/// Buys what was shown: the preview in the same moment asks for what the invoice then asks for.
async fn buy(tx: &mut Tx, order: &Order) -> Result<(), BillError> {
    let quote = preview_subscribe(tx, order).await?;
    let opened = subscribe(tx, order).await?;
    let invoiced = match opened.invoice_id {
        None => 0,
        Some(id) => bursar_billing::invoices::store::find(tx, id).await?.map_or(-1, |d| d.totals.total_minor),
    };
    if invoiced != quote.totals.total_minor {
        let shown = quote.totals.total_minor;
        return Err(Fault::new(format!("the cart showed {shown} and the invoice asks for {invoiced}")).into());
    }
    Ok(())
}

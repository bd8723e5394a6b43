//! What the auditor believes, from what people did: its own subscriptions with their own calendar, its own purse.
//!
//! Nothing in here is read from the product's tables, except the names (ids) of things.

use std::collections::{BTreeMap, BTreeSet};

use bursar_money::Currency;
use bursar_provisioning::settings::MoneyBack;
use bursar_time::Date;

use crate::calendar::{Beat, count_days, days_later};

/// A customer as the auditor knows them.
#[derive(Debug, Clone)]
pub struct Customer {
    /// The product's name of them.
    pub id: i64,
    /// The currency of everything.
    pub currency: Currency,
    /// Tax that is charged, in parts per million.
    pub tax_ppm: i64,
    /// A card that is charged by night.
    pub has_stored_card: bool,
}

/// When a period is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paying {
    /// Before it.
    Ahead,
    /// After it.
    Behind,
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Ordered, with its first period on the order's invoice, and not billed further before it is accepted.
    Waiting,
    /// Billed.
    Live,
    /// Not billed until resumed.
    Paused,
    /// Never billed again.
    Over,
}

/// A period that must be on exactly one document that stands, with what must be on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owed {
    /// First day.
    pub start: Date,
    /// First day after it.
    pub end: Date,
    /// Units.
    pub quantity: i64,
    /// Before discounts and tax, minor units.
    pub gross: i64,
    /// What the coupon takes off, minor units.
    pub discount: i64,
}

/// A coupon's effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rebate {
    /// Parts per million of the price.
    pub ppm: i64,
    /// Periods it is still good for.
    pub periods_left: i64,
}

/// A subscription with one item.
#[derive(Debug, Clone)]
pub struct Subscription {
    /// The product's name of it.
    pub id: i64,
    /// Its item.
    pub item_id: i64,
    /// Whose.
    pub customer: usize,
    /// The order it came with; none for what was sold by hand.
    pub order: Option<i64>,
    /// The sale did not happen: whatever was asked for it has to be given back.
    pub is_taken_back: bool,
    /// Whether each of its units is a machine.
    pub is_made: bool,
    /// When its periods begin.
    pub beat: Beat,
    /// Before or after.
    pub paying: Paying,
    /// Days before a period on which it is invoiced.
    pub lead: i64,
    /// Units.
    pub quantity: i64,
    /// Units from the next bill on.
    pub quantity_later: Option<i64>,
    /// Price of one.
    pub unit: i64,
    /// Coupon.
    pub rebate: Option<Rebate>,
    /// Where it stands.
    pub standing: Standing,
    /// The next period.
    pub next: (Date, Date),
    /// The day from which that is billed.
    pub bill_on: Date,
    /// Pauses on this day.
    pub pause_on: Option<Date>,
    /// Ends on this day.
    pub cancel_on: Option<Date>,
    /// Everything that was owed so far.
    pub owed: Vec<Owed>,
}

impl Subscription {
    /// The first period of something that is billed from a day on.
    pub fn first_period(beat: Beat, from: Date) -> (Date, Date) {
        (from, beat.next_after(from))
    }

    /// The usual day of the bill of a period.
    pub fn usual_bill_day(&self, period: (Date, Date)) -> Date {
        match self.paying {
            Paying::Ahead => days_later(period.0, -self.lead),
            Paying::Behind => period.1,
        }
    }

    /// What a night does: pauses and ends first, then whatever is due by that day.
    pub fn night(&mut self, day: Date) {
        // What is paid behind is billed up to its last day.
        if self.paying == Paying::Behind {
            self.bill(day);
        }
        if self.standing == Standing::Live && self.pause_on.is_some_and(|on| on <= day) {
            self.pause_on = None;
            self.standing = Standing::Paused;
        }
        if self.standing == Standing::Live && self.cancel_on.is_some_and(|on| on <= day) {
            self.standing = Standing::Over;
        }
        self.bill(day);
    }

    /// Owes every period that is due by a day.
    pub fn bill(&mut self, day: Date) {
        while self.standing == Standing::Live && self.bill_on <= day {
            if self.cancel_on.is_some_and(|on| on <= self.next.0) {
                self.standing = Standing::Over;
                return;
            }
            if let Some(quantity) = self.quantity_later.take() {
                self.quantity = quantity;
            }
            let owed = self.owe();
            self.owed.push(owed);
            self.next = (self.next.1, self.beat.next_after(self.next.1));
            self.bill_on = self.usual_bill_day(self.next);
        }
    }

    fn owe(&mut self) -> Owed {
        let (start, end) = self.next;
        let whole = count_days(self.beat.last_until(start), end);
        let gross = share(self.quantity * self.unit, count_days(start, end), whole);
        let mut discount = 0;
        if let Some(rebate) = self.rebate.as_mut().filter(|rebate| rebate.periods_left > 0) {
            rebate.periods_left -= 1;
            discount = share(gross, rebate.ppm, 1_000_000);
        }
        Owed { start, end, quantity: self.quantity, gross, discount }
    }

    /// Its order is accepted: it is billed from now on, by the calendar of its first period.
    pub fn release(&mut self) {
        if self.standing == Standing::Waiting {
            self.standing = Standing::Live;
            self.bill_on = self.usual_bill_day(self.next);
        }
    }

    /// What it was sold for does not happen.
    pub fn take_back(&mut self) {
        self.standing = Standing::Over;
        self.is_taken_back = true;
    }

    /// Somebody resumes it.
    pub fn resume(&mut self, today: Date) {
        self.standing = Standing::Live;
        if self.next.0 < today {
            self.next = Self::first_period(self.beat, today);
        }
        self.bill_on = self.usual_bill_day(self.next).max(today);
    }
}

/// `part` of `whole` of an amount, to the nearest minor unit, halves to the even one. Amounts are never negative here.
pub fn share(amount: i64, part: i64, whole: i64) -> i64 {
    let product = i128::from(amount) * i128::from(part);
    let whole = i128::from(whole);
    let (down, rest) = (product / whole, product % whole);
    let up = match (rest * 2).cmp(&whole) {
        std::cmp::Ordering::Less => 0,
        std::cmp::Ordering::Greater => 1,
        std::cmp::Ordering::Equal => down % 2,
    };
    i64::try_from(down + up).expect("the simulation's amounts are small")
}

/// What somebody ordered in the shop.
#[derive(Debug, Clone)]
pub struct ShopOrder {
    /// The product's name of it.
    pub id: i64,
    /// Its invoice.
    pub invoice: i64,
    /// When.
    pub placed_on: Date,
    /// Whether staff called it off themselves, and chose where its money goes.
    pub is_ended_by_staff: bool,
}

/// Everything the auditor believes.
#[derive(Debug, Clone, Default)]
pub struct Model {
    /// Customers.
    pub customers: Vec<Customer>,
    /// Subscriptions.
    pub subscriptions: Vec<Subscription>,
    /// What becomes of the money for what cannot be made.
    pub money_back: MoneyBack,
    /// Orders.
    pub orders: Vec<ShopOrder>,
    /// Invoices that staff have changed something about, or that were paid other than by one charge of their own.
    pub touched: BTreeSet<i64>,
    /// Money that came by bank, per customer id, minor units of their currency.
    pub by_bank: BTreeMap<i64, i64>,
    /// Credit that staff gave, likewise.
    pub given: BTreeMap<i64, i64>,
}

impl Model {
    /// What the night of a day does to every subscription.
    pub fn night(&mut self, day: Date) {
        for subscription in &mut self.subscriptions {
            subscription.night(day);
        }
    }

    /// The subscriptions of an order.
    pub fn of_order(&self, order: i64) -> impl Iterator<Item = &Subscription> {
        self.subscriptions.iter().filter(move |subscription| subscription.order == Some(order))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(m: i8, d: i8) -> Date {
        Date::new(2026, m, d).unwrap()
    }

    #[test]
    fn halves_go_to_the_even_side() {
        assert_eq!([share(1, 1, 2), share(3, 1, 2), share(5, 1, 2), share(7, 22, 31)], [0, 2, 2, 5]);
    }

    /// 31.00 a month on the 1st, from 10 March: 22 of 31 days, then full months a week ahead.
    #[test]
    fn a_short_first_period_is_owed_by_its_days() {
        let beat = Beat::Months { from: on(3, 1), step: 1, day: 1 };
        let mut sub = Subscription {
            id: 1,
            item_id: 2,
            customer: 0,
            order: None,
            is_taken_back: false,
            is_made: false,
            beat,
            paying: Paying::Ahead,
            lead: 7,
            quantity: 1,
            quantity_later: None,
            unit: 3_100,
            rebate: Some(Rebate { ppm: 500_000, periods_left: 1 }),
            standing: Standing::Live,
            next: Subscription::first_period(beat, on(3, 10)),
            bill_on: on(3, 10),
            pause_on: None,
            cancel_on: None,
            owed: Vec::new(),
        };
        sub.bill(on(3, 10));
        sub.night(on(3, 24));
        assert_eq!(sub.owed.len(), 1);
        sub.night(on(3, 25));
        let first = Owed { start: on(3, 10), end: on(4, 1), quantity: 1, gross: 2_200, discount: 1_100 };
        let second = Owed { start: on(4, 1), end: on(5, 1), quantity: 1, gross: 3_100, discount: 0 };
        assert_eq!(sub.owed, [first, second]);
    }
}

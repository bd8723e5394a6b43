//! Orders: what was bought together, agreed to, paid for, looked at and accepted.
//!
//! An order is made from a cart in one transaction with its subscriptions, which wait, and its one invoice. Paying it
//! and, where the rules want it, a person's word lets the subscriptions go. An order that ends otherwise takes all of it
//! back: stock, uses of codes, invoice and money. Paid orders never vanish: they wait where staff see them.

pub mod decide;
pub(crate) mod expire;
pub mod list;
pub mod place;
pub mod review;
pub(crate) mod secured;
pub mod states;
pub(crate) mod store;

use std::collections::BTreeMap;

use bursar_money::{Currency, Money};
use bursar_time::{Cycle, Instant};
use serde::{Deserialize, Serialize};

use crate::carts::Wish;
use review::ReviewReason;
use states::OrderStatus;

/// A code that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UsedCoupon {
    /// The coupon.
    pub coupon_id: i64,
    /// The subscription its use is counted for.
    pub subscription_id: i64,
}

/// An order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Identity.
    pub id: i64,
    /// For people.
    pub number: String,
    /// Who ordered.
    pub customer_id: i64,
    /// Where it stands.
    pub status: OrderStatus,
    /// `shop` or `staff`.
    pub source: String,
    /// What it asked for at once.
    pub total: Money,
    /// Its invoice; none when nothing was owed.
    pub invoice_id: Option<i64>,
    /// Codes that were used.
    pub coupons: Vec<UsedCoupon>,
    /// Codes as typed.
    pub codes: Vec<String>,
    /// Why a person is to look.
    pub review: Vec<ReviewReason>,
    /// What the customer wrote.
    pub customer_note: String,
    /// The network address it came from; empty when staff ordered.
    pub from_address: String,
    /// When it was placed.
    pub placed_at: Instant,
    /// Until when it is held unpaid.
    pub expires_at: Option<Instant>,
    /// When everything had arrived.
    pub paid_at: Option<Instant>,
    /// When it was accepted or ended.
    pub decided_at: Option<Instant>,
    /// Why it ended.
    pub decided_why: String,
    /// Counts changes.
    pub version: i64,
}

impl Order {
    /// The currency of its figures.
    pub fn currency(&self) -> Currency {
        self.total.currency()
    }
}

/// One thing of an order, as it was bought: what whoever delivers it reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OrderItem {
    /// Identity.
    pub id: i64,
    /// The order.
    pub order_id: i64,
    /// From 1.
    pub position: i64,
    /// As shown.
    pub label: String,
    /// Product with options and add-ons, or what another kind was given.
    pub wish: Wish,
    /// Answers to the product's questions, by name.
    pub answers: BTreeMap<String, String>,
    /// The subscription it is billed by.
    pub subscription_id: i64,
    /// How often it is billed.
    pub cycle: Cycle,
    /// What was owed for it at once, with tax, minor units.
    pub now_minor: i64,
    /// What each period costs from then on, with tax, minor units; none for what is paid once.
    pub renewal_minor: Option<i64>,
    /// Pieces that were taken from stock.
    pub stock_taken: i64,
}

/// A text that was agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Agreement {
    /// Its name: `terms`.
    pub name: String,
    /// Its title then.
    pub title: String,
    /// Which version.
    pub version: i64,
    /// The hash of what it said.
    pub hash: String,
}

/// One line of an order's history.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HistoryEntry {
    /// `placed`, `paid`, `accepted`, …
    pub what: String,
    /// More words.
    pub note: String,
    /// `staff`, `user`, `system`.
    pub actor_kind: String,
    /// Which.
    pub actor_id: Option<i64>,
    /// When.
    pub at: Instant,
}

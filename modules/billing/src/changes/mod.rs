//! Changing what a subscription consists of: another product, other options, an add-on more or less, another quantity,
//! another cycle, another price; now or at the end of the period, with a preview that equals what is then invoiced.
//!
//! **Now, prepaid.** Everything that was billed ahead of the change is looked at period by period. What was paid for the
//! rest of each comes back as an `unused_period` line, computed from the line that was really invoiced (its discounts and
//! its tax rates included); the same rest at the new price is a `proration` line. One invoice holds both. When it would
//! be negative the difference is given back by a credit note on the invoice that billed the period, or forfeited, as the
//! caller chooses. Coupons that were taken off a billed period are taken off its new price too.
//!
//! **Now, in arrears.** The running period is closed: its days up to the change are billed at the old prices as a period
//! of their own, and the rest of it is billed at its end at the new ones.
//!
//! **At the end of the period.** The change waits in `billing_changes` with the prices it was shown with, and the daily
//! step makes it before the run bills the first period it is about. Later changes replace it.
//!
//! **Why nothing is billed twice.** `billing_billed_periods` has one row per item and recurring period. Prorations make
//! none: they only touch days whose row exists already, and the item's next row still begins where the last one ended. A
//! change of cycle cuts periods in the middle, so it ends the items and puts new ones in their place; each item's rows
//! lie side by side without a gap or an overlap.

pub mod apply;
mod prorate;
pub(crate) mod quote;
pub mod reprice;
mod rows;
pub(crate) mod standing;
pub mod store;
pub mod survey;
pub mod target;

#[cfg(test)]
mod tests;

use bursar_money::Currency;
use bursar_time::{Cycle, Date, Period};
use serde::{Deserialize, Serialize};

use crate::invoices::line::{Line, Totals};
use crate::subscriptions::subscribe::BillingDay;

pub use apply::{change_now_or_later, change_subscription, drop_scheduled_change, preview_change};

/// What somebody picks from the catalogue for an existing subscription; currency and cycle stay.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// The product.
    pub product: i64,
    /// Units of the product.
    pub quantity: i64,
    /// Option, value and quantity, as in the catalogue.
    pub options: Vec<(i64, i64, i64)>,
    /// Add-on and how many.
    pub addons: Vec<(i64, i64)>,
}

/// What is to change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// Another product, other options, other add-ons. What stays the same keeps its price.
    Switch(Choice),
    /// Another cycle, at today's prices for it.
    Cycle {
        /// The new one.
        cycle: Cycle,
        /// Whether periods begin on the day of the change or on a fixed day.
        day: BillingDay,
    },
    /// More or fewer units of one item; the price stays. Options follow the quantity of their product.
    Quantity {
        /// The item.
        item_id: i64,
        /// Units, 1 or more.
        quantity: i64,
    },
    /// An add-on more; it is billed together with the rest from the next period on.
    AddAddon {
        /// The add-on.
        addon_id: i64,
        /// Units.
        quantity: i64,
    },
    /// One item less. The product itself stays: cancel the subscription instead.
    Remove {
        /// The item.
        item_id: i64,
    },
    /// Another price for one item, agreed with this customer.
    Price {
        /// The item.
        item_id: i64,
        /// Price of one for a full period, minor units.
        unit_minor: i64,
    },
}

impl Change {
    /// The code in the history and in events.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Switch(_) => "switch",
            Self::Cycle { .. } => "cycle",
            Self::Quantity { .. } => "quantity",
            Self::AddAddon { .. } => "add_addon",
            Self::Remove { .. } => "remove",
            Self::Price { .. } => "price",
        }
    }

    /// Codes of every change that waits for the end of a period; a new one replaces them.
    pub(crate) const CODES: [&'static str; 6] =
        ["switch", "cycle", "quantity", "add_addon", "remove", "price"];
}

/// When a change takes effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// At once.
    Now,
    /// With the first period that has not been billed yet; in arrears, when the running one ends.
    PeriodEnd,
}

/// How the rest of a billed period is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proration {
    /// By days; the day of the change is charged at the new price.
    ByDay,
    /// By seconds in the tenant's zone. Periods in arrears are always split between days.
    BySecond,
    /// Not at all: nothing is charged or given back until the next period.
    None,
}

/// What happens when the rest of the old is worth more than the rest of the new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// The difference becomes the customer's credit.
    GiveBack,
    /// The difference is forfeited: nothing is charged and nothing given back.
    Forfeit,
}

/// How a change is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeOptions {
    /// Now or later.
    pub when: When,
    /// How the rest is counted.
    pub proration: Proration,
    /// What happens with a difference in the customer's favour.
    pub credit: Credit,
}

impl Default for ChangeOptions {
    fn default() -> Self {
        Self { when: When::Now, proration: Proration::ByDay, credit: Credit::GiveBack }
    }
}

/// What a change comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeQuote {
    /// The first day it is about.
    pub effective_on: Date,
    /// Currency of every figure.
    pub currency: Currency,
    /// What is invoiced now; a negative total is credited.
    pub lines: Vec<Line>,
    /// Their sums.
    pub totals: Totals,
    /// When it is due, if anything is owed.
    pub due_on: Option<Date>,
    /// The period that is billed next.
    pub next: Period,
    /// Price of a full period before, without discounts and tax, minor units.
    pub before_minor: i64,
    /// Price of a full period after.
    pub after_minor: i64,
}

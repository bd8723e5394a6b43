//! Subscriptions: what is billed, when, and how the calendar moves on. Pure; storage is in [`store`].

pub mod basket;
pub mod daily;
pub(crate) mod desk;
pub mod detail;
pub mod lifecycle;
pub mod list;
pub mod order;
pub mod release;
pub mod shift;
pub mod stock;
pub mod store;
pub mod subscribe;
pub mod transitions;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

use bursar_money::Currency;
use bursar_time::{Anchor, CalendarError, Cycle, Date, Fraction, Period, plus_days};

use crate::invoices::line::Discount;

/// When a period is paid for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Before it starts.
    Prepaid,
    /// After it ended.
    Arrears,
}

impl Mode {
    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Prepaid => "prepaid",
            Self::Arrears => "arrears",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        [Self::Prepaid, Self::Arrears].into_iter().find(|mode| mode.code() == code)
    }
}

/// Where a subscription stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Ordered, not yet started.
    Pending,
    /// Free until the trial ends.
    Trial,
    /// Running and paid, or within its time to pay.
    Active,
    /// Running with an overdue invoice.
    PastDue,
    /// Not billed until resumed.
    Paused,
    /// Cancelled; nothing more will be billed.
    Cancelled,
    /// Ran its agreed number of periods, or was sold once.
    Ended,
}

impl Status {
    /// Every status.
    pub const ALL: [Self; 7] =
        [Self::Pending, Self::Trial, Self::Active, Self::PastDue, Self::Paused, Self::Cancelled, Self::Ended];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Trial => "trial",
            Self::Active => "active",
            Self::PastDue => "past_due",
            Self::Paused => "paused",
            Self::Cancelled => "cancelled",
            Self::Ended => "ended",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// Whether the run bills it.
    pub fn is_billed(self) -> bool {
        match self {
            Self::Trial | Self::Active | Self::PastDue => true,
            Self::Pending | Self::Paused | Self::Cancelled | Self::Ended => false,
        }
    }
}

/// What the run needs of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subscription {
    /// Its id.
    pub id: i64,
    /// Who pays.
    pub customer_id: i64,
    /// As shown.
    pub label: String,
    /// ISO currency of its prices.
    pub currency: Currency,
    /// How long a period is.
    pub cycle: Cycle,
    /// Before or after the period.
    pub mode: Mode,
    /// Where it stands.
    pub status: Status,
    /// What dates are computed from.
    pub anchor: Anchor,
    /// The next period to bill.
    pub next: Period,
    /// The date from which the run bills it; `None` when nothing will be billed.
    pub next_bill_on: Option<Date>,
    /// Days before the start on which a prepaid period is invoiced.
    pub lead_days: i64,
    /// Not billed from this date on.
    pub cancel_on: Option<Date>,
    /// Periods left to bill; `None` for ever.
    pub periods_left: Option<i64>,
    /// Changes with every save.
    pub version: i64,
}

/// One billed thing of a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// Its id.
    pub id: i64,
    /// The subscription.
    pub subscription_id: i64,
    /// As printed.
    pub description: String,
    /// How many.
    pub quantity: i64,
    /// Price of one for a full period, minor units.
    pub unit_minor: i64,
    /// Set-up fee of one, minor units.
    pub setup_minor: i64,
    /// The set-up fee has not been invoiced yet.
    pub setup_due: bool,
    /// Tax rules apply.
    pub taxable: bool,
    /// Billed for periods that start on or after this date.
    pub billed_from_on: Date,
    /// Changes with every save.
    pub version: i64,
}

/// A discount as it stands on a subscription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Granted {
    /// Its row.
    pub id: i64,
    /// The subscription.
    pub subscription_id: i64,
    /// What it takes.
    pub discount: Discount,
    /// Periods left; `None` for ever.
    pub periods_left: Option<i64>,
    /// Set-up fees are waived while it lasts.
    pub waives_setup: bool,
    /// Changes with every save.
    pub version: i64,
}

impl Subscription {
    /// The period that follows one; always from the anchor, never from the last date.
    pub fn following(&self, period: Period) -> Result<Period, CalendarError> {
        self.anchor.period(self.cycle, self.anchor.index_of(self.cycle, period.end)?)
    }

    /// How much of a full period this one is: less than one for the short first period of a fixed billing day.
    pub fn share_of_full(&self, period: Period) -> Result<Fraction, CalendarError> {
        let whole = self.anchor.period(self.cycle, self.anchor.index_of(self.cycle, period.start)?)?;
        Ok(if whole == period { Fraction::ONE } else { Fraction::of_days(period, whole) })
    }

    /// The date from which a period is billed.
    pub fn bill_date(&self, period: Period) -> Result<Date, CalendarError> {
        match self.mode {
            Mode::Prepaid => plus_days(period.start, -self.lead_days),
            Mode::Arrears => Ok(period.end),
        }
    }
}

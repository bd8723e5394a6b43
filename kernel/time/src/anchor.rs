//! Where the periods of a subscription begin.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::cycle::Step;
use crate::{CalendarError, Cycle, Fraction, Period, days_between, in_range, plus_days};

/// What billing dates are computed from: one boundary, and the day of the month to come back to.
///
/// Boundary *n* is always computed from here, never from boundary *n - 1*: 31 January, 28 February, 31 March, and
/// not 28 for ever. Cycles of days and weeks count from `on` and do not look at `day`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
#[non_exhaustive] // made by the functions below only, which keep `on` and `day` together
pub struct Anchor {
    /// Boundary 0.
    pub on: Date,
    /// The day of the month that is remembered, 1 to 31; shorter months end their period on their last day.
    pub day: u8,
}

impl Anchor {
    /// Boundary 0 and the remembered day, as they were stored. `on` must fall on `day`, or on the last day of a
    /// month that is too short for it.
    pub fn new(on: Date, day: u8) -> Result<Self, CalendarError> {
        in_range(on)?;
        if !(1..=31).contains(&day) || on.day() != clamped(day, on) {
            return Err(CalendarError::BadDay { on, day });
        }
        Ok(Self { on, day })
    }

    /// Periods begin on the day of the month the subscription began.
    pub fn anniversary(on: Date) -> Self {
        Self { on, day: on.day().unsigned_abs() }
    }

    /// Periods begin on a fixed day of the month, 1 to 31; boundary 0 is the first such day on or after `start`.
    ///
    /// A subscription that starts on another day has a short first period: see [`Anchor::first_period`].
    pub fn fixed_day(start: Date, day: u8) -> Result<Self, CalendarError> {
        in_range(start)?;
        if !(1..=31).contains(&day) {
            return Err(CalendarError::BadDay { on: start, day });
        }
        let this_month = month_boundary(month_of(start), day)?;
        let on = if this_month >= start { this_month } else { month_boundary(month_of(start) + 1, day)? };
        Self::new(on, day)
    }

    /// Boundary `n`: where period `n` starts and period `n - 1` ends. Boundary 0 is `on`; earlier ones are negative.
    pub fn boundary(&self, cycle: Cycle, n: i64) -> Result<Date, CalendarError> {
        self.unchecked_boundary(cycle, n).and_then(in_range)
    }

    /// Period `n`, from boundary `n` to boundary `n + 1`.
    pub fn period(&self, cycle: Cycle, n: i64) -> Result<Period, CalendarError> {
        let end = n.checked_add(1).ok_or_else(|| out_of_range(n))?;
        Period::new(self.boundary(cycle, n)?, self.boundary(cycle, end)?)
    }

    /// The number of the period the day lies in: `boundary(n) <= date < boundary(n + 1)`.
    pub fn index_of(&self, cycle: Cycle, date: Date) -> Result<i64, CalendarError> {
        in_range(date)?;
        match cycle.step().ok_or(CalendarError::NotRecurring)? {
            Step::Days(step) => Ok(days_between(self.on, date).div_euclid(step)),
            Step::Months(step) => {
                // The last boundary in or before the date's month; one too many if it comes later in that month.
                let n = (month_of(date) - month_of(self.on)).div_euclid(i64::from(step));
                Ok(if self.unchecked_boundary(cycle, n)? > date { n - 1 } else { n })
            }
        }
    }

    /// The first boundary after the day.
    pub fn next_boundary_after(&self, cycle: Cycle, date: Date) -> Result<Date, CalendarError> {
        self.boundary(cycle, self.index_of(cycle, date)? + 1)
    }

    /// The first period of what starts on `start`, and how much of a full period it is.
    ///
    /// From `start` to the next boundary. The fraction is its days in days of the full period it is cut from: from
    /// 10 March to the boundary of 1 April it is 22/31. On a boundary the period is full and the fraction one.
    pub fn first_period(&self, cycle: Cycle, start: Date) -> Result<(Period, Fraction), CalendarError> {
        let whole = self.period(cycle, self.index_of(cycle, start)?)?;
        if whole.start == start {
            return Ok((whole, Fraction::ONE));
        }
        let short = Period::new(start, whole.end)?;
        Ok((short, Fraction::of_days(short, whole)))
    }

    fn unchecked_boundary(&self, cycle: Cycle, n: i64) -> Result<Date, CalendarError> {
        match cycle.step().ok_or(CalendarError::NotRecurring)? {
            Step::Days(step) => plus_days(self.on, n.checked_mul(step).ok_or_else(|| out_of_range(n))?),
            Step::Months(step) => {
                let month = n
                    .checked_mul(i64::from(step))
                    .and_then(|months| months.checked_add(month_of(self.on)))
                    .ok_or_else(|| out_of_range(n))?;
                month_boundary(month, self.day)
            }
        }
    }
}

/// Months since the year 0, so that months can be counted across years.
fn month_of(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// The day, or the last day of the date's month when that is too short.
fn clamped(day: u8, in_month_of: Date) -> i8 {
    i8::try_from(day).map_or(in_month_of.days_in_month(), |day| day.min(in_month_of.days_in_month()))
}

/// The boundary in a month (counted as [`month_of`] does) for a remembered day.
fn month_boundary(month: i64, day: u8) -> Result<Date, CalendarError> {
    let year = i16::try_from(month.div_euclid(12)).map_err(|_| out_of_range(month))?;
    let month_of_year = i8::try_from(month.rem_euclid(12) + 1).map_err(|_| out_of_range(month))?;
    let first = Date::new(year, month_of_year, 1).map_err(|_| out_of_range(month))?;
    Date::new(year, month_of_year, clamped(day, first)).map_err(|_| out_of_range(month))
}

fn out_of_range(steps: i64) -> CalendarError {
    CalendarError::OutOfRange(format!("{steps} steps away"))
}

/// How an anchor is written down.
#[derive(Serialize, Deserialize)]
struct Parts {
    on: Date,
    day: u8,
}

impl TryFrom<Parts> for Anchor {
    type Error = CalendarError;

    fn try_from(parts: Parts) -> Result<Self, CalendarError> {
        Self::new(parts.on, parts.day)
    }
}

impl From<Anchor> for Parts {
    fn from(anchor: Anchor) -> Self {
        Self { on: anchor.on, day: anchor.day }
    }
}

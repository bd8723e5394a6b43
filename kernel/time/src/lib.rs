//! Clock, instants, calendar cycles, anchors, periods and proration fractions.
//!
//! An [`Instant`] is a point in time, a [`Date`] is a day on somebody's calendar, and only a [`TimeZone`] turns one
//! into the other. Periods are half-open, and their boundaries are computed from an [`Anchor`], never by adding to
//! the last boundary.

mod anchor;
mod clock;
mod cycle;
mod fraction;
mod instant;
mod period;

pub use anchor::Anchor;
pub use clock::{Clock, ManualClock, Stopwatch, SystemClock};
pub use cycle::Cycle;
pub use fraction::Fraction;
pub use instant::Instant;
pub use jiff::civil::Date;
pub use jiff::tz::TimeZone;
pub use period::Period;

/// The first year billing dates may lie in.
pub const FIRST_YEAR: i16 = 1900;
/// The last year billing dates may lie in.
pub const LAST_YEAR: i16 = 2200;

/// A calendar question without an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CalendarError {
    /// The answer, or what was asked about, lies outside 1900 to 2200: a typing error or a corrupt row.
    #[error("the date {0} lies outside the years 1900 to 2200")]
    OutOfRange(String),
    /// A one-time price has no periods.
    #[error("a one-time price has no periods")]
    NotRecurring,
    /// A period must end after it starts.
    #[error("a period must end after it starts, not from {start} to {end}")]
    EmptyPeriod {
        /// The day it was to start.
        start: Date,
        /// The day it was to end (exclusive).
        end: Date,
    },
    /// A billing day is 1 to 31, and an anchor's date falls on it (or on the last day of a shorter month).
    #[error("{day} is not a billing day for {on}")]
    BadDay {
        /// The date of the anchor.
        on: Date,
        /// The day asked for.
        day: u8,
    },
    /// A fraction is at least 0 and has a positive denominator.
    #[error("{num}/{den} is not a fraction of a period")]
    BadFraction {
        /// Numerator.
        num: i64,
        /// Denominator.
        den: i64,
    },
    /// No such cycle.
    #[error("no billing cycle is called {0:?}")]
    UnknownCycle(String),
    /// Text that is not an instant.
    #[error("not an instant: {0:?}")]
    NotAnInstant(String),
}

/// Refuses a date that no bill can be about.
fn in_range(date: Date) -> Result<Date, CalendarError> {
    if (FIRST_YEAR..=LAST_YEAR).contains(&date.year()) {
        Ok(date)
    } else {
        Err(CalendarError::OutOfRange(date.to_string()))
    }
}

/// `days` after `date` (before it, when negative), within 1900 to 2200.
pub fn plus_days(date: Date, days: i64) -> Result<Date, CalendarError> {
    let out_of_range = || CalendarError::OutOfRange(format!("{date} + {days} days"));
    let days = i32::try_from(days).map_err(|_| out_of_range())?;
    date.checked_add(jiff::Span::new().try_days(days).map_err(|_| out_of_range())?)
        .map_err(|_| out_of_range())
        .and_then(in_range)
}

/// Whole days from `from` to `to`; negative when `to` is earlier.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).expect("two civil dates are a number of days apart").get_days())
}

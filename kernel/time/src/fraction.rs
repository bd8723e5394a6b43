//! How much of a period.

use std::cmp::Ordering;
use std::fmt;

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{CalendarError, Instant, Period};

const SECOND_MICROS: i64 = 1_000_000;

/// How much of a period, exactly: `22/31`. At least 0; above 1 for more than the whole.
///
/// Kept as it was counted and not reduced, because invoices show it; `15/30` equals `1/2` all the same.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(try_from = "(i64, i64)", into = "(i64, i64)")]
pub struct Fraction {
    num: i64,
    den: i64,
}

impl Fraction {
    /// Nothing of it.
    pub const ZERO: Self = Self { num: 0, den: 1 };
    /// All of it.
    pub const ONE: Self = Self { num: 1, den: 1 };

    /// `num/den`; refused when negative or when there is nothing to divide by.
    pub fn new(num: i64, den: i64) -> Result<Self, CalendarError> {
        if num < 0 || den <= 0 {
            return Err(CalendarError::BadFraction { num, den });
        }
        Ok(Self { num, den })
    }

    /// The days of `part` in days of `whole`. Where they lie does not matter.
    pub fn of_days(part: Period, whole: Period) -> Self {
        Self { num: part.days(), den: whole.days() }
    }

    /// The seconds of `whole` that lie between two instants, in seconds of `whole` (there, with the hour more or
    /// less of the days clocks change).
    ///
    /// Instants count by the second they are in, so the fractions of parts that touch add up to those of their
    /// union. Refused for a day the zone skipped, which has no second.
    pub fn of_seconds(
        from: Instant,
        to: Instant,
        whole: Period,
        zone: &TimeZone,
    ) -> Result<Self, CalendarError> {
        let second = |instant: Instant| instant.micros().div_euclid(SECOND_MICROS);
        let (start, end) = (second(whole.starts_at(zone)), second(whole.ends_at(zone)));
        if end <= start {
            return Err(CalendarError::EmptyPeriod { start: whole.start, end: whole.end });
        }
        let (from, to) = (second(from).clamp(start, end), second(to).clamp(start, end));
        Self::new((to - from).max(0), end - start)
    }

    /// Above the line.
    pub const fn num(&self) -> i64 {
        self.num
    }

    /// Below the line; at least 1.
    pub const fn den(&self) -> i64 {
        self.den
    }

    /// The rest of the whole; nothing when this is already more than the whole.
    #[must_use]
    pub const fn complement(&self) -> Self {
        let rest = self.den - self.num; // both are at least 0, so this cannot overflow
        Self { num: if rest > 0 { rest } else { 0 }, den: self.den }
    }

    /// Whether it is nothing.
    pub const fn is_zero(&self) -> bool {
        self.num == 0
    }

    /// Whether it is exactly the whole.
    pub const fn is_one(&self) -> bool {
        self.num == self.den
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        let crossed = |a: i64, b: i64| i128::from(a) * i128::from(b);
        crossed(self.num, other.den).cmp(&crossed(other.num, self.den))
    }
}

impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.num, self.den)
    }
}

impl TryFrom<(i64, i64)> for Fraction {
    type Error = CalendarError;

    fn try_from((num, den): (i64, i64)) -> Result<Self, CalendarError> {
        Self::new(num, den)
    }
}

impl From<Fraction> for (i64, i64) {
    fn from(fraction: Fraction) -> Self {
        (fraction.num, fraction.den)
    }
}

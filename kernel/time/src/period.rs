//! Half-open runs of days.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};

use crate::{CalendarError, Instant, days_between, in_range};

const HOUR_MICROS: i64 = 3_600_000_000;

/// The days from `start` up to, but not including, `end`; never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Ends", into = "Ends")]
#[non_exhaustive] // made by `new` only, which refuses an empty one
pub struct Period {
    /// The first day.
    pub start: Date,
    /// The day after the last.
    pub end: Date,
}

impl Period {
    /// The days from `start` up to, but not including, `end`; refused unless `end` is later.
    pub fn new(start: Date, end: Date) -> Result<Self, CalendarError> {
        if end <= start {
            return Err(CalendarError::EmptyPeriod { start, end });
        }
        Ok(Self { start: in_range(start)?, end: in_range(end)? })
    }

    /// How many days it has; at least 1.
    pub fn days(&self) -> i64 {
        days_between(self.start, self.end)
    }

    /// Whether the day is one of its days.
    pub fn contains(&self, date: Date) -> bool {
        self.start <= date && date < self.end
    }

    /// Whether the two have a day in common.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The first instant of its first day there.
    pub fn starts_at(&self, zone: &TimeZone) -> Instant {
        Instant::from_date_start(self.start, zone)
    }

    /// The first instant after it there.
    pub fn ends_at(&self, zone: &TimeZone) -> Instant {
        Instant::from_date_start(self.end, zone)
    }

    /// How many whole hours it has there: 23 or 25 on the days clocks change. A half hour (Lord Howe's change) is
    /// not counted, so that nobody pays for an hour that was not.
    pub fn hours(&self, zone: &TimeZone) -> i64 {
        self.ends_at(zone).since(self.starts_at(zone)) / HOUR_MICROS
    }
}

impl fmt::Display for Period {
    /// Both days are part of it, as people write periods: `2026-03-10 – 2026-03-31`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let last = self.end.yesterday().expect("the end lies after a start in range");
        write!(f, "{} – {last}", self.start)
    }
}

/// How a period is written down.
#[derive(Serialize, Deserialize)]
struct Ends {
    start: Date,
    end: Date,
}

impl TryFrom<Ends> for Period {
    type Error = CalendarError;

    fn try_from(ends: Ends) -> Result<Self, CalendarError> {
        Self::new(ends.start, ends.end)
    }
}

impl From<Period> for Ends {
    fn from(period: Period) -> Self {
        Self { start: period.start, end: period.end }
    }
}

//! Points in time.

use std::fmt;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::{AmbiguousOffset, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::CalendarError;

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const DAY: i64 = 24 * 60 * MINUTE;

/// A point in time: microseconds since 1970-01-01T00:00:00Z, between the years -9999 and 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The earliest instant there is, in the year -9999.
    pub const MIN: Self = Self(-377_705_023_201_000_000);
    /// The latest instant there is, in the year 9999: "never", for a deadline.
    pub const MAX: Self = Self(253_402_207_200_000_000);

    /// The instant so many microseconds after 1970; the first or last instant when it lies beyond.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < Self::MIN.0 {
            Self::MIN
        } else if micros > Self::MAX.0 {
            Self::MAX
        } else {
            Self(micros)
        }
    }

    /// Microseconds since 1970; negative before.
    pub const fn micros(self) -> i64 {
        self.0
    }

    fn timestamp(self) -> Timestamp {
        Timestamp::from_microsecond(self.0).expect("an instant lies between its MIN and MAX")
    }

    fn from_timestamp(timestamp: Timestamp) -> Self {
        // The calendar library's last second has a fraction that it does not take back.
        Self::from_micros(timestamp.as_microsecond())
    }

    /// The day it is then, there.
    pub fn to_date(self, zone: &TimeZone) -> Date {
        zone.to_datetime(self.timestamp()).date()
    }

    /// The first instant of the day there.
    ///
    /// That is not always midnight: where clocks jump forward over midnight it is the moment of the jump, and a
    /// day a zone skipped (Apia had no 30 December 2011) starts when the next one does. Where a day has two
    /// midnights it is the first.
    pub fn from_date_start(date: Date, zone: &TimeZone) -> Self {
        let midnight = zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0));
        let start = match midnight.offset() {
            AmbiguousOffset::Gap { .. } => {
                // Midnight read with the offset after the jump lies before the jump; the next transition is the jump.
                midnight
                    .earlier()
                    .ok()
                    .and_then(|before| zone.following(before).next())
                    .map(|jump| jump.timestamp())
            }
            AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => midnight.compatible().ok(),
        };
        // Only the very first and last days jiff knows have no start in every zone.
        start.map_or(if date.year() < 0 { Self::MIN } else { Self::MAX }, Self::from_timestamp)
    }

    /// So many seconds later (earlier, when negative); stops at the first and last instant.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        self.plus_micros(seconds.saturating_mul(SECOND))
    }

    /// So many minutes later (earlier, when negative); stops at the first and last instant.
    #[must_use]
    pub const fn plus_minutes(self, minutes: i64) -> Self {
        self.plus_micros(minutes.saturating_mul(MINUTE))
    }

    /// So many times 24 hours later (earlier, when negative), whatever the clocks do; stops at the first and last
    /// instant. Calendar days are counted on dates, with [`crate::plus_days`].
    #[must_use]
    pub const fn plus_days(self, days: i64) -> Self {
        self.plus_micros(days.saturating_mul(DAY))
    }

    /// So many microseconds later (earlier, when negative); stops at the first and last instant.
    #[must_use]
    pub const fn plus_micros(self, micros: i64) -> Self {
        Self::from_micros(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this instant; negative when it is in fact later.
    pub const fn since(self, earlier: Self) -> i64 {
        self.0 - earlier.0 // both lie within 20 000 years, far inside an i64
    }

    /// The time as RFC 3339 in UTC: `2026-03-10T08:30:00Z`, with a fraction only where there is one.
    pub fn rfc3339(self) -> String {
        self.timestamp().to_string()
    }

    /// Reads RFC 3339 with `Z` or an offset; digits beyond microseconds are dropped.
    pub fn parse(text: &str) -> Result<Self, CalendarError> {
        text.parse::<Timestamp>()
            .map(Self::from_timestamp)
            .map_err(|_| CalendarError::NotAnInstant(text.to_owned()))
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.rfc3339())
    }
}

impl std::str::FromStr for Instant {
    type Err = CalendarError;

    fn from_str(text: &str) -> Result<Self, CalendarError> {
        Self::parse(text)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_i64(self.0)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let micros = i64::deserialize(deserializer)?;
        let instant = Self::from_micros(micros);
        if instant.0 == micros {
            Ok(instant)
        } else {
            Err(serde::de::Error::custom(format!(
                "{micros} microseconds lie outside the years -9999 to 9999"
            )))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_last_instants_are_those_of_the_calendar_library() {
        assert_eq!(Instant::MIN.0, Timestamp::MIN.as_microsecond());
        assert_eq!(Instant::MAX.0, Timestamp::MAX.as_second() * SECOND);
        assert_eq!(Instant::from_timestamp(Timestamp::MAX), Instant::MAX);
        assert!(Timestamp::from_microsecond(Instant::MAX.0).is_ok());
    }
}

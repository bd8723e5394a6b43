//! How often something is billed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::CalendarError;

/// How often a price is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Cycle {
    /// Once, when bought.
    OneTime,
    /// Priced per hour, billed per calendar day: the period is one civil day in the tenant's zone, the quantity
    /// the hours that day has there (23, 24 or 25).
    Hourly,
    /// Every day.
    Daily,
    /// Every seven days.
    Weekly,
    /// Every month.
    Monthly,
    /// Every 3 months.
    Quarterly,
    /// Every 6 months.
    SemiAnnual,
    /// Every 12 months.
    Annual,
    /// Every 2 years.
    Biennial,
    /// Every 3 years.
    Triennial,
    /// Every 4 years.
    Quadrennial,
    /// Every 5 years.
    Quinquennial,
}

/// How far apart the boundaries of a cycle are.
pub(crate) enum Step {
    Days(i64),
    Months(u32),
}

impl Cycle {
    /// All of them, shortest first.
    pub const ALL: [Self; 12] = [
        Self::OneTime,
        Self::Hourly,
        Self::Daily,
        Self::Weekly,
        Self::Monthly,
        Self::Quarterly,
        Self::SemiAnnual,
        Self::Annual,
        Self::Biennial,
        Self::Triennial,
        Self::Quadrennial,
        Self::Quinquennial,
    ];

    /// The name in the database, in URLs and in the API.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OneTime => "one_time",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::SemiAnnual => "semi_annual",
            Self::Annual => "annual",
            Self::Biennial => "biennial",
            Self::Triennial => "triennial",
            Self::Quadrennial => "quadrennial",
            Self::Quinquennial => "quinquennial",
        }
    }

    /// The cycle with this code.
    pub fn parse(code: &str) -> Result<Self, CalendarError> {
        Self::ALL
            .into_iter()
            .find(|cycle| cycle.code() == code)
            .ok_or_else(|| CalendarError::UnknownCycle(code.to_owned()))
    }

    /// The name in English, for people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::OneTime => "one time",
            Self::Hourly => "hourly",
            Self::Daily => "daily",
            Self::Weekly => "weekly",
            Self::Monthly => "monthly",
            Self::Quarterly => "quarterly",
            Self::SemiAnnual => "every 6 months",
            Self::Annual => "yearly",
            Self::Biennial => "every 2 years",
            Self::Triennial => "every 3 years",
            Self::Quadrennial => "every 4 years",
            Self::Quinquennial => "every 5 years",
        }
    }

    /// Whether it is billed again and again.
    pub const fn is_recurring(self) -> bool {
        !matches!(self, Self::OneTime)
    }

    /// How many months a period has; `None` for cycles that do not count in months.
    pub const fn months(self) -> Option<u32> {
        match self.step() {
            Some(Step::Months(months)) => Some(months),
            Some(Step::Days(_)) | None => None,
        }
    }

    pub(crate) const fn step(self) -> Option<Step> {
        match self {
            Self::OneTime => None,
            Self::Hourly | Self::Daily => Some(Step::Days(1)),
            Self::Weekly => Some(Step::Days(7)),
            Self::Monthly => Some(Step::Months(1)),
            Self::Quarterly => Some(Step::Months(3)),
            Self::SemiAnnual => Some(Step::Months(6)),
            Self::Annual => Some(Step::Months(12)),
            Self::Biennial => Some(Step::Months(24)),
            Self::Triennial => Some(Step::Months(36)),
            Self::Quadrennial => Some(Step::Months(48)),
            Self::Quinquennial => Some(Step::Months(60)),
        }
    }
}

impl fmt::Display for Cycle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Cycle {
    type Err = CalendarError;

    fn from_str(code: &str) -> Result<Self, CalendarError> {
        Self::parse(code)
    }
}

impl TryFrom<String> for Cycle {
    type Error = CalendarError;

    fn try_from(code: String) -> Result<Self, CalendarError> {
        Self::parse(&code)
    }
}

impl From<Cycle> for &'static str {
    fn from(cycle: Cycle) -> Self {
        cycle.code()
    }
}

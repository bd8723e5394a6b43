//! Percentages and tax rates.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::MoneyError;
use crate::decimal::{self, Decimal};

/// A share in parts per million: 19 % is 190 000, 100 % is 1 000 000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ppm(i64);

/// Parts per million that are one per cent, as decimals: 10 000.
const PERCENT_DECIMALS: u32 = 4;
/// The largest share people may type: 1000 %.
const LARGEST: i64 = 10_000_000;

impl Ppm {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// The whole: 100 %.
    pub const ONE: Self = Self(1_000_000);

    /// So many parts per million.
    pub const fn new(parts: i64) -> Self {
        Self(parts)
    }

    /// Parts per million.
    pub const fn get(self) -> i64 {
        self.0
    }

    /// Whether it is nothing.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Reads a percentage as people type it: `19.6`, 0 to 1000, at most 4 decimals (zeros after them do not count).
    pub fn from_percent_text(text: &str) -> Result<Self, MoneyError> {
        let parts = Decimal::parse(text)?.shortest().at_scale(PERCENT_DECIMALS)?;
        match i64::try_from(parts) {
            Ok(parts @ 0..=LARGEST) => Ok(Self(parts)),
            _ => Err(MoneyError::PercentOutOfRange(text.to_owned())),
        }
    }

    /// The percentage as people write it, without needless zeros: `19.6`.
    pub fn to_percent_text(self) -> String {
        let text = decimal::to_text(self.0, 4);
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    }
}

impl fmt::Display for Ppm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} %", self.to_percent_text())
    }
}

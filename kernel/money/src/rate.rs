//! Decimal unit prices and exchange rates.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::decimal::{self, Decimal, power_of_ten};
use crate::rounding::divide;
use crate::{Currency, Money, MoneyError, Rounding};

/// The most decimals a rate has.
const MOST_DECIMALS: u8 = 12;

/// A decimal of up to 12 places that is not negative: the price of one metered unit, or an exchange rate.
///
/// Exact; becomes [`Money`] once per invoice line, with a named rounding. Kept without zeros at the end, so that
/// `0.50` and `0.5` are the same rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    mantissa: i64,
    scale: u8,
}

impl Rate {
    /// Nothing.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// `mantissa / 10^scale`; refused when negative or with more than 12 decimals.
    pub fn new(mantissa: i64, scale: u8) -> Result<Self, MoneyError> {
        Self::from_decimal(Decimal { mantissa: i128::from(mantissa), scale: u32::from(scale) })
    }

    /// Reads `0.000125`; refused when negative or with more than 12 decimals (zeros at the end do not count).
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        Self::from_decimal(Decimal::parse(text)?)
    }

    fn from_decimal(decimal: Decimal) -> Result<Self, MoneyError> {
        let Decimal { mantissa, scale } = decimal.shortest();
        if mantissa < 0 {
            return Err(MoneyError::NegativeRate);
        }
        match u8::try_from(scale) {
            Ok(scale @ 0..=MOST_DECIMALS) => {
                Ok(Self { mantissa: i64::try_from(mantissa).map_err(|_| MoneyError::Overflow)?, scale })
            }
            _ => Err(MoneyError::TooManyDecimals { allowed: u32::from(MOST_DECIMALS) }),
        }
    }

    /// The digits without the point.
    pub const fn mantissa(&self) -> i64 {
        self.mantissa
    }

    /// How many of the digits are decimals.
    pub const fn scale(&self) -> u8 {
        self.scale
    }

    /// Whether it is nothing.
    pub const fn is_zero(&self) -> bool {
        self.mantissa == 0
    }

    /// The shortest text: `0.000125`.
    pub fn to_text(&self) -> String {
        decimal::to_text(self.mantissa, self.scale)
    }

    /// So many units at this price each, in major units of the currency, rounded once.
    pub fn times_to_money(
        &self,
        quantity: i64,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Money, MoneyError> {
        let product = i128::from(self.mantissa).checked_mul(i128::from(quantity));
        self.rounded(product, 0, currency, rounding)
    }

    /// The amount in another currency, where this is the number of its major units per major unit of the amount's.
    pub fn convert(&self, amount: Money, to: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let product = i128::from(self.mantissa).checked_mul(i128::from(amount.minor()));
        self.rounded(product, amount.currency().exponent(), to, rounding)
    }

    /// `product / 10^(own scale + extra decimals)` major units as money.
    fn rounded(
        &self,
        product: Option<i128>,
        extra_decimals: u8,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<Money, MoneyError> {
        let product = product.ok_or(MoneyError::Overflow)?;
        let decimals = u32::from(self.scale).saturating_add(u32::from(extra_decimals));
        let exponent = u32::from(currency.exponent());
        // Powers of ten on one side only, so that large products do not overflow for nothing.
        let minor = match decimals.checked_sub(exponent) {
            Some(fewer) => divide(product, power_of_ten(fewer)?, rounding)?,
            None => {
                let more = exponent.saturating_sub(decimals);
                product.checked_mul(power_of_ten(more)?).ok_or(MoneyError::Overflow)?
            }
        };
        Money::from_i128(minor, currency)
    }
}

impl PartialOrd for Rate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Rate {
    fn cmp(&self, other: &Self) -> Ordering {
        // An i64 times 10^12 stays inside an i128.
        let widened = |rate: &Self| {
            let missing = u32::from(MOST_DECIMALS.saturating_sub(rate.scale));
            i128::from(rate.mantissa).saturating_mul(10_i128.saturating_pow(missing))
        };
        widened(self).cmp(&widened(other))
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.to_text())
    }
}

impl FromStr for Rate {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text)
    }
}

impl TryFrom<String> for Rate {
    type Error = MoneyError;

    fn try_from(text: String) -> Result<Self, MoneyError> {
        Self::parse(&text)
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_text()
    }
}

//! Amounts.

use std::cmp::Ordering;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::decimal::{self, Decimal, power_of_ten};
use crate::rounding::divide;
use crate::{Currency, Ppm, Rounding};

/// An amount: whole minor units (cents) of a currency.
///
/// There is no `+`: adding different currencies, or beyond what an `i64` holds, is an `Err` the caller sees. The
/// one `i64` without an opposite is not an amount, so that [`Money::neg`] and [`Money::abs`] always work.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "Parts", into = "Parts")]
pub struct Money {
    minor: i64,
    currency: Currency,
}

/// Arithmetic that cannot be done, or text that is not a number.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Amounts of two currencies met.
    #[error("{left} and {right} cannot be put together")]
    DifferentCurrency {
        /// The currency of the first.
        left: Currency,
        /// The currency of the second.
        right: Currency,
    },
    /// The result is larger than any amount.
    #[error("the amount is too large")]
    Overflow,
    /// The text is not a plain decimal number.
    #[error("not a plain number: {0:?}")]
    NotANumber(String),
    /// More decimals than the currency, the percentage or the rate has.
    #[error("more than {allowed} decimals")]
    TooManyDecimals {
        /// How many there may be.
        allowed: u32,
    },
    /// A percentage outside 0 to 1000.
    #[error("not a percentage from 0 to 1000: {0:?}")]
    PercentOutOfRange(String),
    /// A rate below zero.
    #[error("a rate cannot be negative")]
    NegativeRate,
    /// A fraction of nothing.
    #[error("nothing to divide by")]
    ZeroDivisor,
}

impl Money {
    /// So many minor units. Aborts on `i64::MIN`, which is not an amount.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        assert!(minor != i64::MIN, "an amount has an opposite");
        Self { minor, currency }
    }

    /// Nothing, in this currency.
    pub const fn zero(currency: Currency) -> Self {
        Self { minor: 0, currency }
    }

    /// Minor units; negative for what is owed the other way.
    pub const fn minor(&self) -> i64 {
        self.minor
    }

    /// The currency.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// Whether it is nothing.
    pub const fn is_zero(&self) -> bool {
        self.minor == 0
    }

    /// Whether it is below zero.
    pub const fn is_negative(&self) -> bool {
        self.minor < 0
    }

    /// Whether it is above zero.
    pub const fn is_positive(&self) -> bool {
        self.minor > 0
    }

    pub(crate) fn from_i128(minor: i128, currency: Currency) -> Result<Self, MoneyError> {
        match i64::try_from(minor) {
            Ok(minor) if minor != i64::MIN => Ok(Self { minor, currency }),
            _ => Err(MoneyError::Overflow),
        }
    }

    /// Both together.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        Self::from_i128(i128::from(self.minor).saturating_add(i128::from(other.minor)), self.currency)
    }

    /// This less the other.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.checked_add(other.neg())
    }

    /// Which is more; refused for different currencies.
    pub fn compare(self, other: Self) -> Result<Ordering, MoneyError> {
        self.same_currency(other)?;
        Ok(self.minor.cmp(&other.minor))
    }

    /// The smaller of the two; refused for different currencies.
    pub fn min(self, other: Self) -> Result<Self, MoneyError> {
        Ok(if self.compare(other)?.is_le() { self } else { other })
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            Ok(())
        } else {
            Err(MoneyError::DifferentCurrency { left: self.currency, right: other.currency })
        }
    }

    /// The opposite.
    #[must_use]
    pub const fn neg(self) -> Self {
        Self { minor: self.minor.saturating_neg(), currency: self.currency } // exact: never i64::MIN
    }

    /// Without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        if self.is_negative() { self.neg() } else { self }
    }

    /// So many times as much.
    pub fn times(self, quantity: i64) -> Result<Self, MoneyError> {
        Self::from_i128(i128::from(self.minor).saturating_mul(i128::from(quantity)), self.currency)
    }

    /// A share in parts per million, rounded.
    pub fn ppm(self, share: Ppm, rounding: Rounding) -> Result<Self, MoneyError> {
        self.fraction(share.get(), Ppm::ONE.get(), rounding)
    }

    /// `num / den` of it, rounded. `den` must not be 0.
    pub fn fraction(self, num: i64, den: i64, rounding: Rounding) -> Result<Self, MoneyError> {
        // Two i64 multiplied stay inside an i128.
        let product = i128::from(self.minor).saturating_mul(i128::from(num));
        Self::from_i128(divide(product, i128::from(den), rounding)?, self.currency)
    }

    /// Splits it by weight without losing or making a minor unit: the parts add up to the whole exactly, and each
    /// is less than one minor unit from its exact share (largest remainder; ties go to the earlier part). A
    /// negative amount splits into the opposites. Weights that are all 0 count as equal.
    ///
    /// Aborts when there is something to split and nobody to give it to.
    pub fn allocate(self, weights: &[u64]) -> Vec<Self> {
        assert!(!weights.is_empty() || self.is_zero(), "money must go somewhere: no weights to split by");
        let total: u128 = weights.iter().fold(0, |sum, weight| sum.saturating_add(u128::from(*weight)));
        let equal = total == 0;
        let total = if equal { weights.len() as u128 } else { total };
        let whole = u128::from(self.minor.unsigned_abs());

        let mut left = whole;
        let mut parts = Vec::with_capacity(weights.len());
        let mut order = Vec::with_capacity(weights.len());
        for (index, weight) in weights.iter().enumerate() {
            // An i64's size times a u64 stays inside a u128, and the total is not 0.
            let share = whole.saturating_mul(if equal { 1 } else { u128::from(*weight) });
            let (units, rest) =
                (share.checked_div(total).unwrap_or(0), share.checked_rem(total).unwrap_or(0));
            left = left.saturating_sub(units);
            parts.push(units);
            order.push((std::cmp::Reverse(rest), index));
        }
        order.sort_unstable();
        // Fewer units are left than there are parts with a remainder.
        for (part, _) in order.into_iter().map(|(_, index)| index).zip(0..left) {
            parts[part] = parts[part].saturating_add(1);
        }
        let sign = |units: u128| {
            let units = i64::try_from(units).expect("a part is no larger than the whole");
            if self.is_negative() { units.saturating_neg() } else { units }
        };
        parts.into_iter().map(|units| Self::new(sign(units), self.currency)).collect()
    }

    /// The sum, exact whatever the order; refused when a currency differs or the result is too large.
    pub fn sum(amounts: impl IntoIterator<Item = Self>, currency: Currency) -> Result<Self, MoneyError> {
        let mut total = 0_i128;
        for amount in amounts {
            Self::zero(currency).same_currency(amount)?;
            total = total.checked_add(i128::from(amount.minor)).ok_or(MoneyError::Overflow)?;
        }
        Self::from_i128(total, currency)
    }

    /// Reads `12.50`: an optional minus, digits, and no more decimals than the currency has. Nothing else.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let minor = Decimal::parse(text)?.at_scale(u32::from(currency.exponent()))?;
        Self::from_i128(minor, currency)
    }

    /// Reads `14703.03` whatever its decimals and rounds to the currency's; the flag says whether nothing was
    /// lost. For imports from systems that keep two decimals for every currency.
    pub fn parse_rounded(
        text: &str,
        currency: Currency,
        rounding: Rounding,
    ) -> Result<(Self, bool), MoneyError> {
        let decimal = Decimal::parse(text)?.shortest();
        let exponent = u32::from(currency.exponent());
        match decimal.scale.checked_sub(exponent) {
            None | Some(0) => Ok((Self::from_i128(decimal.at_scale(exponent)?, currency)?, true)),
            Some(extra) => {
                let minor = divide(decimal.mantissa, power_of_ten(extra)?, rounding)?;
                Ok((Self::from_i128(minor, currency)?, false))
            }
        }
    }

    /// The amount without the currency, with all its decimals: `12.50`, `-0.05`; JPY `12`.
    pub fn to_plain(&self) -> String {
        decimal::to_text(self.minor, self.currency.exponent())
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{} {}", self.to_plain(), self.currency))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// How an amount is written down.
#[derive(Serialize, Deserialize)]
struct Parts {
    minor: i64,
    currency: Currency,
}

impl TryFrom<Parts> for Money {
    type Error = MoneyError;

    fn try_from(parts: Parts) -> Result<Self, MoneyError> {
        Self::from_i128(i128::from(parts.minor), parts.currency)
    }
}

impl From<Money> for Parts {
    fn from(money: Money) -> Self {
        Self { minor: money.minor, currency: money.currency }
    }
}

//! WHMCS stores every amount as `decimal(16,2)`, whatever the currency. Sums are kept in whole hundredths.

use std::fmt;
use std::ops::{Add, AddAssign, Sub};

use serde::{Serialize, Serializer};

/// A sum of stored amounts in hundredths of the currency's main unit: `12.50` is 1250, also for JPY.
///
/// Wide enough that no database can overflow it: amounts come from [`parse_fixed`], which allows 18 digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Hundredths(pub i128);

impl Hundredths {
    /// Nothing.
    pub const ZERO: Self = Self(0);
}

impl Add for Hundredths {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl Sub for Hundredths {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self(self.0 - other.0)
    }
}

impl AddAssign for Hundredths {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_fixed(f, self.0, 2)
    }
}

impl Serialize for Hundredths {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Writes `value / 10^places` with exactly that many decimals.
pub(crate) fn write_fixed(f: &mut fmt::Formatter<'_>, value: i128, places: u32) -> fmt::Result {
    let scale = 10_u128.pow(places);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = (value.unsigned_abs() / scale, value.unsigned_abs() % scale);
    write!(f, "{sign}{whole}.{fraction:0width$}", width = places as usize)
}

/// Reads a plain decimal as a whole number of `10^-places`. `None` when it is no number, has decimals beyond `places` that
/// are not zero, or more than 18 digits.
pub(crate) fn parse_fixed(text: &str, places: usize) -> Option<i128> {
    let (is_negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let is_number = !(whole.is_empty() && fraction.is_empty())
        && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
    let (kept, beyond) = fraction.split_at_checked(fraction.len().min(places))?;
    let whole = whole.trim_start_matches('0');
    if !is_number || beyond.bytes().any(|b| b != b'0') || whole.len() + places > 18 {
        return None;
    }
    let zeros = std::iter::repeat_n(b'0', places - kept.len());
    let digits = whole.bytes().chain(kept.bytes()).chain(zeros);
    let value = i128::from(digits.fold(0_i64, |value, digit| value * 10 + i64::from(digit - b'0')));
    Some(if is_negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn decimals_are_read_exactly() {
        for (text, places, expected) in [
            ("12.50", 2, Some(1250)),
            ("-0.05", 2, Some(-5)),
            ("+3", 2, Some(300)),
            (".5", 2, Some(50)),
            ("7.250", 3, Some(7250)),
            ("14.9500", 2, Some(1495)),
            ("14.9510", 2, None),
            ("99999999999999.99", 2, Some(9_999_999_999_999_999)),
            ("1000000000000000000", 2, None),
            ("0000000000000000000001.00", 2, Some(100)),
            ("", 2, None),
            ("-", 2, None),
            (".", 2, None),
            ("1e3", 2, None),
            ("1,00", 2, None),
            ("--1", 2, None),
        ] {
            assert_eq!(parse_fixed(text, places), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(value in -999_999_999_999_999_999_i128..=999_999_999_999_999_999) {
            prop_assert_eq!(parse_fixed(&Hundredths(value).to_string(), 2), Some(value));
        }
    }
}

//! Reading and writing decimals as whole numbers.

use crate::MoneyError;

/// A decimal as text gives it: `mantissa / 10^scale`.
pub(crate) struct Decimal {
    pub mantissa: i128,
    pub scale: u32,
}

/// The most digits read; more than any amount has, few enough that arithmetic on them stays inside an `i128`.
const MOST_DIGITS: usize = 30;

impl Decimal {
    /// Reads `-12.50`: an optional minus, digits, and optionally a point and digits. Nothing else: no spaces, no
    /// plus, no grouping, no exponent.
    pub fn parse(text: &str) -> Result<Self, MoneyError> {
        let wrong = || MoneyError::NotANumber(text.to_owned());
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = match digits.split_once('.') {
            Some((_, "")) => return Err(wrong()),
            Some(parts) => parts,
            None => (digits, ""),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) {
            return Err(wrong());
        }
        if whole.len().saturating_add(part.len()) > MOST_DIGITS {
            return Err(MoneyError::Overflow);
        }
        let size: i128 = [whole, part].concat().parse().map_err(|_| wrong())?;
        let mantissa = if negative { size.saturating_neg() } else { size };
        Ok(Self { mantissa, scale: u32::try_from(part.len()).map_err(|_| MoneyError::Overflow)? })
    }

    /// Without the zeros at the end of its decimals.
    pub fn shortest(mut self) -> Self {
        while self.scale > 0 && self.mantissa.checked_rem(10) == Some(0) {
            self.mantissa = self.mantissa.checked_div(10).unwrap_or(0);
            self.scale = self.scale.saturating_sub(1);
        }
        self
    }

    /// `mantissa × 10^(scale - self.scale)`, when that is whole.
    pub fn at_scale(&self, scale: u32) -> Result<i128, MoneyError> {
        let missing = scale.checked_sub(self.scale).ok_or(MoneyError::TooManyDecimals { allowed: scale })?;
        self.mantissa.checked_mul(power_of_ten(missing)?).ok_or(MoneyError::Overflow)
    }
}

/// Ten to the power, or an overflow above 38.
pub(crate) fn power_of_ten(power: u32) -> Result<i128, MoneyError> {
    10_i128.checked_pow(power).ok_or(MoneyError::Overflow)
}

/// `mantissa / 10^scale` as text with exactly `scale` decimals, and no point when there are none.
pub(crate) fn to_text(mantissa: i64, scale: u8) -> String {
    let sign = if mantissa < 0 { "-" } else { "" };
    let width = usize::from(scale).saturating_add(1);
    let digits = format!("{:0>width$}", mantissa.unsigned_abs());
    let (whole, part) = digits.split_at(digits.len().saturating_sub(usize::from(scale)));
    let point = if part.is_empty() { "" } else { "." };
    format!("{sign}{whole}{point}{part}")
}

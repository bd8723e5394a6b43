//! **The place where rounding happens.** Every quotient of money in the product goes through the one private
//! function below; what calls it names the [`Rounding`] it wants.
//!
//! Invoice lines are rounded once per line with [`INVOICE_LINE`]; totals are sums of rounded lines and are never
//! rounded again. Splitting an amount ([`crate::Money::allocate`]) does not round: it hands out every minor unit.

use crate::MoneyError;

/// What happens to the part of a minor unit that is left over. Symmetric: a negative amount becomes the opposite
/// of what the positive one becomes, so that a reversal is exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rounding {
    /// To the nearest; a half to the even neighbour (0.5 → 0, 1.5 → 2, 2.5 → 2).
    HalfEven,
    /// To the nearest; a half away from zero (0.5 → 1, 2.5 → 3, -0.5 → -1).
    HalfUp,
    /// Towards zero.
    Down,
    /// Away from zero.
    Up,
}

/// How an invoice line is rounded: half-even, once per line. A tax law that asks for another is a named exception.
pub const INVOICE_LINE: Rounding = Rounding::HalfEven;

/// `num / den` as a whole number.
pub(crate) fn divide(num: i128, den: i128, rounding: Rounding) -> Result<i128, MoneyError> {
    let (Some(quotient), Some(rest)) = (num.checked_div(den), num.checked_rem(den)) else {
        return Err(if den == 0 { MoneyError::ZeroDivisor } else { MoneyError::Overflow });
    };
    if rest == 0 {
        return Ok(quotient);
    }
    // Twice the rest against the divisor, without doubling, which could overflow.
    let half = {
        let rest = rest.unsigned_abs();
        rest.cmp(&den.unsigned_abs().saturating_sub(rest))
    };
    let away = match rounding {
        Rounding::Down => false,
        Rounding::Up => true,
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && quotient.checked_rem(2) != Some(0)),
    };
    if !away {
        return Ok(quotient);
    }
    let step = if (num < 0) == (den < 0) { 1 } else { -1 };
    quotient.checked_add(step).ok_or(MoneyError::Overflow)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Rounding; 4] = [Rounding::HalfEven, Rounding::HalfUp, Rounding::Down, Rounding::Up];

    #[test]
    fn each_rounding_of_tenths_worked_by_hand() {
        // tenths:            24, 25, 26, 35, 20 and their opposites, in the order of ALL
        for (tenths, expected) in [
            (24, [2, 2, 2, 3]),
            (25, [2, 3, 2, 3]),
            (26, [3, 3, 2, 3]),
            (35, [4, 4, 3, 4]),
            (20, [2, 2, 2, 2]),
            (5, [0, 1, 0, 1]),
            (1, [0, 0, 0, 1]),
            (0, [0, 0, 0, 0]),
        ] {
            assert_eq!(ALL.map(|rounding| divide(tenths, 10, rounding).unwrap()), expected, "{tenths}");
            assert_eq!(
                ALL.map(|rounding| divide(-tenths, 10, rounding).unwrap()),
                expected.map(|n: i128| -n)
            );
            assert_eq!(
                ALL.map(|rounding| divide(tenths, -10, rounding).unwrap()),
                expected.map(|n: i128| -n)
            );
        }
    }

    #[test]
    fn nothing_to_divide_by_and_results_too_large_are_refused() {
        assert_eq!(divide(1, 0, Rounding::Up), Err(MoneyError::ZeroDivisor));
        assert_eq!(divide(i128::MIN, -1, Rounding::Up), Err(MoneyError::Overflow));
        assert_eq!(divide(i128::MAX, i128::MAX - 1, Rounding::HalfEven), Ok(1));
        assert_eq!(divide(i128::MIN, i128::MAX, Rounding::Up), Ok(-2));
    }

    /// Half-even another way: by the two neighbours and their distances.
    fn half_even(num: i128, den: i128) -> i128 {
        let below = num.div_euclid(den);
        let above = below + 1;
        let (to_below, to_above) = (num - below * den, above * den - num);
        match to_below.cmp(&to_above) {
            std::cmp::Ordering::Less => below,
            std::cmp::Ordering::Greater => above,
            std::cmp::Ordering::Equal if below % 2 == 0 => below,
            std::cmp::Ordering::Equal => above,
        }
    }

    proptest! {
        #[test]
        fn half_even_is_the_nearest_or_the_even_neighbour(num: i64, den in 1i64..) {
            let (num, den) = (i128::from(num), i128::from(den));
            prop_assert_eq!(divide(num, den, Rounding::HalfEven).unwrap(), half_even(num, den));
        }

        #[test]
        fn halves_are_met_often(num in -2000i128..2000, den in 1i128..20) {
            prop_assert_eq!(divide(num, den, Rounding::HalfEven).unwrap(), half_even(num, den));
            let [even, up, down, out] = ALL.map(|rounding| divide(num, den, rounding).unwrap());
            prop_assert_eq!(down, num / den);
            prop_assert_eq!(out, if num % den == 0 { down } else { down + num.signum() });
            let twice = 2 * (num % den).abs();
            prop_assert_eq!(up, if twice >= den { out } else { down });
            prop_assert!(even == up || (twice == den && even == down));
        }
    }
}

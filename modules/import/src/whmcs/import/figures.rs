//! Amounts of WHMCS, always hundredths, as minor units of the currency, and back.

use bursar_money::Currency;

use crate::whmcs::amount::Hundredths;

/// `numerator / denominator` to the nearest whole, ties to the even one. The denominator is not zero.
pub(super) fn half_even(numerator: i128, denominator: i128) -> i128 {
    let (n, d) = if denominator < 0 { (-numerator, -denominator) } else { (numerator, denominator) };
    let (down, rest) = (n.div_euclid(d), n.rem_euclid(d));
    let is_up = rest * 2 > d || (rest * 2 == d && down % 2 != 0);
    down + i128::from(is_up)
}

/// In minor units, rounded half-even when the currency has fewer than two decimals.
pub(super) fn minor(amount: Hundredths, currency: Currency) -> i64 {
    let scaled = half_even(amount.0 * i128::from(currency.scale()), 100);
    i64::try_from(scaled).expect("amounts are read with a limit far below")
}

/// Minor units as hundredths; exact for what came from them.
pub(super) fn hundredths(minor: i64, currency: Currency) -> Hundredths {
    Hundredths(half_even(i128::from(minor) * 100, i128::from(currency.scale())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yen_are_rounded_half_even_and_cents_not_at_all() {
        let yen = |h| minor(Hundredths(h), Currency::JPY);
        assert_eq!((yen(50), yen(150), yen(250), yen(251), yen(-50), yen(-150)), (0, 2, 2, 3, 0, -2));
        assert_eq!(minor(Hundredths(1995), Currency::EUR), 1995);
        assert_eq!(minor(Hundredths(1995), Currency::KWD), 19_950);
        assert_eq!(hundredths(12, Currency::JPY), Hundredths(1200));
        assert_eq!(hundredths(19_950, Currency::KWD), Hundredths(1995));
    }
}

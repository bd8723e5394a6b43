//! Amounts, percentages and rates through the public surface: figures worked out by hand, and the properties
//! beside them.

#![allow(clippy::unwrap_used, reason = "a test that cannot read its own figures should fail")]

use bursar_money::{Currency, INVOICE_LINE, Money, MoneyError, Ppm, Rate, Rounding};
use proptest::prelude::*;

const CLF: &str = "CLF";

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn minors(parts: &[Money]) -> Vec<i64> {
    parts.iter().map(Money::minor).collect()
}

#[test]
fn adding_and_taking_away_is_checked() {
    assert_eq!(eur(1250).checked_add(eur(-50)), Ok(eur(1200)));
    assert_eq!(eur(1250).checked_sub(eur(1300)), Ok(eur(-50)));
    let different = MoneyError::DifferentCurrency { left: Currency::EUR, right: Currency::USD };
    assert_eq!(eur(1).checked_add(Money::new(1, Currency::USD)), Err(different.clone()));
    assert_eq!(eur(0).checked_sub(Money::zero(Currency::USD)), Err(different.clone()));
    assert_eq!(eur(0).compare(Money::zero(Currency::USD)), Err(different));
    assert_eq!(eur(i64::MAX).checked_add(eur(1)), Err(MoneyError::Overflow));
    assert_eq!(eur(-i64::MAX).checked_sub(eur(1)), Err(MoneyError::Overflow), "i64::MIN is not an amount");
    assert_eq!(eur(i64::MAX).times(2), Err(MoneyError::Overflow));
    assert_eq!(eur(999).times(-12), Ok(eur(-11_988)));
    assert_eq!(eur(-5).abs(), eur(5));
    assert_eq!(eur(5).min(eur(-7)), Ok(eur(-7)));
}

#[test]
#[should_panic(expected = "an amount has an opposite")]
fn the_number_without_an_opposite_is_not_an_amount() {
    let _amount = Money::new(i64::MIN, Currency::EUR);
}

#[test]
fn a_sum_is_exact_whatever_the_order() {
    let far = [eur(i64::MAX), eur(i64::MAX), eur(-i64::MAX), eur(-i64::MAX), eur(42)];
    assert_eq!(Money::sum(far, Currency::EUR), Ok(eur(42)));
    assert_eq!(Money::sum([], Currency::JPY), Ok(Money::zero(Currency::JPY)));
    assert_eq!(Money::sum([eur(i64::MAX), eur(1)], Currency::EUR), Err(MoneyError::Overflow));
    assert!(Money::sum([eur(1), Money::new(1, Currency::CHF)], Currency::EUR).is_err());
}

#[test]
fn text_of_every_exponent() {
    let clf = Currency::parse(CLF).unwrap();
    for (currency, text, minor) in [
        (Currency::EUR, "12.50", 1250),
        (Currency::EUR, "-0.05", -5),
        (Currency::EUR, "0.00", 0),
        (Currency::JPY, "1200", 1200),
        (Currency::JPY, "-1", -1),
        (Currency::KWD, "1.250", 1250),
        (Currency::KWD, "0.001", 1),
        (clf, "3.0007", 30_007),
        (Currency::EUR, "92233720368547758.07", i64::MAX),
    ] {
        let amount = Money::new(minor, currency);
        assert_eq!(amount.to_plain(), text);
        assert_eq!(Money::parse(text, currency), Ok(amount));
        assert_eq!(amount.to_string(), format!("{text} {currency}"));
    }
    assert_eq!(Money::parse("12", Currency::EUR), Ok(eur(1200)));
    assert_eq!(Money::parse("12.5", Currency::EUR), Ok(eur(1250)));
    assert_eq!(Money::parse("-0.00", Currency::EUR), Ok(eur(0)));
}

#[test]
fn text_that_is_not_a_plain_amount_is_refused() {
    for text in [
        "", "-", ".", ".5", "5.", "-.5", "+5", "1,50", "1 000", " 1", "1e3", "1.2.3", "--1", "٣", "NaN",
        "0x1",
    ] {
        assert_eq!(
            Money::parse(text, Currency::EUR),
            Err(MoneyError::NotANumber(text.to_owned())),
            "{text:?}"
        );
    }
    assert_eq!(Money::parse("12.500", Currency::EUR), Err(MoneyError::TooManyDecimals { allowed: 2 }));
    assert_eq!(Money::parse("12.0", Currency::JPY), Err(MoneyError::TooManyDecimals { allowed: 0 }));
    assert_eq!(Money::parse("92233720368547758.08", Currency::EUR), Err(MoneyError::Overflow));
    assert_eq!(Money::parse("-92233720368547758.08", Currency::EUR), Err(MoneyError::Overflow));
    assert_eq!(Money::parse(&"9".repeat(200), Currency::EUR), Err(MoneyError::Overflow));
}

#[test]
fn text_of_a_system_with_two_decimals_everywhere_is_rounded_and_says_so() {
    let read = |text, currency| Money::parse_rounded(text, currency, Rounding::HalfEven).unwrap();
    assert_eq!(read("14703.03", Currency::JPY), (Money::new(14_703, Currency::JPY), false));
    assert_eq!(read("14703.00", Currency::JPY), (Money::new(14_703, Currency::JPY), true));
    assert_eq!(read("2.50", Currency::JPY), (Money::new(2, Currency::JPY), false));
    assert_eq!(read("3.50", Currency::JPY), (Money::new(4, Currency::JPY), false));
    assert_eq!(read("1.25", Currency::KWD), (Money::new(1250, Currency::KWD), true));
    assert_eq!(read("-0.005", Currency::EUR), (eur(0), false));
    assert_eq!(read("-0.015", Currency::EUR), (eur(-2), false));
    assert!(Money::parse_rounded("1,5", Currency::JPY, Rounding::Up).is_err());
}

#[test]
fn shares_worked_by_hand() {
    // 19 % of 33.33 is 6.3327; 8.1 % of 0.50 is 0.0405; 5 % of 0.10 is 0.005, and of 0.30 is 0.015.
    let share = |minor, percent: &str| {
        eur(minor).ppm(Ppm::from_percent_text(percent).unwrap(), INVOICE_LINE).unwrap().minor()
    };
    assert_eq!(share(3333, "19"), 633);
    assert_eq!(share(50, "8.1"), 4);
    assert_eq!(share(10, "5"), 0);
    assert_eq!(share(30, "5"), 2);
    assert_eq!(share(-30, "5"), -2);
    assert_eq!(share(1999, "100"), 1999);
    // 22 of the 31 days of a month at 10.00: 7.0967…
    assert_eq!(eur(1000).fraction(22, 31, INVOICE_LINE), Ok(eur(710)));
    assert_eq!(eur(1000).fraction(22, 31, Rounding::Down), Ok(eur(709)));
    assert_eq!(eur(1000).fraction(1, 0, INVOICE_LINE), Err(MoneyError::ZeroDivisor));
    assert_eq!(eur(i64::MAX).fraction(i64::MAX, i64::MAX, INVOICE_LINE), Ok(eur(i64::MAX)));
    assert_eq!(eur(i64::MAX).fraction(2, 1, INVOICE_LINE), Err(MoneyError::Overflow));
}

#[test]
fn percentages_read_and_write_as_people_type_them() {
    for (text, parts) in [("19.6", 196_000), ("0", 0), ("7.7", 77_000), ("1000", 10_000_000), ("0.0001", 1)] {
        assert_eq!(Ppm::from_percent_text(text), Ok(Ppm::new(parts)));
        assert_eq!(Ppm::new(parts).to_percent_text(), text);
    }
    assert_eq!(Ppm::from_percent_text("19.60000"), Ok(Ppm::new(196_000)));
    assert_eq!(Ppm::from_percent_text("0.00001"), Err(MoneyError::TooManyDecimals { allowed: 4 }));
    for wrong in ["1000.0001", "-1", "99999999999999999999"] {
        assert_eq!(Ppm::from_percent_text(wrong), Err(MoneyError::PercentOutOfRange(wrong.to_owned())));
    }
    assert!(Ppm::from_percent_text("19 %").is_err());
    assert_eq!(Ppm::new(-55_000).to_percent_text(), "-5.5");
    assert_eq!(Ppm::new(200_000).to_string(), "20 %");
}

#[test]
fn splits_worked_by_hand() {
    assert_eq!(minors(&eur(100).allocate(&[1, 1, 1])), [34, 33, 33]);
    assert_eq!(minors(&eur(-100).allocate(&[1, 1, 1])), [-34, -33, -33]);
    // 10.00 by 50:30:21 of 101 is 4.9504…, 2.9702…, 2.0792…: the second has the largest remainder.
    assert_eq!(minors(&eur(1000).allocate(&[50, 30, 21])), [495, 297, 208]);
    assert_eq!(minors(&eur(5).allocate(&[0, 0, 0])), [2, 2, 1]);
    assert_eq!(minors(&eur(5).allocate(&[0, 7, 0])), [0, 5, 0]);
    assert_eq!(minors(&eur(i64::MAX).allocate(&[u64::MAX, u64::MAX])), [i64::MAX / 2 + 1, i64::MAX / 2]);
    assert!(eur(0).allocate(&[]).is_empty());
}

#[test]
#[should_panic(expected = "money must go somewhere")]
fn money_is_never_split_among_nobody() {
    eur(1).allocate(&[]);
}

#[test]
fn unit_prices_worked_by_hand() {
    let price = |text: &str, quantity, currency| {
        Rate::parse(text).unwrap().times_to_money(quantity, currency, INVOICE_LINE).unwrap().to_string()
    };
    // 744 hours at 0.0075 are 5.58; 1 234 567 at 0.000125 are 154.320875.
    assert_eq!(price("0.0075", 744, Currency::EUR), "5.58 EUR");
    assert_eq!(price("0.000125", 1_234_567, Currency::EUR), "154.32 EUR");
    assert_eq!(price("0.000125", 1_234_567, Currency::KWD), "154.321 KWD");
    assert_eq!(price("0.5", 5, Currency::JPY), "2 JPY");
    assert_eq!(price("3", 7, Currency::KWD), "21.000 KWD");
    assert_eq!(price("0.01", -3, Currency::EUR), "-0.03 EUR");
    let most = Rate::new(i64::MAX, 12).unwrap();
    assert_eq!(most.times_to_money(i64::MAX, Currency::EUR, INVOICE_LINE), Err(MoneyError::Overflow));
}

#[test]
fn exchange_worked_by_hand() {
    let convert = |rate: &str, amount, to| {
        Rate::parse(rate).unwrap().convert(amount, to, INVOICE_LINE).unwrap().to_string()
    };
    // 12.50 EUR at 163.45 JPY are 2043.125; 1 USD at 0.30705 KWD; 1000 JPY at 0.0061 EUR.
    assert_eq!(convert("163.45", eur(1250), Currency::JPY), "2043 JPY");
    assert_eq!(convert("0.30705", Money::new(100, Currency::USD), Currency::KWD), "0.307 KWD");
    assert_eq!(convert("0.0061", Money::new(1000, Currency::JPY), Currency::EUR), "6.10 EUR");
    assert_eq!(convert("1.08425", eur(-1999), Currency::USD), "-21.67 USD");
    assert_eq!(convert("1", eur(777), Currency::EUR), "7.77 EUR");
}

#[test]
fn rates_have_one_spelling_and_an_order() {
    for text in ["0", "1", "0.000000000001", "0.5", "163.45", "9223372036854775807"] {
        assert_eq!(Rate::parse(text).unwrap().to_text(), text);
    }
    assert_eq!(Rate::parse("0.500"), Rate::new(5, 1));
    assert_eq!(Rate::parse("1.0000000000000000"), Ok(Rate::ONE));
    assert_eq!(Rate::parse("-0.5"), Err(MoneyError::NegativeRate));
    assert_eq!(Rate::parse("0.0000000000001"), Err(MoneyError::TooManyDecimals { allowed: 12 }));
    assert_eq!(Rate::parse("9223372036854775808"), Err(MoneyError::Overflow));
    assert!(Rate::parse("0.09").unwrap() < Rate::parse("0.1").unwrap());
    assert!(Rate::new(i64::MAX, 0).unwrap() > Rate::new(i64::MAX, 12).unwrap());
}

#[test]
fn amounts_and_rates_travel_as_json_and_refuse_what_they_could_not_be() {
    let json = serde_json::to_string(&(eur(1250), Rate::new(75, 4).unwrap(), Ppm::new(190_000))).unwrap();
    assert_eq!(json, r#"[{"minor":1250,"currency":"EUR"},"0.0075",190000]"#);
    assert_eq!(serde_json::from_str::<(Money, Rate, Ppm)>(&json).unwrap().0, eur(1250));
    assert!(serde_json::from_str::<Money>(r#"{"minor":-9223372036854775808,"currency":"EUR"}"#).is_err());
    assert!(serde_json::from_str::<Rate>("\"-1\"").is_err());
}

fn amount() -> impl Strategy<Value = i64> {
    prop_oneof![-i64::MAX..=i64::MAX, -100_000i64..100_000]
}

fn any_currency() -> impl Strategy<Value = Currency> {
    proptest::sample::select(Currency::all().collect::<Vec<_>>())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn text_and_back_in_every_currency(minor in amount(), currency in any_currency()) {
        let amount = Money::new(minor, currency);
        prop_assert_eq!(Money::parse(&amount.to_plain(), currency), Ok(amount));
        prop_assert_eq!(Money::parse_rounded(&amount.to_plain(), currency, Rounding::Up), Ok((amount, true)));
        let decimals = amount.to_plain().split_once('.').map_or(0, |(_, part)| part.len());
        prop_assert_eq!(decimals, usize::from(currency.exponent()));
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in "[-+0-9., ]{0,40}|.{0,10}", currency in any_currency()) {
        if let Ok(amount) = Money::parse(&text, currency) {
            // Whatever is read means the number written, whatever its spelling.
            prop_assert_eq!(Money::parse_rounded(&text, currency, Rounding::Down), Ok((amount, true)));
        }
    }

    #[test]
    fn a_split_adds_up_and_is_fair(minor in amount(), weights in proptest::collection::vec(0u64..1_000_000, 1..20)) {
        let parts = eur(minor).allocate(&weights);
        prop_assert_eq!(Money::sum(parts.iter().copied(), Currency::EUR), Ok(eur(minor)));
        let total: u64 = weights.iter().sum();
        for (part, weight) in parts.iter().zip(&weights) {
            let (weight, total) =
                if total == 0 { (1, weights.len() as i128) } else { (i128::from(*weight), i128::from(total)) };
            // |part - minor × weight / total| < 1, without dividing.
            let off = i128::from(part.minor()) * total - i128::from(minor) * weight;
            prop_assert!(off.abs() < total, "{part} of {minor} for {weight}/{total}");
        }
        let opposite: Vec<_> = eur(-minor).allocate(&weights).into_iter().map(Money::neg).collect();
        prop_assert_eq!(opposite, parts);
    }

    #[test]
    fn a_split_by_huge_weights_adds_up(minor in amount(), weights in proptest::collection::vec(any::<u64>(), 1..8)) {
        let parts = eur(minor).allocate(&weights);
        prop_assert_eq!(Money::sum(parts, Currency::EUR), Ok(eur(minor)));
    }

    #[test]
    fn a_share_is_at_most_half_a_unit_off(minor in -1_000_000_000i64..1_000_000_000, parts in 0i64..10_000_000) {
        let share = eur(minor).ppm(Ppm::new(parts), INVOICE_LINE).unwrap();
        let off = i128::from(share.minor()) * 1_000_000 - i128::from(minor) * i128::from(parts);
        prop_assert!(off.abs() <= 500_000);
        prop_assert_eq!(eur(-minor).ppm(Ppm::new(parts), INVOICE_LINE).unwrap(), share.neg());
    }

    #[test]
    fn a_share_and_its_rest_are_the_whole(minor in amount(), num in 0i64..=366, more in 0i64..366) {
        let den = num + more.max(1);
        let part = eur(minor).fraction(num, den, INVOICE_LINE).unwrap();
        let rest = eur(minor).checked_sub(part).unwrap();
        prop_assert_eq!(part.checked_add(rest), Ok(eur(minor)));
        prop_assert!(part.abs().minor() <= minor.abs());
    }

    #[test]
    fn percent_text_and_back(parts in 0i64..=10_000_000) {
        prop_assert_eq!(Ppm::from_percent_text(&Ppm::new(parts).to_percent_text()), Ok(Ppm::new(parts)));
    }

    #[test]
    fn rate_text_and_back_and_order(a in 0i64.., b in 0i64.., left in 0u8..=12, right in 0u8..=12) {
        let (x, y) = (Rate::new(a, left).unwrap(), Rate::new(b, right).unwrap());
        prop_assert_eq!(Rate::parse(&x.to_text()), Ok(x));
        let exact = |mantissa: i64, scale: u8| i128::from(mantissa) * 10_i128.pow(u32::from(12 - scale));
        prop_assert_eq!(x.cmp(&y), exact(a, left).cmp(&exact(b, right)));
    }

    #[test]
    fn a_unit_price_is_the_exact_product_rounded_once(
        mantissa in 0i64..1_000_000_000, scale in 0u8..=12, quantity in -1_000_000i64..1_000_000, currency in any_currency(),
    ) {
        let rate = Rate::new(mantissa, scale).unwrap();
        let money = rate.times_to_money(quantity, currency, Rounding::HalfEven).unwrap();
        // Twice the distance between money and exact product, over 10^12, is at most one minor unit.
        let exact = i128::from(mantissa) * i128::from(quantity) * 10_i128.pow(u32::from(12 - scale)) * i128::from(currency.scale());
        let off = i128::from(money.minor()) * 10_i128.pow(12) - exact;
        prop_assert!(2 * off.abs() <= 10_i128.pow(12));
    }

    #[test]
    fn conversion_at_one_in_the_same_currency_changes_nothing(minor in amount(), currency in any_currency()) {
        let amount = Money::new(minor, currency);
        prop_assert_eq!(Rate::ONE.convert(amount, currency, Rounding::HalfEven), Ok(amount));
    }
}

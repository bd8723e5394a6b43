use bursar_money::Currency;
use proptest::prelude::*;

use super::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn rates(rate1: i64, rate2: i64, compound: bool, inclusive: bool) -> Rates {
    let rule = |id, ppm| (ppm > 0).then_some(AppliedRule { rule_id: id, rate: Ppm::new(ppm) });
    Rates { level1: rule(1, rate1), level2: rule(2, rate2), compound, inclusive, note: None }
}

/// (net, tax 1, tax 2) in minor units.
fn check(rates: &Rates, amount: i64, expect: (i64, i64, i64)) {
    let parts = rates.split(eur(amount), true).unwrap();
    assert_eq!((parts.net.minor(), parts.tax1.minor(), parts.tax2.minor()), expect);
}

#[test]
fn exclusive_tax_is_added_and_rounded_half_even_once() {
    // 9.95 at 19 %: 1.8905 → 1.89.
    check(&rates(190_000, 0, false, false), 995, (995, 189, 0));
    // 0.50 at 5 %: 0.025 is half a cent: the even neighbour is 0.02.
    check(&rates(50_000, 0, false, false), 50, (50, 2, 0));
    // 1.50 at 5 %: 0.075 → 0.08.
    check(&rates(50_000, 0, false, false), 150, (150, 8, 0));
    // A credit mirrors its charge.
    check(&rates(190_000, 0, false, false), -995, (-995, -189, 0));
}

#[test]
fn level_two_is_on_net_or_on_top_of_level_one() {
    // Quebec style, 100.00: GST 5 % = 5.00; QST 9.975 % of 100.00 = 9.975 → 9.98 (half-even of 997.5 is 998).
    check(&rates(50_000, 99_750, false, false), 10_000, (10_000, 500, 998));
    // Compounding: 9.975 % of 105.00 = 10.47375 → 10.47.
    check(&rates(50_000, 99_750, true, false), 10_000, (10_000, 500, 1047));
}

#[test]
fn inclusive_tax_is_taken_out_and_always_adds_up() {
    // 119.00 with 19 % inside: net 100.00.
    check(&rates(190_000, 0, false, true), 11_900, (10_000, 1_900, 0));
    // 9.99 with 19 %: 9.99 / 1.19 = 8.39495… → 8.39, tax 1.60.
    check(&rates(190_000, 0, false, true), 999, (839, 160, 0));
    // 115.4738 compound 5 % and 9.975 %: 115.47 / 1.1547375 = 99.9967… → 100.00; 100.00 × 5 % = 5.00; rest 10.47.
    check(&rates(50_000, 99_750, true, true), 11_547, (10_000, 500, 1_047));
}

#[test]
fn untaxed_lines_and_customers_keep_their_amount() {
    let parts = rates(190_000, 0, false, false).split(eur(995), false).unwrap();
    assert_eq!((parts.net, parts.tax1, parts.tax2), (eur(995), eur(0), eur(0)));
}

fn table(rules: Vec<(i64, i64, &str, &str, i64)>, home: &str) -> TaxTable {
    TaxTable {
        rules: rules
            .into_iter()
            .map(|(id, level, country, state, ppm)| TaxRule {
                id,
                level,
                name: format!("tax {id}"),
                country: country.into(),
                state: state.into(),
                rate: Ppm::new(ppm),
            })
            .collect(),
        settings: TaxSettings { home_country: home.into(), ..TaxSettings::default() },
    }
}

fn place(country: &str, state: &str) -> TaxPlace {
    TaxPlace { country: country.into(), state: state.into(), ..TaxPlace::default() }
}

#[test]
fn the_lowest_matching_rule_of_each_level_counts() {
    let table = table(
        vec![
            (3, 1, "", "", 10_000),
            (2, 1, "CA", "", 50_000),
            (1, 1, "DE", "", 190_000),
            (4, 2, "CA", "Quebec", 99_750),
            (5, 2, "CA", "", 70_000),
        ],
        "CA",
    );
    let level = |place: &TaxPlace| {
        let rates = table.rates(place);
        (rates.level1.map(|r| r.rule_id), rates.level2.map(|r| r.rule_id))
    };
    assert_eq!(level(&place("CA", "quebec")), (Some(2), Some(4)));
    assert_eq!(level(&place("CA", "Ontario")), (Some(2), Some(5)));
    assert_eq!(level(&place("DE", "")), (Some(1), None));
    assert_eq!(level(&place("BR", "")), (Some(3), None));
}

#[test]
fn reverse_charge_needs_another_eu_state_and_a_confirmed_number() {
    let table = table(vec![(1, 1, "", "", 190_000)], "DE");
    let business = |country: &str, valid| TaxPlace { tax_id_valid: valid, ..place(country, "") };
    assert_eq!(table.rates(&business("FR", true)).note, Some(TaxNote::ReverseCharge));
    assert_eq!(table.rates(&business("FR", true)).level1, None);
    assert_eq!(table.rates(&business("FR", false)).level1.map(|r| r.rule_id), Some(1));
    assert_eq!(table.rates(&business("DE", true)).note, None, "a domestic sale is taxed");
    assert_eq!(table.rates(&business("US", true)).note, None, "outside the EU the rules decide");
    let exempt = TaxPlace { exempt: true, ..place("DE", "") };
    assert_eq!(table.rates(&exempt).note, Some(TaxNote::Exempt));
}

proptest! {
    #[test]
    fn parts_add_up_and_stay_within_a_unit_of_exact(
        amount in -1_000_000_000_000_i64..1_000_000_000_000,
        rate1 in 0_i64..500_000, rate2 in 0_i64..300_000,
        compound: bool, inclusive: bool,
    ) {
        let rates = rates(rate1, rate2, compound, inclusive);
        let parts = rates.split(eur(amount), true).unwrap();
        let total = parts.net.minor() + parts.tax1.minor() + parts.tax2.minor();
        let (r1, r2) = (i128::from(rate1), i128::from(rate2));
        let factor = if compound { (1_000_000 + r1) * (1_000_000 + r2) } else { 1_000_000 * (1_000_000 + r1 + r2) };
        if inclusive {
            prop_assert_eq!(total, amount);
            let exact = i128::from(amount) * 1_000_000_000_000;
            let error = (i128::from(parts.net.minor()) * factor - exact).abs();
            prop_assert!(error * 2 <= factor, "net is the nearest minor unit");
        } else {
            prop_assert_eq!(parts.net.minor(), amount);
            let exact = i128::from(amount) * factor;
            let error = (i128::from(total) * 1_000_000_000_000 - exact).abs();
            // Two roundings of at most half a unit each; compounding carries the first one on, at most by a third.
            prop_assert!(error <= 1_200_000_000_000, "{error}");
        }
    }
}

use bursar_money::Currency;
use proptest::prelude::*;

use super::*;

fn spec(unit_minor: i64, quantity: i64) -> LineSpec {
    LineSpec {
        kind: LineKind::Recurring,
        subscription_id: Some(1),
        item_id: Some(1),
        description: "VPS".into(),
        quantity,
        unit_minor,
        period: None,
        share: Fraction::ONE,
        taxable: true,
    }
}

fn percent(label: &str, ppm: i64) -> Discount {
    Discount { label: label.into(), value: DiscountValue::Percent(Ppm::new(ppm)), item_ids: None }
}

fn fixed(label: &str, minor: i64) -> Discount {
    Discount { label: label.into(), value: DiscountValue::Fixed(minor), item_ids: None }
}

fn taken(specs: &[LineSpec], discounts: &[Discount]) -> Vec<i64> {
    let all = spread_discounts(specs, discounts, Currency::EUR).unwrap();
    all.iter().map(|line| line.iter().map(|d| d.minor).sum()).collect()
}

#[test]
fn percentages_follow_each_other_and_come_before_fixed_amounts() {
    // 100.00: 10 % leaves 90.00, 20 % of that leaves 72.00, then 5.00 off leaves 67.00.
    let discounts = [fixed("FIVE", 500), percent("TEN", 100_000), percent("TWENTY", 200_000)];
    assert_eq!(taken(&[spec(10_000, 1)], &discounts), [3_300]);
}

#[test]
fn a_fixed_amount_is_spread_without_losing_a_cent_and_never_below_zero() {
    // 10.00 over 20.00, 10.00 and 3 × 0.01: 6.66 or 6.67 and so on, in all 10.00.
    let specs = [spec(2_000, 1), spec(1_000, 1), spec(1, 3)];
    let parts = taken(&specs, &[fixed("TEN", 1_000)]);
    assert_eq!(parts.iter().sum::<i64>(), 1_000);
    assert_eq!(taken(&[spec(400, 1)], &[fixed("TEN", 1_000)]), [400]);
}

#[test]
fn a_discount_for_one_item_leaves_the_others_alone() {
    let mut other = spec(1_000, 1);
    other.item_id = Some(2);
    let mut discount = percent("HALF", 500_000);
    discount.item_ids = Some(vec![2]);
    assert_eq!(taken(&[spec(1_000, 1), other], &[discount]), [0, 500]);
}

#[test]
fn a_part_of_a_period_is_rounded_once() {
    // 22 of 31 days of 31.00 is 22.00; of 10.00 it is 7.0967… → 7.10.
    let part = |unit| LineSpec { share: Fraction::new(22, 31).unwrap(), ..spec(unit, 1) };
    assert_eq!(gross(&part(3_100), Currency::EUR).unwrap().minor(), 2_200);
    assert_eq!(gross(&part(1_000), Currency::EUR).unwrap().minor(), 710);
    // 3 × 10.00 × 22/31 = 21.2903… → 21.29, and not 3 × 7.10.
    let three = LineSpec { quantity: 3, ..part(1_000) };
    assert_eq!(gross(&three, Currency::EUR).unwrap().minor(), 2_129);
}

#[test]
fn an_amount_that_does_not_fit_is_refused() {
    assert!(gross(&spec(i64::MAX / 2, 3), Currency::EUR).is_err());
}

proptest! {
    #[test]
    fn a_document_adds_up_line_by_line(
        units in prop::collection::vec((1_i64..10_000_000, 1_i64..50), 1..12),
        ppm in 0_i64..1_000_000, off in 0_i64..100_000, rate in 0_i64..300_000, inclusive: bool,
    ) {
        let specs: Vec<_> = units.iter().map(|(u, q)| spec(*u, *q)).collect();
        let discounts = [percent("P", ppm), fixed("F", off)];
        let spread = spread_discounts(&specs, &discounts, Currency::EUR).unwrap();
        let rule = crate::taxes::AppliedRule { rule_id: 7, rate: Ppm::new(rate) };
        let rates = Rates { level1: Some(rule), inclusive, ..Rates::default() };
        let lines: Vec<_> = specs.into_iter().zip(spread)
            .map(|(s, d)| price(s, Currency::EUR, d, &rates).unwrap()).collect();
        let totals = totals(&lines, Currency::EUR).unwrap();
        prop_assert_eq!(totals.total_minor, totals.subtotal_minor + totals.tax1_minor + totals.tax2_minor);
        for line in &lines {
            prop_assert!(line.net_minor >= 0);
            let after = line.gross_minor - line.discount_minor;
            prop_assert_eq!(if inclusive { line.total_minor() } else { line.net_minor }, after);
        }
    }
}

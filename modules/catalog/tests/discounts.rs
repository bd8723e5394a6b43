//! What coupons take off: worked by hand, and properties.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use bursar_catalog::{
    CouponGrant, CouponRefused, Discount, Discountable, GrantKind, ItemSource, Targets, check_stacking,
    discounts,
};
use bursar_money::{Currency, INVOICE_LINE, Money};
use proptest::prelude::{Strategy, prop_assert, prop_oneof, proptest};

fn grant(coupon_id: i64, kind: GrantKind) -> CouponGrant {
    CouponGrant {
        coupon_id,
        code: format!("C{coupon_id}"),
        kind,
        targets: Targets::default(),
        recurring_periods: 0,
        stackable: true,
    }
}

fn line(source: ItemSource, unit: i64, quantity: i64, setup: i64) -> Discountable {
    let money = |minor| Money::new(minor, Currency::EUR);
    Discountable { source, unit: money(unit), price: money(unit * quantity), setup: money(setup) }
}

fn off(lines: &[Discountable], grants: &[CouponGrant]) -> Vec<(i64, i64)> {
    let found = discounts(lines, grants, INVOICE_LINE).unwrap();
    found.iter().map(|Discount { price, setup }| (price.minor(), setup.minor())).collect()
}

const SERVER: ItemSource = ItemSource::Product(1);
const MEMORY: ItemSource = ItemSource::Option { option: 5, value: 6, product: 1 };
const BACKUP: ItemSource = ItemSource::Addon(2);

#[test]
fn percent_comes_before_fixed() {
    // 40.00 and 10.00; 10 % off leaves 36.00 and 9.00; 9.00 of 45.00 is 7.20 and 1.80.
    let lines = [line(SERVER, 4_000, 1, 0), line(BACKUP, 1_000, 1, 0)];
    let grants = [grant(1, GrantKind::Fixed(900)), grant(2, GrantKind::Percent(100_000))];
    assert_eq!(off(&lines, &grants), [(1_120, 0), (280, 0)]);
}

#[test]
fn a_fixed_amount_is_spread_without_losing_a_cent_and_never_below_nothing() {
    // 10.00 over three lines of 3.33, 3.33 and 3.34: everything; over two of 20.00 and one of 10.00: 4, 4, 2.
    let thirds = [line(SERVER, 333, 1, 0), line(MEMORY, 333, 1, 0), line(BACKUP, 334, 1, 0)];
    assert_eq!(off(&thirds, &[grant(1, GrantKind::Fixed(1_000))]), [(333, 0), (333, 0), (334, 0)]);
    assert_eq!(off(&thirds, &[grant(1, GrantKind::Fixed(999_999))]), [(333, 0), (333, 0), (334, 0)]);
    let lines = [line(SERVER, 2_000, 1, 0), line(MEMORY, 2_000, 1, 0), line(BACKUP, 1_000, 1, 0)];
    assert_eq!(off(&lines, &[grant(1, GrantKind::Fixed(1_000))]), [(400, 0), (400, 0), (200, 0)]);
}

#[test]
fn two_percentages_apply_one_after_the_other() {
    // 50 % of 10.00 leaves 5.00; 20 % of that is 1.00.
    let grants = [grant(1, GrantKind::Percent(500_000)), grant(2, GrantKind::Percent(200_000))];
    assert_eq!(off(&[line(SERVER, 1_000, 1, 0)], &grants), [(600, 0)]);
}

#[test]
fn a_percentage_is_rounded_half_even_once_per_line() {
    // 15 % of 0.10 is 1.5 cents, of 0.30 it is 4.5: to the even neighbours 2 and 4.
    let lines = [line(SERVER, 10, 1, 0), line(BACKUP, 30, 1, 0)];
    assert_eq!(off(&lines, &[grant(1, GrantKind::Percent(150_000))]), [(2, 0), (4, 0)]);
}

#[test]
fn an_override_sets_a_lower_unit_price_and_never_a_higher_one() {
    // Three at 40.00 for 25.00: 45.00 off. The option keeps its price, the add-on was not named.
    let lines = [line(SERVER, 4_000, 3, 0), line(MEMORY, 500, 3, 0), line(BACKUP, 9_000, 1, 0)];
    assert_eq!(off(&lines, &[grant(1, GrantKind::PriceOverride(2_500))]), [(4_500, 0), (0, 0), (0, 0)]);
    assert_eq!(off(&lines, &[grant(1, GrantKind::PriceOverride(5_000))]), [(0, 0), (0, 0), (0, 0)]);
    // Half a period at 20.00 instead of 40.00: half of 20.00 off.
    let half = Discountable { price: Money::new(2_000, Currency::EUR), ..line(SERVER, 4_000, 1, 0) };
    assert_eq!(off(&[half], &[grant(1, GrantKind::PriceOverride(2_000))]), [(1_000, 0)]);
}

#[test]
fn free_setup_leaves_the_price_and_percent_leaves_the_setup() {
    let lines = [line(SERVER, 1_000, 1, 1_500)];
    assert_eq!(off(&lines, &[grant(1, GrantKind::FreeSetup)]), [(0, 1_500)]);
    assert_eq!(off(&lines, &[grant(1, GrantKind::Percent(1_000_000))]), [(1_000, 0)]);
    assert_eq!(off(&lines, &[grant(1, GrantKind::TrialExtension(14))]), [(0, 0)]);
}

#[test]
fn options_follow_their_product_and_nothing_else_is_touched() {
    let lines = [line(SERVER, 1_000, 1, 0), line(MEMORY, 500, 1, 0), line(BACKUP, 700, 1, 0)];
    let mut half = grant(1, GrantKind::Percent(500_000));
    half.targets.products = [1].into();
    assert_eq!(off(&lines, &[half.clone()]), [(500, 0), (250, 0), (0, 0)]);
    half.targets = Targets { products: [].into(), addons: [2].into() };
    assert_eq!(off(&lines, &[half]), [(0, 0), (0, 0), (350, 0)]);
}

#[test]
fn exclusive_coupons_stand_alone() {
    let (a, b) = (grant(1, GrantKind::Percent(1)), grant(2, GrantKind::Fixed(1)));
    let mut exclusive = grant(3, GrantKind::FreeSetup);
    exclusive.stackable = false;
    assert_eq!(check_stacking(&[a.clone(), b.clone()]), Ok(()));
    assert_eq!(check_stacking(std::slice::from_ref(&exclusive)), Ok(()));
    assert_eq!(check_stacking(&[a.clone(), exclusive]), Err(CouponRefused::Exclusive("C3".to_owned())));
    assert_eq!(check_stacking(&[a.clone(), a]), Err(CouponRefused::Twice("C1".to_owned())));
    let (low, high) = (grant(4, GrantKind::PriceOverride(1)), grant(5, GrantKind::PriceOverride(2)));
    assert_eq!(check_stacking(&[low, high]), Err(CouponRefused::TwoPrices));
    assert_eq!(check_stacking(&[b]), Ok(()));
}

fn any_kind() -> impl Strategy<Value = GrantKind> {
    prop_oneof![
        (1..=1_000_000_i64).prop_map(GrantKind::Percent),
        (1..=20_000_i64).prop_map(GrantKind::Fixed),
        (0..=20_000_i64).prop_map(GrantKind::PriceOverride),
        proptest::strategy::Just(GrantKind::FreeSetup),
        (1..=366_i64).prop_map(GrantKind::TrialExtension),
    ]
}

proptest! {
    #[test]
    fn nothing_ever_costs_less_than_nothing_and_order_does_not_matter(
        units in proptest::collection::vec((0..=10_000_i64, 1..=5_i64, 0..=2_000_i64), 1..6),
        kinds in proptest::collection::vec(any_kind(), 0..5),
    ) {
        let sources = [SERVER, MEMORY, BACKUP];
        let lines: Vec<_> = units
            .iter()
            .enumerate()
            .map(|(n, (unit, quantity, setup))| line(sources[n % 3], *unit, *quantity, *setup))
            .collect();
        let grants: Vec<_> = (1..).zip(&kinds).map(|(id, kind)| grant(id, *kind)).collect();
        let found = off(&lines, &grants);
        for (line, (price, setup)) in lines.iter().zip(&found) {
            prop_assert!((0..=line.price.minor()).contains(price));
            prop_assert!((0..=line.setup.minor()).contains(setup));
        }
        let reversed: Vec<_> = grants.into_iter().rev().collect();
        prop_assert!(off(&lines, &reversed) == found);
    }

    #[test]
    fn a_fixed_amount_is_taken_to_the_cent(
        units in proptest::collection::vec(0..=10_000_i64, 1..6), amount in 1..=60_000_i64,
    ) {
        let lines: Vec<_> = units.iter().map(|unit| line(SERVER, *unit, 1, 0)).collect();
        let taken: i64 = off(&lines, &[grant(1, GrantKind::Fixed(amount))]).iter().map(|(price, _)| price).sum();
        prop_assert!(taken == amount.min(units.iter().sum()));
    }
}

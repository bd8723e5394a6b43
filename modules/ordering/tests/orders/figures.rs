//! Cart, checkout, order and invoice show the same figures: over random carts, with tax inside and outside of prices,
//! currencies of no, two and three decimals, codes, set-up fees, trials and periods that begin on a fixed day.

use bursar_catalog::{CouponDetails, CouponKind, OptionKind, OwnerKind, Pay, ProductDetails};
use bursar_money::Currency;
use bursar_ordering::Kinds;
use bursar_ordering::carts::change::{Place, add_coupon, add_item, find_cart};
use bursar_ordering::carts::{Picked, Shopper, Wish};
use bursar_time::Cycle;
use proptest::prelude::*;

use crate::shop::{Shop, on_both, on_sqlite};

#[derive(Debug, Clone)]
struct Thing {
    price: i64,
    setup: i64,
    trial_days: i64,
    fixed_day: Option<u8>,
    taxable: bool,
    cycle: Cycle,
    quantity: i64,
    option: Option<(i64, i64)>,
    addon: Option<(Pay, i64, i64)>,
}

#[derive(Debug, Clone)]
enum Code {
    Percent(i64),
    Fixed(i64),
    Price(i64),
    FreeSetup,
    Trial(i64),
}

#[derive(Debug, Clone)]
struct Case {
    inclusive: bool,
    currency: Currency,
    wait_days: i64,
    things: Vec<Thing>,
    codes: Vec<Code>,
}

fn thing() -> impl Strategy<Value = Thing> {
    let fixed = prop_oneof![2 => Just(None), 1 => (1_u8..=31).prop_map(Some)];
    let trial = prop_oneof![3 => Just(0_i64), 1 => 1_i64..40];
    let cycle = prop_oneof![Just(Cycle::Monthly), Just(Cycle::Quarterly), Just(Cycle::Annual)];
    let pay = prop_oneof![Just(Pay::Recurring), Just(Pay::OneTime)];
    let addon = proptest::option::of((pay, 0_i64..5_000, 1_i64..4));
    let option = proptest::option::of((0_i64..3_000, 1_i64..9));
    let main = (0_i64..100_000, prop_oneof![Just(0_i64), 1_i64..20_000], trial, fixed);
    (main, any::<bool>(), cycle, 1_i64..5, option, addon).prop_map(
        |((price, setup, trial_days, fixed_day), taxable, cycle, quantity, option, addon)| Thing {
            price,
            setup,
            trial_days,
            fixed_day,
            taxable,
            cycle,
            quantity,
            option,
            addon,
        },
    )
}

fn case() -> impl Strategy<Value = Case> {
    let currency = prop_oneof![Just(Currency::EUR), Just(Currency::JPY), Just(Currency::KWD)];
    let code = prop_oneof![
        (1_i64..=1_000_000).prop_map(Code::Percent),
        (1_i64..30_000).prop_map(Code::Fixed),
        (0_i64..50_000).prop_map(Code::Price),
        Just(Code::FreeSetup),
        (1_i64..30).prop_map(Code::Trial),
    ];
    let things = proptest::collection::vec(thing(), 1..4);
    let codes = proptest::collection::vec(code, 0..3);
    (any::<bool>(), currency, 0_i64..60, things, codes).prop_map(
        |(inclusive, currency, wait_days, things, codes)| Case {
            inclusive,
            currency,
            wait_days,
            things,
            codes,
        },
    )
}

async fn shelve(shop: &Shop, case: &Case, thing: &Thing) -> Picked {
    let change = |p: &mut ProductDetails| {
        (p.trial_days, p.prorate_to_day, p.taxable) = (thing.trial_days, thing.fixed_day, thing.taxable);
    };
    let product = shop.product("Thing", 1, change).await;
    let price = (thing.price, thing.setup);
    shop.price(OwnerKind::Product, product, case.currency, thing.cycle, price).await;
    let mut picked = Picked {
        product,
        cycle: thing.cycle,
        quantity: thing.quantity,
        options: Vec::new(),
        addons: Vec::new(),
    };
    if let Some((minor, units)) = thing.option {
        let (option, value) = shop.option(product, "Memory", OptionKind::Quantity).await;
        shop.price(OwnerKind::OptionValue, value, case.currency, thing.cycle, (minor, 7)).await;
        picked.options = vec![(option, value, units)];
    }
    if let Some((pay, minor, units)) = thing.addon {
        let addon = shop.addon(product, "Backup", pay).await;
        let cycle = if pay == Pay::OneTime { Cycle::OneTime } else { thing.cycle };
        shop.price(OwnerKind::Addon, addon, case.currency, cycle, (minor, 0)).await;
        picked.addons = vec![(addon, units)];
    }
    picked
}

fn coupon(details: &mut CouponDetails, code: &Code, currency: Currency) {
    let amount = |minor: i64| [(currency.code().to_owned(), minor)].into();
    (details.value_ppm, details.recurring_periods) = (0, 0);
    match code {
        Code::Percent(ppm) => (details.kind, details.value_ppm) = (CouponKind::Percent, *ppm),
        Code::Fixed(minor) => (details.kind, details.amounts) = (CouponKind::Fixed, amount(*minor)),
        Code::Price(minor) => (details.kind, details.amounts) = (CouponKind::PriceOverride, amount(*minor)),
        Code::FreeSetup => details.kind = CouponKind::FreeSetup,
        Code::Trial(days) => (details.kind, details.trial_days) = (CouponKind::TrialExtension, *days),
    }
}

async fn check(shop: &Shop, case: &Case) {
    shop.taxes(case.inclusive).await;
    shop.wait_days(case.wait_days);
    let customer = shop.customer_in(case.currency).await;
    let visitor_place = Place { currency: case.currency, country: "DE".into() };
    let (mut mine, mut visitor) = (Shopper { token: None, customer_id: Some(customer) }, Shopper::default());
    for thing in &case.things {
        let picked = shelve(shop, case, thing).await;
        for shopper in [&mut mine, &mut visitor] {
            let wanted = (Wish::Product(picked.clone()), Default::default());
            let made =
                add_item(&shop.cx, Kinds::default(), shopper.clone(), visitor_place.clone(), wanted).await;
            shopper.token = made.unwrap().token.or_else(|| shopper.token.clone());
        }
    }
    for (n, code) in case.codes.iter().enumerate() {
        let name = format!("C{n}X{customer}");
        shop.coupon(&name, |details| coupon(details, code, case.currency)).await;
        // Two codes that each set the price do not go together; the shop says so and keeps the first.
        for shopper in [&mine, &visitor] {
            let added = add_coupon(&shop.cx, Kinds::default(), shopper.clone(), name.clone()).await;
            assert!(added.is_ok() || matches!(code, Code::Price(_)), "{added:?}");
        }
    }
    let cart = find_cart(&shop.cx, mine.clone()).await.unwrap().unwrap();
    let theirs = find_cart(&shop.cx, visitor).await.unwrap().unwrap();
    let (quote, seen) = (shop.quote(&cart).await, shop.quote(&theirs).await);
    assert_eq!(quote.totals, seen.totals, "a visitor sees what the customer is asked for");
    let placed = shop.place(&mine).await.unwrap();
    let detail = shop.detail(placed.order_id).await;
    assert_eq!(detail.order.total.minor(), quote.totals.total_minor);
    let sum: i64 = detail.items.iter().map(|item| item.now_minor).sum();
    assert_eq!(sum, quote.totals.total_minor, "the things add up to the total");
    let renewals: Vec<_> =
        quote.items.iter().map(|item| item.as_ref().unwrap().renewal.map(|r| r.total_minor)).collect();
    assert_eq!(detail.items.iter().map(|item| item.renewal_minor).collect::<Vec<_>>(), renewals);
    let Some(invoice) = placed.invoice_id else {
        assert!(quote.lines.is_empty());
        return;
    };
    let (document, lines) = shop.invoice(invoice).await;
    assert_eq!(
        (document.totals, document.due_on, document.currency),
        (quote.totals, quote.due_on, case.currency)
    );
    let amounts = |lines: &[bursar_billing::invoices::line::Line]| -> Vec<_> {
        let all = lines.iter();
        all.map(|l| (l.spec.description.clone(), l.gross_minor, l.discount_minor, l.net_minor, l.tax1.minor))
            .collect()
    };
    assert_eq!(amounts(&lines), amounts(&quote.lines));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_a_cart_shows_is_what_is_invoiced(cases in proptest::collection::vec(case(), 3)) {
        on_sqlite(&Kinds::default(), &async |shop| {
            for case in &cases {
                check(shop, case).await;
            }
        });
    }
}

/// One of each, on both engines: 3 × 33.33 with 7.77 set-up each and a day in the middle of a month.
#[test]
fn an_awkward_cart_is_the_same_everywhere_on_both_engines() {
    on_both(async |shop| {
        let plain = Thing {
            price: 3_333,
            setup: 777,
            trial_days: 0,
            fixed_day: Some(1),
            taxable: true,
            cycle: Cycle::Monthly,
            quantity: 3,
            option: Some((101, 5)),
            addon: Some((Pay::OneTime, 999, 2)),
        };
        let trial = Thing { trial_days: 10, fixed_day: None, addon: None, ..plain.clone() };
        for (inclusive, currency) in [(false, Currency::EUR), (true, Currency::KWD), (true, Currency::JPY)] {
            let codes = vec![Code::Percent(333_333), Code::Fixed(1_000), Code::FreeSetup];
            let things = vec![plain.clone(), trial.clone()];
            check(shop, &Case { inclusive, currency, wait_days: 17, things, codes }).await;
        }
    });
}

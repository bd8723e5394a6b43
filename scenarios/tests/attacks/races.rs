//! A hundred at once for what there is only one of.

use std::sync::Barrier;
use std::thread;

use bursar_catalog::{
    CouponDetails, CouponKind, GroupDetails, NewPrice, OwnerKind, ProductDetails, create_coupon,
    create_group, create_product, put_price,
};
use bursar_money::Currency;
use bursar_scenarios::{Caller, House};
use bursar_time::Cycle;

/// How many try.
const TRIES: usize = 100;

/// A product at 20.00 a month; `stock` of it when it is counted.
pub fn stock(house: &House, name: &str, stock: Option<i64>) {
    let cx = house.cx();
    let group = GroupDetails { name: name.to_owned(), ..GroupDetails::default() };
    let group = house.wait(create_group(&cx, group)).expect("a group can be made");
    let mut details = ProductDetails::named(group, name);
    details.allow_quantity = true;
    details.stock_control = stock.is_some();
    details.stock_qty = stock.unwrap_or_default();
    let product = house.wait(create_product(&cx, details)).expect("a product can be made").get();
    let price = NewPrice {
        owner_kind: OwnerKind::Product,
        owner_id: product,
        currency: Currency::EUR,
        cycle: Cycle::Monthly,
        amount_minor: 2_000,
        setup_minor: 0,
        valid_from_on: None,
    };
    house.wait(put_price(&cx, price)).expect("a price can be set");
}

/// Customers who each have one in their cart and stand at the last page.
fn at_the_till<'h>(house: &'h House, slug: &str, coupon: Option<&str>) -> Vec<(Caller<'h>, String)> {
    (0..TRIES)
        .map(|turn| {
            let customer = house.customer(&format!("Racer {turn}"));
            let mut buyer = Caller::customer(house, customer);
            buyer.get(&format!("/shop/{slug}"));
            let put = buyer.post(&format!("/shop/{slug}"), &[("cycle", "monthly"), ("quantity", "1")]);
            assert_eq!(put.header("location"), "/cart", "{}", put.text());
            if let Some(code) = coupon {
                buyer.get("/cart");
                assert_eq!(buyer.post("/cart/coupon", &[("coupon", code)]).header("location"), "/cart");
            }
            let page = buyer.get("/checkout");
            let seen = Caller::hidden(&page, "seen_total");
            (buyer, seen)
        })
        .collect()
}

/// All of them order in the same moment. Says how many were led to pay.
fn order(buyers: Vec<(Caller<'_>, String)>) -> usize {
    let start = Barrier::new(buyers.len());
    let orders = thread::scope(|scope| {
        let running: Vec<_> = buyers
            .into_iter()
            .map(|(mut buyer, seen)| {
                let start = &start;
                scope.spawn(move || {
                    start.wait();
                    buyer.post("/checkout/place", &[("seen_total", &seen), ("agree", "1")])
                })
            })
            .collect();
        running.into_iter().map(|one| one.join().expect("no one fails")).collect::<Vec<_>>()
    });
    for answer in &orders {
        assert!(matches!(answer.status, 303 | 422), "{}: {}", answer.status, answer.text());
    }
    orders.iter().filter(|answer| answer.header("location").ends_with("/pay")).count()
}

#[test]
fn a_code_for_one_use_is_used_once_however_many_try_at_once() {
    let house = House::empty();
    stock(&house, "VPS Two", None);
    let once = CouponDetails {
        code: "ONCE".into(),
        kind: CouponKind::Percent,
        value_ppm: 500_000,
        max_uses: 1,
        ..CouponDetails::default()
    };
    house.wait(create_coupon(&house.cx(), once)).expect("a code can be made");
    assert_eq!(order(at_the_till(&house, "vps-two", Some("ONCE"))), 1);
    house.settle();
    // 20.00 less half.
    let mut owner = Caller::owner(&house);
    let invoices = owner.get("/admin/invoices.json?rows=500").text();
    assert_eq!(invoices.matches("INV").count(), 1, "{invoices}");
    assert!(invoices.contains("10.00"), "{invoices}");
}

#[test]
fn the_last_three_of_a_product_are_sold_three_times() {
    let house = House::empty();
    stock(&house, "Rare Machine", Some(3));
    assert_eq!(order(at_the_till(&house, "rare-machine", None)), 3);
}

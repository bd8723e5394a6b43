//! A customer takes a larger plan in the middle of a month.

use bursar_billing::subscriptions::order::{Order, create_subscription};
use bursar_catalog::{Buyer, Selection};
use bursar_money::Currency;
use bursar_scenarios::{Browser, House, Looks, Role};
use bursar_time::{Cycle, Date, Instant};

use crate::shelf;

/// A subscription to the small plan since 10 March, and whose it is.
fn subscribed(house: &House) -> (i64, i64) {
    let group = shelf::group(house, "VPS");
    let small = shelf::product(house, group, "VPS-1", 1_000, 0);
    let large = shelf::product(house, group, "VPS-2", 2_500, 0);
    shelf::upgrade(house, small, large);
    let customer = house.customer("Kiyo Trading");
    let order = Order {
        customer_id: customer,
        selection: Selection {
            product: small,
            currency: Currency::EUR,
            cycle: Cycle::Monthly,
            quantity: 1,
            options: Vec::new(),
            addons: Vec::new(),
        },
        coupons: Vec::new(),
        start_on: "2026-03-10".parse::<Date>().expect("a date"),
        billing_day: None,
        mode: None,
        lead_days: Some(0),
        trial_days: None,
        label: None,
        gateway: String::new(),
        source: "staff",
        buyer: Buyer::Staff,
    };
    let opened = house.wait(create_subscription(&house.cx(), order)).expect("it can be subscribed to");
    house.settle();
    (opened.subscription_id, customer)
}

/// 21 of 31 days are left: 25.00 × 21/31 = 16.94, less 10.00 × 21/31 = 6.77, is 10.17.
#[test]
fn the_amount_that_was_shown_is_the_amount_on_the_invoice() {
    for looks in [Looks::all("en")[1], Looks::all("en")[2]] {
        let house = House::empty();
        let (subscription, customer) = subscribed(&house);
        house.clock().set(Instant::parse("2026-03-20T09:00:00Z").expect("an instant"));
        let mut browser = Browser::at(&house);
        browser.look_as(looks);
        browser.sign_in(Role::Customer(customer));
        browser.visit(&format!("/portal/subscriptions/{subscription}"));
        browser.click("Change plan or cycle");
        browser.choose("Plan", "VPS-2");
        browser.choose_radio("now");
        browser.click("Show what it comes to");
        browser.expect_text("An invoice over EUR 10.17");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("upgrade.{looks}"));
        browser.click("Make the change");
        browser.expect_text("The change is made.");
        browser.expect_text("VPS-2");
        house.settle();
        browser.visit("/portal/invoices");
        browser.click_row("10.17");
        for figure in ["16.94", "6.77", "10.17"] {
            browser.expect_text(figure);
        }
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("upgraded.{looks}"));
    }
}

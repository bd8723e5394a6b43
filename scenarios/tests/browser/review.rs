//! Staff look at an order, take something off its invoice and give money back.

use bursar_scenarios::{Browser, House, Looks, Role};

use crate::shelf;
use crate::shopping::{fill_in_who, pay_by_card};

/// The stranger's first order: 20.00 and 5.00 set-up, with 19 % VAT 29.75.
fn order(house: &House) {
    let mut stranger = Browser::at(house);
    stranger.visit("/shop/vps-two");
    stranger.click("Put into the cart");
    stranger.click("Go to checkout");
    fill_in_who(&mut stranger);
    stranger.click("Create account and go on");
    stranger.fill("Anything we should know?", "Please in Frankfurt");
    stranger.click("I have read and agree to");
    stranger.click("Order and pay EUR 29.75");
    pay_by_card(&mut stranger, "29.75");
    house.settle();
}

#[test]
fn an_order_is_accepted_then_credited_in_part_and_refunded() {
    for looks in [Looks::all("en")[0], Looks::all("en")[3]] {
        let house = House::empty();
        shelf::fill(&house);
        order(&house);
        let mut staff = Browser::at(&house);
        staff.look_as(looks);
        staff.sign_in(Role::Owner);
        staff.visit("/admin/orders");
        staff.click_row("In review");
        staff.expect_text("Please in Frankfurt");
        staff.expect_text("first order");
        assert_eq!(staff.faults(), Vec::<String>::new());
        staff.screenshot(&format!("review.{looks}"));
        staff.click("Accept");
        staff.expect_text("What was bought begins");
        staff.click("Accept");
        staff.expect_text("Accepted");
        house.settle();
        let order = staff.path();

        // 5.95 of 29.75 comes off with a credit note, and becomes the customer's credit: it was paid.
        let invoice = staff.script(
            "return [...document.querySelectorAll('main a')].map((it) => it.pathname).find((it) => it.startsWith('/admin/invoices/'))",
            &[],
        );
        staff.visit(invoice.as_str().expect("the order leads to its invoice"));
        if looks.size == bursar_scenarios::PHONE {
            staff.screenshot(&format!("invoice-staff.{looks}"));
        }
        staff.click("More");
        staff.click("Credit note");
        staff.fill("Amount with tax", "5.95");
        staff.fill("Reason, printed on it", "The set-up was not needed");
        staff.click("Credit note");
        house.settle();
        staff.visit("/admin/credit-notes");
        staff.expect_text("5.95");
        assert_eq!(staff.faults(), Vec::<String>::new());

        // What is left of the payment goes back to the card.
        staff.visit("/admin/payments");
        staff.click_row("29.75");
        staff.click("Refund");
        staff.fill("Amount", "10.00");
        staff.fill("Reason", "A week without service");
        assert_eq!(staff.faults(), Vec::<String>::new());
        staff.screenshot(&format!("refund.{looks}"));
        staff.click("Refund");
        house.settle();
        staff.visit("/admin/refunds");
        staff.expect_text("10.00");
        staff.visit(&order);
        staff.expect_text("Accepted");
    }
}

//! A customer pays an invoice by card: at once, after a refusal, and with the bank asking first.

use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft, issue_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_billing::settle::adjust_credit;
use bursar_money::{Currency, Money};
use bursar_scenarios::{Browser, House, Looks, Role};

/// An open invoice over 25.00 EUR, and whose it is.
fn invoice(house: &House) -> (i64, i64) {
    let customer = house.customer("Kiyo Trading");
    (customer, invoice_of(house, customer, 2_500))
}

fn invoice_of(house: &House, customer: i64, unit_minor: i64) -> i64 {
    let line = DraftLine {
        kind: LineKind::Manual,
        description: "Server".to_owned(),
        quantity: 1,
        unit_minor,
        taxable: false,
        period: None,
    };
    let cx = house.cx();
    let draft = DraftInput { customer_id: customer, due_on: None, notes: None, lines: vec![line] };
    let id = house.wait(create_draft(&cx, draft)).expect("a draft can be kept");
    house.wait(issue_draft(&cx, id, 1)).expect("it can be issued");
    house.settle();
    id
}

#[test]
fn a_declined_card_says_why_and_another_one_pays() {
    let house = House::empty();
    for looks in [Looks::all("en")[0], Looks::all("en")[3]] {
        let (customer, id) = invoice(&house);
        let mut browser = Browser::at(&house);
        browser.look_as(looks);
        browser.sign_in(Role::Customer(customer));
        browser.visit(&format!("/portal/invoices/{id}"));
        browser.click("Pay");
        browser.choose_radio("tok_decline:insufficient_funds");
        browser.click("Pay");
        browser.expect_text("There is not enough money on this card.");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("declined.{looks}"));
        browser.click("Try another way");
        browser.choose_radio("tok_visa");
        browser.click("Pay");
        browser.expect_text("25.00 is paid");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("paid.{looks}"));
        house.settle();
        browser.visit(&format!("/portal/invoices/{id}"));
        browser.expect_text("Paid");
    }
}

#[test]
fn a_bank_that_asks_first_leads_there_and_back() {
    let house = House::empty();
    let (customer, id) = invoice(&house);
    let mut browser = Browser::at(&house);
    browser.sign_in(Role::Customer(customer));
    browser.visit(&format!("/portal/invoices/{id}/pay"));
    browser.choose_radio("tok_authenticate");
    browser.click("Pay");
    browser.expect_text("Do you confirm the payment of EUR 25.00");
    assert_eq!(browser.faults(), Vec::<String>::new());
    browser.screenshot("bank.desktop-light-en");
    browser.click("Confirm");
    browser.expect_text("25.00 is paid");
}

#[test]
fn two_invoices_are_paid_at_once_partly_from_credit() {
    let house = House::empty();
    for looks in [Looks::all("en")[0], Looks::all("en")[3]] {
        let (customer, first) = invoice(&house);
        let second = invoice_of(&house, customer, 4_000);
        let cx = house.cx();
        let credit = Money::new(3_000, Currency::EUR);
        house.wait(adjust_credit(&cx, customer, credit, "Goodwill".to_owned())).expect("credit can be given");
        let mut browser = Browser::at(&house);
        browser.look_as(looks);
        browser.sign_in(Role::Customer(customer));
        browser.visit("/portal/invoices");
        browser.click("Choose: INV");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.click("Pay everything");
        browser.expect_text("Pay 2 invoices");
        browser.click("Use my credit of EUR 30.00");
        browser.click("Show what it comes to");
        // 65.00 less 30.00 of credit.
        browser.expect_text("Pay €35.00");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("pay-several.{looks}"));
        browser.click("Pay €35.00");
        browser.expect_text("35.00 is paid");
        house.settle();
        for id in [first, second] {
            browser.visit(&format!("/portal/invoices/{id}"));
            browser.expect_text("Paid");
            browser.expect_no_text("Pay €");
        }
    }
}

#[test]
fn funds_are_added_with_a_card_kept_on_the_vendors_page() {
    let house = House::empty();
    for looks in [Looks::all("en")[0], Looks::all("en")[3]] {
        let customer = house.customer("Kiyo Trading");
        let mut browser = Browser::at(&house);
        browser.look_as(looks);
        browser.sign_in(Role::Customer(customer));
        browser.visit("/portal/methods");
        browser.screenshot(&format!("methods-empty.{looks}"));
        browser.click("Add a method");
        browser.choose_radio("tok_mastercard");
        browser.click("Keep this card");
        browser.expect_text("Mastercard ···· 4444");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("methods.{looks}"));
        browser.visit("/portal/funds");
        browser.fill("Amount in EUR", "2");
        browser.click_wrong("Add funds");
        browser.expect_text("Add at least");
        assert_eq!(browser.value("Amount in EUR"), "2", "what was typed is kept");
        browser.fill("Amount in EUR", "25");
        assert_eq!(browser.faults(), Vec::<String>::new());
        browser.screenshot(&format!("funds.{looks}"));
        browser.click("Add funds");
        browser.expect_text("25.00 is paid");
        house.settle();
        browser.visit("/portal/funds");
        browser.expect_text("Paid ahead");
        browser.expect_text("EUR 25.00");
    }
}

//! A customer pays an invoice by card: at once, after a refusal, and with the bank asking first.

use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft, issue_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_scenarios::{Browser, House, Looks, Role};

/// An open invoice over 25.00 EUR, and whose it is.
fn invoice(house: &House) -> (i64, i64) {
    let customer = house.customer("Kiyo Trading");
    let line = DraftLine {
        kind: LineKind::Manual,
        description: "Server".to_owned(),
        quantity: 1,
        unit_minor: 2_500,
        taxable: false,
        period: None,
    };
    let cx = house.cx();
    let draft = DraftInput { customer_id: customer, due_on: None, notes: None, lines: vec![line] };
    let id = house.wait(create_draft(&cx, draft)).expect("a draft can be kept");
    house.wait(issue_draft(&cx, id, 1)).expect("it can be issued");
    house.settle();
    (customer, id)
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

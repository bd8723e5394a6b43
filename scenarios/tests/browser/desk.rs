//! A day at the desk: an invoice is written, corrected and paid back.

use bursar_scenarios::{Browser, House, Looks, PHONE, Role, Scheme};

/// Writes an invoice over two hours at 95.00 for a customer and issues it.
fn write_invoice(browser: &mut Browser<'_>, customer: i64) {
    browser.visit(&format!("/admin/customers/{customer}"));
    browser.click("New invoice");
    browser.fill("What is charged", "Moving a web shop");
    browser.fill("Quantity", "2");
    browser.fill("Price of one", "95.00");
    browser.click("Keep the draft");
    browser.expect_text("190.00");
    browser.click("Issue");
    browser.expect_text("An issued invoice never changes.");
    browser.click("Issue");
    browser.expect_text("Open");
}

#[test]
fn an_invoice_is_written_issued_paid_by_transfer_and_refunded() {
    let house = House::empty();
    let customer = house.customer("Green Tea Studio");
    let mut browser = Browser::at(&house);
    browser.sign_in(Role::Owner);
    write_invoice(&mut browser, customer);
    browser.click("Record a payment");
    browser.fill("Amount", "19o.00");
    browser.click_wrong("Record");
    browser.expect_text("Please give an amount in EUR");
    assert_eq!(browser.value("Amount"), "19o.00", "what was typed is kept");
    browser.fill("Amount", "190.00");
    browser.fill("Received on", "2026-03-09");
    browser.click("Record");
    house.settle();
    browser.visit("/admin/payments");
    browser.click_row("190.00");
    browser.click("Refund");
    browser.fill("Amount", "95.00");
    browser.fill("Reason", "One hour was not needed");
    browser.click("Refund");
    house.settle();
    browser.visit("/admin/invoices");
    browser.expect_text("95.00");
}

#[test]
fn a_credit_note_lowers_what_is_owed_also_from_a_phone_in_the_dark() {
    let house = House::empty();
    let customer = house.customer("Old Mill Bakery");
    let mut browser = Browser::at(&house);
    browser.look_as(Looks { size: PHONE, scheme: Scheme::Dark, locale: "en" });
    browser.sign_in(Role::Owner);
    write_invoice(&mut browser, customer);
    browser.click("More");
    browser.click("Credit note");
    browser.fill("Amount with tax", "40.00");
    browser.fill("Reason, printed on it", "The move took longer than agreed");
    browser.click("Credit note");
    house.settle();
    browser.visit("/admin/invoices");
    // 190.00 − 40.00.
    browser.expect_text("150.00");
    assert_eq!(browser.faults(), Vec::<String>::new());
}

#[test]
fn the_drawer_of_a_phone_opens_closes_and_leads_somewhere() {
    let mut browser = Browser::at(House::demo());
    browser.look_as(Looks { size: PHONE, scheme: Scheme::Light, locale: "en" });
    browser.sign_in(Role::Owner);
    browser.click("Show navigation");
    assert_eq!(browser.faults(), Vec::<String>::new());
    browser.screenshot("drawer.phone-light-en");
    browser.click("Close");
    browser.click("Show navigation");
    browser.click("Invoices");
    assert_eq!(browser.path(), "/admin/invoices");
}

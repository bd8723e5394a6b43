//! Getting in for the first time, and not getting in.

use bursar_scenarios::{Browser, House, OWNER_EMAIL, OWNER_PASSWORD};

#[test]
fn who_starts_an_office_becomes_its_owner_once() {
    let (house, path) = House::untouched();
    let mut browser = Browser::at(&house);
    browser.visit(&path);
    browser.fill("Your name", "Ann Becker");
    browser.fill("E-mail address", OWNER_EMAIL);
    browser.fill("Password", "short");
    browser.click_wrong("Create the owner");
    browser.expect_text("12 characters");
    assert_eq!(browser.value("E-mail address"), OWNER_EMAIL, "what was typed is kept");
    assert_eq!(browser.value("Password"), "", "a password is never given back");
    browser.fill("Password", OWNER_PASSWORD);
    browser.click("Create the owner");
    assert_eq!(browser.path(), "/admin");
    browser.expect_text("Ann Becker");
    browser.click("Ann Becker");
    browser.click("Sign out");
    browser.open(&path);
    browser.expect_no_text("Create the owner");
}

#[test]
fn a_wrong_password_says_no_more_than_that() {
    let house = House::empty();
    let mut browser = Browser::at(&house);
    browser.visit("/admin/sign-in");
    for email in [OWNER_EMAIL, "nobody@northwind.example"] {
        browser.fill("E-mail address", email);
        browser.fill("Password", "not the right one");
        browser.click_wrong("Sign in");
        browser.expect_text("E-mail address or password is not right.");
        assert_eq!(browser.value("E-mail address"), email);
    }
}

//! Every page there is, on every screen, light and dark, from left to right and from right to left.
//!
//! The pages are not listed here: they are found by following links and held against the routes the modules registered,
//! so a page that is new is looked at, and one that nothing leads to is noticed.

use std::collections::BTreeSet;
use std::sync::OnceLock;
use std::time::Duration;

use bursar_scenarios::{Browser, House, Looks, Places, Role, tell};

/// Routes that no link leads to, and why that is right.
const BY_OTHER_WAYS: &[(&str, &str)] = &[
    ("/.well-known/openid-configuration", "programs ask for it"),
    ("/oauth/authorize", "other services lead there"),
    ("/oauth/keys", "programs ask for it"),
    ("/oauth/sign-out", "other services lead there"),
    ("/oauth/userinfo", "programs ask for it"),
    ("/admin/search", "the form in the bar leads there"),
    ("/admin/search.json", "the palette asks it"),
    ("/admin/set-up/{token}", "only while nobody can sign in yet"),
    ("/checkout", "a cart with something in it leads there"),
    ("/logo/{file}", "a picture on every page, once somebody chose one"),
    ("/embed/order-button.js", "other people's pages ask for it"),
    ("/portal/link/{token}", "comes by mail"),
    ("/mail/preferences/{token}", "comes by mail"),
    ("/admin/confirm", "what is dangerous leads there"),
    ("/portal/confirm", "what is dangerous leads there"),
    ("/admin/sign-in/second", "a password leads there"),
    ("/portal/sign-in/second", "a password leads there"),
    ("/admin/reset/{token}", "comes by mail"),
    ("/portal/reset/{token}", "comes by mail"),
    ("/portal/verify/{token}", "comes by mail"),
    ("/admin/sign-in/with/{code}/back", "a service that signs people in leads back there"),
    ("/portal/sign-in/with/{code}/back", "a service that signs people in leads back there"),
    ("/portal/invitation/{token}", "comes by mail"),
    ("/portal/payments/{id}", "the payment itself leads there"),
    ("/portal/payments/{id}/return", "the bank's page leads back there"),
    ("/portal/sign-in/sent", "the form leads there"),
    ("/portal/methods/setups/{id}", "the vendor's page leads back there"),
    ("/sandbox/authenticate/{reference}", "the payment itself leads there"),
    ("/sandbox/methods/{reference}", "adding a method leads there"),
];

/// One page in every way it is looked at. It takes two seconds where nothing else runs; builds beside it have made one
/// take two minutes, so that what is slow and what hangs can only be told apart by much more.
const LONGEST_LOOK: Duration = Duration::from_secs(600);

/// Staff order something that is made by hand for the customer whose pages are looked at, so that there is an order to
/// see and something to do. Done before a browser is borrowed: it needs one itself.
fn prepared() -> &'static House {
    static READY: OnceLock<()> = OnceLock::new();
    let house = House::demo();
    READY.get_or_init(|| {
        let customer = house.debtor();
        let mut staff = Browser::at(house);
        staff.sign_in(Role::Owner);
        staff.visit("/admin/orders/new");
        staff.fill("Customer number", &customer.to_string());
        staff.choose("Product", "Colocation 1U");
        staff.click("Show what the product offers");
        staff.click("Place the order");
        staff.click("Accept");
        staff.expect_text("What was bought begins");
        staff.click("Accept");
        staff.expect_text("Accepted");
        house.settle();
    });
    house
}

fn owners() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        // The list leads to every customer, and of those only some are read.
        let customer = format!("/admin/customers/{}", prepared().debtor());
        reached(Role::Owner, &["/admin", &customer])
    })
}

fn customers() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        let house = prepared();
        let mut browser = Browser::at(house);
        browser.sign_in(Role::Customer(house.debtor()));
        // What is made for those who ask for it.
        browser.visit("/portal/privacy");
        browser.press_the_button();
        house.settle();
        Places::walk(&mut browser, &["/portal"])
    })
}

fn visitors() -> &'static Places {
    static PLACES: OnceLock<Places> = OnceLock::new();
    PLACES.get_or_init(|| {
        reached(Role::Visitor, &["/", "/portal/sign-in", "/portal/sign-in/sent", "/admin/sign-in"])
    })
}

fn reached(role: Role, starts: &[&str]) -> Places {
    let mut browser = Browser::at(House::demo());
    browser.sign_in(role);
    Places::walk(&mut browser, starts)
}

#[test]
fn every_page_has_a_way_that_leads_to_it() {
    let mut reached: BTreeSet<&str> = BY_OTHER_WAYS.iter().map(|(route, _)| *route).collect();
    for places in [owners(), customers(), visitors()] {
        reached.extend(places.routes());
    }
    let is_for_people = |path: &str| !path.starts_with("/api/") && !path.starts_with("/webhooks/");
    let rows = House::demo().routes().rows();
    let missing: Vec<_> = rows
        .iter()
        .filter(|row| row.method == "GET" && is_for_people(row.path) && !reached.contains(row.path))
        .map(|row| row.path)
        .collect();
    assert!(missing.is_empty(), "no link leads to {missing:?}");
    let gone: Vec<_> =
        BY_OTHER_WAYS.iter().filter(|(route, _)| !rows.iter().any(|row| row.path == *route)).collect();
    assert!(gone.is_empty(), "these routes are no more: {gone:?}");
}

/// Looks at every page of a role in one language in every way, and says everything that is wrong at once.
fn look_at(role: Role, places: &Places, locale: &'static str) {
    let mut browser = Browser::at(House::demo());
    browser.look_as(Looks::all(locale)[0]);
    browser.sign_in(role);
    let mut faults = Vec::new();
    let pages: Vec<_> = places.pages().collect();
    for (count, place) in (1..).zip(&pages) {
        tell(&format!("{role:?} in {locale}: {count} of {}, {}", pages.len(), place.path));
        browser.allow(LONGEST_LOOK);
        browser.open(&place.path);
        let name = format!("page{}", place.route.replace(['/', '{', '}'], "-"));
        for (turn, looks) in Looks::all(locale).into_iter().enumerate() {
            browser.reshape(looks);
            browser.screenshot(&format!("{name}.{looks}"));
            // Accessibility is what takes time: each screen in one scheme here, in the other in the other language.
            let in_full = [0, 3].contains(&turn) == (locale == "en");
            let found = if in_full { browser.faults() } else { browser.faults_of_shape() };
            faults.extend(found.into_iter().map(|fault| format!("{} {looks}: {fault}", place.path)));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

#[test]
fn staff_pages_are_right_in_english() {
    look_at(Role::Owner, owners(), "en");
}

#[test]
fn staff_pages_are_right_in_arabic() {
    look_at(Role::Owner, owners(), "ar");
}

#[test]
fn portal_pages_are_right() {
    let role = Role::Customer(House::demo().debtor());
    look_at(role, customers(), "en");
    look_at(role, customers(), "ar");
}

#[test]
fn public_pages_are_right() {
    look_at(Role::Visitor, visitors(), "en");
    look_at(Role::Visitor, visitors(), "ar");
}

#[test]
fn the_keyboard_alone_reaches_everything() {
    let house = House::demo();
    let customer = Role::Customer(house.debtor());
    let mut faults = Vec::new();
    for (role, places) in [(Role::Owner, owners()), (customer, customers()), (Role::Visitor, visitors())] {
        let mut browser = Browser::at(house);
        browser.look_as(Looks::all("en")[0]);
        browser.sign_in(role);
        let pages: Vec<_> = places.pages().collect();
        for (count, place) in (1..).zip(&pages) {
            tell(&format!("{role:?} by keyboard: {count} of {}, {}", pages.len(), place.path));
            browser.allow(LONGEST_LOOK);
            browser.visit(&place.path);
            let found = browser.keyboard_faults();
            faults.extend(found.into_iter().map(|fault| format!("{}: {fault}", place.path)));
        }
    }
    assert!(faults.is_empty(), "{} faults:\n{}", faults.len(), faults.join("\n"));
}

//! From an empty folder to the first money: all of it on pages.

use bursar_scenarios::{Browser, House, Looks, OWNER_EMAIL, OWNER_PASSWORD};

use crate::shopping::{fill_in_who, pay_by_card};

#[test]
fn a_new_office_makes_its_first_sale() {
    let (house, path) = House::untouched();
    let mut owner = Browser::at(&house);
    owner.visit(&path);
    owner.fill("Your name", "Ann Becker");
    owner.fill("E-mail address", OWNER_EMAIL);
    owner.fill("Password", OWNER_PASSWORD);
    owner.click("Create the owner");
    owner.expect_text("Before the first sale");
    assert_eq!(owner.faults(), Vec::<String>::new());
    owner.screenshot("first-steps.desktop-light-en");
    owner.click("Make the first product");
    owner.expect_text("Nothing is sold yet");
    assert_eq!(owner.faults(), Vec::<String>::new());
    owner.click("Make the first group");
    owner.fill("Name", "Virtual servers");
    owner.click("Save");
    owner.click("New product");
    owner.fill("Name", "VPS One");
    owner.fill("Description", "One core, **2 GB** of memory.");
    owner.fill("Features", "Memory: 2 GB\nDisk: 40 GB");
    owner.click("Save");
    owner.expect_text("Give it prices, or nobody can buy it.");
    set_price(&mut owner);

    // Nobody can buy from somebody without a name.
    let mut early = Browser::at(&house);
    early.visit("/shop/vps-one");
    early.expect_text("This shop is not open yet.");
    early.expect_no_text("Put into the cart");
    drop(early);
    owner.visit("/admin");
    owner.expect_no_text("Make the first product");
    owner.click("Say who sells here");
    name_seller(&mut owner);
    owner.visit("/admin");
    owner.expect_no_text("Before the first sale");
    drop(owner);

    // A phone in the dark this time.
    let looks = Looks::all("en")[3];
    let mut stranger = Browser::at(&house);
    stranger.look_as(looks);
    stranger.visit("/");
    stranger.click("See what we offer");
    stranger.expect_text("€12.50");
    assert_eq!(stranger.faults(), Vec::<String>::new());
    stranger.screenshot(&format!("first-shop.{looks}"));
    stranger.click("Choose VPS One");
    stranger.click("Put into the cart");
    stranger.click("Go to checkout");
    fill_in_who(&mut stranger);
    stranger.click("Create account and go on");
    stranger.click("Order and pay EUR 12.50");
    pay_by_card(&mut stranger, "12.50");
    house.settle();
    stranger.click("See what happens next");
    stranger.expect_text("We are having a look");
    assert_eq!(stranger.faults(), Vec::<String>::new());
    drop(stranger);

    let mut owner = Browser::at(&house);
    owner.sign_in(bursar_scenarios::Role::Owner);
    owner.visit("/admin/orders");
    owner.expect_text("€12.50");
}

/// What every invoice will say.
fn name_seller(owner: &mut Browser<'_>) {
    owner.fill("Legal name", "Northwind Hosting GmbH");
    owner.fill("Address", "1 Quay\n20457 Hamburg");
    owner.choose("Country", "Germany");
    owner.click("Save the settings");
}

/// 12.50 a month, in the currency that stands there or is added.
fn set_price(owner: &mut Browser<'_>) {
    owner.fill("Price monthly in EUR", "12.5o");
    owner.click_wrong("Set the prices");
    assert_eq!(owner.value("Price monthly in EUR"), "12.5o", "what was typed is kept");
    owner.fill("Price monthly in EUR", "12.50");
    owner.click("Set the prices");
    assert_eq!(owner.value("Price monthly in EUR"), "12.50");
}

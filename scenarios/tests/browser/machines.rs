//! From an order to a machine at a vendor and to its end: three vendors' interfaces, nothing between but pages.

use bursar_scenarios::{Browser, House, Looks, Panel, Role};

use crate::shelf;

/// What is sold: the driver, the product and its price, and what it may become.
struct Sold {
    driver: &'static str,
    name: &'static str,
    monthly_minor: i64,
}

const SOLD: [Sold; 3] = [
    Sold { driver: "proxmox", name: "VPS Small", monthly_minor: 1_000 },
    Sold { driver: "pterodactyl", name: "Game server", monthly_minor: 800 },
    Sold { driver: "whm", name: "Web space", monthly_minor: 500 },
];

/// The owner sets up a server, its group and the plan map of a product.
fn set_up(owner: &mut Browser<'_>, panel: &Panel, driver: &str, products: &[(&str, &[(&str, &str)])]) {
    owner.visit(&format!("/admin/servers/new?driver={driver}"));
    owner.fill("Name", &format!("{driver}-1"));
    let fields: Vec<(String, String)> =
        panel.server().into_iter().map(|(name, value)| (format!("set_{name}"), value)).collect();
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    owner.fill_in(&fields);
    owner.click("Save");
    owner.click("Test connection");
    owner.expect_text("Up");
    owner.visit(&format!("/admin/server-groups/new?driver={driver}"));
    owner.fill("Name", &format!("All {driver}"));
    owner.click(&format!("{driver}-1"));
    owner.click("Save");
    for (product, changes) in products {
        owner.visit("/admin/plan-maps/new");
        owner.choose("Product", product);
        owner.choose("Servers", &format!("All {driver}"));
        owner.click("Go on");
        let plan: Vec<(String, &str)> = panel
            .plan()
            .iter()
            .map(|(name, value)| {
                let changed = changes.iter().find(|(changed, _)| changed == name);
                (format!("set_{name}"), changed.map_or(*value, |(_, value)| *value))
            })
            .collect();
        let plan: Vec<(&str, &str)> = plan.iter().map(|(name, value)| (name.as_str(), *value)).collect();
        owner.fill_in(&plan);
        if driver == "proxmox" {
            owner.fill("IPv4 addresses", "1");
        }
        owner.click("Save");
        assert_eq!(owner.faults(), Vec::<String>::new());
    }
}

/// Everything that staff do before the first customer comes.
fn open_shop(house: &House, panels: &[Panel]) {
    let group = shelf::group(house, "Servers");
    let ids: Vec<i64> =
        SOLD.iter().map(|it| shelf::product(house, group, it.name, it.monthly_minor, 0)).collect();
    let large = shelf::product(house, group, "VPS Large", 2_500, 0);
    shelf::upgrade(house, ids[0], large);
    let mut owner = Browser::at(house);
    owner.sign_in(Role::Owner);
    owner.visit("/admin/ip-pools/new");
    owner.fill("Name", "Front");
    owner.fill("Network", "203.0.113.0/24");
    owner.fill("Gateway", "203.0.113.1");
    owner.click("Save");
    for (sold, panel) in SOLD.iter().zip(panels) {
        let mut products: Vec<(&str, &[(&str, &str)])> = vec![(sold.name, &[])];
        if sold.driver == "proxmox" {
            products.push(("VPS Large", &[("cores", "4"), ("memory_mib", "4096"), ("disk_gib", "80")]));
        }
        set_up(&mut owner, panel, sold.driver, &products);
    }
    owner.visit("/admin/settings/orders");
    owner.click("Look at a customer's first order");
    owner.click("Save");
    owner.visit("/admin/order-questions");
    owner.fill("Question", "Domain");
    owner.fill_in(&[("name", "domain"), ("kind", "hostname")]);
    owner.choose("Asked by", "Web space");
    owner.click("Must be answered");
    owner.click("Ask from now on");
    owner.expect_text("Domain");
}

/// Signs in and goes somewhere: sessions do not outlive the months of this walk.
fn customer_at<'h>(house: &'h House, customer: i64, looks: Looks, path: &str) -> Browser<'h> {
    let mut buyer = Browser::at(house);
    buyer.look_as(looks);
    buyer.sign_in(Role::Customer(customer));
    buyer.visit(path);
    buyer
}

fn owner_at<'h>(house: &'h House, path: &str) -> Browser<'h> {
    let mut owner = Browser::at(house);
    owner.sign_in(Role::Owner);
    owner.visit(path);
    owner
}

/// What the list of services says of each of them.
fn expect_states(browser: &mut Browser<'_>, states: &[(&str, &str)]) {
    for (service, state) in states {
        let row = browser.row(service);
        assert!(row.contains(state), "{service} is {state}: {row}");
    }
}

fn pay_everything(buyer: &mut Browser<'_>) {
    buyer.visit("/portal/pay");
    buyer.choose_radio("tok_visa");
    buyer.click("Pay €");
    buyer.expect_text("is paid");
}

#[test]
fn a_customer_buys_three_machines_lives_with_them_and_leaves() {
    let house = House::empty();
    let panels: Vec<Panel> = SOLD.iter().map(|sold| Panel::start(&house, sold.driver)).collect();
    open_shop(&house, &panels);
    let customer = house.customer("Kiyo Trading");
    let looks = Looks::all("en");

    // Bought and paid, on a phone.
    let mut buyer = customer_at(&house, customer, looks[2], "/shop");
    for sold in &SOLD {
        buyer.visit("/shop");
        buyer.click(&format!("Choose {}", sold.name));
        if sold.driver == "whm" {
            buyer.fill("Domain", "kiyo.example");
        }
        buyer.click("Put into the cart");
    }
    // 10.00, 8.00 and 5.00.
    buyer.expect_text("EUR 23.00");
    buyer.click("Go to checkout");
    buyer.click("Order and pay EUR 23.00");
    buyer.choose_radio("tok_visa");
    buyer.click("Pay");
    buyer.expect_text("23.00 is held on your card");
    drop(buyer);
    house.live_an_hour();

    // They came up.
    let active = [("VPS Small", "Active"), ("Game server", "Active"), ("Web space", "Active")];
    let mut buyer = customer_at(&house, customer, looks[0], "/portal/services");
    expect_states(&mut buyer, &active);
    assert_eq!(buyer.faults(), Vec::<String>::new());
    buyer.screenshot("services.desktop-light-en");
    buyer.click_row("VPS Small");
    buyer.expect_text("203.0.113.");
    assert_eq!(buyer.faults(), Vec::<String>::new());
    buyer.screenshot("service.desktop-light-en");
    // One is switched off and on again.
    buyer.click("Restart");
    buyer.expect_text("The machine is shut down and started again.");
    buyer.click("Restart");
    drop(buyer);
    house.live_an_hour();
    let mut staff = owner_at(&house, "/admin/services");
    expect_states(&mut staff, &active);
    staff.click_row("VPS Small");
    for step in ["Create", "Restart", "Done"] {
        staff.expect_text(step);
    }
    assert_eq!(staff.faults(), Vec::<String>::new());
    staff.screenshot("service-staff.desktop-light-en");
    drop(staff);

    // One becomes larger, and the difference is paid.
    let mut buyer = customer_at(&house, customer, looks[3], "/portal/subscriptions");
    buyer.click_row("VPS Small");
    buyer.click("Change plan or cycle");
    buyer.choose("Plan", "VPS Large");
    buyer.choose_radio("now");
    buyer.click("Show what it comes to");
    buyer.click("Make the change");
    buyer.expect_text("VPS Large");
    house.settle();
    pay_everything(&mut buyer);
    drop(buyer);
    house.live_an_hour();
    let mut staff = owner_at(&house, "/admin/services");
    staff.click_row("VPS Large");
    staff.expect_text("Update");
    staff.expect_text("4096");
    drop(staff);

    // The next invoices are not paid: everything is taken away, and given back when they are.
    house.live_until("2026-05-20T12:00:00Z");
    let suspended = [("VPS Large", "Suspended"), ("Game server", "Suspended"), ("Web space", "Suspended")];
    let mut staff = owner_at(&house, "/admin/services");
    expect_states(&mut staff, &suspended);
    staff.screenshot("services-suspended.desktop-light-en");
    drop(staff);
    let mut buyer = customer_at(&house, customer, looks[2], "/portal/services");
    expect_states(&mut buyer, &suspended);
    buyer.click_row("VPS Large");
    buyer.expect_text("It is suspended.");
    assert_eq!(buyer.faults(), Vec::<String>::new());
    buyer.screenshot("service-suspended.phone-light-en");
    buyer.click("Pay everything");
    buyer.choose_radio("tok_visa");
    buyer.click("Pay €");
    buyer.expect_text("is paid");
    drop(buyer);
    house.live_an_hour();
    let resumed = [("VPS Large", "Active"), ("Game server", "Active"), ("Web space", "Active")];
    let mut buyer = customer_at(&house, customer, looks[1], "/portal/services");
    expect_states(&mut buyer, &resumed);

    // Leaves, at once.
    for sold in ["VPS Large", "Game server", "Web space"] {
        buyer.visit("/portal/subscriptions");
        buyer.click_row(sold);
        buyer.click("Cancel the service");
        buyer.choose_radio("now");
        buyer.choose_radio("unused");
        buyer.click("Cancel the service");
        buyer.expect_text("The service is cancelled.");
    }
    drop(buyer);
    house.live_an_hour();
    let mut staff = owner_at(&house, "/admin/services");
    for sold in ["VPS Large", "Game server", "Web space"] {
        staff.visit("/admin/services");
        staff.click_row(sold);
        for step in ["Suspend", "Resume", "Terminate"] {
            staff.expect_text(step);
        }
        assert_eq!(staff.faults(), Vec::<String>::new());
    }
    staff.screenshot("service-over.desktop-light-en");
}

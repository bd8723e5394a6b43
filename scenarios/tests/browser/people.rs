//! Who may do what: members of a customer's team, and staff in somebody's place.

use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft, issue_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_scenarios::{Browser, House, Looks, Role};

use crate::shelf;

fn invoice(house: &House, customer: i64) -> i64 {
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
    id
}

/// The owner of a team invites somebody, who accepts in a browser of their own.
fn join<'h>(house: &'h House, customer: i64, role: &str, looks: Looks) -> Browser<'h> {
    let email = format!("{}@shop.example", role.to_lowercase().replace(' ', "-"));
    let mut owner = Browser::at(house);
    owner.sign_in(Role::Customer(customer));
    owner.visit("/portal/team");
    owner.fill("E-mail address", &email);
    owner.choose("Role", role);
    owner.click("Invite somebody");
    owner.expect_text(&email);
    assert_eq!(owner.faults(), Vec::<String>::new());
    drop(owner);
    house.settle();
    let mails = shelf::mails_to(house, &email);
    let link = mails.first().and_then(|text| text.split(house.base()).nth(1)).expect("the mail has a link");
    let path = link.split_whitespace().next().expect("a path").to_owned();
    let mut member = Browser::at(house);
    member.look_as(looks);
    member.visit(&path);
    member.fill("Your name", "Cleo Clerk");
    assert_eq!(member.faults(), Vec::<String>::new());
    member.click("Accept");
    assert_eq!(member.path(), "/portal");
    member
}

#[test]
fn who_may_only_read_sees_the_invoice_and_cannot_pay_it() {
    let house = House::empty();
    for looks in [Looks::all("en")[0], Looks::all("en")[3]] {
        let customer = house.customer("Kiyo Trading");
        let id = invoice(&house, customer);
        let mut clerk = join(&house, customer, "Read only", looks);
        clerk.visit(&format!("/portal/invoices/{id}"));
        clerk.expect_text("€25.00");
        clerk.expect_no_text("Pay €25.00");
        assert_eq!(clerk.faults(), Vec::<String>::new());
        clerk.refused(&format!("/portal/invoices/{id}/pay"));
        clerk.expect_text("You are not allowed to do this");
        assert_eq!(clerk.faults(), Vec::<String>::new());
        clerk.screenshot(&format!("not-allowed.{looks}"));
        for path in ["/portal/team", "/portal/methods", "/portal/profile", "/portal/funds"] {
            clerk.refused(path);
        }
    }
}

#[test]
fn who_is_technical_sees_services_and_no_money() {
    let house = House::empty();
    let customer = house.customer("Kiyo Trading");
    let id = invoice(&house, customer);
    let mut technician = join(&house, customer, "Technical", Looks::all("en")[1]);
    technician.visit("/portal");
    technician.expect_no_text("25.00");
    technician.visit("/portal/services");
    for path in [format!("/portal/invoices/{id}"), format!("/portal/invoices/{id}/pay")] {
        technician.refused(&path);
        technician.expect_text("You are not allowed to do this");
    }
}

#[test]
fn staff_in_a_customers_place_are_announced_and_written_down() {
    let house = House::empty();
    for looks in [Looks::all("en")[1], Looks::all("en")[2]] {
        let customer = house.customer("Kiyo Trading");
        invoice(&house, customer);
        let mut buyer = Browser::at(&house);
        buyer.sign_in(Role::Customer(customer));
        drop(buyer);
        let mut staff = Browser::at(&house);
        staff.look_as(looks);
        staff.sign_in(Role::Owner);
        staff.visit(&format!("/admin/customers/{customer}/team"));
        assert_eq!(staff.faults(), Vec::<String>::new());
        staff.click("Act as them");
        staff.expect_text("It is logged with your name.");
        staff.click("Act as them");
        assert_eq!(staff.path(), "/portal");
        let banner = "Ann Becker is acting as Chloé Martin. Everything is logged.";
        staff.expect_text(banner);
        assert_eq!(staff.faults(), Vec::<String>::new());
        staff.screenshot(&format!("impersonation.{looks}"));
        staff.visit("/portal/invoices");
        staff.expect_text(banner);
        staff.expect_text("€25.00");
        staff.refused("/portal/security");
        staff.visit("/portal");
        staff.click("Stop");
        assert_eq!(staff.path(), format!("/admin/customers/{customer}/team"));
        staff.expect_no_text(banner);
        staff.visit("/admin/audit");
        staff.expect_text("identity.user.impersonate");
        assert_eq!(staff.faults(), Vec::<String>::new());
    }
}

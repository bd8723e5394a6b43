//! The first page of staff and the page of a customer: what stands there, for whom, and how it is arranged and changed.

use axum::http::{Request, StatusCode};
use bursar_customers::{find, notes_of};
use bursar_db::Tx;
use bursar_identity::{NewToken, Subject, create_token};
use bursar_ids::Id;

use crate::money_desk::hidden;
use crate::{Browser, House};

/// The cards of a page, in order.
fn cards(page: &str) -> Vec<String> {
    page.split("data-card=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_first_page_shows_what_was_invoiced_what_is_owed_and_who_came() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    house.invoice(customer, "Server").await;
    house.invoice(customer, "Work").await;
    let mut owner = house.owner().await;
    let page = owner.get("/admin").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    let expected = [
        "desk.first_steps",
        "billing.revenue",
        "billing.owed",
        "billing.recurring",
        "customers.new",
        "billing.running",
        "desk.problems",
        "desk.activity",
    ];
    assert_eq!(cards(&page.text), expected);
    // Two invoices over 25.00 of today are 50.00 today, this month, and still open.
    assert_eq!(page.text.matches("<div class=\"stat-value\">€50.00</div>").count(), 3, "{}", page.text);
    assert!(page.text.contains("Open, 2 invoices") && page.text.contains("Overdue, 0 invoices"));
    assert!(page.text.contains("<caption>Invoiced by month in EUR</caption>"), "the drawing is a table too");
    assert!(page.text.contains("Nothing is billed again and again yet."));
}

#[tokio::test]
async fn cards_are_moved_hidden_shown_and_put_back_by_each_person_alone() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let usual = cards(&owner.get("/admin").await.text);
    let done = owner.post("/admin/board", &[("card", "billing.owed"), ("act", "earlier")]).await;
    assert_eq!(done.location, "/admin");
    owner.get("/admin").await;
    owner.post("/admin/board", &[("card", "desk.activity"), ("act", "hide")]).await;
    let page = owner.get("/admin").await.text;
    assert_eq!(cards(&page)[..3], ["desk.first_steps", "billing.owed", "billing.revenue"]);
    assert!(!cards(&page).contains(&"desk.activity".to_owned()) && page.contains("Show Recent activity"));
    owner.post("/admin/board/order", &[("order", "customers.new,billing.owed,x,billing.revenue")]).await;
    let dragged = cards(&owner.get("/admin").await.text);
    assert_eq!(dragged[..2], ["desk.first_steps", "customers.new"], "what nobody dragged stays");
    let nothing = owner.post("/admin/board", &[("card", "nobody.knows"), ("act", "hide")]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    owner.get("/admin").await;
    owner.post("/admin/board/reset", &[]).await;
    assert_eq!(cards(&owner.get("/admin").await.text), usual);
}

async fn with_token(browser: &mut Browser<'_>, path: &str, token: &str) -> String {
    let request = Request::get(path).header("authorization", format!("Bearer {token}"));
    browser.send(request, String::new()).await.text
}

#[tokio::test]
async fn a_card_or_a_panel_is_only_there_for_who_may_see_it() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    house.invoice(customer, "Server").await;
    let staff = house.cx.read(async |tx: &mut Tx| bursar_identity::list_staff(tx).await).await.unwrap();
    let subject = Subject { kind: bursar_identity::Kind::Staff, id: staff[0].id };
    let scopes = ["customers.customer.view".to_owned()].into();
    let new = NewToken { name: "Report".to_owned(), days: 30, scopes, customer: None };
    let token = create_token(&house.cx, subject, new).await.unwrap();
    let mut program = house.visitor();
    assert_eq!(cards(&with_token(&mut program, "/admin", &token).await), ["customers.new"]);
    let page = with_token(&mut program, &format!("/admin/customers/{customer}"), &token).await;
    assert!(page.contains("id=\"panel-customers-profile\""), "{page}");
    for panel in ["panel-billing-invoices", "panel-desk-audit", "panel-messaging-mail", "€25.00"] {
        assert!(!page.contains(panel), "{panel}");
    }
    assert!(!page.contains("/edit\""), "nor a button that it may not use");
}

#[tokio::test]
async fn one_page_tells_everything_about_a_customer_and_leafs_through_each_panel() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    for n in 1..=12 {
        house.invoice(customer, &format!("Server {n}")).await;
    }
    let mut owner = house.owner().await;
    let at = format!("/admin/customers/{customer}");
    let page = owner.get(&at).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    for panel in [
        "billing-money",
        "billing-subscriptions",
        "billing-invoices",
        "billing-credit",
        "payments-payments",
        "ordering-orders",
        "messaging-mail",
        "desk-timeline",
        "desk-audit",
        "customers-profile",
        "customers-contacts",
        "customers-notes",
        "identity-users",
    ] {
        assert!(page.text.contains(&format!("id=\"panel-{panel}\"")), "{panel}");
    }
    // Twelve invoices over 25.00.
    assert!(page.text.contains("300.00"));
    let invoices = |text: &str| {
        let panel =
            text.split("id=\"panel-billing-invoices\"").nth(1).unwrap().split("</section>").next().unwrap();
        (panel.matches("<tr><td").count(), panel.to_owned())
    };
    let (rows, panel) = invoices(&page.text);
    assert_eq!(rows, 10);
    let older = panel.split("rel=\"next\" href=\"").nth(1).unwrap().split('#').next().unwrap().to_owned();
    let (rows, panel) = invoices(&owner.get(&older).await.text);
    assert_eq!(rows, 2, "the two oldest");
    assert!(panel.contains("INV-2026-000001") && panel.contains("Newest"));
}

#[tokio::test]
async fn a_customer_is_changed_with_what_was_typed_kept_and_the_change_recorded() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut owner = house.owner().await;
    let edit = format!("/admin/customers/{customer}/edit");
    let page = owner.get(&edit).await.text;
    let version = hidden(&page, "version");
    assert!(page.contains("value=\"2 Road\"") && page.contains("value=\"Shop\""));
    let mut fields = vec![
        ("version", version.as_str()),
        ("company", "Shop & Sons"),
        ("email", "not an address"),
        ("address1", "3 Road"),
        ("city", "Berlin"),
        ("postcode", "10115"),
        ("country", "DE"),
        ("language", "de"),
        ("grouping", "separate"),
        ("auto_apply_credit", "1"),
    ];
    let wrong = owner.post(&edit, &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("Enter one e-mail address") && wrong.text.contains("value=\"not an address\"")
    );
    fields[2].1 = "new@shop.example";
    let saved = owner.post(&edit, &fields).await;
    assert_eq!(saved.location, format!("/admin/customers/{customer}"), "{}", saved.text);
    let read = async move |tx: &mut Tx| find(tx, Id::new(customer)).await;
    let stored = house.cx.read(read).await.unwrap().unwrap();
    assert_eq!(stored.details.postal.company, "Shop & Sons");
    assert_eq!((stored.details.language.as_str(), stored.details.grouping.code()), ("de", "separate"));
    let again = owner.post(&edit, &fields).await;
    assert!(again.text.contains("Somebody else changed this customer meanwhile"));
    let subject = format!("customer:{customer}");
    let log = house.cx.read(async move |tx: &mut Tx| bursar_audit::list(tx, Some(&subject), None, 5).await);
    let entry = log.await.unwrap().into_iter().find(|it| it.action == "customers.customer.edit").unwrap();
    assert!(entry.before.unwrap().contains("2 Road") && entry.after.unwrap().contains("3 Road"));
}

#[tokio::test]
async fn status_contacts_and_notes_are_changed_on_the_page() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut owner = house.owner().await;
    let at = format!("/admin/customers/{customer}");
    owner.get(&at).await;
    owner.post(&format!("{at}/status"), &[("status", "suspended")]).await;
    let page = owner.get(&at).await.text;
    assert!(page.contains(">Suspended</span>"), "{page}");
    owner.get(&format!("{at}/contacts/new")).await;
    let contact =
        [("first_name", "Bea"), ("email", "bea@shop.example"), ("country", "DE"), ("receives_invoices", "1")];
    owner.post(&format!("{at}/contacts"), &contact[..2]).await;
    let refused = owner.post(&format!("{at}/contacts"), &contact[..2]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a contact has a country");
    assert_eq!(owner.post(&format!("{at}/contacts"), &contact).await.location, at);
    assert!(owner.get(&at).await.text.contains("bea@shop.example"));
    owner.post(&format!("{at}/notes"), &[("body", "Pays by transfer"), ("sticky", "1")]).await;
    let page = owner.get(&at).await.text;
    assert!(page.contains("Pays by transfer") && page.contains("Pinned"));
    let notes = house.cx.read(async move |tx: &mut Tx| notes_of(tx, Id::new(customer)).await).await.unwrap();
    owner.post(&format!("{at}/notes/{}/remove", notes[0].id), &[]).await;
    assert!(!owner.get(&at).await.text.contains("Pays by transfer"));
    // The counts of the first page follow.
    assert!(owner.get("/admin").await.text.contains("Active customers"));
    let active = house.cx.read(async |tx: &mut Tx| bursar_customers::count_active(tx).await).await.unwrap();
    assert_eq!(active, 0);
}

#[tokio::test]
async fn several_invoices_are_voided_after_their_sum_was_shown() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let (one, two) = (house.invoice(customer, "Server").await, house.invoice(customer, "Work").await);
    let mut owner = house.owner().await;
    owner.get("/admin/invoices").await;
    let (one, two) = (one.to_string(), two.to_string());
    let picked = [("id", one.as_str()), ("id", two.as_str())];
    let shown = owner.post("/admin/invoices/actions/void", &picked).await;
    assert!(
        shown.text.contains("50.00") && shown.text.contains("That cannot be taken back."),
        "{}",
        shown.text
    );
    assert!(owner.get("/admin").await.text.contains("Open, 2 invoices"), "nothing happened yet");
    let shown = owner.post("/admin/invoices/actions/void", &picked).await;
    let seal = hidden(&shown.text, "seal");
    let mut sure = picked.to_vec();
    sure.push(("seal", &seal));
    owner.post("/admin/invoices/actions/void", &sure).await;
    let page = owner.get("/admin").await.text;
    assert!(page.contains("Nothing is owed."), "{page}");
}

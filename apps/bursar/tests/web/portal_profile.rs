//! A customer's own record and contacts.

use axum::http::StatusCode;
use bursar_time::Instant;

use crate::House;
use crate::money_desk::hidden;

#[tokio::test]
async fn a_customer_changes_their_record_and_the_register_is_asked() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    let page = buyer.get("/portal/profile").await.text;
    assert!(page.contains("value=\"2 Road\"") && page.contains("There is none."));
    assert!(page.contains("<option value=\"DE\" selected>Germany</option>"));
    let version = hidden(&page, "version");
    let fields = [
        ("version", version.as_str()),
        ("company", "Alpenhost GmbH"),
        ("email", "buyer@shop.example"),
        ("address1", "Ringstraße 1"),
        ("city", "Wien"),
        ("postcode", "1010"),
        ("country", "AT"),
        ("tax_id", "ATU13585627"),
        ("language", "de"),
    ];
    assert_eq!(buyer.post("/portal/profile", &fields).await.location, "/portal/profile");
    house.office.app.drain(&house.cx).await.unwrap();
    let page = buyer.get("/portal/profile").await.text;
    assert!(page.contains("Das Register kennt sie.") && page.contains("Ringstraße 1"), "{page}");
    assert!(page.contains("<option value=\"AT\" selected>Österreich</option>"));
    let audit = house.owner().await.get("/admin/audit").await.text;
    assert!(audit.contains("customers.customer.edit") && audit.contains("customers.tax_id.check"));
    // The page that was open before is not the newest any more.
    let late = buyer.post("/portal/profile", &fields).await;
    assert_eq!(late.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_the_field_with_what_was_typed() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    let version = hidden(&buyer.get("/portal/profile").await.text, "version");
    let fields = [
        ("version", version.as_str()),
        ("email", "nobody at all"),
        ("phone", "call me"),
        ("country", "XX"),
        ("tax_id", "<script>"),
        ("language", "en"),
    ];
    let answer = buyer.post("/portal/profile", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    for field in ["email", "phone", "country", "tax_id", "last_name"] {
        assert!(answer.text.contains(&format!("id=\"error-{field}\"")), "{field}");
    }
    assert!(answer.text.contains("<option value=\"XX\" selected>"), "what was sent is not another country");
    assert!(answer.text.contains("value=\"nobody at all\"") && !answer.text.contains("<script>\""));
}

#[tokio::test]
async fn the_address_that_links_go_to_is_not_changed_by_a_session_left_open() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    house.clock.set(Instant::parse("2026-03-10T12:30:00Z").unwrap());
    let version = hidden(&buyer.get("/portal/profile").await.text, "version");
    let mut fields = [
        ("version", version.as_str()),
        ("company", "Renamed"),
        ("email", "thief@shop.example"),
        ("country", "DE"),
        ("language", "en"),
    ];
    let answer = buyer.post("/portal/profile", &fields).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("Confirm that it is you") && answer.text.contains("thief@shop.example"));
    fields[2].1 = "buyer@shop.example";
    assert_eq!(buyer.post("/portal/profile", &fields).await.location, "/portal/profile");
}

#[tokio::test]
async fn contacts_get_their_mails_and_strangers_do_not_see_them() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    buyer.get("/portal/contacts/new").await;
    let wrong = buyer.post("/portal/contacts/new", &[("first_name", "Kim"), ("country", "DE")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"Kim\"") && wrong.text.contains("error-email"));
    let fields = [("first_name", "Kim"), ("email", "kim@shop.example"), ("country", "DE"), ("invoices", "1")];
    assert_eq!(buyer.post("/portal/contacts/new", &fields).await.location, "/portal/contacts");
    let list = buyer.get("/portal/contacts").await.text;
    assert!(list.contains("kim@shop.example") && list.contains("Invoices and reminders"), "{list}");
    let id = list.split("/portal/contacts/").find_map(|it| it.split_once("/remove")).unwrap().0.to_owned();
    let version = hidden(&buyer.get("/portal/profile").await.text, "version");
    let printed = [
        ("version", version.as_str()),
        ("company", "Shop"),
        ("email", "buyer@shop.example"),
        ("country", "DE"),
        ("language", "en"),
        ("billing_contact", id.as_str()),
    ];
    buyer.post("/portal/profile", &printed).await;
    buyer.post(&format!("/portal/contacts/{id}/remove"), &[]).await;
    assert!(buyer.get("/portal/contacts").await.text.contains("printed on invoices"));
    let stranger = house.customer("Other").await;
    let mut stranger = house.buyer(stranger).await;
    stranger.get("/portal").await;
    let path = format!("/portal/contacts/{id}");
    assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&path, &fields).await.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.post(&format!("{path}/remove"), &[]).await.status, StatusCode::NOT_FOUND);
}

//! A customer's own data: a copy of it, and being forgotten.

use axum::http::StatusCode;
use bursar_customers::privacy::EraseDue;
use bursar_db::Tx;
use bursar_ids::Id;

use crate::House;

#[tokio::test]
async fn a_copy_holds_what_every_module_has_and_expires() {
    let house = House::build().await;
    let (ann, bob) = (house.customer("Ann's Shop").await, house.customer("Bob's Shop").await);
    house.invoice(ann, "Server").await;
    let mut buyer = house.buyer(ann).await;
    buyer.get("/portal/privacy").await;
    assert_eq!(buyer.post("/portal/privacy/copy", &[]).await.location, "/portal/privacy");
    house.office.app.drain(&house.cx).await.unwrap();
    let page = buyer.get("/portal/privacy").await.text;
    let (_, rest) = page.split_once("href=\"/portal/privacy/copy/").unwrap_or_else(|| panic!("{page}"));
    let at = format!("/portal/privacy/copy/{}", rest.split('"').next().unwrap());
    let copy = buyer.get(&at).await;
    assert_eq!(copy.kind, "application/x-ndjson");
    let kinds: Vec<String> = copy
        .text
        .lines()
        .map(|line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["kind"].as_str().unwrap().to_owned()
        })
        .collect();
    for kind in
        ["identity.people", "customers.customer", "customers.printed", "messaging.mails", "billing.documents"]
    {
        assert!(kinds.iter().any(|it| it == kind), "{kind} is missing: {kinds:?}");
    }
    assert!(copy.text.contains("Ann's Shop") && !copy.text.contains("Bob's Shop"));
    // The bell tells of it; nobody else can fetch it; after a week nobody can.
    assert!(buyer.get("/portal/notices").await.text.contains("The copy of your data is ready."));
    let mut other = house.buyer(bob).await;
    assert_eq!(other.get(&at).await.status, StatusCode::NOT_FOUND);
    house.clock.advance_days(8);
    let mut buyer = house.buyer(ann).await;
    assert_eq!(buyer.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_debt_stands_in_the_way_of_being_forgotten() {
    let house = House::build().await;
    let ann = house.customer("Ann").await;
    house.invoice(ann, "Server").await;
    let mut buyer = house.buyer(ann).await;
    let page = buyer.get("/portal/privacy").await.text;
    assert!(
        page.contains("An invoice is not paid yet.") && !page.contains("action=\"/portal/privacy/erase\"")
    );
    let refused = buyer.post("/portal/privacy/erase", &[]).await;
    assert_eq!(refused.location, "/portal/privacy");
    let mut owner = house.owner().await;
    assert!(owner.get("/admin/privacy").await.text.contains("Nobody wishes to be forgotten"));
}

#[tokio::test]
async fn a_customer_is_forgotten_after_staffs_word_and_a_pause_and_the_fact_is_kept() {
    let house = House::build().await;
    let ann = house.customer("Ann's Shop").await;
    let mut buyer = house.buyer(ann).await;
    buyer.get("/portal/privacy").await;
    assert_eq!(buyer.post("/portal/privacy/erase", &[]).await.location, "/portal/privacy");
    assert!(buyer.get("/portal/privacy").await.text.contains("Keep the account"));
    house.office.app.drain(&house.cx).await.unwrap();
    let mut owner = house.owner().await;
    assert!(owner.get("/admin/notices").await.text.contains("wishes to be forgotten"));
    let page = owner.get("/admin/privacy").await.text;
    let (_, rest) = page.split_once("action=\"/admin/privacy/").unwrap();
    let id = rest.split('/').next().unwrap().to_owned();
    assert_eq!(owner.post(&format!("/admin/privacy/{id}/approve"), &[]).await.location, "/admin/privacy");
    let run = async || {
        house.cx.write(async |tx: &mut Tx| bursar_jobs::enqueue(tx, &EraseDue {}).await).await.unwrap();
        house.office.app.drain(&house.cx).await.unwrap();
    };
    house.clock.advance_days(13);
    run().await;
    let found = async || {
        house
            .cx
            .read(async move |tx: &mut Tx| bursar_customers::find(tx, Id::new(ann)).await)
            .await
            .unwrap()
            .unwrap()
    };
    assert_eq!(found().await.details.postal.company, "Ann's Shop", "the pause is fourteen days");
    house.clock.advance_days(2);
    run().await;
    let customer = found().await;
    assert_eq!(customer.details.postal.company, format!("Erased {ann}"));
    assert_eq!((customer.details.postal.email.as_str(), customer.details.postal.city.as_str()), ("", ""));
    assert_eq!(customer.status, bursar_customers::Status::Closed);
    // Nobody is signed in for them, and nobody can be.
    assert_eq!(buyer.get("/portal/privacy").await.location.split('?').next(), Some("/portal/sign-in"));
    let mut owner = house.owner().await;
    let list = owner.get("/admin/privacy").await.text;
    assert!(list.contains("2036"), "documents are kept ten years from the end of the year: {list}");
    let log = owner.get("/admin/audit").await.text;
    assert!(log.contains("customers.privacy.erase"));
}

#[tokio::test]
async fn a_wish_can_be_taken_back_or_refused_with_a_reason() {
    let house = House::build().await;
    let ann = house.customer("Ann").await;
    let mut buyer = house.buyer(ann).await;
    buyer.get("/portal/privacy").await;
    buyer.post("/portal/privacy/erase", &[]).await;
    buyer.get("/portal/privacy").await;
    assert_eq!(buyer.post("/portal/privacy/keep", &[]).await.location, "/portal/privacy");
    buyer.get("/portal/privacy").await;
    buyer.post("/portal/privacy/erase", &[]).await;
    let mut owner = house.owner().await;
    let page = owner.get("/admin/privacy").await.text;
    let (_, rest) = page.split_once("action=\"/admin/privacy/").unwrap();
    let at = format!("/admin/privacy/{}/refuse", rest.split('/').next().unwrap());
    owner.post(&at, &[("why", "")]).await;
    assert!(owner.get("/admin/privacy").await.text.contains("Say why"));
    owner.post(&at, &[("why", "A court asks for the data.")]).await;
    assert!(buyer.get("/portal/privacy").await.text.contains("A court asks for the data."));
}

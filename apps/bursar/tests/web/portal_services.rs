//! A customer at their own services: what runs, another plan as it will be invoiced, leaving and staying.

use axum::http::StatusCode;
use bursar_time::Instant;

use crate::House;
use crate::money_desk::{hidden, subscribed};

#[tokio::test]
async fn a_customer_upgrades_in_the_middle_of_a_period_and_pays_what_was_shown() {
    let house = House::build().await;
    let (subscription, large, customer) = subscribed(&house).await;
    house.clock.set(Instant::parse("2026-03-20T09:00:00Z").unwrap());
    let mut buyer = house.buyer(customer).await;
    let home = buyer.get("/portal").await.text;
    assert!(
        home.contains("VPS-1") && home.contains("Invoices to pay") && home.contains("10 Apr 2026"),
        "{home}"
    );
    let page = format!("/portal/subscriptions/{subscription}");
    assert!(buyer.get(&page).await.text.contains("Change plan or cycle"));
    let change = format!("{page}/change");
    let form = buyer.get(&change).await.text;
    assert!(
        form.contains("VPS-2") && !form.contains("Price of one item"),
        "prices are not the customer's to set"
    );
    let large = large.to_string();
    let fields = [("what", "plan"), ("product", large.as_str()), ("when", "now"), ("step", "preview")];
    let shown = buyer.post(&change, &fields).await.text;
    // 21 of 31 days are left: 25.00 × 21/31 = 16.94, less 10.00 × 21/31 = 6.77, is 10.17.
    assert!(shown.contains("An invoice over EUR\u{a0}10.17"), "{shown}");
    let agreed = hidden(&shown, "agreed");
    let make = [
        ("what", "plan"),
        ("product", large.as_str()),
        ("when", "now"),
        ("step", "make"),
        ("agreed", agreed.as_str()),
    ];
    assert_eq!(buyer.post(&change, &make).await.location, page);
    assert!(buyer.get(&page).await.text.contains("VPS-2"));
    assert!(buyer.get("/portal/invoices").await.text.contains("€10.17"));
}

#[tokio::test]
async fn a_price_or_a_plan_that_is_not_offered_cannot_be_slipped_in() {
    let house = House::build().await;
    let (subscription, _, customer) = subscribed(&house).await;
    let mut buyer = house.buyer(customer).await;
    let change = format!("/portal/subscriptions/{subscription}/change");
    buyer.get(&change).await;
    let item = "1";
    for fields in [
        vec![
            ("what", "price"),
            ("item", item),
            ("unit_price", "0.01"),
            ("when", "now"),
            ("step", "make"),
            ("agreed", "0"),
        ],
        vec![("what", "remove"), ("item", item), ("when", "now"), ("step", "make"), ("agreed", "0")],
        vec![("what", "plan"), ("product", "424242"), ("when", "now"), ("step", "make"), ("agreed", "0")],
        vec![("what", "cycle"), ("cycle", "hourly"), ("when", "now"), ("step", "make"), ("agreed", "0")],
    ] {
        let answer = buyer.post(&change, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields:?}");
    }
    // Nor can a change be made whose figure was never shown.
    let unseen = [("what", "cycle"), ("cycle", "annual"), ("when", "now"), ("step", "make")];
    let answer = buyer.post(&change, &unseen).await;
    assert_eq!(answer.status, StatusCode::OK);
    assert!(answer.text.contains("name=\"agreed\""));
    assert!(buyer.get(&format!("/portal/subscriptions/{subscription}")).await.text.contains("monthly"));
}

#[tokio::test]
async fn a_customer_says_why_they_leave_and_can_stay_after_all() {
    let house = House::build().await;
    let (subscription, _, customer) = subscribed(&house).await;
    let mut buyer = house.buyer(customer).await;
    let page = format!("/portal/subscriptions/{subscription}");
    buyer.get(&format!("{page}/cancel")).await;
    let silent =
        buyer.post(&format!("{page}/cancel"), &[("when", "period_end"), ("comment", "kept text")]).await;
    assert_eq!(silent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(silent.text.contains("Please tell us why") && silent.text.contains("kept text"));
    let fields = [("when", "period_end"), ("reason", "price"), ("comment", "twice as much as elsewhere")];
    assert_eq!(buyer.post(&format!("{page}/cancel"), &fields).await.location, page);
    assert!(buyer.get(&page).await.text.contains("Keep the service"));
    let mut owner = house.owner().await;
    let seen = owner.get(&format!("/admin/subscriptions/{subscription}")).await.text;
    assert!(seen.contains("price: twice as much as elsewhere"));
    buyer.get(&page).await;
    buyer.post(&format!("{page}/keep"), &[]).await;
    assert!(buyer.get(&page).await.text.contains("Cancel the service"));
}

#[tokio::test]
async fn somebody_elses_service_is_not_there() {
    let house = House::build().await;
    let (subscription, ..) = subscribed(&house).await;
    let stranger = house.customer("Stranger").await;
    let mut stranger = house.buyer(stranger).await;
    stranger.get("/portal").await;
    for path in ["", "/change", "/cancel"] {
        let answer = stranger.get(&format!("/portal/subscriptions/{subscription}{path}")).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text.contains("VPS-1"));
    }
    for path in ["/change", "/cancel", "/keep", "/drop-change"] {
        let fields = [("when", "now"), ("reason", "price")];
        let answer = stranger.post(&format!("/portal/subscriptions/{subscription}{path}"), &fields).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
}

//! Who may change to what.

use bursar_catalog::{ProductDetails, ProductStatus};
use bursar_context::{Cx, Permissions};
use bursar_ids::{Actor, Id};

use super::*;

fn as_customer(cx: &TestCx) -> Cx {
    cx.for_actor(Actor::User(7), Permissions::All, "portal")
}

async fn switch(cx: &Cx, id: i64, product: i64) -> Result<Made, BillError> {
    let change = Change::Switch(choice(product));
    let shown = preview_change(cx, id, change.clone(), now()).await;
    let made = change_subscription(cx, id, change, now(), None).await;
    assert_eq!(shown.is_ok(), made.is_ok(), "the preview refuses what the change refuses");
    made
}

fn refused_on_product<T: std::fmt::Debug>(outcome: &Result<T, BillError>) {
    assert!(
        matches!(outcome, Err(BillError::Invalid(fields)) if fields[0].field == "product"),
        "{outcome:?}"
    );
}

#[test]
fn a_customer_changes_along_the_paths_on_offer_and_staff_as_they_like() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let id = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
        let customer = as_customer(&cx);
        refused_on_product(&switch(&customer, id, shop.large).await);
        let (small, large) = (Id::new(shop.small), Id::new(shop.large));
        cx.write(async move |tx: &mut Tx| bursar_catalog::link_upgrade(tx, small, large).await)
            .await
            .unwrap();
        switch(&customer, id, shop.large).await.unwrap();
        // The path leads up, and nobody offered the way back.
        refused_on_product(&switch(&customer, id, shop.small).await);
        switch(&cx, id, shop.small).await.unwrap();
        // The same product with something else picked is no change of product.
        switch(&customer, id, shop.small).await.unwrap();
        all_is_well(&cx).await;
    });
}

#[test]
fn a_path_to_what_is_not_sold_any_more_is_closed_and_a_customer_sets_no_prices() {
    on_both_engines(schema(), async |cx| {
        business(&cx).await;
        let (ann, shop) = (customer(&cx, Currency::EUR).await, shop(&cx).await);
        go_to(&cx, "2026-04-01");
        let id = subscribe(&cx, order(ann, shop.small, "2026-04-01")).await.subscription_id;
        let (small, large) = (Id::new(shop.small), Id::new(shop.large));
        cx.write(async move |tx: &mut Tx| {
            bursar_catalog::link_upgrade(tx, small, large).await?;
            let found = bursar_catalog::find_product(tx, large).await?.expect("it is there");
            let archived = ProductDetails { status: ProductStatus::Archived, ..found.details };
            bursar_catalog::update_product(tx, large, found.version, &archived).await.unwrap();
            Ok::<_, BillError>(())
        })
        .await
        .unwrap();
        let customer = as_customer(&cx);
        refused_on_product(&switch(&customer, id, shop.large).await);
        let item_id = items(&cx, id).await[0].item.id;
        let cheap = Change::Price { item_id, unit_minor: 1 };
        let refused = change_subscription(&customer, id, cheap, now(), None).await;
        assert!(matches!(refused, Err(BillError::Refused(_))), "{refused:?}");
        assert_eq!(items(&cx, id).await[0].item.unit_minor, 1_000);
    });
}

//! A salesperson builds a catalogue on pages: group, product, prices, options, add-on, coupon.

use axum::http::StatusCode;

use crate::House;

fn last(path: &str) -> i64 {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

#[tokio::test]
async fn a_product_is_made_priced_and_sold_with_options() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    assert!(owner.get("/admin/catalog").await.text.contains("Nothing is sold yet"));
    owner.get("/admin/product-groups/new").await;
    let wrong = owner.post("/admin/product-groups/new", &[("headline", "kept")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("Please fill this in.") && wrong.text.contains("value=\"kept\""));
    let made = owner.post("/admin/product-groups/new", &[("name", "Virtual servers")]).await;
    assert_eq!(made.location, "/admin/catalog");
    let page = owner.get("/admin/catalog").await.text;
    let group =
        page.split_once("/admin/products/new?group=").unwrap().1.split('"').next().unwrap().to_owned();

    let mut product = vec![
        ("name", "VPS-1"),
        ("group_id", group.as_str()),
        ("kind", "vps"),
        ("status", "active"),
        ("pay", "recurring"),
        ("billing_mode", "prepaid"),
        ("features", "Memory: 4 GB\nFree set-up"),
        ("taxable", "1"),
        ("prorate_to_day", "40"),
    ];
    let wrong = owner.post("/admin/products/new", &product).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.text.contains("Choose a day of the month from 1 to 31") && wrong.text.contains("Memory: 4 GB")
    );
    product.pop();
    let made = owner.post("/admin/products/new", &product).await;
    let id = last(&made.location);
    let prices = format!("/admin/products/{id}/prices");
    let wrong = [("currency", "EUR"), ("price-EUR-monthly", "9,90")];
    let wrong = owner.post(&prices, &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"9,90\"") && wrong.text.contains("An amount, for example 125.00."));
    let set = [
        ("currency", "EUR"),
        ("currency", "JPY"),
        ("price-EUR-monthly", "9.90"),
        ("setup-EUR-monthly", "5.00"),
        ("price-JPY-monthly", "1500"),
    ];
    assert_eq!(owner.post(&prices, &set).await.location, made.location);
    let page = owner.get(&made.location).await.text;
    assert!(
        page.contains("2 prices are set.")
            && page.contains("value=\"9.90\"")
            && page.contains("value=\"1500\"")
    );
    // A price that is emptied is not sold any more; one that stays is left alone.
    let fewer = [
        ("currency", "EUR"),
        ("currency", "JPY"),
        ("price-EUR-monthly", "9.90"),
        ("setup-EUR-monthly", "5.00"),
    ];
    owner.post(&prices, &fewer).await;
    let page = owner.get(&made.location).await.text;
    assert!(page.contains("1 prices are set.") && !page.contains("value=\"1500\""));
    // A price to come is scheduled and shown.
    let later = [
        ("currency", "EUR"),
        ("price-EUR-monthly", "12.00"),
        ("setup-EUR-monthly", "5.00"),
        ("valid_from_on", "2026-07-01"),
    ];
    owner.post(&prices, &later).await;
    let page = owner.get(&made.location).await.text;
    assert!(page.contains("Still to come") && page.contains("€12.00") && page.contains("value=\"9.90\""));

    let group = last(&owner.post("/admin/option-groups", &[("name", "Server options")]).await.location);
    owner.get(&format!("/admin/option-groups/{group}/new")).await;
    let option = [("name", "Memory"), ("kind", "choice"), ("values", "4 GB\n8 GB\n\n")];
    let option = owner.post(&format!("/admin/option-groups/{group}/new"), &option).await.location;
    let page = owner.get(&option).await.text;
    assert!(page.contains("4 GB") && page.contains("8 GB"));
    let value = owner.post(&format!("{option}/values"), &[("value", "16 GB")]).await.location;
    let set = [("currency", "EUR"), ("price-EUR-monthly", "4.00")];
    assert_eq!(owner.post(&format!("{value}/prices"), &set).await.location, value);
    assert_eq!(owner.post(&value, &[("name", "16 GB ECC"), ("position", "2")]).await.location, value);
    assert!(owner.get(&value).await.text.contains("16 GB ECC"));

    let addon = [("name", "Daily backup"), ("pay", "recurring"), ("taxable", "1")];
    let addon = last(&owner.post("/admin/addons/new", &addon).await.location).to_string();
    let group = group.to_string();
    owner.post(&format!("/admin/products/{id}/offers"), &[("option_group", &group), ("addon", &addon)]).await;
    let page = owner.get(&format!("/admin/products/{id}")).await.text;
    assert!(page.contains(&format!("name=\"addon\" value=\"{addon}\" checked")));
    assert!(page.contains(&format!("name=\"option_group\" value=\"{group}\" checked")));
}

#[tokio::test]
async fn a_coupon_over_a_hundred_per_cent_is_refused_beside_its_field_and_a_good_one_is_kept() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    owner.get("/admin/coupons/new").await;
    let wrong = [("code", "spring"), ("kind", "percent"), ("value", "150"), ("recurring_periods", "3")];
    let wrong = owner.post("/admin/coupons/new", &wrong).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("150 % is not possible") && wrong.text.contains("value=\"spring\""));
    let good = [
        ("code", "spring"),
        ("kind", "percent"),
        ("value", "12.5"),
        ("recurring_periods", "3"),
        ("cycle", "monthly"),
        ("expires_on", "2026-05-31"),
    ];
    let made = owner.post("/admin/coupons/new", &good).await;
    let page = owner.get(&made.location).await.text;
    assert!(
        page.contains("value=\"SPRING\"") && page.contains("value=\"12.5\"") && page.contains("2026-05-31")
    );
    assert!(page.contains("name=\"cycle\" value=\"monthly\" checked"));
    let again = owner.post("/admin/coupons/new", &good).await;
    assert!(again.text.contains("This code is there already"));
}

//! Settings on generated forms: every page shows itself, keeps what was typed, saves and is recorded.

use axum::http::StatusCode;
use bursar_billing::settle::DepositSettings;
use bursar_db::Tx;
use bursar_web::SettingsDocument;

use crate::House;

/// The fields of a form as a browser would send them back: what is there stays.
fn fields(page: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for tag in page.split("<input ").skip(1) {
        let tag = tag.split('>').next().unwrap();
        let of = |name: &str| {
            tag.split_once(&format!("{name}=\"")).map(|(_, rest)| rest.split('"').next().unwrap())
        };
        let Some(name) = of(" name").or_else(|| of("name")) else { continue };
        if name.starts_with('_') || (tag.contains("type=\"checkbox\"") && !tag.contains(" checked")) {
            continue;
        }
        found.push((name.to_owned(), of("value").unwrap_or_default().to_owned()));
    }
    found
}

#[tokio::test]
async fn every_page_of_settings_is_listed_and_shown() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let index = owner.get("/admin/settings").await.text;
    let pages = [
        "invoices",
        "seller",
        "tax",
        "funds",
        "cancelling",
        "orders",
        "services",
        "servers",
        "shop",
        "business",
    ];
    for page in pages {
        let at = format!("/admin/settings/{page}");
        assert!(index.contains(&format!("href=\"{at}\"")), "{page} is not listed");
        let shown = owner.get(&at).await;
        assert_eq!(shown.status, StatusCode::OK, "{page}");
        assert!(shown.text.contains("Save the settings"), "{page}");
    }
    assert!(index.contains("/admin/settings/sign-in"), "pages by hand are listed too");
}

#[tokio::test]
async fn a_search_leads_to_the_field() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let found = owner.get("/admin/settings?q=late+fee").await.text;
    assert!(found.contains("/admin/settings/invoices#field-late_fee_ppm"), "{found}");
    assert!(!found.contains("/admin/settings/shop"));
    assert!(owner.get("/admin/settings?q=nonsense").await.text.contains("No setting speaks of that"));
}

#[tokio::test]
async fn what_was_typed_stays_beside_what_is_wrong_and_what_is_right_is_recorded() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let at = "/admin/settings/funds";
    let stored = fields(&owner.get(at).await.text);
    let smallest = stored.iter().find(|(name, _)| name == "smallest_minor").map(|(_, value)| value.as_str());
    assert_eq!(smallest, Some("EUR 5.00, GBP 5.00, USD 5.00"));
    // The largest is below the smallest: the document itself says so, and nothing is saved.
    let wrong = [
        ("smallest_minor", "EUR 50.00"),
        ("largest_minor", "EUR 49.99"),
        ("largest_balance_minor", "EUR 1000.00"),
    ];
    let refused = owner.post(at, &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("In EUR this is less than the smallest amount."), "{}", refused.text);
    assert!(refused.text.contains("value=\"EUR 49.99\""));
    let kept = house.cx.read(async |tx: &mut Tx| DepositSettings::load(tx).await).await.unwrap();
    assert_eq!(kept, DepositSettings::default());
    let right = [
        ("smallest_minor", "EUR 50.00"),
        ("largest_minor", "EUR 500.00"),
        ("largest_balance_minor", "EUR 1000.00"),
    ];
    assert_eq!(owner.post(at, &right).await.location, at);
    let saved = house.cx.read(async |tx: &mut Tx| DepositSettings::load(tx).await).await.unwrap();
    assert_eq!(saved.largest_minor["EUR"], 50_000);
    assert_eq!(saved.smallest_minor.get("USD"), None, "what was taken out has no limit");
    let log = owner.get("/admin/audit").await.text;
    assert!(log.contains(&format!("settings:{}", DepositSettings::KEY)), "{log}");
}

#[tokio::test]
async fn a_format_shows_its_example_before_it_is_saved() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let at = "/admin/settings/invoices?invoice_format=R%7BYYYY%7D-%7B0000%7D";
    let shown = owner.get(at).await.text;
    assert!(shown.contains("The forty-second is called R2026-0042"), "{shown}");
    let wrong = owner.get("/admin/settings/invoices?invoice_format=R").await.text;
    assert!(!wrong.contains("is called R<"));
    assert!(owner.get("/admin/settings/invoices").await.text.contains("value=\"INV-{YYYY}-{000000}\""));
}

#[tokio::test]
async fn what_is_asked_of_who_leaves_is_a_setting() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let at = "/admin/settings/cancelling";
    owner.get(at).await;
    let nobody = owner.post(at, &[("own", ""), ("must_answer", "1")]).await;
    assert!(nobody.text.contains("Offer a reason, or let people leave without one."), "{}", nobody.text);
    let form = [("ready", "price"), ("own", "The game is over\nMoved abroad")];
    assert_eq!(owner.post(at, &form).await.location, at);
    let page = owner.get(at).await.text;
    assert!(page.contains("Moved abroad"), "{page}");
}

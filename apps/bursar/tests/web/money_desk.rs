//! What staff does with money on pages: drafts, refunds, write-offs, credit, changes of subscriptions.

use axum::http::StatusCode;
use bursar_billing::invoices::store;
use bursar_billing::subscriptions::order::{Order, create_subscription};
use bursar_catalog::{
    Buyer, GroupDetails, NewPrice, OwnerKind, ProductDetails, Selection, create_group, create_product,
    put_price,
};
use bursar_db::Tx;
use bursar_money::Currency;
use bursar_time::{Cycle, Date, Instant};

use crate::{Browser, House};

/// The id at the end of an address.
fn last(path: &str) -> i64 {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

/// The value of a hidden field of a page.
pub fn hidden(text: &str, name: &str) -> String {
    let field =
        text.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| panic!("no {name}")).1;
    field.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_draft_keeps_what_was_typed_says_what_is_wrong_and_becomes_an_invoice() {
    let house = House::build().await;
    let customer = house.customer("Shop").await.to_string();
    let mut owner = house.owner().await;
    assert!(owner.get(&format!("/admin/customers/{customer}")).await.text.contains("New invoice"));
    owner.get(&format!("/admin/invoices/new?customer={customer}")).await;
    let mut fields = vec![
        ("customer_id", customer.as_str()),
        ("rows", "3"),
        ("line-0-description", "Cabling"),
        ("line-0-quantity", "3"),
        ("line-0-unit_price", "12.345"),
        ("line-2-description", "Discount"),
        ("line-2-unit_price", "-5.00"),
    ];
    let wrong = owner.post("/admin/invoices/new", &fields).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("12.345") && wrong.text.contains("An amount in EUR, for example 125.00."));
    fields[4].1 = "12.34";
    let made = owner.post("/admin/invoices/new", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    let draft = last(&made.location);
    // 3 × 12.34 − 5.00 = 32.02; nothing is taxed without tax rules.
    let page = owner.get(&made.location).await.text;
    assert!(page.contains("€32.02") && page.contains(">Draft</span>"), "{page}");

    let edit = owner.get(&format!("/admin/invoices/{draft}/edit")).await.text;
    assert!(edit.contains("value=\"-5.00\"") && edit.contains("value=\"Cabling\""));
    let version = hidden(&edit, "version");
    let more = [("customer_id", customer.as_str()), ("version", &version), ("rows", "2"), ("more", "1")];
    let more = owner.post(&format!("/admin/invoices/{draft}/edit"), &more).await;
    assert_eq!(more.status, StatusCode::OK);
    assert!(more.text.contains("line-4-description"), "three rows more than the two that were sent");
    let edited = [
        ("customer_id", customer.as_str()),
        ("version", &version),
        ("rows", "1"),
        ("line-0-description", "Cabling"),
        ("line-0-quantity", "2"),
        ("line-0-unit_price", "12.34"),
    ];
    let kept = owner.post(&format!("/admin/invoices/{draft}/edit"), &edited).await;
    assert_eq!(kept.status, StatusCode::SEE_OTHER, "{}", kept.text);
    let stale = owner.post(&format!("/admin/invoices/{draft}/edit"), &edited).await;
    assert_eq!(stale.status, StatusCode::UNPROCESSABLE_ENTITY, "somebody else's change is not overwritten");

    let page = owner.get(&format!("/admin/invoices/{draft}")).await.text;
    let version = hidden(&page, "version");
    let issued = owner.post(&format!("/admin/invoices/{draft}/issue"), &[("version", &version)]).await;
    assert_eq!(issued.location, format!("/admin/invoices/{draft}"));
    let page = owner.get(&issued.location).await.text;
    assert!(page.contains("€24.68") && page.contains(">Open</span>"));
    assert_eq!(owner.get(&format!("/admin/invoices/{draft}/edit")).await.status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn drafts_merge_and_a_deleted_one_is_gone() {
    let house = House::build().await;
    let customer = house.customer("Shop").await.to_string();
    let mut owner = house.owner().await;
    owner.get(&format!("/admin/invoices/new?customer={customer}")).await;
    let mut ids = Vec::new();
    for price in ["10.00", "20.00", "40.00"] {
        let fields = [
            ("customer_id", customer.as_str()),
            ("rows", "1"),
            ("line-0-description", "Work"),
            ("line-0-unit_price", price),
        ];
        ids.push(last(&owner.post("/admin/invoices/new", &fields).await.location));
    }
    let page = owner.get(&format!("/admin/invoices/{}", ids[0])).await.text;
    assert!(page.contains("Merge drafts"));
    let other = ids[1].to_string();
    owner.post(&format!("/admin/invoices/{}/merge", ids[0]), &[("draft", &other)]).await;
    assert!(owner.get(&format!("/admin/invoices/{}", ids[0])).await.text.contains("€30.00"));
    assert_eq!(owner.get(&format!("/admin/invoices/{}", ids[1])).await.status, StatusCode::NOT_FOUND);
    let gone = owner.post(&format!("/admin/invoices/{}/delete", ids[2]), &[]).await;
    assert_eq!(gone.location, "/admin/invoices");
    assert_eq!(owner.get(&format!("/admin/invoices/{}", ids[2])).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_refund_with_a_credit_note_goes_back_once_and_never_more_than_was_paid() {
    let house = House::build().await;
    let (_, invoice, to) = crate::pay(&house, "tok_visa").await;
    house.office.app.drain(&house.cx).await.unwrap();
    let payment = last(&to);
    let mut owner = house.owner().await;
    let paid = owner.get(&format!("/admin/payments/{payment}")).await.text;
    assert!(paid.contains("/refund"));
    let document =
        house.cx.read(async move |tx: &mut Tx| store::find(tx, invoice).await).await.unwrap().unwrap();
    let link = format!("href=\"/admin/invoices/{invoice}\">{}</a>", document.number.unwrap());
    assert!(paid.contains(&link), "the invoice by its number: {paid}");
    let page = format!("/admin/payments/{payment}/refund");
    let text = owner.get(&page).await.text;
    let (key, note) = (hidden(&text, "form_key"), format!("note-{invoice}"));
    let fields = |amount: &'static str| {
        [
            ("amount", amount.to_owned()),
            ("from", note.clone()),
            ("to", "gateway".to_owned()),
            ("reason", "Line was down".to_owned()),
            ("form_key", key.clone()),
        ]
    };
    let send = |fields: [(&'static str, String); 5]| fields.map(|(name, value)| (name, value));
    let too_much = send(fields("25.01"));
    let too_much: Vec<_> = too_much.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let answer = owner.post(&page, &too_much).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("25.01"));
    let part = send(fields("10.00"));
    let part: Vec<_> = part.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for _ in 0..2 {
        assert_eq!(owner.post(&page, &part).await.status, StatusCode::SEE_OTHER);
    }
    house.office.app.drain(&house.cx).await.unwrap();
    let shown = owner.get(&format!("/admin/payments/{payment}")).await.text;
    assert!(shown.contains("€10.00") && shown.contains(">Settled</span>"), "{shown}");
    let refunds = house.office.drivers.sandbox.refunds();
    assert_eq!(refunds.iter().map(|refund| refund.amount_minor).collect::<Vec<_>>(), [1_000]);
    let left = owner.get(&page).await.text;
    assert!(left.contains("value=\"15.00\""), "15.00 of the 25.00 are left");
}

#[tokio::test]
async fn a_debt_is_written_off_with_a_reason_and_credit_is_adjusted_in_the_customers_currency() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut owner = house.owner().await;
    let page = format!("/admin/invoices/{invoice}");
    owner.get(&page).await;
    owner.post(&format!("{page}/write-off"), &[("reason", "")]).await;
    assert!(owner.get(&page).await.text.contains("Say why this debt is given up."));
    owner.post(&format!("{page}/write-off"), &[("reason", "Insolvent")]).await;
    let shown = owner.get(&page).await.text;
    assert!(shown.contains(">Written off</span>") && shown.contains("Insolvent"));

    let page = format!("/admin/customers/{customer}/credit");
    owner.get(&page).await;
    let wrong = owner.post(&page, &[("amount", "7,50"), ("reason", "Goodwill")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("7,50"));
    let given = owner.post(&page, &[("amount", "7.50"), ("reason", "Goodwill")]).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER);
    let taken = owner.post(&page, &[("amount", "-8.00"), ("reason", "Mistake")]).await;
    assert!(taken.text.contains("only 7.50 EUR of credit"), "{}", taken.text);
}

/// A product with a monthly and a yearly price.
async fn product(house: &House, group: i64, name: &str, monthly: i64) -> i64 {
    let id = create_product(&house.cx, ProductDetails::named(group, name)).await.unwrap().get();
    for (cycle, amount_minor) in [(Cycle::Monthly, monthly), (Cycle::Annual, monthly * 10)] {
        let price = NewPrice {
            owner_kind: OwnerKind::Product,
            owner_id: id,
            currency: Currency::EUR,
            cycle,
            amount_minor,
            setup_minor: 0,
            valid_from_on: None,
        };
        put_price(&house.cx, price).await.unwrap();
    }
    id
}

/// VPS-1 at 10.00 a month since 10 March, with VPS-2 at 25.00 to change to: the subscription, VPS-2 and the customer.
pub async fn subscribed(house: &House) -> (i64, i64, i64) {
    let group = GroupDetails {
        name: "VPS".to_owned(),
        slug: String::new(),
        headline: String::new(),
        hidden: false,
        position: 0,
    };
    let group = create_group(&house.cx, group).await.unwrap();
    let (small, large) =
        (product(house, group, "VPS-1", 1_000).await, product(house, group, "VPS-2", 2_500).await);
    bursar_catalog::offer_upgrades(&house.cx, bursar_ids::Id::new(small), vec![bursar_ids::Id::new(large)])
        .await
        .unwrap();
    let customer = house.customer("Shop").await;
    let order = Order {
        customer_id: customer,
        selection: Selection {
            product: small,
            currency: Currency::EUR,
            cycle: Cycle::Monthly,
            quantity: 1,
            options: Vec::new(),
            addons: Vec::new(),
        },
        coupons: Vec::new(),
        start_on: "2026-03-10".parse::<Date>().unwrap(),
        billing_day: None,
        mode: None,
        lead_days: Some(0),
        trial_days: None,
        label: None,
        gateway: String::new(),
        source: "staff",
        buyer: Buyer::Staff,
    };
    let opened = create_subscription(&house.cx, order).await.unwrap();
    (opened.subscription_id, large, customer)
}

async fn invoice_totals(browser: &mut Browser<'_>) -> String {
    browser.get("/admin/invoices").await.text
}

#[tokio::test]
async fn a_change_is_invoiced_as_it_was_shown_and_shown_again_when_the_figures_moved() {
    let house = House::build().await;
    let (subscription, large, _) = subscribed(&house).await;
    house.clock.set(Instant::parse("2026-03-20T22:00:00Z").unwrap());
    let mut owner = house.owner().await;
    let page = format!("/admin/subscriptions/{subscription}/change");
    assert!(owner.get(&page).await.text.contains("VPS-2"));
    let large = large.to_string();
    let mut fields = vec![
        ("what", "plan"),
        ("product", large.as_str()),
        ("when", "now"),
        ("proration", "by_day"),
        ("credit", "give_back"),
        ("step", "preview"),
    ];
    let shown = owner.post(&page, &fields).await;
    // 21 of 31 days are left: 25.00 × 21/31 = 16.94, less 10.00 × 21/31 = 6.77, is 10.17.
    assert!(shown.text.contains("An invoice over EUR\u{a0}10.17"), "{}", shown.text);
    assert_eq!(hidden(&shown.text, "agreed"), "1017");
    // A day later it is another figure, so that nothing happens but that it is shown.
    house.clock.set(Instant::parse("2026-03-21T01:00:00Z").unwrap());
    let agreed = "1017".to_owned();
    fields[5] = ("step", "make");
    fields.push(("agreed", &agreed));
    let moved = owner.post(&page, &fields).await;
    assert_eq!(moved.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(moved.text.contains("not the ones you saw"));
    // 20 of 31 days: 16.13 − 6.45 = 9.68.
    let agreed = hidden(&moved.text, "agreed");
    assert_eq!(agreed, "968");
    fields[6] = ("agreed", &agreed);
    let made = owner.post(&page, &fields).await;
    assert_eq!(made.location, format!("/admin/subscriptions/{subscription}"));
    assert!(invoice_totals(&mut owner).await.contains("€9.68"));
    assert!(owner.get(&made.location).await.text.contains("VPS-2"));
}

#[tokio::test]
async fn a_change_can_wait_be_dropped_and_a_subscription_pauses_moves_ends_and_is_kept() {
    let house = House::build().await;
    let (subscription, ..) = subscribed(&house).await;
    let mut owner = house.owner().await;
    let page = format!("/admin/subscriptions/{subscription}");
    owner.get(&page).await;
    let fields = [("what", "cycle"), ("cycle", "annual"), ("when", "period_end"), ("step", "make")];
    let made = owner.post(&format!("{page}/change"), &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
    assert!(owner.get(&page).await.text.contains("Drop the scheduled change"));
    owner.post(&format!("{page}/drop-change"), &[]).await;
    assert!(!owner.get(&page).await.text.contains("Drop the scheduled change"));

    let early = owner.post(&format!("{page}/move"), &[("to", "2026-04-01"), ("step", "preview")]).await;
    assert_eq!(early.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(early.text.contains("are billed already or free"));
    let later = [("to", "2026-04-15"), ("charge", "prorated"), ("step", "preview")];
    // Five days of a month that has 30: 10.00 × 5/30 = 1.67.
    let later = owner.post(&format!("{page}/move"), &later).await.text;
    assert!(later.contains("EUR\u{a0}1.67"), "{later}");

    owner.post(&format!("{page}/cancel"), &[("when", "period_end"), ("reason", "Too dear")]).await;
    assert!(owner.get(&page).await.text.contains("Undo the cancellation"));
    owner.post(&format!("{page}/keep"), &[]).await;
    owner.post(&format!("{page}/pause"), &[("when", "now")]).await;
    assert!(owner.get(&page).await.text.contains(">Paused</span>"));
    owner.post(&format!("{page}/resume"), &[("day", "keep")]).await;
    owner.post(&format!("{page}/cancel"), &[("when", "now")]).await;
    let over = owner.get(&page).await.text;
    assert!(over.contains(">Cancelled</span>") && !over.contains("/change\""));
}

//! A customer's money in the portal: several invoices at once, credit, paying ahead, methods.

use axum::http::StatusCode;
use bursar_billing::settle::{adjust_credit, deliver_first};
use bursar_db::Tx;
use bursar_money::{Currency, Money};

use crate::money_desk::hidden;
use crate::{Browser, House};

async fn credit(house: &House, customer: i64, minor: i64) {
    let amount = Money::new(minor, Currency::EUR);
    adjust_credit(&house.cx, customer, amount, "goodwill".to_owned()).await.unwrap();
}

async fn open_on(buyer: &mut Browser<'_>, invoice: i64) -> bool {
    buyer.get(&format!("/portal/invoices/{invoice}")).await.text.contains("/pay\"")
}

#[tokio::test]
async fn two_invoices_at_once_partly_from_credit_are_paid_as_shown() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let (a, b) = (house.invoice(customer, "Server").await, house.invoice(customer, "Domain").await);
    credit(&house, customer, 3_000).await;
    let mut buyer = house.buyer(customer).await;
    let list = buyer.get("/portal/invoices").await.text;
    assert!(list.contains(&format!("name=\"invoice\" value=\"{a}\"")) && list.contains("/portal/pay"));
    let (one, two) = (a.to_string(), b.to_string());
    let page = buyer.get(&format!("/portal/pay?invoice={a}&invoice={b}")).await.text;
    assert!(page.contains("Pay 2 invoices") && page.contains("Pay €50.00"), "{page}");
    let key = hidden(&page, "form_key");
    let chosen = [("invoice", one.as_str()), ("invoice", two.as_str()), ("form_key", key.as_str())];
    // 45.00 of 50.00: 30.00 from credit, 15.00 charged, 5.00 stay open.
    let wish = [("amount", "45.00"), ("use_credit", "1")];
    let shown = buyer.post("/portal/pay", &[&chosen[..], &wish[..], &[("step", "show")]].concat()).await.text;
    assert!(shown.contains("Pay €15.00") && shown.contains("EUR\u{a0}5.00"), "{shown}");
    let agreed = hidden(&shown, "agreed");
    assert_eq!(agreed, "3000+1500");
    let make = [("agreed", agreed.as_str()), ("card", "tok_visa")];
    let form = [&chosen[..], &wish[..], &make[..]].concat();
    let paid = buyer.post("/portal/pay", &form).await;
    assert!(paid.location.starts_with("/portal/payments/"), "{}", paid.location);
    assert_eq!(buyer.post("/portal/pay", &form).await.location, paid.location, "a second click is the same");
    house.office.app.drain(&house.cx).await.unwrap();
    assert!(buyer.get(&paid.location).await.text.contains("15.00 is paid"));
    assert!(!open_on(&mut buyer, a).await && open_on(&mut buyer, b).await);
    let rest = buyer.get(&format!("/portal/invoices/{b}/pay")).await.text;
    assert!(rest.contains("Pay €5.00"));
}

#[tokio::test]
async fn nobody_is_asked_to_pay_what_is_held_on_their_card() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let (held, owed) = (house.invoice(customer, "Server").await, house.invoice(customer, "Domain").await);
    house.cx.write(async move |tx: &mut Tx| deliver_first(tx, held).await).await.unwrap();
    let mut buyer = house.buyer(customer).await;
    assert!(buyer.get("/portal").await.text.contains("EUR\u{a0}50.00"), "both are to be paid");
    crate::pay_with(&mut buyer, held, "tok_visa").await;
    assert_eq!(crate::settle(&house, &mut buyer, held).await, "Held");
    let home = buyer.get("/portal").await.text;
    assert!(
        home.contains(&format!("/portal/invoices/{owed}/pay")) && home.contains("EUR\u{a0}25.00"),
        "{home}"
    );
    assert!(!home.contains(&format!("/portal/invoices/{held}/pay")) && !home.contains("EUR\u{a0}50.00"));
    let list = buyer.get("/portal/invoices").await.text;
    assert!(list.contains("EUR\u{a0}25.00") && !list.contains("EUR\u{a0}50.00"), "{list}");
    assert!(!list.contains(&format!("name=\"invoice\" value=\"{held}\"")));
    let mut staff = house.owner().await;
    let rows = staff.get("/admin/invoices").await.text;
    assert!(
        rows.contains(">Held<") && rows.contains(">Open<"),
        "staff see which one waits for no money: {rows}"
    );
    let page = staff.get(&format!("/admin/customers/{customer}")).await.text;
    assert!(page.contains(">Held<") && page.contains(">Open<"), "and on the customer's page: {page}");
    crate::pay_with(&mut buyer, owed, "tok_visa").await;
    assert_eq!(crate::settle(&house, &mut buyer, owed).await, "Paid");
    let home = buyer.get("/portal").await.text;
    assert!(!home.contains("/pay\""), "nothing is left to pay: {home}");
    assert!(!buyer.get("/portal/invoices").await.text.contains("href=\"/portal/pay\""));
}

#[tokio::test]
async fn figures_that_nobody_saw_are_shown_and_a_wrong_amount_is_kept_beside_its_error() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut buyer = house.buyer(customer).await;
    let path = format!("/portal/invoices/{invoice}/pay");
    let key = hidden(&buyer.get(&path).await.text, "form_key");
    let unseen = [("card", "tok_visa"), ("form_key", key.as_str()), ("amount", "10.00")];
    let answer = buyer.post(&path, &unseen).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(answer.text.contains("look at it once more") && answer.text.contains("Pay €10.00"));
    for wrong in ["25.01", "0", "-5", "ten"] {
        let fields = [("step", "show"), ("amount", wrong), ("form_key", key.as_str())];
        let answer = buyer.post(&path, &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        assert!(answer.text.contains(&format!("value=\"{wrong}\"")), "{wrong} is kept");
        assert!(answer.text.contains("id=\"error-amount\""), "{wrong}");
    }
    let forged = [("agreed", "0+1"), ("card", "tok_visa"), ("form_key", key.as_str())];
    assert_eq!(buyer.post(&path, &forged).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(house.office.drivers.sandbox.charges().is_empty(), "nothing was charged");
}

#[tokio::test]
async fn credit_alone_pays_without_a_card_and_strangers_pay_nothing() {
    let house = House::build().await;
    let (customer, other) = (house.customer("Shop").await, house.customer("Other").await);
    let (mine, theirs) = (house.invoice(customer, "Server").await, house.invoice(other, "Secret").await);
    credit(&house, customer, 4_000).await;
    let mut buyer = house.buyer(customer).await;
    for query in [format!("invoice={theirs}"), format!("invoice={mine}&invoice={theirs}")] {
        assert_eq!(buyer.get(&format!("/portal/pay?{query}")).await.status, StatusCode::NOT_FOUND, "{query}");
    }
    let path = format!("/portal/invoices/{mine}/pay");
    let key = hidden(&buyer.get(&path).await.text, "form_key");
    let wish = [("use_credit", "1"), ("form_key", key.as_str())];
    let shown = buyer.post(&path, &[&wish[..], &[("step", "show")]].concat()).await.text;
    assert!(shown.contains("Pay from credit") && !shown.contains("tok_visa"), "{shown}");
    let agreed = hidden(&shown, "agreed");
    let paid = buyer.post(&path, &[&wish[..], &[("agreed", agreed.as_str())]].concat()).await;
    assert_eq!(paid.location, "/portal/invoices");
    assert!(!open_on(&mut buyer, mine).await);
    assert!(buyer.get("/portal/funds").await.text.contains("EUR\u{a0}15.00"));
}

#[tokio::test]
async fn a_payment_that_waits_for_the_bank_can_be_withdrawn_and_paid_otherwise() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut buyer = house.buyer(customer).await;
    let asked = crate::pay_with(&mut buyer, invoice, "tok_authenticate").await;
    assert!(asked.location.starts_with("/sandbox/authenticate/"), "{}", asked.location);
    let page = buyer.get(&format!("/portal/invoices/{invoice}/pay")).await.text;
    let payment = page.split("href=\"/portal/payments/").nth(1).expect("it says what is under way");
    let payment = format!("/portal/payments/{}", payment.split('"').next().unwrap());
    assert!(buyer.get(&payment).await.text.contains("Pay another way"));
    assert_eq!(buyer.post(&format!("{payment}/withdraw"), &[]).await.location, payment);
    assert!(buyer.get(&payment).await.text.contains("The payment is cancelled"));
    crate::pay_with(&mut buyer, invoice, "tok_visa").await;
    house.office.app.drain(&house.cx).await.unwrap();
    assert!(!open_on(&mut buyer, invoice).await);
    let stranger = house.customer("Other").await;
    let mut stranger = house.buyer(stranger).await;
    stranger.get("/portal").await;
    assert_eq!(stranger.post(&format!("{payment}/withdraw"), &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_card_is_added_on_the_vendors_page_used_and_removed() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    assert!(buyer.get("/portal/methods").await.text.contains("No payment methods yet"));
    for card in ["tok_visa", "tok_mastercard"] {
        buyer.get("/portal/methods").await;
        let vendor = buyer.post("/portal/methods", &[("gateway", "sandbox")]).await.location;
        assert!(vendor.starts_with("/sandbox/methods/"), "{vendor}");
        buyer.get(&vendor).await;
        let back = buyer.post(&vendor, &[("answer", "give"), ("card", card)]).await.location;
        assert_eq!(buyer.get(&back).await.location, "/portal/methods");
    }
    let list = buyer.get("/portal/methods").await.text;
    assert!(list.contains("Visa ···· 4242") && list.contains("Mastercard ···· 4444"), "{list}");
    let id = list.split("/portal/methods/").find_map(|it| it.split_once("/usual")).unwrap().0.to_owned();
    buyer.post(&format!("/portal/methods/{id}/usual"), &[]).await;
    buyer.get("/portal/methods").await;
    assert_eq!(
        buyer.post("/portal/methods/automatic", &[("automatic", "off")]).await.location,
        "/portal/methods"
    );
    let invoice = house.invoice(customer, "Server").await;
    let page = buyer.get(&format!("/portal/invoices/{invoice}/pay")).await.text;
    let (agreed, key) = (hidden(&page, "agreed"), hidden(&page, "form_key"));
    let kept = format!("method:{id}");
    let fields = [("card", kept.as_str()), ("agreed", &agreed), ("form_key", &key)];
    buyer.post(&format!("/portal/invoices/{invoice}/pay"), &fields).await;
    house.office.app.drain(&house.cx).await.unwrap();
    assert!(!open_on(&mut buyer, invoice).await);
    let cards: Vec<String> = house.office.drivers.sandbox.charges().into_iter().map(|it| it.card).collect();
    assert_eq!(cards, ["tok_mastercard"], "the chosen one, once, and nothing by itself");
    buyer.get("/portal/methods").await;
    buyer.post(&format!("/portal/methods/{id}/remove"), &[]).await;
    assert!(!buyer.get("/portal/methods").await.text.contains("4444"));
    let stranger = house.customer("Other").await;
    let mut stranger = house.buyer(stranger).await;
    stranger.get("/portal/methods").await;
    assert_eq!(
        stranger.post(&format!("/portal/methods/{id}/remove"), &[]).await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn funds_are_added_within_the_limits() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    let page = buyer.get("/portal/funds").await.text;
    let key = hidden(&page, "form_key");
    for (typed, said) in
        [("4.99", "Add at least €5.00"), ("5000.01", "Add at most €5,000.00"), ("x", "amount in EUR")]
    {
        let fields = [("amount", typed), ("card", "tok_visa"), ("form_key", key.as_str())];
        let answer = buyer.post("/portal/funds", &fields).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(answer.text.contains(said) && answer.text.contains(&format!("value=\"{typed}\"")), "{typed}");
    }
    let fields = [("amount", "20.00"), ("card", "tok_lose_after"), ("form_key", key.as_str())];
    let first = buyer.post("/portal/funds", &fields).await.location;
    assert_eq!(buyer.post("/portal/funds", &fields).await.location, first);
    house.office.app.drain(&house.cx).await.unwrap();
    house.clock.set(bursar_time::Instant::parse("2026-03-10T09:40:00Z").unwrap());
    house.office.app.drain(&house.cx).await.unwrap();
    assert!(buyer.get(&first).await.text.contains("The money is on your credit"));
    let page = buyer.get("/portal/funds").await.text;
    assert!(page.contains("EUR\u{a0}20.00") && page.matches("Paid ahead").count() == 1, "{page}");
}

//! The whole office as a browser meets it: the real router over an embedded database.
#![expect(clippy::unwrap_used, reason = "helpers of tests fail like tests")]

#[path = "web/catalog_desk.rs"]
mod catalog_desk;
#[path = "web/doors.rs"]
mod doors;
#[path = "web/front_desk.rs"]
mod front_desk;
#[path = "web/inventory_desk.rs"]
mod inventory_desk;
#[path = "web/look_desk.rs"]
mod look_desk;
#[path = "web/matrix.rs"]
mod matrix;
#[path = "web/money_desk.rs"]
mod money_desk;
#[path = "web/notices_desk.rs"]
mod notices_desk;
#[path = "web/portal_money.rs"]
mod portal_money;
#[path = "web/portal_profile.rs"]
mod portal_profile;
#[path = "web/portal_services.rs"]
mod portal_services;
#[path = "web/privacy_desk.rs"]
mod privacy_desk;
#[path = "web/settings_desk.rs"]
mod settings_desk;
#[path = "web/shop.rs"]
mod shop;

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use bursar::config::Config;
use bursar::office::Office;
use bursar::web::{self, PublicUrl};
use bursar_billing::invoices::draft::{DraftInput, DraftLine, create_draft, issue_draft};
use bursar_billing::invoices::line::LineKind;
use bursar_billing::sellers::{self, Seller};
use bursar_context::Cx;
use bursar_customers::{CustomerDetails, NewCustomer, Postal, create_customer};
use bursar_db::Tx;
use bursar_identity::{Handover, NewStaff, Policy, PortalLink, add_owner, create_portal_link, put_policy};
use bursar_ids::Rng;
use bursar_money::Currency;
use bursar_time::{Instant, ManualClock};
use bursar_web::RouteTable;
use tower::ServiceExt as _;

const PASSWORD: &str = "correct horse battery";
const HOSTILE: &str = "<script>alert(1)</script>";

struct House {
    _data: tempfile::TempDir,
    office: Office,
    router: Router,
    table: RouteTable,
    clock: ManualClock,
    cx: Cx,
}

impl House {
    async fn build() -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config::embedded(data.path());
        let clock = ManualClock::at(Instant::parse("2026-03-10T09:30:00Z").unwrap());
        let office = Office::open_hasty(&config, Arc::new(clock.clone()), Rng::from_seed(5)).await.unwrap();
        let cx = office.system("test");
        let seller = Seller {
            name: "Northwind Hosting".to_owned(),
            address: vec!["1 Quay".to_owned()],
            country: "DE".to_owned(),
            ..Seller::default()
        };
        cx.write(async move |tx: &mut Tx| sellers::set(tx, &seller).await.map(drop)).await.unwrap();
        let owner = NewStaff {
            name: "Ann Becker".to_owned(),
            email: "ann@northwind.example".to_owned(),
            password: PASSWORD.to_owned(),
        };
        add_owner(&cx, owner).await.unwrap();
        let policy = Policy { staff_second_factor: false, ..Policy::default() };
        cx.write(async move |tx: &mut Tx| put_policy(tx, &policy).await).await.unwrap();
        let public = PublicUrl("http://office.example".to_owned());
        let web::Served { router, table, .. } = web::router(&office, &config, public).await.unwrap();
        Self { _data: data, office, router, table, clock, cx }
    }

    async fn customer(&self, name: &str) -> i64 {
        let postal = Postal {
            company: name.to_owned(),
            email: "buyer@shop.example".to_owned(),
            address1: "2 Road".to_owned(),
            city: "Berlin".to_owned(),
            postcode: "10115".to_owned(),
            country: "DE".to_owned(),
            ..Postal::default()
        };
        let details = CustomerDetails { postal, ..CustomerDetails::default() };
        let new = NewCustomer { currency: Currency::EUR, details };
        create_customer(&self.cx, new).await.unwrap().get()
    }

    /// An invoice over 25.00 EUR.
    async fn invoice(&self, customer_id: i64, description: &str) -> i64 {
        let line = DraftLine {
            kind: LineKind::Manual,
            description: description.to_owned(),
            quantity: 1,
            unit_minor: 2_500,
            taxable: false,
            period: None,
        };
        let input = DraftInput { customer_id, due_on: None, notes: None, lines: vec![line] };
        let id = create_draft(&self.cx, input).await.unwrap();
        issue_draft(&self.cx, id, 1).await.unwrap();
        self.office.app.drain(&self.cx).await.unwrap();
        id
    }

    fn visitor(&self) -> Browser<'_> {
        Browser { house: self, cookies: Vec::new(), csrf: String::new() }
    }

    async fn owner(&self) -> Browser<'_> {
        let mut browser = self.visitor();
        browser.get("/admin/sign-in").await;
        let form = [("email", "ann@northwind.example"), ("password", PASSWORD)];
        assert_eq!(browser.post("/admin/sign-in", &form).await.location, "/admin");
        browser
    }

    async fn link(&self, customer: i64) -> String {
        let link = PortalLink {
            customer_id: customer,
            customer_name: format!("Customer {customer}"),
            email: format!("buyer{customer}@shop.example"),
            name: "Buyer".to_owned(),
        };
        self.cx
            .write(async move |tx: &mut Tx| create_portal_link(tx, &link, Handover::Mail).await)
            .await
            .unwrap()
    }

    async fn buyer(&self, customer: i64) -> Browser<'_> {
        let link = self.link(customer).await;
        let mut browser = self.visitor();
        browser.get(&link).await;
        assert_eq!(browser.post(&link, &[]).await.location, "/portal");
        browser
    }
}

/// Keeps cookies and the last form token, as a browser does.
struct Browser<'h> {
    house: &'h House,
    cookies: Vec<(String, String)>,
    csrf: String,
}

struct Answer {
    status: StatusCode,
    location: String,
    kind: String,
    text: String,
}

impl Browser<'_> {
    async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &self.csrf).extend_pairs(fields);
        self.send(Request::post(path), body.finish()).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        self.send_as("application/x-www-form-urlencoded", request, body.into_bytes()).await
    }

    async fn send_as(&mut self, kind: &str, request: axum::http::request::Builder, body: Vec<u8>) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let response = self.house.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value));
            }
        }
        let text_of = |name| {
            response.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap().to_owned())
        };
        let (status, location, kind) =
            (response.status(), text_of(header::LOCATION), text_of(header::CONTENT_TYPE));
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((_, rest)) = text.split_once("name=\"_csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Answer { status, location, kind, text }
    }
}

#[tokio::test]
async fn nobody_gets_past_the_door_of_any_route() {
    let house = House::build().await;
    for row in house.table.rows() {
        let access = row.access.to_string();
        if access == "public" || access.starts_with("machine") {
            continue;
        }
        let path = row
            .path
            .replace("{id}", "1")
            .replace("{name}", "terms")
            .replace("{version}", "1")
            .replace("{kind}", "jobs")
            .replace("{what}", "retry")
            .replace("{code}", "own-1")
            .replace("{locale}", "en")
            .replace("{token}", "t")
            .replace("{user}", "1")
            .replace("{contact}", "1")
            .replace("{action}", "restart")
            .replace("{door}", "panel")
            .replace("{service}", "1")
            .replace("{server}", "1")
            .replace("{setting}", "keys")
            .replace("{kid}", "k")
            .replace("{file}", "none.png")
            .replace("{note}", "1")
            .replace("{resource}", "1")
            .replace("{word}", "remove");
        assert!(!path.contains('{'), "{path}: give its parameter a value here");
        let mut visitor = house.visitor();
        let answer =
            if row.method == "GET" { visitor.get(&path).await } else { visitor.post(&path, &[]).await };
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{} {path}", row.method);
        assert!(answer.location.contains("/sign-in"), "{} {path} leads to {}", row.method, answer.location);
    }
}

#[tokio::test]
async fn staff_pages_are_not_there_for_customers_and_the_other_way_round() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let (mut buyer, mut owner) = (house.buyer(customer).await, house.owner().await);
    for row in house.table.rows().iter().filter(|row| row.method == "GET") {
        let access = row.access.to_string();
        if access == "public" || access.starts_with("machine") {
            continue;
        }
        let path = row.path.replace("{id}", "1");
        let stranger = if path.starts_with("/admin") { &mut buyer } else { &mut owner };
        assert_eq!(stranger.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
}

#[tokio::test]
async fn a_customer_sees_only_their_own_invoices_and_papers() {
    let house = House::build().await;
    let (one, two) = (house.customer("One").await, house.customer("Two").await);
    let (mine, theirs) = (house.invoice(one, "Server").await, house.invoice(two, "Secret").await);
    let mut buyer = house.buyer(one).await;
    assert!(!buyer.get("/portal/invoices").await.text.contains(&format!("/portal/invoices/{theirs}")));
    for part in ["", "/pdf", "/pay"] {
        let own = buyer.get(&format!("/portal/invoices/{mine}{part}")).await;
        assert_eq!(own.status, StatusCode::OK, "{part}");
        let foreign = buyer.get(&format!("/portal/invoices/{theirs}{part}")).await;
        assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{part}");
        assert!(!foreign.text.contains("Secret"));
    }
    let paper = buyer.get(&format!("/portal/invoices/{mine}/pdf")).await;
    assert_eq!(paper.kind, "application/pdf");
    assert!(paper.text.starts_with("%PDF"));
    let paid = buyer.post(&format!("/portal/invoices/{theirs}/pay"), &[("card", "tok_visa")]).await;
    assert_eq!(paid.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_form_without_its_token_changes_nothing() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut owner = house.owner().await;
    owner.csrf = "forged".to_owned();
    let answer = owner.post(&format!("/admin/invoices/{invoice}/void"), &[("reason", "mine")]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert!(owner.get(&format!("/admin/invoices/{invoice}")).await.text.contains(">Open</span>"));
    let answer = owner.post(&format!("/admin/invoices/{invoice}/void"), &[("reason", "typed wrong")]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert!(owner.get(&format!("/admin/invoices/{invoice}")).await.text.contains(">Void</span>"));
}

#[tokio::test]
async fn guessing_a_password_ends_after_five_tries_even_with_the_right_one() {
    let house = House::build().await;
    let mut guesser = house.visitor();
    guesser.get("/admin/sign-in").await;
    for _ in 0..5 {
        let form = [("email", "Ann@northwind.example"), ("password", "guess guess guess")];
        let answer = guesser.post("/admin/sign-in", &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("E-mail address or password is not right."));
    }
    let form = [("email", "ann@northwind.example"), ("password", PASSWORD)];
    assert!(guesser.post("/admin/sign-in", &form).await.text.contains("Too many attempts"));
    house.clock.set(Instant::parse("2026-03-10T09:46:00Z").unwrap());
    assert_eq!(guesser.post("/admin/sign-in", &form).await.location, "/admin");
}

#[tokio::test]
async fn a_portal_link_signs_in_once_and_not_after_a_quarter_of_an_hour() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let link = house.link(customer).await;
    let mut first = house.visitor();
    first.get(&link).await;
    assert_eq!(first.post(&link, &[]).await.location, "/portal");
    let mut second = house.visitor();
    second.get(&link).await;
    assert_eq!(second.post(&link, &[]).await.location, "/portal/sign-in");
    let late = house.link(customer).await;
    house.clock.set(Instant::parse("2026-03-10T09:45:01Z").unwrap());
    second.get(&late).await;
    assert_eq!(second.post(&late, &[]).await.location, "/portal/sign-in");
}

#[tokio::test]
async fn the_door_of_the_portal_does_not_tell_which_addresses_it_knows() {
    let house = House::build().await;
    house.customer("Shop").await;
    let mut visitor = house.visitor();
    visitor.get("/portal/sign-in").await;
    for email in ["buyer@shop.example", "nobody@shop.example"] {
        let answer = visitor.post("/portal/sign-in", &[("email", email)]).await;
        assert_eq!(
            (answer.status, answer.location.as_str()),
            (StatusCode::SEE_OTHER, "/portal/sign-in/sent")
        );
    }
    let mut owner = house.owner().await;
    let outbox = owner.get("/admin/mail").await.text;
    assert!(outbox.contains("buyer@shop.example") && !outbox.contains("nobody@shop.example"));
}

/// Pays a fresh invoice with a card and returns the browser, the invoice and where the browser is sent.
async fn pay<'h>(house: &'h House, card: &str) -> (Browser<'h>, i64, String) {
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut buyer = house.buyer(customer).await;
    let answer = pay_with(&mut buyer, invoice, card).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    (buyer, invoice, answer.location)
}

/// Opens the page to pay an invoice and pays what it shows.
async fn pay_with(buyer: &mut Browser<'_>, invoice: i64, card: &str) -> Answer {
    pay_at(buyer, &format!("/portal/invoices/{invoice}/pay"), card).await
}

async fn pay_at(buyer: &mut Browser<'_>, path: &str, card: &str) -> Answer {
    let page = buyer.get(path).await.text;
    let (agreed, key) = (money_desk::hidden(&page, "agreed"), money_desk::hidden(&page, "form_key"));
    buyer.post(path, &[("card", card), ("agreed", &agreed), ("form_key", &key)]).await
}

async fn settle(house: &House, buyer: &mut Browser<'_>, invoice: i64) -> String {
    house.office.app.drain(&house.cx).await.unwrap();
    let page = buyer.get(&format!("/portal/invoices/{invoice}")).await.text;
    let badge = page.split("class=\"status status-").nth(1).unwrap();
    badge.split(['>', '<']).nth(1).unwrap().to_owned()
}

#[tokio::test]
async fn a_card_that_works_pays_the_invoice() {
    let house = House::build().await;
    let (mut buyer, invoice, to) = pay(&house, "tok_visa").await;
    assert!(buyer.get(&to).await.text.contains("25.00 is paid"));
    assert_eq!(settle(&house, &mut buyer, invoice).await, "Paid");
}

#[tokio::test]
async fn a_declined_card_leaves_the_invoice_open_and_another_one_pays_it() {
    let house = House::build().await;
    let (mut buyer, invoice, to) = pay(&house, "tok_decline:insufficient_funds").await;
    assert!(buyer.get(&to).await.text.contains("not enough money"));
    assert_eq!(settle(&house, &mut buyer, invoice).await, "Open");
    pay_with(&mut buyer, invoice, "tok_mastercard").await;
    assert_eq!(settle(&house, &mut buyer, invoice).await, "Paid");
}

#[tokio::test]
async fn a_card_that_asks_for_confirmation_goes_to_the_bank_and_back() {
    let house = House::build().await;
    let (mut buyer, invoice, to) = pay(&house, "tok_authenticate").await;
    assert!(to.starts_with("/sandbox/authenticate/"), "{to}");
    assert_eq!(settle(&house, &mut buyer, invoice).await, "Open");
    buyer.get(&to).await;
    let back = buyer.post(&to, &[("answer", "approve")]).await.location;
    let result = buyer.get(&back).await.location;
    assert!(buyer.get(&result).await.text.contains("25.00 is paid"));
    assert_eq!(settle(&house, &mut buyer, invoice).await, "Paid");
}

#[tokio::test]
async fn an_answer_that_is_lost_shows_that_the_bank_is_asked_and_the_money_counts_once() {
    let house = House::build().await;
    let (mut buyer, invoice, to) = pay(&house, "tok_lose_after").await;
    assert!(buyer.get(&to).await.text.contains("We are asking the bank"));
    // Who pays again meanwhile joins the payment that is under way.
    let again = pay_with(&mut buyer, invoice, "tok_visa").await;
    assert_eq!(again.location, to);
    house.clock.set(Instant::parse("2026-03-10T10:30:00Z").unwrap());
    assert_eq!(settle(&house, &mut buyer, invoice).await, "Paid");
    assert!(buyer.get(&to).await.text.contains("25.00 is paid"));
    let captures: u32 = house.office.drivers.sandbox.charges().iter().map(|charge| charge.captures).sum();
    assert_eq!(captures, 1);
}

#[tokio::test]
async fn what_strangers_write_is_text_on_every_page() {
    let house = House::build().await;
    let customer = house.customer(HOSTILE).await;
    let invoice = house.invoice(customer, HOSTILE).await;
    let mut owner = house.owner().await;
    owner.get(&format!("/admin/customers/{customer}")).await;
    owner.post(&format!("/admin/customers/{customer}/notes"), &[("body", HOSTILE)]).await;
    let pages = [
        "/admin/customers".to_owned(),
        format!("/admin/customers/{customer}"),
        "/admin/invoices".to_owned(),
        format!("/admin/invoices/{invoice}"),
        "/admin/invoices?search=%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
        "/admin/customers?search=%3Cscript%3Ealert(1)%3C/script%3E".to_owned(),
    ];
    let mut seen = 0;
    for page in pages {
        let answer = owner.get(&page).await;
        assert_eq!(answer.status, StatusCode::OK, "{page}");
        assert!(!answer.text.contains(HOSTILE), "{page}");
        seen += usize::from(answer.text.contains("&lt;script&gt;alert(1)"));
    }
    assert_eq!(seen, 6, "each of these pages shows it");
    let mut buyer = house.buyer(customer).await;
    let page = buyer.get(&format!("/portal/invoices/{invoice}")).await.text;
    assert!(!page.contains(HOSTILE) && page.contains("&lt;script&gt;"));
}

#[tokio::test]
async fn a_recorded_payment_settles_the_invoice_once_however_often_the_form_is_sent() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut owner = house.owner().await;
    let page = format!("/admin/invoices/{invoice}/payment");
    owner.get(&page).await;
    let form = |amount| {
        [("amount", amount), ("received_on", "2026-03-09"), ("way", "bank_transfer"), ("form_key", "f1")]
    };
    let wrong = owner.post(&page, &form("12.345")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("12.345") && wrong.text.contains("Please give an amount in EUR"));
    for _ in 0..2 {
        assert_eq!(owner.post(&page, &form("25.00")).await.status, StatusCode::SEE_OTHER);
    }
    house.office.app.drain(&house.cx).await.unwrap();
    let shown = owner.get(&format!("/admin/invoices/{invoice}")).await.text;
    assert!(shown.contains(">Paid</span>"));
    assert_eq!(shown.matches("Payment ").count(), 1, "one payment settles it");
}

//! Attacks on the doors, as a stranger, a customer or a careless colleague would try them.

use axum::http::{Request, StatusCode, header};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{NewToken, Policy, Subject, create_token, find_user_by_email, put_policy};
use bursar_time::Stopwatch;
use bursar_web::Surface;

use crate::{Browser, House, PASSWORD};

async fn mails(house: &House) -> Vec<(String, String)> {
    let found = house
        .cx
        .read(async |tx: &mut Tx| {
            let messages = bursar_messaging::list(tx, None, 50).await?;
            Ok::<_, Fault>(messages.into_iter().map(|it| (it.to_email, it.body_text)).collect())
        })
        .await;
    found.unwrap()
}

/// What a page says to its reader: without what differs on every page.
fn said(text: &str) -> String {
    let main = text.split("<main").nth(1).unwrap_or_default();
    main.split("name=\"_csrf\" value=\"")
        .map(|part| part.split_once('"').map_or(part, |(_, rest)| rest))
        .collect()
}

#[tokio::test]
async fn no_form_is_carried_out_without_its_token_whoever_sends_it() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let (mut owner, mut buyer) = (house.owner().await, house.buyer(customer).await);
    for row in house.table.rows().iter().filter(|row| row.method == "POST") {
        if row.access.to_string().starts_with("machine") {
            continue;
        }
        let path: String = row
            .path
            .split('/')
            .map(|part| if part.starts_with('{') { "1" } else { part })
            .collect::<Vec<_>>()
            .join("/");
        let sender = if path.starts_with("/admin") { &mut owner } else { &mut buyer };
        sender.csrf = "forged".to_owned();
        let answer = sender.post(&path, &[]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
    }
}

#[tokio::test]
async fn a_planted_session_is_not_the_one_that_is_signed_in() {
    let house = House::build().await;
    let mut victim = house.visitor();
    victim
        .cookies
        .push(("bursar_session".to_owned(), "planted-by-somebody-else-0123456789abcdef".to_owned()));
    victim.get("/admin/sign-in").await;
    let form = [("email", "ann@northwind.example"), ("password", PASSWORD)];
    assert_eq!(victim.post("/admin/sign-in", &form).await.location, "/admin");
    let mut attacker = house.visitor();
    attacker
        .cookies
        .push(("bursar_session".to_owned(), "planted-by-somebody-else-0123456789abcdef".to_owned()));
    assert_eq!(attacker.get("/admin").await.status, StatusCode::SEE_OTHER);
    assert_eq!(victim.get("/admin").await.status, StatusCode::OK);
}

#[tokio::test]
async fn nobody_is_led_to_another_host() {
    let house = House::build().await;
    for evil in ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"] {
        let mut browser = house.visitor();
        browser.get("/admin/sign-in").await;
        let form = [("email", "ann@northwind.example"), ("password", PASSWORD), ("return_to", evil)];
        assert_eq!(browser.post("/admin/sign-in", &form).await.location, "/admin", "{evil}");
    }
}

#[tokio::test]
async fn a_forged_host_does_not_reach_the_links_in_mails() {
    let house = House::build().await;
    let mut stranger = house.visitor();
    stranger.get("/admin/reset").await;
    let body = format!("_csrf={}&email=ann%40northwind.example", stranger.csrf);
    let request = Request::post("/admin/reset")
        .header(header::HOST, "evil.example")
        .header("x-forwarded-host", "evil.example");
    assert_eq!(stranger.send(request, body).await.status, StatusCode::OK);
    let mails = mails(&house).await;
    let (_, text) = mails.iter().find(|(to, _)| to == "ann@northwind.example").unwrap();
    assert!(text.contains("http://office.example/admin/reset/") && !text.contains("evil"), "{text}");
}

#[tokio::test]
async fn a_reset_link_sets_a_password_once_and_ends_what_was_open() {
    let house = House::build().await;
    let mut old = house.owner().await;
    let mut stranger = house.visitor();
    stranger.get("/admin/reset").await;
    stranger.post("/admin/reset", &[("email", "ann@northwind.example")]).await;
    let mails = mails(&house).await;
    let path = mails[0].1.split("http://office.example").nth(1).unwrap().lines().next().unwrap().to_owned();
    stranger.get(&path).await;
    let weak = stranger.post(&path, &[("password", "Password12345")]).await;
    assert!(weak.text.contains("tries this one first"));
    let new = [("password", "seven grey otters")];
    assert_eq!(stranger.post(&path, &new).await.location, "/admin/sign-in");
    assert_eq!(stranger.post(&path, &new).await.location, "/admin/reset", "it works once");
    assert!(old.get("/admin").await.location.contains("/sign-in"));
    stranger.get("/admin/sign-in").await;
    let form = [("email", "ann@northwind.example"), ("password", "seven grey otters")];
    assert_eq!(stranger.post("/admin/sign-in", &form).await.location, "/admin");
}

#[tokio::test]
async fn known_and_unknown_addresses_are_told_apart_by_neither_text_nor_time() {
    let house = House::build().await;
    let mut stranger = house.visitor();
    let mut texts = Vec::new();
    for email in ["ann@northwind.example", "nobody@northwind.example"] {
        stranger.get("/admin/reset").await;
        let asked = stranger.post("/admin/reset", &[("email", email)]).await;
        stranger.get("/admin/sign-in").await;
        let watch = Stopwatch::start();
        let form = [("email", email), ("password", "guess guess guess")];
        let tried = stranger.post("/admin/sign-in", &form).await;
        assert!(watch.elapsed_micros() >= 250_000, "no answer comes before the floor");
        texts.push((said(&asked.text), said(&tried.text).replace(email, "")));
    }
    assert_eq!(texts[0], texts[1]);
}

async fn user_of(house: &House, customer: i64) -> i64 {
    let email = format!("buyer{customer}@shop.example");
    let found = house.cx.read(async move |tx: &mut Tx| find_user_by_email(tx, &email).await).await;
    found.unwrap().unwrap().id
}

#[tokio::test]
async fn staff_in_a_users_place_see_a_banner_and_nothing_that_is_the_users_own_affair() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    house.buyer(customer).await;
    let user = user_of(&house, customer).await;
    let mut staff = house.owner().await;
    let team = format!("/admin/customers/{customer}/team");
    assert!(staff.get(&team).await.text.contains("Act as them"));
    let answer = staff.post(&format!("{team}/{user}/impersonate"), &[]).await;
    assert_eq!(answer.location, "/portal");
    let page = staff.get(&format!("/portal/invoices/{invoice}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Ann Becker is acting as Buyer"));
    for path in ["/portal/security", "/portal/team", "/portal/tokens", "/portal/confirm"] {
        assert_eq!(staff.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let changed = staff.post("/portal/security/password", &[("password", "seven grey otters")]).await;
    assert_eq!(changed.status, StatusCode::FORBIDDEN);
    assert_eq!(staff.get("/admin").await.status, StatusCode::OK, "their own office is still there");
    staff.get("/portal").await;
    assert_eq!(staff.post("/portal/sign-out", &[]).await.location, team);
    assert_eq!(staff.get("/portal").await.status, StatusCode::NOT_FOUND);
    let log = house
        .cx
        .read(async move |tx: &mut Tx| bursar_audit::list(tx, Some(&format!("user:{user}")), None, 20).await);
    let log = log.await.unwrap();
    let begun = log.iter().find(|it| it.action == "identity.user.impersonate").unwrap();
    let after = begun.after.clone().unwrap();
    assert!(after.contains("Ann Becker") && after.contains("Buyer"), "{after}");
}

async fn with_token(browser: &mut Browser<'_>, method: &str, path: &str, token: &str) -> StatusCode {
    let request =
        Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    browser.send(request, String::new()).await.status
}

#[tokio::test]
async fn a_token_opens_what_was_ticked_and_nothing_personal() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let staff = house.cx.read(async |tx: &mut Tx| bursar_identity::list_staff(tx).await).await.unwrap();
    let subject = Subject { kind: bursar_identity::Kind::Staff, id: staff[0].id };
    let new = NewToken {
        name: "Report".to_owned(),
        days: 30,
        scopes: ["customers.customer.view".to_owned()].into(),
        customer: None,
    };
    let token = create_token(&house.cx, subject, new).await.unwrap();
    let mut program = house.visitor();
    assert_eq!(with_token(&mut program, "GET", "/admin/customers", &token).await, StatusCode::OK);
    assert_eq!(with_token(&mut program, "GET", "/admin/mail", &token).await, StatusCode::FORBIDDEN);
    assert_eq!(with_token(&mut program, "GET", "/admin/security", &token).await, StatusCode::FORBIDDEN);
    assert_eq!(with_token(&mut program, "POST", "/admin/tokens", &token).await, StatusCode::FORBIDDEN);
    let wrong = format!("{token}x");
    assert_eq!(with_token(&mut program, "GET", "/admin/customers", &wrong).await, StatusCode::SEE_OTHER);
    assert!(!owner.get("/admin/tokens").await.text.contains(&token), "it is shown once");
    house.clock.set(house.cx.now().plus_days(31));
    assert_eq!(with_token(&mut program, "GET", "/admin/customers", &token).await, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn from_outside_the_allowed_networks_there_is_no_office() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    let policy = Policy {
        staff_second_factor: false,
        staff_networks: vec!["10.0.0.0/8".to_owned()],
        ..Policy::default()
    };
    house.cx.write(async move |tx: &mut Tx| put_policy(tx, &policy).await).await.unwrap();
    house.clock.set(house.cx.now().plus_seconds(6));
    for path in ["/admin", "/admin/sign-in", "/admin/reset"] {
        assert_eq!(owner.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(owner.get("/portal/sign-in").await.status, StatusCode::OK);
}

#[tokio::test]
async fn an_old_proof_is_not_enough_for_what_is_dangerous() {
    let house = House::build().await;
    let mut owner = house.owner().await;
    house.clock.set(house.cx.now().plus_minutes(20));
    owner.get("/admin/security").await;
    let answer = owner.post("/admin/security/password", &[("password", "seven grey otters")]).await;
    assert!(answer.location.starts_with("/admin/confirm"), "{}", answer.location);
    owner.get("/admin/confirm").await;
    let wrong = owner.post("/admin/confirm", &[("password", "guess guess guess")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let back = [("password", PASSWORD), ("return_to", "/admin/security")];
    assert_eq!(owner.post("/admin/confirm", &back).await.location, "/admin/security");
    let answer = owner.post("/admin/security/password", &[("password", "seven grey otters")]).await;
    assert_eq!(answer.location, "/admin/security");
}

#[tokio::test]
async fn an_owner_invites_a_colleague_who_sees_what_their_role_allows() {
    let house = House::build().await;
    let customer = house.customer("Shop").await;
    let invoice = house.invoice(customer, "Server").await;
    let mut owner = house.buyer(customer).await;
    owner.get("/portal/team").await;
    let form = [("email", "clerk@shop.example"), ("role", "read_only")];
    assert_eq!(owner.post("/portal/team/invitations", &form).await.location, "/portal/team");
    let mails = mails(&house).await;
    let (_, text) = mails.iter().find(|(to, _)| to == "clerk@shop.example").unwrap();
    let path = text.split("http://office.example").nth(1).unwrap().lines().next().unwrap().to_owned();
    let mut clerk = house.visitor();
    clerk.get(&path).await;
    assert_eq!(clerk.post(&path, &[("name", "Cleo Clerk")]).await.location, "/portal");
    assert_eq!(clerk.get(&format!("/portal/invoices/{invoice}")).await.status, StatusCode::OK);
    for path in [format!("/portal/invoices/{invoice}/pay"), "/portal/team".to_owned()] {
        assert_eq!(clerk.get(&path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    let mut late = house.visitor();
    assert_eq!(late.get(&path).await.location, "/portal/sign-in", "an invitation is accepted once");
    let user = user_of(&house, customer).await;
    owner.get("/portal/team").await;
    let alone = owner.post(&format!("/portal/team/{user}/remove"), &[]).await;
    assert_eq!(alone.location, "/portal/team");
    assert!(owner.get("/portal/team").await.text.contains("last owner"));
}

#[tokio::test]
async fn what_a_team_may_do_is_named_in_every_language() {
    let house = House::build().await;
    let catalogue = house.office.app.look().texts.compile().unwrap();
    let own: Vec<_> =
        house.office.app.permissions().iter().filter(|it| it.surface == Surface::Customer).collect();
    assert!(own.len() >= 12, "{}", own.len());
    for permission in own {
        assert!(catalogue.has(permission.label), "{} is named {:?}", permission.name, permission.label);
    }
    let customer = house.customer("Shop").await;
    let mut buyer = house.buyer(customer).await;
    let page = buyer.get("/portal/tokens").await.text;
    assert!(page.contains("Pay invoices") && page.contains("Payment methods"), "{page}");
    assert!(!page.contains("-permission-"), "{page}");
    buyer.post("/shell/language", &[("locale", "de")]).await;
    let page = buyer.get("/portal/tokens").await.text;
    assert!(page.contains("Rechnungen bezahlen") && page.contains("Zahlungsmittel"), "{page}");
}

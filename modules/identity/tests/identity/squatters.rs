//! Somebody signs up with an address that is not theirs and waits; then its owner comes.

use std::collections::BTreeSet;

use bursar_context::Permissions;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{
    Client, Handover, IdentityError, Kind, NewToken, PortalLink, Session, Subject, TeamRole, begin_totp,
    confirm_totp, factors_of, list_tokens,
};
use bursar_ids::Actor;
use bursar_testkit::{TestCx, on_both_engines};

use crate::factors::app;
use crate::house::{PASSWORD, a_user, client, join, schema, vault, who};
use crate::pages::{Browser, office};

const EMAIL: &str = "ann@example.com";

/// What somebody has set up with an address that was never shown to be theirs.
struct Squatter {
    subject: Subject,
    session: Session,
    device: String,
    token: String,
}

/// Signs up, signs in, makes a token and sets a code app up.
async fn squatter(cx: &TestCx) -> Squatter {
    let subject = Subject { kind: Kind::User, id: a_user(cx, EMAIL).await };
    join(cx, subject.id, 8, TeamRole::Owner).await;
    let entry = bursar_identity::sign_in_user(cx, EMAIL, PASSWORD.to_owned(), client()).await.unwrap();
    let session = entry.session().unwrap();
    let device = session.device_token().unwrap().to_owned();
    let rights = Permissions::Only(BTreeSet::from(["shop.bill.pay".to_owned()]));
    let own = cx.for_actor(Actor::User(subject.id), rights, "test");
    let new = NewToken {
        name: "Later".to_owned(),
        days: 300,
        scopes: BTreeSet::from(["shop.bill.pay".to_owned()]),
        customer: Some(8),
    };
    let token = bursar_identity::create_token(&own, subject, new).await.unwrap();
    let new = begin_totp(cx, &vault(), subject, "Office".to_owned()).await.unwrap();
    let code = app(&new.secret, cx.now().micros() / 1_000_000);
    confirm_totp(cx, &vault(), subject, code).await.unwrap();
    Squatter { subject, session, device, token }
}

async fn rows(cx: &TestCx, text: &'static str) -> i64 {
    let rows: Result<Vec<i64>, Fault> =
        cx.read(async move |tx: &mut Tx| tx.query_text(text, &[], |row| row.get::<i64>(0)).await).await;
    rows.unwrap()[0]
}

/// Nothing the squatter has opens anything, and the owner is told.
async fn is_out(cx: &TestCx, squatter: &Squatter) {
    assert!(who(cx, &squatter.session).await.is_none(), "the session has ended");
    let password = bursar_identity::sign_in_user(cx, EMAIL, PASSWORD.to_owned(), client()).await;
    assert!(matches!(password, Err(IdentityError::NoMatch)), "the password has ended");
    let subject = squatter.subject;
    let (factors, tokens) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((factors_of(tx, subject).await?, list_tokens(tx, subject).await?))
        })
        .await
        .unwrap();
    assert!(!factors.any() && factors.recovery_codes == 0, "{factors:?}");
    assert!(tokens.is_empty() && squatter.token.starts_with("bursar_"));
    let told = "SELECT COUNT(*) FROM kernel_events WHERE name = 'identity.security.changed'
        AND payload LIKE '%taken_over%'";
    assert_eq!(rows(cx, told).await, 1, "the owner is told once");
}

fn link(customer_id: i64) -> PortalLink {
    PortalLink {
        customer_id,
        customer_name: format!("Customer {customer_id}"),
        email: EMAIL.to_owned(),
        name: "Ann".to_owned(),
    }
}

async fn redeem(cx: &TestCx, handover: Handover, client: Client) -> Session {
    let path = cx
        .write(async move |tx: &mut Tx| bursar_identity::create_portal_link(tx, &link(7), handover).await)
        .await
        .unwrap();
    let token = path.strip_prefix("/portal/link/").unwrap();
    let entry = bursar_identity::redeem_portal_link(cx, token, client).await.unwrap();
    entry.session().expect("no factor of somebody else is asked for")
}

#[test]
fn a_mailed_sign_in_link_ends_whatever_somebody_else_had_set_up_with_the_address() {
    on_both_engines(schema(), async |cx| {
        let squatter = squatter(&cx).await;
        let session = redeem(&cx, Handover::Mail, client()).await;
        is_out(&cx, &squatter).await;
        let person = who(&cx, &session).await.unwrap();
        assert_eq!((person.actor, person.customer_id()), (Actor::User(squatter.subject.id), Some(7)));
        assert!(person.is_fresh(cx.now()), "so that a password can be chosen at once");
        let known = "SELECT COUNT(*) FROM identity_devices";
        assert_eq!(rows(&cx, known).await, 1, "only the owner's browser is known");
    });
}

#[test]
fn whoever_signed_up_themself_keeps_everything_when_they_use_a_link_on_the_same_browser() {
    on_both_engines(schema(), async |cx| {
        let own = squatter(&cx).await;
        let browser = Client { device: Some(own.device.clone()), ..client() };
        let path = cx
            .write(async move |tx: &mut Tx| {
                bursar_identity::create_portal_link(tx, &link(7), Handover::Mail).await
            })
            .await
            .unwrap();
        let token = path.strip_prefix("/portal/link/").unwrap();
        let entry = bursar_identity::redeem_portal_link(&cx, token, browser).await.unwrap();
        assert!(entry.session().is_none(), "their own second factor is asked for");
        assert!(who(&cx, &own.session).await.is_some());
        // Shown once, the address is theirs: links on other browsers end nothing any more.
        let path = cx
            .write(async move |tx: &mut Tx| {
                bursar_identity::create_portal_link(tx, &link(7), Handover::Mail).await
            })
            .await
            .unwrap();
        let token = path.strip_prefix("/portal/link/").unwrap();
        assert!(bursar_identity::redeem_portal_link(&cx, token, client()).await.unwrap().session().is_none());
        assert!(who(&cx, &own.session).await.is_some());
    });
}

#[test]
fn a_link_from_staff_opens_a_customer_to_its_reader_and_not_to_who_took_the_address() {
    on_both_engines(schema(), async |cx| {
        let squatter = squatter(&cx).await;
        let session = redeem(&cx, Handover::Staff, client()).await;
        is_out(&cx, &squatter).await;
        assert_eq!(who(&cx, &session).await.unwrap().customer_id(), Some(7));
        let shown = "SELECT COUNT(*) FROM identity_users WHERE email_verified_at IS NOT NULL";
        assert_eq!(rows(&cx, shown).await, 0, "staff have not seen the mailbox");
    });
}

#[test]
fn a_link_to_a_new_password_leaves_no_factor_of_somebody_else() {
    on_both_engines(schema(), async |cx| {
        let office = office(&cx);
        let squatter = squatter(&cx).await;
        let mut ann = Browser::new(&office);
        ann.get("/portal/reset").await;
        ann.post("/portal/reset", &[("email", EMAIL)]).await;
        let path = office.last_path();
        ann.sees(&path, "Choose a new password").await;
        let fields = [("password", "eleven small green frogs")];
        assert_eq!(ann.post(&path, &fields).await.location, "/portal/sign-in");
        is_out(&cx, &squatter).await;
        ann.get("/portal/sign-in").await;
        let form = [("email", EMAIL), ("password", "eleven small green frogs")];
        assert_eq!(ann.post("/portal/sign-in/password", &form).await.location, "/portal");
    });
}

#[test]
fn confirming_an_address_asks_who_has_not_signed_up_for_a_password_of_their_own() {
    on_both_engines(schema(), async |cx| {
        let office = office(&cx);
        let squatter = squatter(&cx).await;
        let post = office.mail();
        let user = squatter.subject.id;
        cx.write(async move |tx: &mut Tx| bursar_identity::send_verification(tx, &*post, user).await)
            .await
            .unwrap();
        let path = office.last_path();
        let mut ann = Browser::new(&office);
        ann.sees(&path, "If you signed up yourself, sign in first").await;
        let on = ann.post(&path, &[]).await.location;
        assert!(on.starts_with("/portal/reset/"), "{on}");
        is_out(&cx, &squatter).await;
        ann.sees(&on, "All of that has ended").await;
        let fields = [("password", "eleven small green frogs")];
        assert_eq!(ann.post(&on, &fields).await.location, "/portal/sign-in");
        ann.get("/portal/sign-in").await;
        let form = [("email", EMAIL), ("password", "eleven small green frogs")];
        assert_eq!(ann.post("/portal/sign-in/password", &form).await.location, "/portal");
    });
}

#[test]
fn whoever_is_signed_in_confirms_their_address_and_keeps_their_password() {
    on_both_engines(schema(), async |cx| {
        let office = office(&cx);
        let user = a_user(&cx, EMAIL).await;
        join(&cx, user, 8, TeamRole::Owner).await;
        let mut ann = Browser::new(&office);
        ann.get("/portal/sign-in").await;
        let form = [("email", EMAIL), ("password", PASSWORD)];
        assert_eq!(ann.post("/portal/sign-in/password", &form).await.location, "/portal");
        ann.get("/portal/security").await;
        ann.post("/portal/security/address", &[]).await;
        let path = office.last_path();
        let page = ann.get(&path).await;
        assert!(!page.text.contains("If you signed up yourself"), "{}", page.text);
        assert_eq!(ann.post(&path, &[]).await.location, "/portal");
        ann.sees("/portal/security", EMAIL).await;
        let again = bursar_identity::sign_in_user(&cx, EMAIL, PASSWORD.to_owned(), client()).await;
        assert!(again.is_ok());
    });
}

//! People sign in by a service of somebody else, which may be wrong or lie.

use std::time::Duration;

use bursar_context::Permissions;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::{
    Audience, IdentityError, ProviderDraft, TeamRole, add_provider, find_user, find_user_by_email,
};
use bursar_ids::Actor;
use bursar_testkit::{TestCx, on_both_engines};

use crate::factors::app;
use crate::house::{PASSWORD, a_confirmed_user, a_user, join, relax, schema, vault};
use crate::pages::{Answer, Browser, between, impatient_office, office, owner};
use crate::provider::{CLIENT, Elsewhere, Person, SECRET, Wrong};

const ANN: &str = "ann@example.com";

fn seconds(cx: &TestCx) -> i64 {
    cx.now().micros() / 1_000_000
}

fn draft(issuer: String) -> ProviderDraft {
    ProviderDraft {
        name: "Elsewhere".to_owned(),
        issuer,
        client_id: CLIENT.to_owned(),
        audience: Audience::Both,
        may_create: false,
        is_second_factor: false,
        domains: Vec::new(),
        is_active: true,
    }
}

async fn provide(cx: &TestCx, draft: ProviderDraft) -> i64 {
    add_provider(cx, &vault(), "elsewhere".to_owned(), draft, SECRET.to_owned()).await.unwrap()
}

/// From the door to the provider: where the browser is sent.
async fn leave(browser: &mut Browser<'_>, area: &str, to: &str) -> String {
    browser.get(&format!("/{area}/sign-in")).await;
    let begun = browser.post(&format!("/{area}/sign-in/with/elsewhere"), &[("return_to", to)]).await;
    assert_eq!(begun.status.as_u16(), 303, "{}", begun.text);
    begun.location
}

/// All the way there and back.
async fn travel(browser: &mut Browser<'_>, there: &Elsewhere, area: &str, person: &Person) -> Answer {
    let address = leave(browser, area, &format!("/{area}/security")).await;
    let back = there.sign_in(&address, person);
    browser.get(&back).await
}

async fn user_id(cx: &TestCx, email: &'static str) -> Option<i64> {
    cx.read(async move |tx: &mut Tx| find_user_by_email(tx, email).await).await.unwrap().map(|it| it.id)
}

async fn count(cx: &TestCx, text: &'static str) -> i64 {
    let rows: Result<Vec<i64>, Fault> =
        cx.read(async move |tx: &mut Tx| tx.query_text(text, &[], |row| row.get::<i64>(0)).await).await;
    rows.unwrap()[0]
}

const LINKS: &str = "SELECT COUNT(*) FROM identity_provider_links";

#[test]
fn a_customer_comes_in_by_a_confirmed_address_and_by_their_name_there_from_then_on() {
    on_both_engines(schema(), async |cx| {
        let ann = a_confirmed_user(&cx, ANN).await;
        join(&cx, ann, 7, TeamRole::Owner).await;
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, draft(there.issuer())).await;
            let mut browser = Browser::new(&office);
            browser.sees("/portal/sign-in", "Sign in with Elsewhere").await;
            let inside = travel(&mut browser, &there, "portal", &Person::new("7", "Ann@Example.com")).await;
            assert_eq!(inside.location, "/portal/security", "{}", inside.text);
            browser.sees("/portal/security", "other service").await;
            // She has another address there now; who she is follows from the name that does not change.
            let mut later = Browser::new(&office);
            let again =
                travel(&mut later, &there, "portal", &Person::new("7", "ann@elsewhere.example")).await;
            assert_eq!(again.location, "/portal/security");
            later.sees("/portal/security", ANN).await;
            assert_eq!(count(&cx, LINKS).await, 1);
            let page = later.get("/portal/security").await.text;
            let path = between(&page, "action=\"/portal/security/connections/", "\"").to_owned();
            let gone = later.post(&format!("/portal/security/connections/{path}"), &[]).await;
            assert_eq!(gone.location, "/portal/security");
            assert_eq!(count(&cx, LINKS).await, 0);
        })
        .await;
    });
}

#[test]
fn what_a_provider_says_wrongly_lets_nobody_in() {
    on_both_engines(schema(), async |cx| {
        let ann = a_confirmed_user(&cx, ANN).await;
        join(&cx, ann, 7, TeamRole::Owner).await;
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, ProviderDraft { may_create: true, ..draft(there.issuer()) }).await;
            let not_believed = "did not answer as it should";
            for (wrong, words) in [
                (Wrong::Nonce, not_believed),
                (Wrong::Audience, not_believed),
                (Wrong::Issuer, not_believed),
                (Wrong::Expired, not_believed),
                (Wrong::UnknownKey, not_believed),
                (Wrong::ForgedKey, not_believed),
                (Wrong::AlgNone, not_believed),
                (Wrong::AlgHmac, not_believed),
                (Wrong::RefusesCode, not_believed),
                (Wrong::NoIdentity, not_believed),
                (Wrong::UnverifiedMail, "has not confirmed your e-mail address"),
            ] {
                let mut browser = Browser::new(&office);
                there.misbehave(wrong);
                let refused = travel(&mut browser, &there, "portal", &Person::new("7", ANN)).await;
                assert_eq!(refused.location, "/portal/sign-in", "{wrong:?}");
                browser.sees("/portal/sign-in", words).await;
                assert!(
                    browser.get("/portal/security").await.location.starts_with("/portal/sign-in"),
                    "{wrong:?}"
                );
            }
            there.misbehave(Wrong::OtherDescription);
            let mut browser = Browser::new(&office);
            browser.get("/portal/sign-in").await;
            let refused = browser.post("/portal/sign-in/with/elsewhere", &[]).await;
            assert_eq!(refused.location, "/portal/sign-in", "nobody is sent where another says");
            assert_eq!(count(&cx, LINKS).await, 0);
            there.misbehave(Wrong::Nothing);
            let inside = travel(&mut Browser::new(&office), &there, "portal", &Person::new("7", ANN)).await;
            assert_eq!(inside.location, "/portal/security");
            there.rotate("two");
            let inside = travel(&mut Browser::new(&office), &there, "portal", &Person::new("7", ANN)).await;
            assert_eq!(inside.location, "/portal/security", "a new key is fetched");
        })
        .await;
    });
}

#[test]
fn a_provider_that_does_not_answer_keeps_nobody_waiting() {
    on_both_engines(schema(), async |cx| {
        let office = impatient_office(&cx, Duration::from_millis(200));
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, draft(there.issuer())).await;
            there.misbehave(Wrong::Slow);
            let mut browser = Browser::new(&office);
            browser.get("/portal/sign-in").await;
            let refused = browser.post("/portal/sign-in/with/elsewhere", &[]).await;
            assert_eq!(refused.location, "/portal/sign-in");
            browser.sees("/portal/sign-in", "did not answer as it should").await;
        })
        .await;
    });
}

#[test]
fn an_answer_belongs_to_the_browser_that_asked_and_works_once_within_ten_minutes() {
    on_both_engines(schema(), async |cx| {
        let ann = a_confirmed_user(&cx, ANN).await;
        join(&cx, ann, 7, TeamRole::Owner).await;
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, draft(there.issuer())).await;
            let person = Person::new("7", ANN);
            let mut own = Browser::new(&office);
            let back = there.sign_in(&leave(&mut own, "portal", "").await, &person);
            // Somebody else's browser with the same answer, which has begun a sign-in too, and one that has begun nothing.
            let mut other = Browser::new(&office);
            leave(&mut other, "portal", "").await;
            assert_eq!(other.get(&back).await.location, "/portal/sign-in");
            assert_eq!(Browser::new(&office).get(&back).await.location, "/portal/sign-in");
            assert_eq!(own.get(&back).await.location, "/portal");
            let mut again = Browser::new(&office);
            assert_eq!(again.get(&back).await.location, "/portal/sign-in", "once");
            // Altered, refused there, at another door, too late.
            let mut late = Browser::new(&office);
            let back = there.sign_in(&leave(&mut late, "portal", "").await, &person);
            assert_eq!(late.get(&back.replace("state=", "state=x")).await.location, "/portal/sign-in");
            let denied =
                Browser::new(&office).get("/portal/sign-in/with/elsewhere/back?error=access_denied").await;
            assert_eq!(denied.location, "/portal/sign-in");
            let mut staff = Browser::new(&office);
            let back = there.sign_in(&leave(&mut staff, "portal", "").await, &person);
            let there_too = staff.get(&back.replace("/portal/", "/admin/")).await;
            assert_eq!(there_too.location, "/admin/sign-in");
            let mut late = Browser::new(&office);
            let back = there.sign_in(&leave(&mut late, "portal", "").await, &person);
            cx.test_clock().advance_seconds(10 * 60);
            there.set_clock(seconds(&cx));
            assert_eq!(late.get(&back).await.location, "/portal/sign-in");
            let unknown = late.get("/portal/sign-in/with/nobody/back").await;
            assert_eq!(unknown.status.as_u16(), 404);
            // Where people want to go is on this host.
            let mut lured = Browser::new(&office);
            let back = there.sign_in(&leave(&mut lured, "portal", "//evil.example/").await, &person);
            assert_eq!(lured.get(&back).await.location, "/portal");
        })
        .await;
    });
}

/// Signs in with the password and sets a code app up; returns its secret.
async fn enrol(cx: &TestCx, browser: &mut Browser<'_>) -> String {
    browser.get("/portal/sign-in").await;
    let form = [("email", ANN), ("password", PASSWORD)];
    assert_eq!(browser.post("/portal/sign-in/password", &form).await.location, "/portal");
    browser.get("/portal/security").await;
    let page = browser.post("/portal/security/totp", &[]).await;
    let secret = between(&page.text, "<code class=\"text-break\" dir=\"ltr\">", "</code>").replace(' ', "");
    let code = app(&secret, seconds(cx));
    let codes = browser.post("/portal/security/totp/confirm", &[("code", &code)]).await;
    assert_eq!(codes.status.as_u16(), 200);
    secret
}

#[test]
fn who_has_a_second_factor_connects_the_service_themself_and_is_asked_for_the_factor_all_the_same() {
    on_both_engines(schema(), async |cx| {
        let ann = a_confirmed_user(&cx, ANN).await;
        join(&cx, ann, 7, TeamRole::Owner).await;
        let ben = a_confirmed_user(&cx, "ben@example.com").await;
        join(&cx, ben, 8, TeamRole::Owner).await;
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, draft(there.issuer())).await;
            let mut browser = Browser::new(&office);
            let secret = enrol(&cx, &mut browser).await;
            let person = Person::new("7", ANN);
            let mut new = Browser::new(&office);
            assert_eq!(travel(&mut new, &there, "portal", &person).await.location, "/portal/sign-in");
            new.sees("/portal/sign-in", "then connect that service").await;
            browser.sees("/portal/security", "Connect Elsewhere").await;
            let begun = browser.post("/portal/security/providers/elsewhere", &[]).await;
            let connected = browser.get(&there.sign_in(&begun.location, &person)).await;
            assert_eq!(connected.location, "/portal/security");
            browser.sees("/portal/security", "The service is connected").await;
            let asked = travel(&mut new, &there, "portal", &person).await;
            assert!(asked.location.starts_with("/portal/sign-in/second"), "{}", asked.location);
            assert!(new.get("/portal/security").await.location.starts_with("/portal/sign-in"));
            cx.test_clock().advance_seconds(30);
            new.get(&asked.location).await;
            let code = app(&secret, seconds(&cx));
            let inside = new.post("/portal/sign-in/second", &[("code", &code)]).await;
            assert_eq!(inside.location, "/portal");
            new.sees("/portal/security", "other service and second factor").await;
            // An account there is one person's here.
            there.set_clock(seconds(&cx));
            let mut other = Browser::new(&office);
            travel(&mut other, &there, "portal", &Person::new("8", "ben@example.com")).await;
            other.get("/portal/security").await;
            let begun = other.post("/portal/security/providers/elsewhere", &[]).await;
            let taken = other.get(&there.sign_in(&begun.location, &person)).await;
            assert_eq!(taken.location, "/portal/security");
            other.sees("/portal/security", "connected with somebody else").await;
            assert_eq!(count(&cx, LINKS).await, 2);
        })
        .await;
    });
}

#[test]
fn who_begins_to_connect_must_be_the_one_who_comes_back() {
    on_both_engines(schema(), async |cx| {
        for (email, customer) in [(ANN, 7), ("ben@example.com", 8)] {
            let user = a_confirmed_user(&cx, email).await;
            join(&cx, user, customer, TeamRole::Owner).await;
        }
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, draft(there.issuer())).await;
            let mut browser = Browser::new(&office);
            travel(&mut browser, &there, "portal", &Person::new("7", ANN)).await;
            browser.get("/portal/security").await;
            let begun = browser.post("/portal/security/providers/elsewhere", &[]).await;
            let back = there.sign_in(&begun.location, &Person::new("9", "else@example.com"));
            browser.post("/portal/sign-out", &[]).await;
            browser.get("/portal/sign-in").await;
            let form = [("email", "ben@example.com"), ("password", PASSWORD)];
            browser.post("/portal/sign-in/password", &form).await;
            assert_eq!(browser.get(&back).await.location, "/portal/security");
            browser.sees("/portal/security", "was not finished").await;
            assert_eq!(count(&cx, LINKS).await, 1, "only the one Ann came by");
        })
        .await;
    });
}

#[test]
fn nobody_is_made_unless_the_business_says_so_and_only_of_its_domains() {
    on_both_engines(schema(), async |cx| {
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            relax(&cx).await;
            let mut owner = owner(&cx, &office).await;
            let id = provide(&cx, draft(there.issuer())).await;
            let cleo = Person::new("3", "cleo@example.org");
            let mut browser = Browser::new(&office);
            assert_eq!(travel(&mut browser, &there, "portal", &cleo).await.location, "/portal/sign-in");
            browser.sees("/portal/sign-in", "Nobody is known here").await;
            let page = owner.get(&format!("/admin/providers/{id}")).await.text;
            assert!(!page.contains(SECRET) && page.contains("/portal/sign-in/with/elsewhere/back"));
            let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
            let issuer = there.issuer();
            let fields = [
                ("name", "Elsewhere"),
                ("issuer", &issuer),
                ("client_id", CLIENT),
                ("audience", "users"),
                ("may_create", "1"),
                ("domains", "@Example.com\nexample.net"),
                ("is_active", "1"),
                ("version", &version),
            ];
            let path = format!("/admin/providers/{id}");
            assert_eq!(owner.post(&path, &fields).await.location, path);
            assert_eq!(travel(&mut browser, &there, "portal", &cleo).await.location, "/portal/sign-in");
            browser.sees("/portal/sign-in", "of this domain").await;
            assert_eq!(user_id(&cx, "cleo@example.org").await, None);
            let dora = Person::new("4", "dora@example.com");
            assert_eq!(travel(&mut browser, &there, "portal", &dora).await.location, "/portal/security");
            let made = user_id(&cx, "dora@example.com").await.unwrap();
            let made = cx.read(async move |tx: &mut Tx| find_user(tx, made).await).await.unwrap().unwrap();
            assert!(made.email_verified_at.is_some() && !made.has_password && made.name == "Ann Elsewhere");
            owner.sees(&path, "example.net").await;
            let gone = owner.post(&format!("{path}/delete"), &[]).await;
            assert_eq!(gone.location, "/admin/providers");
            assert_eq!(count(&cx, LINKS).await, 0);
            let mut late = Browser::new(&office);
            late.get("/portal/sign-in").await;
            assert_eq!(late.post("/portal/sign-in/with/elsewhere", &[]).await.status.as_u16(), 404);
        })
        .await;
    });
}

#[test]
fn staff_are_never_made_and_need_their_second_factor_unless_the_service_asks_for_one() {
    on_both_engines(schema(), async |cx| {
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            owner(&cx, &office).await;
            provide(&cx, ProviderDraft { may_create: true, ..draft(there.issuer()) }).await;
            let (olga, stranger) =
                (Person::new("1", "olga@example.com"), Person::new("2", "stan@example.com"));
            let mut browser = Browser::new(&office);
            browser.sees("/admin/sign-in", "Sign in with Elsewhere").await;
            assert_eq!(travel(&mut browser, &there, "admin", &stranger).await.location, "/admin/sign-in");
            let inside = travel(&mut browser, &there, "admin", &olga).await;
            assert_eq!(inside.location, "/admin/security");
            assert_eq!(
                browser.get("/admin/staff").await.location,
                "/admin/security",
                "one must be set up first"
            );
            let trusted = ProviderDraft { is_second_factor: true, ..draft(there.issuer()) };
            add_provider(&cx, &vault(), "trusted".to_owned(), trusted, SECRET.to_owned()).await.unwrap();
            let mut again = Browser::new(&office);
            again.get("/admin/sign-in").await;
            let begun = again.post("/admin/sign-in/with/trusted", &[]).await;
            assert_eq!(again.get(&there.sign_in(&begun.location, &olga)).await.location, "/admin");
            again.sees("/admin/staff", "Olga Owner").await;
            again.sees("/admin/security", "other service with its second factor").await;
        })
        .await;
    });
}

#[test]
fn an_address_that_somebody_else_has_taken_is_its_owners_when_they_come_by_a_provider() {
    on_both_engines(schema(), async |cx| {
        let squatter = a_user(&cx, ANN).await;
        join(&cx, squatter, 8, TeamRole::Owner).await;
        let office = office(&cx);
        Elsewhere::open(seconds(&cx), async |there| {
            provide(&cx, draft(there.issuer())).await;
            let mut waiting = Browser::new(&office);
            waiting.get("/portal/sign-in").await;
            let form = [("email", ANN), ("password", PASSWORD)];
            assert_eq!(waiting.post("/portal/sign-in/password", &form).await.location, "/portal");
            // The squatter has connected an account of their own too.
            waiting.get("/portal/security").await;
            let begun = waiting.post("/portal/security/providers/elsewhere", &[]).await;
            waiting.get(&there.sign_in(&begun.location, &Person::new("666", "evil@example.com"))).await;
            assert_eq!(count(&cx, LINKS).await, 1);
            let mut ann = Browser::new(&office);
            assert_eq!(
                travel(&mut ann, &there, "portal", &Person::new("7", ANN)).await.location,
                "/portal/security"
            );
            ann.sees("/portal/security", "All of that has ended").await;
            assert!(waiting.get("/portal/security").await.location.starts_with("/portal/sign-in"));
            assert_eq!(count(&cx, LINKS).await, 1, "only Ann's own is left");
            let mut back = Browser::new(&office);
            let evil = Person::new("666", "evil@example.com");
            assert_eq!(travel(&mut back, &there, "portal", &evil).await.location, "/portal/sign-in");
        })
        .await;
    });
}

#[test]
fn only_who_may_sets_providers_up_and_their_secret_lies_in_no_clear() {
    on_both_engines(schema(), async |cx| {
        let add = async |cx: &bursar_context::Cx, code: &str, draft: ProviderDraft, secret: &str| {
            add_provider(cx, &vault(), code.to_owned(), draft, secret.to_owned()).await
        };
        let nobody = cx.for_actor(Actor::Staff(9), Permissions::none(), "test");
        let fine = || draft("https://id.example.com".to_owned());
        assert!(matches!(add(&nobody, "a", fine(), SECRET).await, Err(IdentityError::Denied(_))));
        for (code, draft, secret, field) in [
            ("A B", fine(), SECRET, "code"),
            ("a", fine(), "", "secret"),
            ("a", ProviderDraft { name: " ".to_owned(), ..fine() }, SECRET, "name"),
            ("a", draft("http://id.example.com".to_owned()), SECRET, "issuer"),
            ("a", draft("javascript:alert(1)".to_owned()), SECRET, "issuer"),
            ("a", ProviderDraft { client_id: String::new(), ..fine() }, SECRET, "client_id"),
            ("a", ProviderDraft { domains: vec!["ann@example.com".to_owned()], ..fine() }, SECRET, "domains"),
        ] {
            let Err(IdentityError::Invalid(wrong)) = add(&cx, code, draft, secret).await else {
                panic!("{field} was taken")
            };
            assert_eq!(wrong.iter().map(|it| it.field.as_ref()).collect::<Vec<_>>(), [field]);
        }
        add(&cx, "a", fine(), SECRET).await.unwrap();
        let twice = add(&cx, "a", fine(), SECRET).await;
        assert!(matches!(twice, Err(IdentityError::Invalid(_))));
        let stored: Result<Vec<String>, Fault> = cx
            .read(async |tx: &mut Tx| {
                let text = "SELECT secret_sealed FROM identity_providers";
                tx.query_text(text, &[], |row| row.get::<String>(0)).await
            })
            .await;
        let stored = stored.unwrap().remove(0);
        assert!(stored.starts_with("v1.") && !stored.contains("s3cret"));
    });
}

//! The pages of this module as a browser meets them, without the rest of the product.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use axum::{Extension, Router};
use bursar_app::{App, OneTenant};
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_identity::mail::{IdentityMail, Letter, Recipient};
use bursar_identity::{
    Gatehouse, IdentityModule, Passkeys, RoleBook, SessionAuthenticator, TeamRole, permissions,
};
use bursar_ids::Rng;
use bursar_outbound::Outbound;
use bursar_testkit::{TestCx, on_both_engines};
use bursar_web::{ShellKey, Transport, Web, WebSettings};
use tower::ServiceExt as _;

use crate::house::{PASSWORD, a_user, join, relax, schema, setup_token, vault};

/// Keeps the paths it is asked to send.
#[derive(Default)]
struct Postbox(Mutex<Vec<(String, String)>>);

#[async_trait(?Send)]
impl IdentityMail for Postbox {
    async fn write(&self, _: &mut Tx, to: &Recipient, letter: &Letter) -> Result<(), Fault> {
        let path = match letter {
            Letter::ResetPassword { path, .. }
            | Letter::VerifyAddress { path }
            | Letter::AddressKnown { path }
            | Letter::Invitation { path, .. } => path.clone(),
        };
        self.0.lock().unwrap().push((to.email.clone(), path));
        Ok(())
    }
}

pub struct Office {
    pub router: Router,
    post: Arc<Postbox>,
}

pub fn office(cx: &TestCx) -> Office {
    office_at(cx, "https://office.example")
}

impl Office {
    /// What writes to people.
    pub fn mail(&self) -> Arc<dyn IdentityMail> {
        Arc::clone(&self.post) as Arc<dyn IdentityMail>
    }

    /// Where the last mail leads.
    pub fn last_path(&self) -> String {
        self.post.0.lock().unwrap().last().expect("a mail was written").1.clone()
    }
}

/// The pages under an address.
pub fn office_at(cx: &TestCx, base: &str) -> Office {
    build_office(cx, base, Gatehouse::PATIENCE)
}

/// Pages that wait for other services only so long.
pub fn impatient_office(cx: &TestCx, patience: Duration) -> Office {
    build_office(cx, "https://office.example", patience)
}

fn build_office(cx: &TestCx, base: &str, patience: Duration) -> Office {
    let app = App::build(&[Box::new(IdentityModule)]).unwrap();
    let book = Arc::new(RoleBook::new(app.permissions()));
    let authenticate = SessionAuthenticator::new(Transport::Plain, Arc::clone(&book));
    let site = OneTenant::new(cx.foundation().clone(), Arc::default(), Locale::default());
    let settings = WebSettings::new(Transport::Plain, ShellKey::new([3; 32]));
    let web =
        Web::new(settings, Arc::new(site), Arc::new(authenticate), app.look(), Rng::from_seed(1)).unwrap();
    let (router, _) = app.router(&web).unwrap();
    let post = Arc::new(Postbox::default());
    let passkeys = Passkeys::new("https://office.example", "Office").map(Arc::new);
    assert!(passkeys.is_some() && Passkeys::new("http://192.0.2.7:8080", "Office").is_none());
    let house = Gatehouse {
        book,
        vault: vault(),
        mail: Arc::clone(&post) as Arc<dyn IdentityMail>,
        base: base.to_owned(),
        passkeys,
        outbound: Outbound::new(),
        patience,
    };
    Office { router: router.layer(Extension(house)), post }
}

/// Keeps cookies and the last form token.
pub struct Browser<'o> {
    office: &'o Office,
    cookies: Vec<(String, String)>,
    csrf: String,
}

pub struct Answer {
    pub status: StatusCode,
    pub location: String,
    pub text: String,
}

impl<'o> Browser<'o> {
    pub fn new(office: &'o Office) -> Self {
        Self { office, cookies: Vec::new(), csrf: String::new() }
    }

    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        body.append_pair("_csrf", &self.csrf).extend_pairs(fields);
        self.send(Request::post(path), body.finish()).await
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Answer {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request
            .header(header::COOKIE, cookies.join("; "))
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.office.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let text = cookie.to_str().unwrap();
            assert!(text.contains("; HttpOnly; SameSite=Lax"), "{text}");
            let (name, rest) = text.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap().to_owned();
            self.cookies.retain(|(known, _)| known != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value));
            }
        }
        let status = response.status();
        let location =
            response.headers().get(header::LOCATION).map_or("", |it| it.to_str().unwrap()).to_owned();
        let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((_, rest)) = text.split_once("name=\"_csrf\" value=\"") {
            self.csrf = rest.split('"').next().unwrap().to_owned();
        }
        Answer { status, location, text }
    }

    pub async fn sees(&mut self, path: &str, words: &str) {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        assert!(answer.text.contains(words), "{path} does not say {words:?}");
    }
}

const OLGA: [(&str, &str); 3] =
    [("name", "Olga Owner"), ("email", "olga@example.com"), ("password", PASSWORD)];

pub async fn owner<'o>(cx: &TestCx, office: &'o Office) -> Browser<'o> {
    let path = format!("/admin/set-up/{}", setup_token(cx).await);
    let mut browser = Browser::new(office);
    browser.get(&path).await;
    assert_eq!(browser.post(&path, &OLGA).await.location, "/admin");
    browser
}

pub fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    text.split_once(start).unwrap_or_else(|| panic!("{start:?} is not there")).1.split(end).next().unwrap()
}

#[test]
fn the_first_owner_is_led_to_a_second_factor_and_comes_in_with_it_from_then_on() {
    on_both_engines(schema(), async |cx| {
        let office = office(&cx);
        let mut browser = owner(&cx, &office).await;
        assert_eq!(browser.get("/admin/staff").await.location, "/admin/security");
        browser.sees("/admin/security", "Set up a second factor to go on").await;
        let page = browser.post("/admin/security/totp", &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.text);
        assert!(page.text.contains("<svg"));
        let secret =
            between(&page.text, "<code class=\"text-break\" dir=\"ltr\">", "</code>").replace(' ', "");
        let wrong = browser.post("/admin/security/totp/confirm", &[("code", "000000")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("This code is not right"));
        let now = cx.now().micros() / 1_000_000;
        let code = crate::factors::app(&secret, now);
        let codes = browser.post("/admin/security/totp/confirm", &[("code", &code)]).await;
        let recovery = between(&codes.text, "<code dir=\"ltr\">", "</code>").to_owned();
        browser.sees("/admin/staff", "Olga Owner").await;
        let mut second = Browser::new(&office);
        second.get("/admin/sign-in").await;
        let asked = second.post("/admin/sign-in", &OLGA[1..]).await;
        assert!(asked.location.starts_with("/admin/sign-in/second"), "{}", asked.location);
        assert!(
            second.get("/admin/staff").await.location.starts_with("/admin/sign-in"),
            "half is not enough"
        );
        second.sees(&asked.location, "recovery codes").await;
        let refused = second.post("/admin/sign-in/second", &[("code", "123456")]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let inside = second.post("/admin/sign-in/second", &[("code", &recovery)]).await;
        assert_eq!(inside.location, "/admin");
        second.sees("/admin/security", "password and recovery code").await;
        let asked = second.post("/admin/security/passkeys", &[("name", "Stick")]).await;
        assert!(asked.text.contains("data-passkey=\"create\"") && asked.text.contains("office.example"));
        let refused = second.post("/admin/security/passkeys/signed", &[("answer", "{}")]).await;
        assert_eq!(refused.location, "/admin/security");
    });
}

#[test]
fn staff_and_roles_are_made_and_changed_on_their_pages() {
    on_both_engines(schema(), async |cx| {
        relax(&cx).await;
        let office = office(&cx);
        let mut browser = owner(&cx, &office).await;
        browser.sees("/admin/roles", "Read only").await;
        browser.sees("/admin/roles/billing", "cannot be edited").await;
        browser.sees("/admin/roles/new", "See staff").await;
        let role = [("name", "Doorkeeper"), ("permission", permissions::STAFF_VIEW)];
        let role = browser.post("/admin/roles/new", &role).await.location;
        browser.sees(&role, "Doorkeeper").await;
        let code = role.rsplit('/').next().unwrap().to_owned();
        browser.sees("/admin/staff/new", "Doorkeeper").await;
        let nameless = browser.post("/admin/staff/new", &[("role", &code)]).await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
        let ben = [("name", "Ben"), ("email", "ben@example.com"), ("role", code.as_str())];
        let ben = browser.post("/admin/staff/new", &ben).await.location;
        browser.sees(&ben, "ben@example.com").await;
        let (to, path) = office.post.0.lock().unwrap()[0].clone();
        assert_eq!(to, "ben@example.com");
        let mut new = Browser::new(&office);
        new.sees(&path, "Choose a new password").await;
        assert_eq!(new.post(&path, &[("password", PASSWORD)]).await.location, "/admin/sign-in");
        new.get("/admin/sign-in").await;
        let form = [("email", "ben@example.com"), ("password", PASSWORD)];
        assert_eq!(new.post("/admin/sign-in", &form).await.location, "/admin");
        new.sees("/admin/staff", "Doorkeeper").await;
        assert_eq!(new.get("/admin/roles").await.status, StatusCode::FORBIDDEN);
        let page = browser.get(&ben).await.text;
        let version = between(&page, "name=\"version\" value=\"", "\"").to_owned();
        let blocked = [("name", "Ben"), ("role", code.as_str()), ("version", version.as_str())];
        assert_eq!(browser.post(&ben, &blocked).await.location, ben);
        assert!(new.get("/admin/staff").await.location.starts_with("/admin/sign-in"));
        browser.sees("/admin/settings/sign-in", "Where staff come from").await;
        let out = [("trusted_device_days", "30"), ("staff_networks", "10.0.0.0/8")];
        let refused = browser.post("/admin/settings/sign-in", &out).await;
        assert!(refused.text.contains("could not come in from here yourself"));
        browser.sees("/admin/tokens", "See staff").await;
        let token = [("name", "Report"), ("days", "30"), ("scope", permissions::STAFF_VIEW)];
        let made = browser.post("/admin/tokens", &token).await;
        assert!(made.text.contains("bursar_"));
    });
}

#[test]
fn a_team_is_seen_by_its_owner_and_by_staff_and_a_customer_is_switched_to() {
    on_both_engines(schema(), async |cx| {
        relax(&cx).await;
        let office = office(&cx);
        let user = a_user(&cx, "ann@example.com").await;
        join(&cx, user, 7, TeamRole::Owner).await;
        join(&cx, user, 8, TeamRole::ReadOnly).await;
        let mut ann = Browser::new(&office);
        ann.sees("/portal/sign-in", "Password").await;
        let form = [("email", "ann@example.com"), ("password", PASSWORD)];
        assert_eq!(ann.post("/portal/sign-in/password", &form).await.location, "/portal");
        ann.sees("/portal/security", "ann@example.com").await;
        ann.sees("/portal/team", "Ann Buyer").await;
        ann.sees("/portal/team", "Customer 8").await;
        let invited = ann.post("/portal/team/invitations", &[("email", "x@"), ("role", "billing")]).await;
        assert_eq!(invited.status, StatusCode::UNPROCESSABLE_ENTITY);
        let form = [("email", "cleo@example.com"), ("role", "billing")];
        assert_eq!(ann.post("/portal/team/invitations", &form).await.location, "/portal/team");
        ann.sees("/portal/team", "cleo@example.com").await;
        let (_, path) = office.post.0.lock().unwrap()[0].clone();
        Browser::new(&office).sees(&path, "Join Customer 7").await;
        assert_eq!(ann.post("/portal/account", &[("customer", "9")]).await.status, StatusCode::NOT_FOUND);
        assert_eq!(ann.post("/portal/account", &[("customer", "8")]).await.location, "/portal");
        assert_eq!(ann.get("/portal/team").await.status, StatusCode::FORBIDDEN, "only reads there");
        let mut staff = owner(&cx, &office).await;
        staff.sees("/admin/customers/7/team", "Ann Buyer").await;
        let eyes = staff.post(&format!("/admin/customers/7/team/{user}/impersonate"), &[]).await;
        assert_eq!(eyes.location, "/portal");
        let page = staff.get("/portal/team").await;
        assert_eq!(page.status, StatusCode::FORBIDDEN);
        assert!(page.text.contains("Olga Owner is acting as Ann Buyer"));
        let other = staff.post(&format!("/admin/customers/9/team/{user}/impersonate"), &[]).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND);
        let ended = staff.post("/portal/sign-out", &[]).await;
        assert_eq!(ended.location, "/admin/customers/7/team");
    });
}

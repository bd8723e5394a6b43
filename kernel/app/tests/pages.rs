//! Pages of a module behind the shell's gate, with the context of whoever asks.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use axum::Extension;
use axum::body::{Body, to_bytes};
use axum::http::request::Parts;
use axum::http::{Request, StatusCode, header};
use bursar_app::{App, Module, OneTenant, Permission, Registry};
use bursar_context::Cx;
use bursar_db::{Migrations, Statement, Tx};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::{Actor, Rng};
use bursar_testkit::{Setup, TestCx, on_both_engines_with};
use bursar_web::{
    Authenticate, Nav, PageResult, Principal, PrincipalKind, Routes, SESSION_COOKIE, ShellKey, SignedIn,
    Surface, Transport, Visit, Web, WebSettings,
};
use tower::ServiceExt as _;

struct Mirror {
    /// What the page needs and what is declared differ in one test.
    page_needs: &'static str,
    nav_needs: &'static str,
}

const MIRROR: Mirror = Mirror { page_needs: "mirror.face.view", nav_needs: "mirror.face.view" };

impl Module for Mirror {
    fn name(&self) -> &'static str {
        "mirror"
    }

    fn migrations(&self) -> Migrations {
        Migrations { module: "mirror", steps: &[] }
    }

    fn statements(&self) -> Vec<&'static Statement> {
        Vec::new()
    }

    fn permissions(&self) -> &'static [Permission] {
        const { &[Permission::staff("mirror.face.view", "Look into the mirror", &[])] }
    }

    fn register(&self, r: &mut Registry) {
        r.routes(
            Routes::<()>::new("mirror")
                .get("/admin/mirror", bursar_web::Permission(self.page_needs), look)
                .get("/admin/deeper", SignedIn(Surface::Staff), look_deeper)
                .with_state(()),
        );
        r.template("face.html", "{{ actor }} at {{ at }}");
        r.nav(Nav {
            surface: Surface::Staff,
            section: "",
            label: "Mirror",
            icon: "home",
            href: "/admin/mirror",
            permission: Some(self.nav_needs),
            order: 1,
        });
    }
}

async fn look(Extension(cx): Extension<Cx>, visit: Visit) -> PageResult {
    let at = cx.read(async |tx: &mut Tx| Ok::<_, Fault>(tx.now().to_string())).await?;
    visit.page(
        "mirror/face.html",
        std::collections::BTreeMap::from([("actor", cx.actor().to_string()), ("at", at)]),
    )
}

async fn look_deeper(Extension(cx): Extension<Cx>, visit: Visit) -> PageResult {
    // The action checks too, whatever the route let through.
    cx.require("mirror.soul.view")?;
    visit.page("mirror/face.html", ())
}

/// The session cookie is the name of the permission one has.
struct Door;

#[async_trait]
impl Authenticate for Door {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Principal>, Fault> {
        let nobody = request.extensions.get::<Cx>().expect("the tenant is known");
        assert!(!nobody.can("mirror.face.view"), "a visitor may do nothing");
        let session = SESSION_COOKIE.read(Transport::Plain, &request.headers);
        Ok(session.map(|permission| Principal {
            actor: Actor::Staff(7),
            name: "Ann".to_owned(),
            kind: PrincipalKind::Staff,
            permissions: BTreeSet::from([permission]),
            session_hash: [1; 32],
            standing: bursar_web::Standing::default(),
        }))
    }
}

fn web(app: &App, cx: &Cx) -> Arc<Web> {
    let site = OneTenant::new(cx.foundation().clone(), Arc::default(), Locale::default());
    let settings = WebSettings::new(Transport::Plain, ShellKey::new([3; 32]));
    Web::new(settings, Arc::new(site), Arc::new(Door), app.look(), Rng::from_seed(1))
        .expect("templates compile")
}

fn on_site(body: impl AsyncFn(App, TestCx)) {
    let build = || App::build(&[Box::new(MIRROR)]).expect("nothing clashes");
    let app = build();
    let setup = Setup { attachments: app.attachments(), ..Setup::new(app.migrations()) };
    on_both_engines_with(setup, async |cx: TestCx| body(build(), cx).await);
}

async fn get(router: &axum::Router, path: &str, session: Option<&str>) -> (StatusCode, String, String) {
    let mut request = Request::get(path).header(header::ACCEPT, "text/html");
    if let Some(session) = session {
        request =
            request.header(header::COOKIE, format!("{}={session}", SESSION_COOKIE.full(Transport::Plain)));
    }
    let response =
        router.clone().oneshot(request.body(Body::empty()).expect("a request")).await.expect("an answer");
    let location =
        response.headers().get(header::LOCATION).map_or("", |l| l.to_str().expect("text")).to_owned();
    let status = response.status();
    let text = to_bytes(response.into_body(), usize::MAX).await.expect("a body").to_vec();
    (status, location, String::from_utf8(text).expect("text"))
}

#[test]
fn a_handler_works_with_the_context_of_whoever_asks() {
    on_site(async |app, cx| {
        let (router, table) = app.router(&web(&app, &cx)).unwrap();
        assert!(table.rows().iter().any(|row| row.path == "/admin/mirror" && row.module == "mirror"));
        let (status, _, text) = get(&router, "/admin/mirror", Some("mirror.face.view")).await;
        assert_eq!((status, text.as_str()), (StatusCode::OK, "staff 7 at 2026-01-01T00:00:00Z"));
    });
}

#[test]
fn nobody_is_sent_to_sign_in_and_who_lacks_the_permission_is_refused() {
    on_site(async |app, cx| {
        let (router, _) = app.router(&web(&app, &cx)).unwrap();
        let (status, location, _) = get(&router, "/admin/mirror", None).await;
        assert_eq!(status, StatusCode::SEE_OTHER);
        assert!(location.starts_with("/admin/sign-in"), "{location}");
        assert_eq!(get(&router, "/admin/mirror", Some("other.thing.view")).await.0, StatusCode::FORBIDDEN);
        assert_eq!(get(&router, "/admin/deeper", Some("mirror.face.view")).await.0, StatusCode::FORBIDDEN);
    });
}

#[test]
fn a_permission_that_nobody_declares_is_refused_at_the_start() {
    on_site(async |_, cx| {
        let wrong_page = Mirror { page_needs: "mirror.ghost.view", ..MIRROR };
        let app = App::build(&[Box::new(wrong_page)]).unwrap();
        let error =
            app.router(&web(&app, &cx)).expect_err("the route names no permission of anybody").chain();
        assert!(error.contains("mirror.ghost.view"), "{error}");
        let wrong_nav = Mirror { nav_needs: "mirror.ghost.view", ..MIRROR };
        let error = App::build(&[Box::new(wrong_nav)]).expect_err("the navigation does").chain();
        assert!(error.contains("mirror.ghost.view"), "{error}");
    });
}

#[test]
fn routes_are_given_away_once() {
    on_site(async |app, cx| {
        let web = web(&app, &cx);
        assert!(app.router(&web).is_ok());
        assert!(app.router(&web).is_err());
    });
}

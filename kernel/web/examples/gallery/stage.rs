//! A stage for the shell: a site with no database, where the session cookie says who comes in.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::request::Parts;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::{Actor, Rng};
use bursar_time::{Instant, TimeZone};
use bursar_web::{
    Arrival, Authenticate, Brand, Look, Nav, Principal, PrincipalKind, SESSION_COOKIE, ShellKey, Site,
    Standing, Surface, Transport, TrustedProxies, Web, WebSettings,
};

/// 2026-03-10 09:30 UTC.
const NOW: Instant = Instant::from_micros(1_773_135_000_000_000);

/// The proxy in front of the stage.
pub const PROXY: &str = "10.0.0.1";

pub struct Stage {
    pub transport: Transport,
    /// Who comes in without a session, by surface of the path: for looking at pages without signing in.
    pub everybody_is_known: bool,
}

#[async_trait]
impl Site for Stage {
    async fn arrive(&self, request: &mut Parts) -> Result<Arrival, Fault> {
        if request.uri.path() == "/database-gone" {
            return Err(Fault::unavailable("the pool is closed"));
        }
        let language =
            request.uri.query().and_then(|query| query.split('&').find_map(|it| it.strip_prefix("lang=")));
        let brand = Brand { name: "Northwind Hosting".to_owned(), ..Brand::default() };
        let locale = language.and_then(Locale::parse).unwrap_or_default();
        Ok(Arrival { brand, locale, zone: TimeZone::UTC, now: NOW })
    }

    async fn admit(&self, _: &mut Parts, _: Option<&Principal>) -> Result<(), Fault> {
        Ok(())
    }
}

#[async_trait]
impl Authenticate for Stage {
    async fn authenticate(&self, request: &Parts) -> Result<Option<Principal>, Fault> {
        let session = SESSION_COOKIE.read(self.transport, &request.headers);
        let session = match (session, Surface::of_path(request.uri.path())) {
            (None, Surface::Staff) if self.everybody_is_known => Some("owner".to_owned()),
            (None, Surface::Customer) if self.everybody_is_known && request.uri.path() != "/bare" => {
                Some("customer".to_owned())
            }
            (session, _) => session,
        };
        let (actor, name, kind, permissions): (_, _, _, &[&str]) = match session.as_deref() {
            Some("owner") => (Actor::Staff(1), "Ann Becker", PrincipalKind::Staff, &["billing.invoice.view"]),
            Some("clerk") => (Actor::Staff(2), "Ben <b>", PrincipalKind::Staff, &[]),
            Some("customer") => {
                (Actor::User(7), "Chloé Martin", PrincipalKind::Customer { customer_ids: vec![12] }, &[])
            }
            _ => return Ok(None),
        };
        let mut session_hash = [0; 32];
        session_hash[0] = u8::try_from(name.len()).unwrap_or_default();
        Ok(Some(Principal {
            actor,
            name: name.to_owned(),
            kind,
            permissions: permissions.iter().map(|it| (*it).to_owned()).collect::<BTreeSet<_>>(),
            session_hash,
            standing: Standing::default(),
        }))
    }
}

const fn nav(
    surface: Surface,
    section: &'static str,
    label: &'static str,
    icon: &'static str,
    href: &'static str,
    order: u16,
) -> Nav {
    Nav { surface, section, label, icon, href, permission: None, order }
}

/// The shell with the gallery's templates.
pub fn web(transport: Transport, everybody_is_known: bool) -> Arc<Web> {
    let mut look = Look::default();
    let templates = &mut look.templates;
    templates.add("gallery", "parts.html", include_str!("parts.html"));
    templates.add("gallery", "detail.html", include_str!("detail.html"));
    templates.add("gallery", "portal.html", include_str!("portal.html"));
    templates.add("gallery", "sign_in.html", include_str!("sign_in.html"));
    look.nav = vec![
        nav(Surface::Staff, "", "Dashboard", "home", "/admin", 1),
        nav(Surface::Staff, "Customers", "Customers", "users", "/admin/customers", 10),
        nav(Surface::Staff, "Customers", "Subscriptions", "repeat", "/admin/detail", 11),
        nav(Surface::Staff, "Money", "Invoices", "file-invoice", "/admin/invoices", 20),
        nav(Surface::Staff, "Money", "Payments", "credit-card", "/admin/payments", 21),
        nav(Surface::Staff, "Work", "Waiting problems", "alert-triangle", "/admin/problems", 30),
        nav(Surface::Customer, "", "Invoices", "file-invoice", "/portal", 1),
        nav(Surface::Customer, "", "Services", "server", "/portal/services", 2),
        nav(Surface::Customer, "", "Profile", "user", "/portal/profile", 3),
    ];
    let mut settings = WebSettings::new(transport, ShellKey::new([9; 32]));
    let proxy = PROXY.parse().expect("it is an address");
    settings.proxies = TrustedProxies::new(vec![proxy], TrustedProxies::USUAL_HEADER);
    settings.body_limit_bytes = 4096;
    settings.request_timeout_seconds = 1;
    let stage = Arc::new(Stage { transport, everybody_is_known });
    let site: Arc<dyn Site> = Arc::clone(&stage) as Arc<dyn Site>;
    Web::new(settings, site, stage, look, Rng::from_seed(1)).expect("the gallery's templates compile")
}

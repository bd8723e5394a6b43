//! Pages of signing in and out, and of what somebody decides about their own sign-in.

mod confirm;
mod lists;
mod people;
mod portal;
mod reset;
mod rules;
mod second;
mod security;
mod staff;
mod team;
mod tokens;

use axum::Extension;
use axum::body::Body;
use axum::http::Response;
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_web::{
    CookieName, Flash, LocalPath, Nav, PageResult, Panel, Problem, Public, Routes, SESSION_COOKIE,
    SettingsLink, SignedIn, Surface, Visit,
};
use serde::Deserialize;

use crate::authenticator::EYES_COOKIE;
use crate::sessions::{self, DEVICE_COOKIE, Session};
use crate::sign_in::Entry;
use crate::subject::Subject;
use crate::{impersonation, oidc, permissions, providers};

pub(crate) use lists::STATEMENTS;
pub use portal::{SIGN_IN_PAGE, sign_in_page};

/// Holds the token of what this browser has begun.
const CHALLENGE_COOKIE: CookieName = CookieName::new("challenge");
const CHALLENGE_SECONDS: u32 = 600;
/// As long as browsers keep a cookie.
const DEVICE_SECONDS: u32 = 400 * 24 * 60 * 60;

pub(crate) fn register(registry: &mut Registry) {
    registry.texts(bursar_i18n::texts!("../../locales"));
    for (name, source) in [
        ("staff/admin_sign_in.html", include_str!("../../templates/staff/admin_sign_in.html")),
        ("staff/admin_set_up.html", include_str!("../../templates/staff/admin_set_up.html")),
        ("portal/sign_in.html", include_str!("../../templates/portal/sign_in.html")),
        ("portal/link.html", include_str!("../../templates/portal/link.html")),
        ("account/second.html", include_str!("../../templates/account/second.html")),
        ("account/sign.html", include_str!("../../templates/account/sign.html")),
        ("account/confirm.html", include_str!("../../templates/account/confirm.html")),
        ("account/reset_request.html", include_str!("../../templates/account/reset_request.html")),
        ("account/reset.html", include_str!("../../templates/account/reset.html")),
        ("account/verify.html", include_str!("../../templates/account/verify.html")),
        ("account/security.html", include_str!("../../templates/account/security.html")),
        ("account/totp.html", include_str!("../../templates/account/totp.html")),
        ("account/codes.html", include_str!("../../templates/account/codes.html")),
        ("account/tokens.html", include_str!("../../templates/account/tokens.html")),
        ("people/admin_new.html", include_str!("../../templates/people/admin_new.html")),
        ("people/admin_show.html", include_str!("../../templates/people/admin_show.html")),
        ("people/admin_roles.html", include_str!("../../templates/people/admin_roles.html")),
        ("people/admin_role.html", include_str!("../../templates/people/admin_role.html")),
        ("people/admin_rules.html", include_str!("../../templates/people/admin_rules.html")),
        ("people/admin_team.html", include_str!("../../templates/people/admin_team.html")),
        ("people/portal_team.html", include_str!("../../templates/people/portal_team.html")),
        ("people/invitation.html", include_str!("../../templates/people/invitation.html")),
        ("providers/fields.html", include_str!("../../templates/providers/fields.html")),
        ("providers/admin_new.html", include_str!("../../templates/providers/admin_new.html")),
        ("providers/admin_show.html", include_str!("../../templates/providers/admin_show.html")),
        ("apps/leave.html", include_str!("../../templates/apps/leave.html")),
        ("apps/consent.html", include_str!("../../templates/apps/consent.html")),
        ("apps/choose.html", include_str!("../../templates/apps/choose.html")),
        ("apps/wrong.html", include_str!("../../templates/apps/wrong.html")),
        ("apps/sign_out.html", include_str!("../../templates/apps/sign_out.html")),
        ("apps/admin_new.html", include_str!("../../templates/apps/admin_new.html")),
        ("apps/admin_show.html", include_str!("../../templates/apps/admin_show.html")),
        ("apps/admin_secret.html", include_str!("../../templates/apps/admin_secret.html")),
        ("apps/admin_keys.html", include_str!("../../templates/apps/admin_keys.html")),
    ] {
        registry.template(name, source);
    }
    registry.routes(
        Routes::<()>::new("identity")
            .get("/admin/sign-in", Public, staff::sign_in_page)
            .post("/admin/sign-in", Public, staff::sign_in)
            .post("/admin/sign-out", SignedIn(Surface::Staff), sign_out)
            .get("/admin/set-up/{token}", Public, staff::set_up_page)
            .post("/admin/set-up/{token}", Public, staff::set_up)
            .get("/portal/sign-in", Public, portal::page)
            .post("/portal/sign-in/password", Public, portal::sign_in)
            .get("/portal/link/{token}", Public, portal::link_page)
            .post("/portal/link/{token}", Public, portal::redeem)
            .get("/portal/verify/{token}", Public, reset::verify_page)
            .post("/portal/verify/{token}", Public, reset::verify)
            .post("/portal/account", SignedIn(Surface::Customer), portal::switch)
            .post("/portal/sign-out", SignedIn(Surface::Customer), sign_out)
            .with_state(()),
    );
    for surface in [Surface::Staff, Surface::Customer] {
        registry.routes(second::routes(surface));
        registry.routes(reset::routes(surface));
        registry.routes(confirm::routes(surface));
        registry.routes(security::routes(surface));
        registry.routes(tokens::routes(surface));
        registry.routes(providers::pages::routes(surface));
    }
    registry.routes(people::routes());
    registry.routes(rules::routes());
    registry.routes(team::routes());
    registry.routes(providers::admin::routes());
    registry.routes(oidc::admin::routes());
    registry.routes(oidc::endpoints::routes());
    registry.routes(oidc::pages::routes());
    registry.routes(oidc::sign_out::routes());
    navigation(registry);
}

fn navigation(registry: &mut Registry) {
    let office = |label, icon, href, permission, order| Nav {
        surface: Surface::Staff,
        section: "Office",
        label,
        icon,
        href,
        permission: Some(permission),
        order,
    };
    registry.resource(lists::staff());
    registry.resource(lists::users_of_customers());
    registry.resource(oidc::admin::resource());
    registry.resource(providers::admin::resource());
    registry.panel(
        Panel::new(
            "customers.customer",
            "identity.users",
            "Users",
            permissions::USER_VIEW,
            lists::of_customer,
        )
        .beside()
        .order(50),
    );
    registry.nav(office("Roles", "lock", "/admin/roles", permissions::ROLE_EDIT, 810));
    registry.settings_link(SettingsLink {
        href: "/admin/settings/sign-in",
        title: "Signing in",
        icon: "key",
        about: "Second factors, trusted devices, networks staff may come from, a proxy in front.",
        permission: permissions::POLICY_EDIT,
    });
    registry.settings_link(SettingsLink {
        href: "/admin/providers",
        title: "Sign-in services",
        icon: "login",
        about: "Google, GitLab, Keycloak and others by which customers and staff sign in here.",
        permission: permissions::PROVIDER_EDIT,
    });
    registry.settings_link(SettingsLink {
        href: "/admin/roles",
        title: "Roles",
        icon: "lock",
        about: "Who may do what: roles and their permissions.",
        permission: permissions::ROLE_EDIT,
    });
    registry.nav(Nav {
        surface: Surface::Customer,
        section: "account",
        label: "identity-nav-team",
        icon: "users",
        href: "/portal/team",
        permission: Some(permissions::TEAM_MANAGE),
        order: 800,
    });
}

/// Where somebody decides about their own sign-in.
pub(crate) const fn security_page(surface: Surface) -> &'static str {
    security::home(surface)
}

/// One of two paths, by surface.
pub(crate) const fn by_surface(
    surface: Surface,
    staff: &'static str,
    customer: &'static str,
) -> &'static str {
    match surface {
        Surface::Staff => staff,
        Surface::Customer => customer,
    }
}

#[derive(Debug, Deserialize)]
struct Back {
    return_to: Option<String>,
}

/// Gives the browser its session. Whatever session it had before is not used any more.
pub fn store_session(visit: &Visit, response: &mut Response<Body>, session: &Session) {
    visit.store_cookie(response, SESSION_COOKIE, &session.token, Some(session.seconds));
    if let Some(device) = &session.device {
        visit.store_cookie(response, DEVICE_COOKIE, device, Some(DEVICE_SECONDS));
    }
}

/// Answers a sign-in: in, to `back`, or to where the second factor is asked for.
pub fn enter(visit: &Visit, entry: &Entry, surface: Surface, back: &LocalPath) -> PageResult {
    match entry {
        Entry::Session(session) => {
            let mut response = if session.has_ended_others {
                let flash = Flash::warning(visit.t("identity-others-ended"));
                visit.redirect_with(security::home(surface), flash)?
            } else {
                visit.redirect(back)?
            };
            store_session(visit, &mut response, session);
            Ok(response)
        }
        Entry::SecondFactor(challenged) => {
            let to = format!("{}?{}", second::path(surface), return_query(back.as_str()));
            let mut response = visit.redirect(to)?;
            store_challenge(visit, &mut response, &challenged.token);
            Ok(response)
        }
    }
}

fn return_query(back: &str) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair("return_to", back).finish()
}

fn store_challenge(visit: &Visit, response: &mut Response<Body>, token: &str) {
    visit.store_cookie(response, CHALLENGE_COOKIE, token, Some(CHALLENGE_SECONDS));
}

/// The person who is signed in, themself.
fn subject(visit: &Visit) -> Result<Subject, Problem> {
    visit.who().and_then(|who| Subject::of(&who.actor)).ok_or_else(Problem::not_found)
}

fn session_hash(visit: &Visit) -> Result<[u8; 32], Problem> {
    visit.who().map(|who| who.session_hash).ok_or_else(Problem::not_found)
}

async fn sign_out(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let who = visit.who().ok_or_else(Problem::not_found)?;
    if who.standing.impersonator.is_some() {
        let customer = who.customer_id().unwrap_or_default();
        impersonation::end(&cx, who.session_hash).await?;
        let mut response = visit.redirect(format!("/admin/customers/{customer}/team"))?;
        visit.clear_cookie(&mut response, EYES_COOKIE);
        return Ok(response);
    }
    sessions::sign_out(&cx, who.session_hash).await?;
    let flash = Flash::success(visit.t("identity-signed-out"));
    let mut response = visit.redirect_with(who.surface().sign_in_path(), flash)?;
    visit.clear_cookie(&mut response, SESSION_COOKIE);
    Ok(response)
}

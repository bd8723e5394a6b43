//! Pages of signing in and out.

mod portal;
mod staff;

use axum::Extension;
use axum::body::Body;
use axum::http::Response;
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_web::{Flash, PageResult, Problem, Public, Routes, SESSION_COOKIE, SignedIn, Surface, Visit};
use serde::Deserialize;

use crate::sessions::{self, Session};

pub use portal::{SIGN_IN_PAGE, sign_in_page};

pub(crate) fn register(registry: &mut Registry) {
    registry.texts(bursar_i18n::texts!("../../locales"));
    for (name, source) in [
        ("staff/admin_sign_in.html", include_str!("../../templates/staff/admin_sign_in.html")),
        ("staff/admin_set_up.html", include_str!("../../templates/staff/admin_set_up.html")),
        ("portal/sign_in.html", include_str!("../../templates/portal/sign_in.html")),
        ("portal/link.html", include_str!("../../templates/portal/link.html")),
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
            .post("/portal/account", SignedIn(Surface::Customer), portal::switch)
            .post("/portal/sign-out", SignedIn(Surface::Customer), sign_out)
            .with_state(()),
    );
}

#[derive(Debug, Deserialize)]
struct Back {
    return_to: Option<String>,
}

/// Gives the browser its session. Whatever session it had before is not used any more.
pub fn store_session(visit: &Visit, response: &mut Response<Body>, session: &Session) {
    visit.store_cookie(response, SESSION_COOKIE, &session.token, Some(session.seconds));
}

async fn sign_out(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let who = visit.who().ok_or_else(Problem::not_found)?;
    sessions::sign_out(&cx, who.session_hash).await?;
    let flash = Flash::success(visit.t("identity-signed-out"));
    let mut response = visit.redirect_with(who.surface().sign_in_path(), flash)?;
    visit.clear_cookie(&mut response, SESSION_COOKIE);
    Ok(response)
}

//! Signing out, when an app sends somebody here for it. The page asks first: a link must not sign anybody out.

use axum::Extension;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Form, PageResult, Public, Routes, SESSION_COOKIE, Surface, Visit};
use serde_json::{Value, json};

use super::SIGN_OUT;
use super::apps::{self, App};
use super::leave::{leave, with_parameters};
use super::request::Ask;
use crate::sessions;

const PAGE: &str = "identity/apps/sign_out.html";

pub(crate) fn routes() -> Routes {
    Routes::<()>::new("identity").get(SIGN_OUT, Public, page).post(SIGN_OUT, Public, sign_out).with_state(())
}

/// The app that asks: by its name, or by the token it shows. Nothing secret depends on it, only where people may be sent
/// afterwards, so an old token and one whose key is gone name it as well.
async fn app_of(cx: &Cx, ask: &Ask) -> Result<Option<App>, Fault> {
    let named = match ask.get("client_id") {
        "" => shown_by(ask.get("id_token_hint")).unwrap_or_default(),
        name => name.to_owned(),
    };
    let found = cx.read(async move |tx: &mut Tx| apps::find_by_client(tx, &named).await).await?;
    Ok(found.filter(|app| app.draft.is_active))
}

fn shown_by(token: &str) -> Option<String> {
    let body = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&body).ok()?;
    claims["aud"].as_str().map(str::to_owned)
}

/// Where to go afterwards, when the app has registered it, letter by letter.
async fn after(cx: &Cx, ask: &Ask) -> Result<Option<String>, Fault> {
    let wanted = ask.get("post_logout_redirect_uri");
    let Some(app) = app_of(cx, ask).await? else { return Ok(None) };
    let is_known = app.draft.logout_uris.iter().any(|known| known == wanted);
    Ok(is_known.then(|| with_state(wanted, ask.get("state"))))
}

fn with_state(address: &str, state: &str) -> String {
    if state.is_empty() { address.to_owned() } else { with_parameters(address, &[("state", state)]) }
}

async fn page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> PageResult {
    let query = query.unwrap_or_default();
    match (visit.who(), after(&cx, &Ask::parse(&query)).await?) {
        (None, Some(to)) => leave(&visit, &headers, &to),
        (who, _) => visit.page(PAGE, json!({ "query": query, "here": SIGN_OUT, "is_in": who.is_some() })),
    }
}

async fn sign_out(visit: Visit, Extension(cx): Extension<Cx>, headers: HeaderMap, form: Form) -> PageResult {
    if let Some(who) = visit.who().filter(|who| who.standing.impersonator.is_none()) {
        sessions::sign_out(&cx, who.session_hash).await?;
    }
    let surface = visit.who().map_or(Surface::Customer, |who| who.surface());
    let mut response = match after(&cx, &Ask::parse(form.text("query"))).await? {
        Some(to) => leave(&visit, &headers, &to)?,
        None => visit.redirect(surface.sign_in_path())?,
    };
    visit.clear_cookie(&mut response, SESSION_COOKIE);
    Ok(response)
}

//! The second half of a sign-in, and signing in with a passkey alone. Both are begun by a form: GET makes nothing.

use axum::Extension;
use axum::extract::Query;
use bursar_context::Cx;
use bursar_web::{Flash, Form, LocalPath, PageResult, Problem, Public, Routes, Surface, Visit};
use serde_json::json;

use super::{Back, CHALLENGE_COOKIE, by_surface, store_challenge, store_session};
use crate::error::IdentityError;
use crate::factors::passkeys;
use crate::gatehouse::Gatehouse;
use crate::sessions::{Client, Kind};
use crate::sign_in::{self, SecondHalf};

const PAGE: &str = "identity/account/second.html";
/// A page whose script asks the browser to sign and sends the answer.
pub(super) const SIGN: &str = "identity/account/sign.html";

pub(super) const fn path(surface: Surface) -> &'static str {
    by_surface(surface, "/admin/sign-in/second", "/portal/sign-in/second")
}

pub(super) fn routes(surface: Surface) -> Routes {
    let on = |staff, customer| by_surface(surface, staff, customer);
    Routes::new("identity")
        .get(path(surface), Public, page)
        .post(path(surface), Public, by_code)
        .post(on("/admin/sign-in/second/passkey", "/portal/sign-in/second/passkey"), Public, ask_passkey)
        .post(on("/admin/sign-in/second/signed", "/portal/sign-in/second/signed"), Public, by_passkey)
        .post(on("/admin/sign-in/passkey", "/portal/sign-in/passkey"), Public, ask_alone)
        .post(on("/admin/sign-in/passkey/signed", "/portal/sign-in/passkey/signed"), Public, alone)
        .with_state(surface)
}

type On = axum::extract::State<Surface>;

fn back_to(surface: Surface, text: Option<&str>) -> LocalPath {
    LocalPath::parse_or(text, surface.home_path())
}

fn token(visit: &Visit) -> Result<String, IdentityError> {
    visit.cookie(CHALLENGE_COOKIE).ok_or(IdentityError::ChallengeOver)
}

/// Back to the door, with the reason.
fn begin_again(visit: &Visit, surface: Surface, why: &IdentityError) -> PageResult {
    let mut response = visit.redirect_with(surface.sign_in_path(), Flash::danger(visit.refusal(why)))?;
    visit.clear_cookie(&mut response, CHALLENGE_COOKIE);
    Ok(response)
}

/// Refusals that can be tried again stay on the page, the others go back to the door.
async fn refused(visit: &Visit, cx: &Cx, on: Surface, form: &Form, why: IdentityError) -> PageResult {
    match why {
        IdentityError::WrongCode | IdentityError::PasskeyRefused => {
            let message = visit.refusal(&why);
            match context(visit, cx, on, form, Some(message)).await {
                Ok(context) => visit.refused_form(PAGE, context),
                Err(over @ IdentityError::ChallengeOver) => begin_again(visit, on, &over),
                Err(error) => Err(error.into()),
            }
        }
        IdentityError::ChallengeOver | IdentityError::TooMany => begin_again(visit, on, &why),
        error => Err(error.into()),
    }
}

async fn context(
    visit: &Visit,
    cx: &Cx,
    on: Surface,
    form: &Form,
    refused: Option<String>,
) -> Result<serde_json::Value, IdentityError> {
    let (factors, days) = sign_in::second_factors(cx, Kind::of(on), token(visit)?).await?;
    Ok(json!({
        "form": form.view(), "refused": refused, "here": path(on), "days": days,
        "has_totp": factors.totp_since.is_some(), "has_passkey": factors.passkeys > 0,
        "sign_in": on.sign_in_path(),
    }))
}

async fn page(
    visit: Visit,
    axum::extract::State(on): On,
    cx: Extension<Cx>,
    Query(back): Query<Back>,
) -> PageResult {
    let back = back_to(on, back.return_to.as_deref());
    let form = Form::filled([("return_to", back.as_str())]);
    match context(&visit, &cx, on, &form, None).await {
        Ok(context) => visit.page(PAGE, context),
        Err(over @ IdentityError::ChallengeOver) => begin_again(&visit, on, &over),
        Err(error) => Err(error.into()),
    }
}

fn half(visit: &Visit, on: Surface, form: &Form) -> Result<SecondHalf, IdentityError> {
    Ok(SecondHalf {
        kind: Kind::of(on),
        token: token(visit)?,
        client: Client::of(visit),
        trust: form.is_checked("trust"),
    })
}

async fn by_code(
    visit: Visit,
    axum::extract::State(on): On,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let done = async {
        let half = half(&visit, on, &form)?;
        sign_in::finish_with_code(&cx, &house.vault, half, form.text("code").to_owned()).await
    };
    match done.await {
        Ok(session) => inside(&visit, on, &form, &session),
        Err(why) => refused(&visit, &cx, on, &form, why).await,
    }
}

fn inside(visit: &Visit, on: Surface, form: &Form, session: &crate::sessions::Session) -> PageResult {
    let mut response = visit.redirect(back_to(on, Some(form.text("return_to"))))?;
    store_session(visit, &mut response, session);
    visit.clear_cookie(&mut response, CHALLENGE_COOKIE);
    Ok(response)
}

/// What the page that signs needs: where the answer goes, and what is to be signed.
pub(super) fn signing(
    kind: &str,
    action: &str,
    options: &str,
    form: &Form,
    cancel: &str,
) -> serde_json::Value {
    json!({ "kind": kind, "action": action, "options": options, "form": form.view(), "cancel": cancel })
}

async fn ask_passkey(
    visit: Visit,
    axum::extract::State(on): On,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    let asked = async { sign_in::passkey_options(&cx, keys, Kind::of(on), token(&visit)?).await };
    match asked.await {
        Ok(options) => {
            let action = by_surface(on, "/admin/sign-in/second/signed", "/portal/sign-in/second/signed");
            visit.page(SIGN, signing("get", action, &options, &form, path(on)))
        }
        Err(why) => refused(&visit, &cx, on, &form, why).await,
    }
}

async fn by_passkey(
    visit: Visit,
    axum::extract::State(on): On,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    let done = async {
        let half = half(&visit, on, &form)?;
        sign_in::finish_with_passkey(&cx, keys, half, form.text("answer").to_owned()).await
    };
    match done.await {
        Ok(session) => inside(&visit, on, &form, &session),
        Err(why) => refused(&visit, &cx, on, &form, why).await,
    }
}

async fn ask_alone(
    visit: Visit,
    axum::extract::State(on): On,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let Some(keys) = house.passkeys.as_deref() else {
        let flash = Flash::info("Passkeys work where this page has a name, not under a bare address.");
        return visit.redirect_with(on.sign_in_path(), flash);
    };
    let begun = passkeys::begin_alone(&cx, keys, Kind::of(on)).await?;
    let action = by_surface(on, "/admin/sign-in/passkey/signed", "/portal/sign-in/passkey/signed");
    let mut response = visit.page(SIGN, signing("get", action, &begun.options, &form, on.sign_in_path()))?;
    store_challenge(&visit, &mut response, &begun.token);
    Ok(response)
}

async fn alone(
    visit: Visit,
    axum::extract::State(on): On,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    let done = async {
        let (token, answer) = (token(&visit)?, form.text("answer").to_owned());
        sign_in::sign_in_with_passkey(&cx, keys, Kind::of(on), token, answer, Client::of(&visit)).await
    };
    match done.await {
        Ok(session) => inside(&visit, on, &form, &session),
        Err(why @ (IdentityError::PasskeyRefused | IdentityError::ChallengeOver)) => {
            begin_again(&visit, on, &why)
        }
        Err(error) => Err(error.into()),
    }
}

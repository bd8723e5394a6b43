//! Proving again who one is, before something dangerous.

use axum::Extension;
use axum::extract::{Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Flash, Form, LocalPath, PageResult, Problem, Routes, SignedIn, Surface, Visit};
use serde_json::json;

use super::second::{SIGN, signing};
use super::{Back, CHALLENGE_COOKIE, by_surface, session_hash, store_challenge, subject};
use crate::challenges::{self, Challenge, Purpose};
use crate::error::IdentityError;
use crate::factors::{self, passkeys};
use crate::gatehouse::Gatehouse;
use crate::sign_in::{self, Proof};
use crate::subject;

const PAGE: &str = "identity/account/confirm.html";

pub(super) fn routes(surface: Surface) -> Routes {
    let on = |staff, customer| by_surface(surface, staff, customer);
    let access = || SignedIn(surface);
    Routes::new("identity")
        .get(surface.confirm_path(), access(), page)
        .personal()
        .post(surface.confirm_path(), access(), confirm)
        .personal()
        .post(on("/admin/confirm/passkey", "/portal/confirm/passkey"), access(), ask_passkey)
        .personal()
        .post(on("/admin/confirm/signed", "/portal/confirm/signed"), access(), by_passkey)
        .personal()
        .with_state(surface)
}

async fn context(visit: &Visit, cx: &Cx, on: Surface, form: &Form) -> Result<serde_json::Value, Problem> {
    let who = subject(visit)?;
    let (face, factors) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((subject::get(tx, who).await?, factors::factors_of(tx, who).await?))
        })
        .await?;
    Ok(json!({
        "form": form.view(), "here": on.confirm_path(), "email": face.email, "is_staff": on == Surface::Staff,
        "has_password": face.password_hash.is_some(), "has_totp": factors.totp_since.is_some(),
        "has_passkey": factors.passkeys > 0,
    }))
}

async fn page(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Query(back): Query<Back>,
) -> PageResult {
    let back = LocalPath::parse_or(back.return_to.as_deref(), on.home_path());
    let form = Form::filled([("return_to", back.as_str())]);
    visit.page(PAGE, context(&visit, &cx, on, &form).await?)
}

async fn confirm(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let (who, session) = (subject(&visit)?, session_hash(&visit)?);
    let password = form.all("password").next().unwrap_or_default().to_owned();
    let proof = if password.is_empty() {
        Proof::Code(form.text("code").to_owned())
    } else {
        Proof::Password(password)
    };
    match sign_in::prove_again(&cx, &house.vault, who, session, proof).await {
        Ok(()) => visit.redirect(LocalPath::parse_or(Some(form.text("return_to")), on.home_path())),
        Err(why @ (IdentityError::WrongPassword | IdentityError::WrongCode | IdentityError::TooMany)) => {
            let field = if matches!(why, IdentityError::WrongCode) { "code" } else { "password" };
            form.refuse(field, visit.refusal(&why));
            visit.refused_form(PAGE, context(&visit, &cx, on, &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn ask_passkey(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    let who = subject(&visit)?;
    let (options, state) = passkeys::options_for(&cx, keys, who).await?;
    let token = cx
        .write(async move |tx: &mut Tx| {
            challenges::begin(tx, Purpose::Confirm, &Challenge::of(who, "passkey", state.clone())).await
        })
        .await?;
    let action = by_surface(on, "/admin/confirm/signed", "/portal/confirm/signed");
    let mut response = visit.page(SIGN, signing("get", action, &options, &form, on.confirm_path()))?;
    store_challenge(&visit, &mut response, &token);
    Ok(response)
}

async fn by_passkey(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    let (who, session) = (subject(&visit)?, session_hash(&visit)?);
    let proved = async {
        let token = visit.cookie(CHALLENGE_COOKIE).ok_or(IdentityError::ChallengeOver)?;
        let challenge = challenges::take(&cx, Purpose::Confirm, &token).await?;
        if challenge.subject != who {
            return Err(IdentityError::ChallengeOver);
        }
        passkeys::check(&cx, keys, who, &challenge.state, form.text("answer")).await
    };
    match proved.await {
        Ok(()) => {
            cx.write(async move |tx: &mut Tx| crate::sessions::confirm(tx, session).await).await?;
            let back = LocalPath::parse_or(Some(form.text("return_to")), on.home_path());
            let mut response = visit.redirect(back)?;
            visit.clear_cookie(&mut response, CHALLENGE_COOKIE);
            Ok(response)
        }
        Err(why @ (IdentityError::PasskeyRefused | IdentityError::ChallengeOver)) => {
            visit.redirect_with(on.confirm_path(), Flash::danger(visit.refusal(&why)))
        }
        Err(error) => Err(error.into()),
    }
}

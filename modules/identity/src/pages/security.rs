//! What somebody decides about their own sign-in: password, second factors, sessions, devices.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Text};
use bursar_web::{Flash, Form, PageResult, Problem, Routes, SignedIn, Surface, Visit};
use serde_json::{Value, json};

use super::second::{SIGN, signing};
use super::{CHALLENGE_COOKIE, by_surface, session_hash, store_challenge, subject};
use crate::error::IdentityError;
use crate::factors::{self, NewTotp, passkeys};
use crate::gatehouse::Gatehouse;
use crate::oidc::store;
use crate::sessions;
use crate::{browser, devices, passwords, providers, subject};

const PAGE: &str = "identity/account/security.html";
const TOTP: &str = "identity/account/totp.html";
const CODES: &str = "identity/account/codes.html";
const NEWEST_SIGN_INS: i64 = 20;

pub(super) const fn home(surface: Surface) -> &'static str {
    by_surface(surface, "/admin/security", "/portal/security")
}

pub(super) fn routes(surface: Surface) -> Routes {
    let on = |staff, customer| by_surface(surface, staff, customer);
    let access = || SignedIn(surface);
    let routes = Routes::new("identity")
        .get(home(surface), access(), page)
        .personal()
        .post(on("/admin/security/password", "/portal/security/password"), access(), change_password)
        .fresh()
        .post(on("/admin/security/totp", "/portal/security/totp"), access(), begin_totp)
        .fresh()
        .post(on("/admin/security/totp/confirm", "/portal/security/totp/confirm"), access(), confirm_totp)
        .fresh()
        .post(on("/admin/security/totp/remove", "/portal/security/totp/remove"), access(), remove_totp)
        .fresh()
        .post(on("/admin/security/codes", "/portal/security/codes"), access(), renew_codes)
        .fresh()
        .post(on("/admin/security/passkeys", "/portal/security/passkeys"), access(), begin_passkey)
        .fresh()
        .post(
            on("/admin/security/passkeys/signed", "/portal/security/passkeys/signed"),
            access(),
            keep_passkey,
        )
        .fresh();
    routes
        .post(
            on("/admin/security/passkeys/{id}/remove", "/portal/security/passkeys/{id}/remove"),
            access(),
            remove_passkey,
        )
        .fresh()
        .post(on("/admin/security/devices", "/portal/security/devices"), access(), distrust)
        .personal()
        .post(
            on("/admin/security/sessions/{id}/end", "/portal/security/sessions/{id}/end"),
            access(),
            end_session,
        )
        .personal()
        .post(on("/admin/security/sessions/end", "/portal/security/sessions/end"), access(), end_others)
        .personal()
        .post(on("/admin/security/address", "/portal/security/address"), access(), send_address_mail)
        .personal()
        .post(
            on("/admin/security/apps/{id}/disconnect", "/portal/security/apps/{id}/disconnect"),
            access(),
            disconnect,
        )
        .personal()
        .with_state(surface)
}

async fn context(
    visit: &Visit,
    cx: &Cx,
    house: &Gatehouse,
    on: Surface,
    form: &Form,
) -> Result<Value, Problem> {
    let (who, this) = (subject(visit)?, session_hash(visit)?);
    let must_enrol = visit.who().is_some_and(|it| it.standing.confined_to.is_some());
    let (face, factors, keys, sessions, sign_ins, trusted, apps, must_verify, outside) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((
                subject::get(tx, who).await?,
                factors::factors_of(tx, who).await?,
                passkeys::list_passkeys(tx, who).await?,
                sessions::list_sessions(tx, who, Some(this)).await?,
                devices::sign_ins_of(tx, who, NEWEST_SIGN_INS).await?,
                devices::count_trusted(tx, who).await?,
                store::connected(tx, who).await?,
                passwords::must_verify(tx, who).await?,
                providers::pages::of_person(tx, who).await?,
            ))
        })
        .await?;
    let keys: Vec<Value> = keys
        .iter()
        .map(|it| json!({ "id": it.id, "name": it.name, "since": it.created_at, "used": it.last_used_at }))
        .collect();
    let sessions: Vec<Value> = sessions
        .iter()
        .map(|it| {
            json!({ "id": it.id, "method": code(&it.method), "shown": it.method, "address": it.address,
                "agent": browser(visit, &it.agent), "since": it.created_at, "seen": it.seen_at, "is_this": it.is_this })
        })
        .collect();
    let sign_ins: Vec<Value> = sign_ins
        .iter()
        .map(|it| {
            json!({ "at": it.at, "is_success": it.is_success, "method": code(&it.method), "shown": it.method,
                "address": it.address, "agent": browser(visit, &it.agent) })
        })
        .collect();
    let apps: Vec<Value> =
        apps.iter().map(|it| json!({ "id": it.app_id, "name": it.name, "since": it.since })).collect();
    Ok(json!({
        "apps": apps, "must_verify": must_verify, "outside": outside,
        "form": form.view(), "here": home(on), "email": face.email, "must_enrol": must_enrol,
        "has_password": face.password_hash.is_some(), "totp_since": factors.totp_since,
        "recovery_codes": factors.recovery_codes, "has_factor": factors.any(), "passkeys": keys,
        "can_passkey": house.passkeys.is_some(), "sessions": sessions, "sign_ins": sign_ins, "trusted": trusted,
    }))
}

/// The name of a way to sign in as texts know it.
fn code(method: &str) -> String {
    method.replace(' ', "-")
}

/// A browser's name in the reader's language.
fn browser(visit: &Visit, agent: &str) -> String {
    match browser::known(agent) {
        (Some(program), Some(system)) => {
            visit.say(&Text::new("identity-browser-on").with("program", program).with("system", system))
        }
        (Some(program), None) => program.to_owned(),
        (None, _) if agent.is_empty() => visit.t("identity-browser-unknown"),
        (None, _) => browser::cut(agent),
    }
}

async fn page(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    visit.page(PAGE, context(&visit, &cx, &house, on, &Form::default()).await?)
}

/// Back to the page after a form, with what came of it.
fn back(visit: &Visit, on: Surface, done: Result<(), IdentityError>, said: &'static str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with(home(on), Flash::success(visit.t(said))),
        Err(
            why @ (IdentityError::NotFound(_)
            | IdentityError::FactorAlready
            | IdentityError::PasskeyRefused
            | IdentityError::ChallengeOver),
        ) => visit.redirect_with(home(on), Flash::danger(visit.refusal(&why))),
        Err(error) => Err(error.into()),
    }
}

async fn change_password(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let password = form.all("password").next().unwrap_or_default().to_owned();
    match passwords::change(&cx, subject(&visit)?, session_hash(&visit)?, password).await {
        Ok(()) => visit.redirect_with(home(on), Flash::success(visit.t("identity-said-password"))),
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(PAGE, context(&visit, &cx, &house, on, &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}

fn totp_context(on: Surface, new: &NewTotp, form: &Form) -> Value {
    let groups: Vec<String> =
        new.secret.as_bytes().chunks(4).map(|it| String::from_utf8_lossy(it).into_owned()).collect();
    json!({
        "here": home(on), "form": form.view(), "secret": groups.join(" "),
        "open": format!("<a href=\"{}\">", bursar_web::escape_html(&new.address)),
        "picture": factors::picture(&new.address),
    })
}

async fn begin_totp(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    let issuer = visit.brand_name().to_owned();
    match factors::begin_totp(&cx, &house.vault, subject(&visit)?, issuer).await {
        Ok(new) => visit.page(TOTP, totp_context(on, &new, &Form::default())),
        Err(error) => back(&visit, on, Err(error), "identity-said-passkey"),
    }
}

async fn confirm_totp(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let who = subject(&visit)?;
    match factors::confirm_totp(&cx, &house.vault, who, form.text("code").to_owned()).await {
        Ok(codes) => show_codes(&visit, on, &codes),
        Err(why @ (IdentityError::Invalid(_) | IdentityError::TooMany)) => {
            match why {
                IdentityError::Invalid(fields) => form.refuse_all(fields),
                other => form.refuse("code", visit.refusal(&other)),
            }
            let issuer = visit.brand_name().to_owned();
            let pending = factors::pending_totp(&cx, &house.vault, who, issuer).await?;
            let pending = pending.ok_or_else(Problem::not_found)?;
            visit.refused_form(TOTP, totp_context(on, &pending, &form))
        }
        Err(error) => back(&visit, on, Err(error), "identity-said-passkey"),
    }
}

/// The only time the codes are known: a page, not a redirect, so that they lie in no cookie.
fn show_codes(visit: &Visit, on: Surface, codes: &[String]) -> PageResult {
    visit.page(CODES, json!({ "here": home(on), "codes": codes, "start": on.home_path() }))
}

async fn remove_totp(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let done = factors::remove_totp(&cx, subject(&visit)?).await;
    back(&visit, on, done, "identity-said-totp-off")
}

async fn renew_codes(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let codes = factors::renew_recovery_codes(&cx, subject(&visit)?).await?;
    show_codes(&visit, on, &codes)
}

async fn begin_passkey(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    match passkeys::begin_adding(&cx, keys, subject(&visit)?).await {
        Ok(begun) => {
            let action =
                by_surface(on, "/admin/security/passkeys/signed", "/portal/security/passkeys/signed");
            let mut response =
                visit.page(SIGN, signing("create", action, &begun.options, &form, home(on)))?;
            store_challenge(&visit, &mut response, &begun.token);
            Ok(response)
        }
        Err(error) => back(&visit, on, Err(error), "identity-said-passkey"),
    }
}

async fn keep_passkey(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    let keys = house.passkeys.as_deref().ok_or_else(Problem::not_found)?;
    let who = subject(&visit)?;
    let name = match form.text("name") {
        "" => browser(&visit, visit.user_agent()),
        name => name.to_owned(),
    };
    let kept = async {
        let token = visit.cookie(CHALLENGE_COOKIE).ok_or(IdentityError::ChallengeOver)?;
        passkeys::finish_adding(&cx, keys, who, &token, form.text("answer"), &name).await
    };
    match kept.await {
        Ok(Some(codes)) => show_codes(&visit, on, &codes),
        Ok(None) => back(&visit, on, Ok(()), "identity-said-passkey"),
        Err(error) => back(&visit, on, Err(error), "identity-said-passkey"),
    }
}

async fn remove_passkey(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let done = passkeys::remove(&cx, subject(&visit)?, id).await;
    back(&visit, on, done, "identity-said-passkey-gone")
}

async fn distrust(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let who = subject(&visit)?;
    cx.write(async move |tx: &mut Tx| devices::distrust_all(tx, who).await).await?;
    back(&visit, on, Ok(()), "identity-said-distrust")
}

async fn end_session(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    sessions::end_one(&cx, subject(&visit)?, id).await?;
    back(&visit, on, Ok(()), "identity-said-session-ended")
}

async fn end_others(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let (who, keep) = (subject(&visit)?, session_hash(&visit)?);
    cx.write(async move |tx: &mut Tx| sessions::end_all(tx, who.kind, who.id, Some(keep)).await).await?;
    back(&visit, on, Ok(()), "identity-said-sessions-ended")
}

/// Writes to the person's address once more that it can be shown to be theirs.
async fn send_address_mail(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    let (who, mail) = (subject(&visit)?, house.mail);
    let email = cx
        .write(async move |tx: &mut Tx| {
            if passwords::must_verify(tx, who).await? {
                passwords::send_verification(tx, &*mail, who.id).await?;
            }
            Ok::<_, Fault>(subject::get(tx, who).await?.email)
        })
        .await?;
    let said = visit.say(&Text::new("identity-address-sent").with("email", email));
    visit.redirect_with(home(on), Flash::success(said))
}

async fn disconnect(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(app): Path<i64>,
) -> PageResult {
    let who = subject(&visit)?;
    cx.write(async move |tx: &mut Tx| store::disconnect(tx, who, app).await).await?;
    back(&visit, on, Ok(()), "identity-app-disconnected")
}

//! What somebody decides about their own sign-in: password, second factors, sessions, devices.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_web::{Flash, Form, PageResult, Problem, Routes, SignedIn, Surface, Visit};
use serde_json::{Value, json};

use super::second::{SIGN, signing};
use super::{CHALLENGE_COOKIE, by_surface, session_hash, store_challenge, subject};
use crate::error::IdentityError;
use crate::factors::{self, NewTotp, passkeys};
use crate::gatehouse::Gatehouse;
use crate::sessions;
use crate::{devices, passwords, subject};

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
    let (face, factors, keys, sessions, sign_ins, trusted) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((
                subject::get(tx, who).await?,
                factors::factors_of(tx, who).await?,
                passkeys::list_passkeys(tx, who).await?,
                sessions::list_sessions(tx, who, Some(this)).await?,
                devices::sign_ins_of(tx, who, NEWEST_SIGN_INS).await?,
                devices::count_trusted(tx, who).await?,
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
            json!({ "id": it.id, "method": it.method, "address": it.address, "agent": browser(&it.agent),
                "since": it.created_at, "seen": it.seen_at, "is_this": it.is_this })
        })
        .collect();
    let sign_ins: Vec<Value> = sign_ins
        .iter()
        .map(|it| {
            json!({ "at": it.at, "is_success": it.is_success, "method": it.method, "address": it.address,
                "agent": browser(&it.agent) })
        })
        .collect();
    Ok(json!({
        "form": form.view(), "here": home(on), "email": face.email, "must_enrol": must_enrol,
        "has_password": face.password_hash.is_some(), "totp_since": factors.totp_since,
        "recovery_codes": factors.recovery_codes, "has_factor": factors.any(), "passkeys": keys,
        "can_passkey": house.passkeys.is_some(), "sessions": sessions, "sign_ins": sign_ins, "trusted": trusted,
    }))
}

/// A browser's name as people know it; what it calls itself is a history of browsers.
fn browser(agent: &str) -> String {
    let pick = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
    };
    let program = pick(&[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ]);
    let system = pick(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ]);
    match (program, system) {
        (Some(program), Some(system)) => format!("{program} on {system}"),
        (Some(program), None) => program.to_owned(),
        (None, _) if agent.is_empty() => "Unknown browser".to_owned(),
        (None, _) => agent.chars().take(40).collect(),
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
fn back(visit: &Visit, on: Surface, done: Result<(), IdentityError>, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with(home(on), Flash::success(said)),
        Err(
            why @ (IdentityError::NotFound(_)
            | IdentityError::FactorAlready
            | IdentityError::PasskeyRefused
            | IdentityError::ChallengeOver),
        ) => visit.redirect_with(home(on), Flash::danger(why.message())),
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
        Ok(()) => {
            let text = "Your password is changed, and your other sessions have ended.";
            visit.redirect_with(home(on), Flash::success(text))
        }
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
        "here": home(on), "form": form.view(), "secret": groups.join(" "), "address": new.address,
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
        Err(error) => back(&visit, on, Err(error), ""),
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
                other => form.refuse("code", other.message()),
            }
            let issuer = visit.brand_name().to_owned();
            let pending = factors::pending_totp(&cx, &house.vault, who, issuer).await?;
            let pending = pending.ok_or_else(Problem::not_found)?;
            visit.refused_form(TOTP, totp_context(on, &pending, &form))
        }
        Err(error) => back(&visit, on, Err(error), ""),
    }
}

/// The only time the codes are known: a page, not a redirect, so that they lie in no cookie.
fn show_codes(visit: &Visit, on: Surface, codes: &[String]) -> PageResult {
    visit.page(CODES, json!({ "here": home(on), "codes": codes, "start": on.home_path() }))
}

async fn remove_totp(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let done = factors::remove_totp(&cx, subject(&visit)?).await;
    back(&visit, on, done, "No codes are asked for any more.")
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
        Err(error) => back(&visit, on, Err(error), ""),
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
        "" => browser(visit.user_agent()),
        name => name.to_owned(),
    };
    let kept = async {
        let token = visit.cookie(CHALLENGE_COOKIE).ok_or(IdentityError::ChallengeOver)?;
        passkeys::finish_adding(&cx, keys, who, &token, form.text("answer"), &name).await
    };
    match kept.await {
        Ok(Some(codes)) => show_codes(&visit, on, &codes),
        Ok(None) => back(&visit, on, Ok(()), "The passkey is ready to be used."),
        Err(error) => back(&visit, on, Err(error), ""),
    }
}

async fn remove_passkey(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let done = passkeys::remove(&cx, subject(&visit)?, id).await;
    back(&visit, on, done, "The passkey is removed here. Delete it on the device too.")
}

async fn distrust(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let who = subject(&visit)?;
    cx.write(async move |tx: &mut Tx| devices::distrust_all(tx, who).await).await?;
    back(&visit, on, Ok(()), "The second factor is asked for on every device again.")
}

async fn end_session(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    sessions::end_one(&cx, subject(&visit)?, id).await?;
    back(&visit, on, Ok(()), "The session has ended.")
}

async fn end_others(visit: Visit, State(on): State<Surface>, Extension(cx): Extension<Cx>) -> PageResult {
    let (who, keep) = (subject(&visit)?, session_hash(&visit)?);
    cx.write(async move |tx: &mut Tx| sessions::end_all(tx, who.kind, who.id, Some(keep)).await).await?;
    back(&visit, on, Ok(()), "Every other session has ended.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_called_what_people_call_them() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0";
        assert_eq!(browser(firefox), "Firefox on Linux");
        assert_eq!(browser(edge), "Edge on Windows");
        assert_eq!(browser(""), "Unknown browser");
    }
}

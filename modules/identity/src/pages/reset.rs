//! A new password by a link, and showing that an address is one's own.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Flash, Form, PageResult, Public, Routes, Surface, Visit};
use serde_json::json;

use super::by_surface;
use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::passwords::{self, Shown};
use crate::sessions::{Client, Kind};

const REQUEST: &str = "identity/account/reset_request.html";
const CHOOSE: &str = "identity/account/reset.html";
const VERIFY: &str = "identity/account/verify.html";

pub(super) fn routes(surface: Surface) -> Routes {
    let on = |staff, customer| by_surface(surface, staff, customer);
    let (asked, link) =
        (on("/admin/reset", "/portal/reset"), on("/admin/reset/{token}", "/portal/reset/{token}"));
    Routes::new("identity")
        .get(asked, Public, request_page)
        .post(asked, Public, request)
        .get(link, Public, choose_page)
        .post(link, Public, choose)
        .with_state(surface)
}

async fn request_page(visit: Visit, State(on): State<Surface>) -> PageResult {
    visit.page(
        REQUEST,
        json!({ "form": Form::default().view(), "is_sent": false, "sign_in": on.sign_in_path() }),
    )
}

async fn request(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let email = form.required("email", 254);
    let context = |form: &Form, is_sent| json!({ "form": form.view(), "is_sent": is_sent, "sign_in": on.sign_in_path() });
    if form.is_refused() {
        return visit.refused_form(REQUEST, context(&form, false));
    }
    let mail = house.mail;
    let office = cx.as_system("identity", "a new password was asked for");
    office
        .write(async move |tx: &mut Tx| passwords::request_reset(tx, &*mail, Kind::of(on), &email).await)
        .await?;
    visit.page(REQUEST, context(&form, true))
}

fn dead_link(visit: &Visit, on: Surface) -> PageResult {
    let message = visit.refusal(&IdentityError::LinkNotValid);
    visit.redirect_with(by_surface(on, "/admin/reset", "/portal/reset"), Flash::danger(message))
}

async fn choose_page(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
) -> PageResult {
    if !passwords::is_reset_open(&cx, Kind::of(on), token).await? {
        return dead_link(&visit, on);
    }
    visit.page(CHOOSE, json!({ "form": Form::default().view() }))
}

async fn choose(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
    mut form: Form,
) -> PageResult {
    let password = form.all("password").next().unwrap_or_default().to_owned();
    match passwords::reset(&cx, Kind::of(on), token, password, Client::of(&visit)).await {
        Ok(()) => {
            let flash = Flash::success(visit.t("identity-reset-done"));
            visit.redirect_with(on.sign_in_path(), flash)
        }
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(CHOOSE, json!({ "form": form.view() }))
        }
        Err(IdentityError::LinkNotValid) => dead_link(&visit, on),
        Err(error) => Err(error.into()),
    }
}

/// Asks before it does anything: programs look at links in mails.
pub(super) async fn verify_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
) -> PageResult {
    let is_for_stranger = passwords::is_for_stranger(&cx, token, Client::of(&visit)).await?;
    visit.page(VERIFY, json!({ "is_for_stranger": is_for_stranger }))
}

pub(super) async fn verify(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
) -> PageResult {
    let flash = match passwords::verify(&cx, token, Client::of(&visit)).await {
        Ok(Shown::Theirs) => Flash::success(visit.t("identity-verify-done")),
        Ok(Shown::Afresh(token)) => {
            let flash = Flash::warning(visit.t("identity-others-ended"));
            return visit.redirect_with(format!("/portal/reset/{token}"), flash);
        }
        Err(dead @ IdentityError::LinkNotValid) => Flash::danger(visit.refusal(&dead)),
        Err(error) => return Err(error.into()),
    };
    visit.redirect_with(Surface::Customer.home_path(), flash)
}

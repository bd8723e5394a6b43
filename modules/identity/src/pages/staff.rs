//! The door of staff.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_fault::{Fault, Refusal as _};
use bursar_web::{Flash, Form, LocalPath, PageResult, Problem, Surface, Visit};
use serde_json::{Value, json};

use super::{Back, enter, store_session};
use crate::error::IdentityError;
use crate::providers::pages::buttons;
use crate::sessions::{Client, Kind};
use crate::sign_in::sign_in as sign_in_staff;
use crate::staff::{self, NewStaff};

const SIGN_IN: &str = "identity/staff/admin_sign_in.html";
const SET_UP: &str = "identity/staff/admin_set_up.html";

/// What the page of the staff's door shows.
async fn context(cx: &Cx, form: &Form, refused: Option<String>) -> Result<Value, Fault> {
    Ok(json!({ "form": form.view(), "refused": refused, "providers": buttons(cx, Kind::Staff).await? }))
}

pub(super) async fn sign_in_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Query(back): Query<Back>,
) -> PageResult {
    let back = LocalPath::parse_or(back.return_to.as_deref(), Surface::Staff.home_path());
    if visit.who().is_some_and(|who| who.surface() == Surface::Staff) {
        return visit.redirect(back);
    }
    let form = Form::filled([("return_to", back.as_str())]);
    visit.page(SIGN_IN, context(&cx, &form, None).await?)
}

pub(super) async fn sign_in(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let email = form.required("email", 254);
    let password = form.all("password").next().unwrap_or_default().to_owned();
    if password.is_empty() {
        form.refuse("password", "Please fill this in.");
    }
    if form.is_refused() {
        return visit.refused_form(SIGN_IN, context(&cx, &form, None).await?);
    }
    match sign_in_staff(&cx, &email, password, Client::of(&visit)).await {
        Ok(entry) => {
            let back = LocalPath::parse_or(Some(form.text("return_to")), Surface::Staff.home_path());
            enter(&visit, &entry, Surface::Staff, &back)
        }
        Err(refused @ (IdentityError::NoMatch | IdentityError::TooMany)) => {
            visit.refused_form(SIGN_IN, context(&cx, &form, Some(refused.message())).await?)
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn set_up_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
) -> PageResult {
    if !staff::is_setup_open(&cx, &token).await? {
        return Err(Problem::not_found());
    }
    visit.page(SET_UP, json!({ "form": Form::default().view() }))
}

pub(super) async fn set_up(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
    mut form: Form,
) -> PageResult {
    // What is typed into a password is taken as it is; the action looks at its length.
    let new = NewStaff {
        name: form.text("name").to_owned(),
        email: form.text("email").to_owned(),
        password: form.all("password").next().unwrap_or_default().to_owned(),
    };
    match staff::finish_setup(&cx, &token, new, Client::of(&visit)).await {
        Ok(session) => {
            let welcome = Flash::success("Welcome. This is your office.");
            let mut response = visit.redirect_with(Surface::Staff.home_path(), welcome)?;
            store_session(&visit, &mut response, &session);
            Ok(response)
        }
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(SET_UP, json!({ "form": form.view() }))
        }
        Err(error) => Err(error.into()),
    }
}

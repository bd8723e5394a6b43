//! The door of customers' users. Asking for a link by mail is not here: that needs to know customers and mail.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_fault::{Fault, Text};
use bursar_ids::Actor;
use bursar_web::{Flash, Form, LocalPath, PageResult, Problem, Surface, Visit};
use serde_json::json;

use super::{Back, enter};
use crate::error::IdentityError;
use crate::links;
use crate::providers::pages::buttons;
use crate::sessions::{self, Client, Kind};
use crate::sign_in::sign_in_user;

/// The portal's sign-in page: for handlers that take over one of its forms.
pub const SIGN_IN_PAGE: &str = "identity/portal/sign_in.html";
const LINK: &str = "identity/portal/link.html";

/// What the portal's sign-in page shows.
///
/// # Errors
/// Faults of the database, which knows the other services people can sign in by.
pub async fn sign_in_page(
    cx: &Cx,
    form: &Form,
    refused: Option<String>,
    is_sent: bool,
) -> Result<serde_json::Value, Fault> {
    Ok(json!({
        "form": form.view(), "refused": refused, "is_sent": is_sent, "minutes": links::LINK_MINUTES,
        "providers": buttons(cx, Kind::User).await?,
    }))
}

pub(super) async fn page(visit: Visit, Extension(cx): Extension<Cx>, Query(back): Query<Back>) -> PageResult {
    let back = LocalPath::parse_or(back.return_to.as_deref(), Surface::Customer.home_path());
    if visit.who().is_some_and(|who| who.surface() == Surface::Customer) {
        return visit.redirect(back);
    }
    let form = Form::filled([("return_to", back.as_str())]);
    visit.page(SIGN_IN_PAGE, sign_in_page(&cx, &form, None, false).await?)
}

pub(super) async fn sign_in(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let email = form.required("email", 254);
    let password = form.all("password").next().unwrap_or_default().to_owned();
    if password.is_empty() {
        form.refuse_text("password", &Text::new("identity-sign-in-password-missing"));
    }
    if form.is_refused() {
        return visit.refused_form(SIGN_IN_PAGE, sign_in_page(&cx, &form, None, false).await?);
    }
    match sign_in_user(&cx, &email, password, Client::of(&visit)).await {
        Ok(entry) => {
            let back = LocalPath::parse_or(Some(form.text("return_to")), Surface::Customer.home_path());
            enter(&visit, &entry, Surface::Customer, &back)
        }
        Err(refused @ (IdentityError::NoMatch | IdentityError::TooMany)) => {
            let why = Some(visit.refusal(&refused));
            visit.refused_form(SIGN_IN_PAGE, sign_in_page(&cx, &form, why, false).await?)
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks before it signs in: programs that look at links in mails would use the link up.
pub(super) async fn link_page(visit: Visit) -> PageResult {
    visit.page(LINK, json!({}))
}

pub(super) async fn redeem(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
) -> PageResult {
    match links::redeem_portal_link(&cx, &token, Client::of(&visit)).await {
        Ok(entry) => {
            let home = LocalPath::parse_or(None, Surface::Customer.home_path());
            enter(&visit, &entry, Surface::Customer, &home)
        }
        Err(refused @ IdentityError::LinkNotValid) => {
            visit.redirect_with(Surface::Customer.sign_in_path(), Flash::danger(visit.refusal(&refused)))
        }
        Err(error) => Err(error.into()),
    }
}

/// Another of the user's customers.
pub(super) async fn switch(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    let who = visit.who().ok_or_else(Problem::not_found)?;
    let customer: i64 = form.text("customer").parse().map_err(|_| Problem::not_found())?;
    let Actor::User(user) = who.actor else { return Err(Problem::not_found()) };
    if !sessions::switch_customer(&cx, who.session_hash, user, customer).await? {
        return Err(Problem::not_found());
    }
    visit.redirect(Surface::Customer.home_path())
}

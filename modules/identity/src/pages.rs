//! Pages of signing in and out.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query};
use axum::http::Response;
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_web::{
    Flash, Form, LocalPath, PageResult, Problem, Public, Routes, SESSION_COOKIE, SignedIn, Surface, Visit,
};
use serde::Deserialize;
use serde_json::json;

use crate::error::IdentityError;
use crate::links;
use crate::sessions::{self, SESSION_HOURS, Session};
use crate::staff::{self, NewStaff};

const SIGN_IN: &str = "identity/staff/admin_sign_in.html";
const SET_UP: &str = "identity/staff/admin_set_up.html";
const LINK: &str = "identity/portal/link.html";

pub(crate) fn register(registry: &mut Registry) {
    registry.template("staff/admin_sign_in.html", include_str!("../templates/staff/admin_sign_in.html"));
    registry.template("staff/admin_set_up.html", include_str!("../templates/staff/admin_set_up.html"));
    registry.template("portal/link.html", include_str!("../templates/portal/link.html"));
    registry.routes(
        Routes::<()>::new("identity")
            .get("/admin/sign-in", Public, sign_in_page)
            .post("/admin/sign-in", Public, sign_in)
            .post("/admin/sign-out", SignedIn(Surface::Staff), sign_out)
            .get("/admin/set-up/{token}", Public, set_up_page)
            .post("/admin/set-up/{token}", Public, set_up)
            .get("/portal/link/{token}", Public, link_page)
            .post("/portal/link/{token}", Public, redeem)
            .post("/portal/sign-out", SignedIn(Surface::Customer), sign_out)
            .with_state(()),
    );
}

#[derive(Debug, Deserialize)]
struct Back {
    return_to: Option<String>,
}

async fn sign_in_page(visit: Visit, Query(back): Query<Back>) -> PageResult {
    let back = LocalPath::parse_or(back.return_to.as_deref(), Surface::Staff.home_path());
    if visit.who().is_some_and(|who| who.surface() == Surface::Staff) {
        return visit.redirect(back);
    }
    let form = Form::filled([("return_to", back.as_str())]);
    visit.page(SIGN_IN, json!({ "form": form.view(), "refused": null }))
}

async fn sign_in(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let email = form.required("email", 254);
    let password = form.text("password").to_owned();
    if password.is_empty() {
        form.refuse("password", "Please fill this in.");
    }
    if form.is_refused() {
        return visit.refused_form(SIGN_IN, json!({ "form": form.view(), "refused": null }));
    }
    match sessions::sign_in(&cx, &email, password).await {
        Ok(session) => {
            let back = LocalPath::parse_or(Some(form.text("return_to")), Surface::Staff.home_path());
            let response = visit.redirect(back)?;
            Ok(with_session(&visit, response, &session))
        }
        Err(refused @ (IdentityError::NoMatch | IdentityError::TooMany)) => {
            let refused = bursar_fault::Refusal::message(&refused);
            visit.refused_form(SIGN_IN, json!({ "form": form.view(), "refused": refused }))
        }
        Err(error) => Err(error.into()),
    }
}

fn with_session(visit: &Visit, mut response: Response<Body>, session: &Session) -> Response<Body> {
    let seconds = u32::try_from(SESSION_HOURS * 60 * 60).expect("some hours are few seconds");
    visit.store_cookie(&mut response, SESSION_COOKIE, &session.token, Some(seconds));
    response
}

async fn sign_out(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let who = visit.who().ok_or_else(Problem::not_found)?;
    sessions::sign_out(&cx, who.session_hash).await?;
    let flash = Flash::success("You are signed out.");
    let mut response = visit.redirect_with(who.surface().sign_in_path(), flash)?;
    visit.clear_cookie(&mut response, SESSION_COOKIE);
    Ok(response)
}

async fn set_up_page(visit: Visit, Extension(cx): Extension<Cx>, Path(token): Path<String>) -> PageResult {
    if !staff::is_setup_open(&cx, &token).await? {
        return Err(Problem::not_found());
    }
    visit.page(SET_UP, json!({ "form": Form::default().view() }))
}

async fn set_up(
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
    match staff::finish_setup(&cx, &token, new).await {
        Ok(session) => {
            let response = visit.redirect_with("/admin", Flash::success("Welcome. This is your office."))?;
            Ok(with_session(&visit, response, &session))
        }
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(SET_UP, json!({ "form": form.view() }))
        }
        Err(error) => Err(error.into()),
    }
}

/// Asks before it signs in: programs that look at links in mails would use the link up.
async fn link_page(visit: Visit) -> PageResult {
    visit.page(LINK, json!({}))
}

async fn redeem(visit: Visit, Extension(cx): Extension<Cx>, Path(token): Path<String>) -> PageResult {
    match links::redeem_portal_link(&cx, &token).await {
        Ok(session) => {
            let response = visit.redirect(Surface::Customer.home_path())?;
            Ok(with_session(&visit, response, &session))
        }
        Err(refused @ IdentityError::LinkNotValid) => {
            let flash = Flash::danger(bursar_fault::Refusal::message(&refused));
            visit.redirect_with(Surface::Customer.sign_in_path(), flash)
        }
        Err(error) => Err(Problem::from(match error {
            IdentityError::Fault(fault) => fault,
            other => Fault::new(other.to_string()),
        })),
    }
}

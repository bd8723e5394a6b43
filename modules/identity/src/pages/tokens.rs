//! Tokens for programs.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Refusal as _;
use bursar_web::{Flash, Form, PageResult, Problem, Routes, SignedIn, Surface, Visit};
use serde_json::{Value, json};

use super::{by_surface, subject};
use crate::api_tokens::{self, NewToken};
use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;

const PAGE: &str = "identity/account/tokens.html";

const fn home(surface: Surface) -> &'static str {
    by_surface(surface, "/admin/tokens", "/portal/tokens")
}

pub(super) fn routes(surface: Surface) -> Routes {
    let access = || SignedIn(surface);
    Routes::new("identity")
        .get(home(surface), access(), page)
        .personal()
        .post(home(surface), access(), create)
        .fresh()
        .post(
            by_surface(surface, "/admin/tokens/{id}/delete", "/portal/tokens/{id}/delete"),
            access(),
            delete,
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
    made: Option<String>,
) -> Result<Value, Problem> {
    let who = subject(visit)?;
    let tokens = cx.read(async move |tx: &mut Tx| api_tokens::list_tokens(tx, who).await).await?;
    let words = visit.translator();
    let label =
        |name: &str| house.book.label(name).map_or_else(|| name.to_owned(), |label| words.label(label));
    let rows: Vec<Value> = tokens
        .iter()
        .map(|it| {
            let scopes: Vec<String> = it.scopes.iter().map(|name| label(name)).collect();
            json!({ "id": it.id, "name": it.name, "scopes": scopes.join(", "), "since": it.created_at,
                "until": it.expires_at, "used": it.last_used_at })
        })
        .collect();
    let held = house.book.groups(on).into_iter().map(|group| {
        let permissions: Vec<Value> = group
            .permissions
            .iter()
            .filter(|it| visit.can(it.name))
            .map(|it| {
                json!({ "name": it.name, "label": words.label(it.label), "is_ticked": form.all("scope").any(|s| s == it.name) })
            })
            .collect();
        json!({ "module": group.module, "permissions": permissions })
    });
    let groups: Vec<Value> =
        held.filter(|group| group["permissions"].as_array().is_some_and(|it| !it.is_empty())).collect();
    Ok(json!({ "here": home(on), "rows": rows, "groups": groups, "form": form.view(), "made": made }))
}

async fn page(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    let form = Form::filled([("days", "90")]);
    visit.page(PAGE, context(&visit, &cx, &house, on, &form, None).await?)
}

/// Shows the token on the page that answers: it goes into no cookie and no address.
async fn create(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let new = NewToken {
        name: form.text("name").to_owned(),
        days: form.text("days").parse().unwrap_or_default(),
        scopes: form.all("scope").map(str::to_owned).collect(),
        customer: visit.who().and_then(|who| who.customer_id()),
    };
    match api_tokens::create_token(&cx, subject(&visit)?, new).await {
        Ok(token) => {
            let form = Form::filled([("days", "90")]);
            visit.page(PAGE, context(&visit, &cx, &house, on, &form, Some(token)).await?)
        }
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(PAGE, context(&visit, &cx, &house, on, &form, None).await?)
        }
        Err(refused @ IdentityError::BeyondOwn(_)) => {
            form.refuse("scopes", refused.message());
            visit.refused_form(PAGE, context(&visit, &cx, &house, on, &form, None).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn delete(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    if !api_tokens::delete_token(&cx, subject(&visit)?, id).await? {
        return Err(Problem::not_found());
    }
    visit.redirect_with(home(on), Flash::success(visit.t("identity-token-deleted")))
}

//! Providers, for staff.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Refusal as _;
use bursar_outbound::Credentials;
use bursar_web::{
    Button, Column, Flash, Form, Lens, PageResult, Permission, Problem, Reading, Resource, Routes, Sort,
    Visit, paths,
};
use serde_json::{Value, json};

use super::store::{self, Provider, ProviderDraft};
use super::{flow, wire};
use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::oidc::Audience;
use crate::permissions::PROVIDER_EDIT;
use crate::sessions::Kind;

const NEW: &str = "identity/providers/admin_new.html";
const SHOW: &str = "identity/providers/admin_show.html";
/// What stands for the short name until there is one.
const EXAMPLE: &str = "short-name";

pub(crate) fn routes() -> Routes {
    let access = || Permission(PROVIDER_EDIT);
    Routes::<()>::new("identity")
        .get("/admin/providers/new", access(), new_page)
        .post("/admin/providers/new", access(), add)
        .fresh()
        .get("/admin/providers/{id}", access(), show)
        .post("/admin/providers/{id}", access(), save)
        .fresh()
        .post("/admin/providers/{id}/check", access(), check)
        .post("/admin/providers/{id}/delete", access(), delete)
        .fresh()
        .with_state(())
}

pub(crate) fn resource() -> Resource {
    Resource::new("providers", "Sign-in services", paths!("/admin/providers"), PROVIDER_EDIT)
        .described("login", "Other services by which people sign in here, by OpenID Connect.")
        .in_nav("Office", 831)
        .from("identity_providers AS p", "p.id")
        .opens("/admin/providers/")
        .columns(vec![
            Column::text("name", "Name", "p.name").opens().note("p.issuer"),
            Column::text(
                "audience",
                "Who",
                "CASE p.audience WHEN 'users' THEN 'Users of customers'
                WHEN 'staff' THEN 'Staff' ELSE 'Both' END",
            ),
            Column::badge("status", "Status", "p.status"),
            Column::instant("since", "Since", "p.created_at").sorts("newest").extra(),
        ])
        .sorts(vec![Sort::text("name", "Name", "p.name")])
        .lenses(vec![
            Lens::new("", "All", "", &["name", "newest"]),
            Lens::new("active", "Active", "p.status = 'active'", &["name"]),
            Lens::new("blocked", "Blocked", "p.status = 'blocked'", &["name"]),
        ])
        .search("Name", find)
        .button(Button {
            label: "Add a service",
            icon: "plus",
            href: "/admin/providers/new",
            permission: PROVIDER_EDIT,
        })
        .empty(
            "No sign-in services yet",
            "Add the first service that may sign people in here: Google, GitLab, your own Keycloak.",
        )
}

fn find(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let letters = text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{letters}%");
        tx.query(&store::SEARCH, params![&pattern, limit], |row| row.get(0)).await
    })
}

fn audiences() -> Vec<Value> {
    Audience::ALL.iter().map(|it| json!({ "value": it.code(), "label": it.label() })).collect()
}

/// The addresses that the provider must know, one for each door.
fn addresses(house: &Gatehouse, code: &str, audience: Audience) -> Vec<String> {
    [Kind::User, Kind::Staff]
        .into_iter()
        .filter(|kind| audience.includes(*kind))
        .map(|kind| flow::back_address(&house.base, kind, code))
        .collect()
}

fn new_context(house: &Gatehouse, form: &Form) -> Value {
    json!({
        "form": form.view(), "audiences": audiences(),
        "addresses": addresses(house, EXAMPLE, Audience::Both), "example": EXAMPLE,
    })
}

async fn new_page(visit: Visit, Extension(house): Extension<Gatehouse>) -> PageResult {
    let form = Form::filled([("audience", "users"), ("is_active", "1")]);
    visit.page(NEW, new_context(&house, &form))
}

fn draft(form: &mut Form) -> Option<ProviderDraft> {
    let Some(audience) = Audience::parse(form.text("audience")) else {
        form.refuse("audience", "Choose who may sign in by it.");
        return None;
    };
    Some(ProviderDraft {
        name: form.text("name").to_owned(),
        issuer: form.text("issuer").to_owned(),
        client_id: form.text("client_id").to_owned(),
        audience,
        may_create: form.is_checked("may_create"),
        is_second_factor: form.is_checked("is_second_factor"),
        domains: form.text("domains").split([',', '\n', ' ']).map(str::to_owned).collect(),
        is_active: form.is_checked("is_active"),
    })
}

/// A secret is taken as it is.
fn secret(form: &Form) -> String {
    form.all("secret").next().unwrap_or_default().trim().to_owned()
}

async fn add(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    if let Some(draft) = draft(&mut form) {
        let (code, secret) = (form.text("code").to_owned(), secret(&form));
        match store::add_provider(&cx, &house.vault, code, draft, secret).await {
            Ok(id) => {
                let text = "The service is added. Check that it answers, then try it in another browser.";
                return visit.redirect_with(format!("/admin/providers/{id}"), Flash::success(text));
            }
            Err(IdentityError::Invalid(fields)) => form.refuse_all(fields),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(NEW, new_context(&house, &form))
}

fn filled(provider: &Provider) -> Form {
    let draft = &provider.draft;
    let mut form = Form::filled([
        ("name", draft.name.clone()),
        ("issuer", draft.issuer.clone()),
        ("client_id", draft.client_id.clone()),
        ("audience", draft.audience.code().to_owned()),
        ("domains", draft.domains.join("\n")),
        ("version", provider.version.to_string()),
    ]);
    for (field, is_on) in [
        ("may_create", draft.may_create),
        ("is_second_factor", draft.is_second_factor),
        ("is_active", draft.is_active),
    ] {
        if is_on {
            form.set(field, "1");
        }
    }
    form
}

async fn get(cx: &Cx, id: i64) -> Result<Provider, Problem> {
    let found = cx.read(async move |tx: &mut Tx| store::find(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn context(cx: &Cx, house: &Gatehouse, id: i64, form: Option<&Form>) -> Result<Value, Problem> {
    let provider = get(cx, id).await?;
    Ok(json!({
        "id": id, "name": provider.draft.name, "code": provider.code, "audiences": audiences(),
        "form": form.unwrap_or(&filled(&provider)).view(),
        "addresses": addresses(house, &provider.code, provider.draft.audience),
    }))
}

async fn show(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
) -> PageResult {
    visit.page(SHOW, context(&cx, &house, id, None).await?)
}

async fn save(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    if let Some(draft) = draft(&mut form) {
        let version = form.text("version").parse().unwrap_or_default();
        match store::update(&cx, &house.vault, (id, version), draft, secret(&form)).await {
            Ok(()) => {
                let flash = Flash::success("The service is saved.");
                return visit.redirect_with(format!("/admin/providers/{id}"), flash);
            }
            Err(IdentityError::Invalid(fields)) => form.refuse_all(fields),
            Err(changed @ IdentityError::Changed) => form.refuse("name", changed.message()),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(SHOW, context(&cx, &house, id, Some(&form)).await?)
}

/// Asks the provider to describe itself, as every sign-in does, and says what came of it.
async fn check(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
) -> PageResult {
    let provider = get(&cx, id).await?;
    let flash = match wire::check(&house.call(&cx, Credentials::none()), &provider).await {
        Ok(keys) => Flash::success(format!(
            "It answers. Keys that we can check: {keys}. Whether id and secret are right shows at the first sign-in."
        )),
        Err(why) => Flash::danger(format!("It cannot be used as it is: {why}.")),
    };
    visit.redirect_with(format!("/admin/providers/{id}"), flash)
}

async fn delete(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    store::remove(&cx, id).await?;
    visit.redirect_with(
        "/admin/providers",
        Flash::success("The service is removed; nobody signs in by it any more."),
    )
}

//! Apps and signing keys, for staff.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Refusal as _;
use bursar_web::{
    Button, Column, Flash, Form, Lens, PageResult, Permission, Problem, Reading, Resource, Routes, Sort,
    Visit, paths,
};
use serde_json::{Value, json};

use super::apps::{self, App, AppDraft, Audience, NewApp};
use super::{DISCOVERY, keys};
use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::permissions::APP_EDIT;

const NEW: &str = "identity/apps/admin_new.html";
const SHOW: &str = "identity/apps/admin_show.html";
const SECRET: &str = "identity/apps/admin_secret.html";
const KEYS_PAGE: &str = "identity/apps/admin_keys.html";

pub(crate) fn routes() -> Routes {
    let access = || Permission(APP_EDIT);
    Routes::<()>::new("identity")
        .get("/admin/apps/new", access(), new_page)
        .post("/admin/apps/new", access(), add)
        .fresh()
        .get("/admin/apps/keys", access(), keys_page)
        .post("/admin/apps/keys/rotate", access(), rotate)
        .fresh()
        .post("/admin/apps/keys/{kid}/withdraw", access(), withdraw)
        .fresh()
        .get("/admin/apps/{id}", access(), show)
        .post("/admin/apps/{id}", access(), save)
        .fresh()
        .post("/admin/apps/{id}/secret", access(), renew_secret)
        .fresh()
        .post("/admin/apps/{id}/delete", access(), delete)
        .fresh()
        .with_state(())
}

pub(crate) fn resource() -> Resource {
    Resource::new("apps", "Apps", paths!("/admin/apps"), APP_EDIT)
        .described("world", "Other services of yours that sign people in here, by OpenID Connect.")
        .in_nav("Office", 830)
        .from("identity_apps AS a", "a.id")
        .opens("/admin/apps/")
        .columns(vec![
            Column::text("name", "Name", "a.name").opens().note("a.client_id"),
            Column::text(
                "audience",
                "Who",
                "CASE a.audience WHEN 'users' THEN 'Users of customers'
                WHEN 'staff' THEN 'Staff' ELSE 'Both' END",
            ),
            Column::text(
                "kind",
                "Kind",
                "CASE WHEN a.secret_hash IS NULL THEN 'On a device' ELSE 'On a server' END",
            ),
            Column::badge("status", "Status", "a.status"),
            Column::instant("since", "Since", "a.created_at").sorts("newest").extra(),
        ])
        .sorts(vec![Sort::text("name", "Name", "a.name")])
        .lenses(vec![
            Lens::new("", "All", "", &["name", "newest"]),
            Lens::new("active", "Active", "a.status = 'active'", &["name"]),
            Lens::new("blocked", "Blocked", "a.status = 'blocked'", &["name"]),
        ])
        .search("Name", find_apps)
        .button(Button { label: "Signing keys", icon: "key", href: "/admin/apps/keys", permission: APP_EDIT })
        .button(Button { label: "Add an app", icon: "plus", href: "/admin/apps/new", permission: APP_EDIT })
        .empty(
            "No apps yet",
            "Add the first service that should sign people in here: a panel, a forum, a wiki.",
        )
}

fn find_apps(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let letters = text.trim().replace('!', "!!").replace('%', "!%").replace('_', "!_");
        let pattern = format!("%{letters}%");
        tx.query(&apps::SEARCH, params![&pattern, limit], |row| row.get(0)).await
    })
}

fn audiences() -> Vec<Value> {
    Audience::ALL.iter().map(|it| json!({ "value": it.code(), "label": it.label() })).collect()
}

fn kinds() -> Value {
    json!([
        { "value": "server", "label": "On a server: it keeps a secret" },
        { "value": "device", "label": "On the person's device, or in the browser: it can keep none" },
    ])
}

fn new_context(form: &Form) -> Value {
    json!({ "form": form.view(), "audiences": audiences(), "kinds": kinds() })
}

async fn new_page(visit: Visit) -> PageResult {
    let form = Form::filled([("audience", "users"), ("kind", "server")]);
    visit.page(NEW, new_context(&form))
}

fn lines(form: &Form, field: &str) -> Vec<String> {
    form.text(field).lines().map(str::to_owned).collect()
}

fn draft(form: &mut Form) -> Option<AppDraft> {
    let Some(audience) = Audience::parse(form.text("audience")) else {
        form.refuse("audience", "Choose who may sign in there.");
        return None;
    };
    Some(AppDraft {
        name: form.text("name").to_owned(),
        audience,
        is_first_party: form.is_checked("is_first_party"),
        redirect_uris: lines(form, "redirect_uris"),
        logout_uris: lines(form, "logout_uris"),
        is_active: form.is_checked("is_active"),
    })
}

async fn add(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    if let Some(draft) = draft(&mut form) {
        let draft = AppDraft { is_active: true, ..draft };
        match apps::add_app(&cx, draft, form.text("kind") != "device").await {
            Ok(new) => return show_secret(&visit, &house, &new),
            Err(IdentityError::Invalid(fields)) => form.refuse_all(fields),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(NEW, new_context(&form))
}

/// The only time the secret is known: a page, not a redirect, so that it lies in no cookie.
fn show_secret(visit: &Visit, house: &Gatehouse, new: &NewApp) -> PageResult {
    visit.page(
        SECRET,
        json!({ "id": new.id, "client_id": new.client_id, "secret": new.secret, "issuer": house.base,
            "discovery": format!("{}{DISCOVERY}", house.base) }),
    )
}

fn filled(app: &App) -> Form {
    let draft = &app.draft;
    let mut form = Form::filled([
        ("name", draft.name.clone()),
        ("audience", draft.audience.code().to_owned()),
        ("redirect_uris", draft.redirect_uris.join("\n")),
        ("logout_uris", draft.logout_uris.join("\n")),
        ("version", app.version.to_string()),
    ]);
    for (field, is_on) in [("is_first_party", draft.is_first_party), ("is_active", draft.is_active)] {
        if is_on {
            form.set(field, "1");
        }
    }
    form
}

async fn context(cx: &Cx, house: &Gatehouse, id: i64, form: Option<&Form>) -> Result<Value, Problem> {
    let found = cx.read(async move |tx: &mut Tx| apps::find(tx, id).await).await?;
    let app = found.ok_or_else(Problem::not_found)?;
    Ok(json!({
        "id": id, "name": app.draft.name, "client_id": app.client_id, "has_secret": app.is_confidential(),
        "form": form.unwrap_or(&filled(&app)).view(), "audiences": audiences(), "issuer": house.base,
        "discovery": format!("{}{DISCOVERY}", house.base),
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
        match apps::update(&cx, id, version, draft).await {
            Ok(()) => {
                return visit.redirect_with(format!("/admin/apps/{id}"), Flash::success("The app is saved."));
            }
            Err(IdentityError::Invalid(fields)) => form.refuse_all(fields),
            Err(changed @ IdentityError::Changed) => form.refuse("name", changed.message()),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(SHOW, context(&cx, &house, id, Some(&form)).await?)
}

async fn renew_secret(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
) -> PageResult {
    let secret = apps::renew_secret(&cx, id).await?;
    let found = cx.read(async move |tx: &mut Tx| apps::find(tx, id).await).await?;
    let app = found.ok_or_else(Problem::not_found)?;
    show_secret(&visit, &house, &NewApp { id, client_id: app.client_id, secret: Some(secret) })
}

async fn delete(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    apps::remove(&cx, id).await?;
    visit.redirect_with(
        "/admin/apps",
        Flash::success("The app is removed, and nobody is signed in there any more."),
    )
}

async fn keys_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    let published = keys::published(&cx, &house.vault).await?;
    let now = visit.now();
    let signs = keys::current(&published, now).map(|key| key.kid.clone());
    let rows: Vec<Value> = published
        .iter()
        .map(|key| {
            let role = match () {
                () if Some(&key.kid) == signs.as_ref() => "signs",
                () if key.signs_from > now => "comes next",
                () => "proves what it has signed",
            };
            json!({ "kid": key.kid, "from": key.signs_from, "role": role, "signs": role == "signs" })
        })
        .collect();
    visit.page(KEYS_PAGE, json!({ "rows": rows }))
}

async fn rotate(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    keys::rotate(&cx, &house.vault).await?;
    visit.redirect_with("/admin/apps/keys", Flash::success("A new key signs from now on."))
}

async fn withdraw(visit: Visit, Extension(cx): Extension<Cx>, Path(kid): Path<String>) -> PageResult {
    keys::withdraw(&cx, kid).await?;
    visit.redirect_with("/admin/apps/keys", Flash::success("What the key has signed is believed no more."))
}

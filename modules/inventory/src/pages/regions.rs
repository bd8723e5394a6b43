//! Regions.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{number, refuse};
use crate::permissions::{SERVER_EDIT, SERVER_VIEW};
use crate::regions::{Region, RegionDetails, find_region, save_region};

const EDIT: &str = "inventory/regions/admin_edit.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("inventory")
        .get("/admin/regions/new", Permission(SERVER_EDIT), new_page)
        .post("/admin/regions/new", Permission(SERVER_EDIT), create)
        .get("/admin/regions/{id}", Permission(SERVER_VIEW), edit_page)
        .post("/admin/regions/{id}", Permission(SERVER_EDIT), save)
        .with_state(())
}

fn context(region: Option<&Region>, form: &Form) -> Value {
    let name = region.map_or("", |it| it.details.name.as_str());
    json!({ "form": form.view(), "id": region.map(|it| it.id), "name": name, "may_edit": true })
}

fn typed(form: &mut Form) -> RegionDetails {
    RegionDetails {
        code: form.required("code", 20),
        name: form.required("name", 100),
        country: form.text("country").to_owned(),
        datacentre: form.optional("datacentre", 200).unwrap_or_default(),
        position: number(form, "position").unwrap_or(0),
    }
}

async fn known(cx: &Cx, id: i64) -> PageResult<Region> {
    let found = cx.read(async move |tx: &mut Tx| find_region(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn new_page(visit: Visit) -> PageResult {
    visit.page(EDIT, context(None, &Form::filled([("position", "0")])))
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match save_region(&cx, None, details).await {
            Ok(_) => return visit.redirect_with("/admin/regions", Flash::success("The region is there.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(None, &form))
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let region = known(&cx, id).await?;
    let d = &region.details;
    let form = Form::filled([
        ("code", d.code.clone()),
        ("name", d.name.clone()),
        ("country", d.country.clone()),
        ("datacentre", d.datacentre.clone()),
        ("position", d.position.to_string()),
    ]);
    let mut context = context(Some(&region), &form);
    context["may_edit"] = json!(visit.can(SERVER_EDIT));
    visit.page(EDIT, context)
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let region = known(&cx, id).await?;
    let details = typed(&mut form);
    if !form.is_refused() {
        match save_region(&cx, Some(id), details).await {
            Ok(_) => return visit.redirect_with("/admin/regions", Flash::success("The region is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(Some(&region), &form))
}

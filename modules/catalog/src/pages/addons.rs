//! Making and editing add-ons.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{choices, number, prices, refuse, ticked};
use crate::addons::{Addon, AddonDetails, find_addon};
use crate::permissions::{PRODUCT_EDIT, PRODUCT_VIEW};
use crate::price::OwnerKind;
use crate::product::Pay;
use crate::{create_addon, edit_addon};

const EDIT: &str = "catalog/addons/admin_edit.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("catalog")
        .get("/admin/addons/new", Permission(PRODUCT_EDIT), new_page)
        .post("/admin/addons/new", Permission(PRODUCT_EDIT), create)
        .get("/admin/addons/{id}", Permission(PRODUCT_VIEW), edit_page)
        .post("/admin/addons/{id}", Permission(PRODUCT_EDIT), edit)
        .post("/admin/addons/{id}/prices", Permission(PRODUCT_EDIT), set_prices)
        .with_state(())
}

fn page(id: i64) -> String {
    format!("/admin/addons/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<Addon> {
    let found = cx.read(async move |tx: &mut Tx| find_addon(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let form = Form::filled([("pay", "recurring"), ("taxable", "1")]);
    let context = context(&cx, None, &form, None).await?;
    visit.page(EDIT, context)
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let addon = known(&cx, id).await?;
    let mut context = context(&cx, Some(&addon), &filled(&addon.details), None).await?;
    context["may_edit"] = json!(visit.can(PRODUCT_EDIT));
    visit.page(EDIT, context)
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match create_addon(&cx, details).await {
            Ok(id) => {
                let said = "The add-on is there. Give it prices, and offer it on the products it belongs to.";
                return visit.redirect_with(page(id), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = context(&cx, None, &form, None).await?;
    visit.refused_form(EDIT, context)
}

async fn edit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let addon = known(&cx, id).await?;
    let details = typed(&mut form);
    if !form.is_refused() {
        match edit_addon(&cx, id, details).await {
            Ok(()) => return visit.redirect_with(page(id), Flash::success("The add-on is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = context(&cx, Some(&addon), &form, None).await?;
    visit.refused_form(EDIT, context)
}

async fn set_prices(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let addon = known(&cx, id).await?;
    let (owner, cycles) = ((OwnerKind::Addon, id), prices::cycles_of(addon.details.pay));
    if let Some(done) = prices::save(&visit, &cx, owner, &cycles, &page(id), &mut form).await? {
        return Ok(done);
    }
    let context = context(&cx, Some(&addon), &filled(&addon.details), Some(&form)).await?;
    if form.is_refused() { visit.refused_form(EDIT, context) } else { visit.page(EDIT, context) }
}

fn filled(d: &AddonDetails) -> Form {
    let mut values =
        ticked([("taxable", d.taxable), ("allow_quantity", d.allow_quantity), ("hidden", d.hidden)]);
    values.extend([
        ("name".to_owned(), d.name.clone()),
        ("description_md".to_owned(), d.description_md.clone()),
        ("pay".to_owned(), d.pay.code().to_owned()),
        ("position".to_owned(), d.position.to_string()),
    ]);
    Form::filled(values)
}

fn typed(form: &mut Form) -> AddonDetails {
    let pay = Pay::parse(form.text("pay"));
    if pay.is_none() {
        form.refuse("pay", "Choose one from the list.");
    }
    AddonDetails {
        name: form.required("name", 200),
        description_md: form.optional("description_md", 100_000).unwrap_or_default(),
        pay: pay.unwrap_or(Pay::Recurring),
        taxable: form.is_checked("taxable"),
        allow_quantity: form.is_checked("allow_quantity"),
        hidden: form.is_checked("hidden"),
        position: number(form, "position", 0),
    }
}

async fn context(
    cx: &Cx,
    addon: Option<&Addon>,
    form: &Form,
    prices_form: Option<&Form>,
) -> PageResult<Value> {
    let subject = addon.map(|addon| (addon.id, addon.details.pay));
    let prices_form = prices_form.cloned();
    let grid = cx
        .read(async move |tx: &mut Tx| match subject {
            Some((id, pay)) => {
                let (cycles, form) = (prices::cycles_of(pay), prices_form.as_ref());
                Ok::<_, Fault>(Some(prices::grid(tx, OwnerKind::Addon, id, &cycles, form).await?))
            }
            None => Ok(None),
        })
        .await?;
    Ok(json!({
        "form": form.view(), "id": addon.map(|addon| addon.id), "grid": grid, "may_edit": true,
        "name": addon.map_or("", |addon| addon.details.name.as_str()),
        "pays": choices(Pay::ALL.iter().map(|it| it.code())),
    }))
}

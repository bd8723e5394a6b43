//! Option groups, their options, and the values that have prices.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_time::Cycle;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit, humanised};
use serde_json::{Value, json};

use super::{choices, number, prices, refuse, ticked};
use crate::options::{
    OptionDetails, OptionKind, OptionValue, ProductOption, find_option, find_value, option_groups,
    options_of_group,
};
use crate::permissions::{PRODUCT_EDIT, PRODUCT_VIEW};
use crate::price::OwnerKind;
use crate::{create_option, create_option_group, edit_option, edit_option_value, put_option_value};

const GROUP: &str = "catalog/options/admin_group.html";
const EDIT: &str = "catalog/options/admin_edit.html";
const VALUE: &str = "catalog/options/admin_value.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("catalog")
        .post("/admin/option-groups", Permission(PRODUCT_EDIT), create_group)
        .get("/admin/option-groups/{id}", Permission(PRODUCT_VIEW), group_page)
        .get("/admin/option-groups/{id}/new", Permission(PRODUCT_EDIT), new_page)
        .post("/admin/option-groups/{id}/new", Permission(PRODUCT_EDIT), create)
        .get("/admin/options/{id}", Permission(PRODUCT_VIEW), edit_page)
        .post("/admin/options/{id}", Permission(PRODUCT_EDIT), edit)
        .post("/admin/options/{id}/values", Permission(PRODUCT_EDIT), add_value)
        .get("/admin/option-values/{id}", Permission(PRODUCT_VIEW), value_page)
        .post("/admin/option-values/{id}", Permission(PRODUCT_EDIT), edit_value)
        .post("/admin/option-values/{id}/prices", Permission(PRODUCT_EDIT), set_prices)
        .with_state(())
}

async fn create_group(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    match create_option_group(&cx, form.text("name").to_owned()).await {
        Ok(id) => visit.redirect_with(
            format!("/admin/option-groups/{id}"),
            Flash::success("The group is there. Add its options."),
        ),
        Err(error) => {
            let mut form = form;
            refuse(&mut form, error)?;
            visit.redirect_with(
                "/admin/catalog",
                Flash::danger("Give the option group a name of at most 200 characters."),
            )
        }
    }
}

async fn group_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let (groups, options) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((option_groups(tx).await?, options_of_group(tx, id).await?))
        })
        .await?;
    let (_, name) = groups.into_iter().find(|(group, _)| *group == id).ok_or_else(Problem::not_found)?;
    let options: Vec<Value> = options
        .iter()
        .map(|option| {
            let values: Vec<&str> = option.values.iter().map(|value| value.name.as_str()).collect();
            json!({
                "id": option.id, "name": option.details.name, "kind": humanised(option.details.kind.code()),
                "hidden": option.details.hidden, "values": values.join(", "),
            })
        })
        .collect();
    visit.page(
        GROUP,
        json!({ "id": id, "name": name, "options": options, "may_edit": visit.can(PRODUCT_EDIT) }),
    )
}

async fn option(cx: &Cx, id: i64) -> PageResult<ProductOption> {
    let found = cx.read(async move |tx: &mut Tx| find_option(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn value(cx: &Cx, id: i64) -> PageResult<(ProductOption, OptionValue)> {
    let found = cx.read(async move |tx: &mut Tx| find_value(tx, id).await).await?;
    let value = found.ok_or_else(Problem::not_found)?;
    Ok((option(cx, value.option_id).await?, value))
}

async fn new_page(visit: Visit, Path(group): Path<i64>) -> PageResult {
    let form = Form::filled([("kind", "choice"), ("min_qty", "0"), ("max_qty", "10")]);
    visit.page(EDIT, context(None, group, &form))
}

async fn create(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(group): Path<i64>,
    mut form: Form,
) -> PageResult {
    let details = typed(&mut form, group);
    let values: Vec<String> = form
        .text("values")
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect();
    if !form.is_refused() {
        match create_option(&cx, details, values).await {
            Ok((id, _)) => {
                let said = "The option is there. Give its values prices; without one a value is free.";
                return visit.redirect_with(format!("/admin/options/{id}"), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(None, group, &form))
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let option = option(&cx, id).await?;
    let form = filled(&option.details);
    let mut context = context(Some(&option), option.details.group_id, &form);
    context["may_edit"] = json!(visit.can(PRODUCT_EDIT));
    visit.page(EDIT, context)
}

async fn edit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let option = option(&cx, id).await?;
    let group = option.details.group_id;
    let details = typed(&mut form, group);
    if !form.is_refused() {
        match edit_option(&cx, id, details).await {
            Ok(()) => {
                return visit
                    .redirect_with(format!("/admin/options/{id}"), Flash::success("The option is saved."));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(Some(&option), group, &form))
}

async fn add_value(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let option = option(&cx, id).await?;
    let name = form.required("value", 200);
    let position = option.values.iter().map(|value| value.position + 1).max().unwrap_or(0);
    if !form.is_refused() {
        match put_option_value(&cx, id, name, position).await {
            Ok(value) => {
                let said = "The value is there. Give it prices; without one it is free.";
                return visit.redirect_with(format!("/admin/option-values/{value}"), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let mut context = context(Some(&option), option.details.group_id, &filled(&option.details));
    context["value_form"] = json!(form.view());
    visit.refused_form(EDIT, context)
}

fn filled(d: &OptionDetails) -> Form {
    let mut values = ticked([("hidden", d.hidden)]);
    values.extend([
        ("name".to_owned(), d.name.clone()),
        ("kind".to_owned(), d.kind.code().to_owned()),
        ("min_qty".to_owned(), d.min_qty.to_string()),
        ("max_qty".to_owned(), d.max_qty.to_string()),
        ("position".to_owned(), d.position.to_string()),
    ]);
    Form::filled(values)
}

fn typed(form: &mut Form, group_id: i64) -> OptionDetails {
    let kind = OptionKind::parse(form.text("kind"));
    if kind.is_none() {
        form.refuse("kind", "Choose one from the list.");
    }
    OptionDetails {
        group_id,
        name: form.required("name", 200),
        kind: kind.unwrap_or(OptionKind::Choice),
        min_qty: number(form, "min_qty", 0),
        max_qty: number(form, "max_qty", 1),
        position: number(form, "position", 0),
        hidden: form.is_checked("hidden"),
    }
}

fn context(option: Option<&ProductOption>, group: i64, form: &Form) -> Value {
    let values: Vec<Value> = option
        .iter()
        .flat_map(|option| &option.values)
        .map(|value| json!({ "id": value.id, "name": value.name, "hidden": value.hidden }))
        .collect();
    json!({
        "form": form.view(), "id": option.map(|option| option.id), "group_id": group, "values": values,
        "name": option.map_or("", |option| option.details.name.as_str()), "may_edit": true,
        "value_form": Form::default().view(), "kinds": choices(OptionKind::ALL.iter().map(|it| it.code())),
    })
}

async fn value_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let (option, value) = value(&cx, id).await?;
    let mut context = value_context(&cx, &option, &value, &filled_value(&value), None).await?;
    context["may_edit"] = json!(visit.can(PRODUCT_EDIT));
    visit.page(VALUE, context)
}

fn filled_value(value: &OptionValue) -> Form {
    let mut values = ticked([("hidden", value.hidden)]);
    values.extend([
        ("name".to_owned(), value.name.clone()),
        ("position".to_owned(), value.position.to_string()),
    ]);
    Form::filled(values)
}

async fn edit_value(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let (option, stored) = value(&cx, id).await?;
    let changed = OptionValue {
        name: form.required("name", 200),
        position: number(&mut form, "position", 0),
        hidden: form.is_checked("hidden"),
        ..stored.clone()
    };
    if !form.is_refused() {
        match edit_option_value(&cx, changed).await {
            Ok(()) => {
                let to = format!("/admin/option-values/{id}");
                return visit.redirect_with(to, Flash::success("The value is saved."));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = value_context(&cx, &option, &stored, &form, None).await?;
    visit.refused_form(VALUE, context)
}

async fn set_prices(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let (option, value) = value(&cx, id).await?;
    let owner = (OwnerKind::OptionValue, id);
    let to = format!("/admin/option-values/{id}");
    if let Some(done) = prices::save(&visit, &cx, owner, &Cycle::ALL, &to, &mut form).await? {
        return Ok(done);
    }
    let context = value_context(&cx, &option, &value, &filled_value(&value), Some(&form)).await?;
    if form.is_refused() { visit.refused_form(VALUE, context) } else { visit.page(VALUE, context) }
}

async fn value_context(
    cx: &Cx,
    option: &ProductOption,
    value: &OptionValue,
    form: &Form,
    prices_form: Option<&Form>,
) -> PageResult<Value> {
    let (id, prices_form) = (value.id, prices_form.cloned());
    let grid = cx
        .read(async move |tx: &mut Tx| {
            prices::grid(tx, OwnerKind::OptionValue, id, &Cycle::ALL, prices_form.as_ref()).await
        })
        .await?;
    Ok(json!({
        "form": form.view(), "id": id, "name": value.name, "option": option.details.name, "option_id": option.id,
        "grid": grid, "may_edit": true,
    }))
}

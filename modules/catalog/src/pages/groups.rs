//! The catalogue at a glance, and groups of products.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit, humanised};
use serde_json::{Value, json};

use super::{number, refuse, ticked};
use crate::addons::addons;
use crate::options::option_groups;
use crate::permissions::{PRODUCT_EDIT, PRODUCT_VIEW};
use crate::product::{GroupDetails, Product, groups, products};
use crate::{create_group, edit_group};

const EDIT: &str = "catalog/groups/admin_edit.html";
/// Products on the page; who has more uses the list.
const MOST: u32 = 1_000;

pub(super) fn routes() -> Routes {
    Routes::<()>::new("catalog")
        .get("/admin/catalog", Permission(PRODUCT_VIEW), show)
        .get("/admin/product-groups/new", Permission(PRODUCT_EDIT), new_page)
        .post("/admin/product-groups/new", Permission(PRODUCT_EDIT), create)
        .get("/admin/product-groups/{id}", Permission(PRODUCT_EDIT), edit_page)
        .post("/admin/product-groups/{id}", Permission(PRODUCT_EDIT), edit)
        .with_state(())
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let (groups, products, option_groups, addons) = cx
        .read(async |tx: &mut Tx| {
            Ok::<_, Fault>((
                groups(tx).await?,
                products(tx, None, MOST).await?,
                option_groups(tx).await?,
                addons(tx, None).await?,
            ))
        })
        .await?;
    let mut by_group: BTreeMap<i64, Vec<&Product>> = BTreeMap::new();
    for product in &products {
        by_group.entry(product.details.group_id).or_default().push(product);
    }
    let groups: Vec<Value> = groups
        .iter()
        .map(|group| {
            let mut own = by_group.remove(&group.id).unwrap_or_default();
            own.sort_by_key(|product| (product.details.position, product.id));
            json!({
                "id": group.id, "name": group.details.name, "headline": group.details.headline,
                "hidden": group.details.hidden, "products": own.into_iter().map(row).collect::<Vec<_>>(),
            })
        })
        .collect();
    visit.page(
        "catalog/catalog/admin_show.html",
        json!({
            "groups": groups, "may_edit": visit.can(PRODUCT_EDIT),
            "option_groups": option_groups.iter().map(|(id, name)| json!({"id": id, "name": name})).collect::<Vec<_>>(),
            "addons": addons.iter().map(|addon| json!({
                "id": addon.id, "name": addon.details.name, "pay": humanised(addon.details.pay.code()),
                "hidden": addon.details.hidden,
            })).collect::<Vec<_>>(),
        }),
    )
}

fn row(product: &Product) -> Value {
    let d = &product.details;
    json!({
        "id": product.id.get(), "name": d.name, "slug": d.slug, "kind": humanised(d.kind.code()),
        "status": d.status.code(), "featured": d.featured, "pay": humanised(d.pay.code()),
        "stock": d.stock_control.then_some(d.stock_qty),
    })
}

async fn new_page(visit: Visit) -> PageResult {
    visit.page(EDIT, json!({ "form": Form::default().view(), "id": null }))
}

fn typed(form: &mut Form) -> GroupDetails {
    GroupDetails {
        name: form.required("name", 200),
        slug: form.optional("slug", 100).unwrap_or_default(),
        headline: form.optional("headline", 300).unwrap_or_default(),
        hidden: form.is_checked("hidden"),
        position: number(form, "position", 0),
    }
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match create_group(&cx, details).await {
            Ok(_) => return visit.redirect_with("/admin/catalog", Flash::success("The group is there.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, json!({ "form": form.view(), "id": null }))
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let all = cx.read(async |tx: &mut Tx| groups(tx).await).await?;
    let group = all.into_iter().find(|group| group.id == id).ok_or_else(Problem::not_found)?;
    let d = group.details;
    let mut values = ticked([("hidden", d.hidden)]);
    values.extend([
        ("name".to_owned(), d.name),
        ("slug".to_owned(), d.slug),
        ("headline".to_owned(), d.headline),
        ("position".to_owned(), d.position.to_string()),
    ]);
    visit.page(EDIT, json!({ "form": Form::filled(values).view(), "id": id }))
}

async fn edit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match edit_group(&cx, id, details).await {
            Ok(()) => return visit.redirect_with("/admin/catalog", Flash::success("The group is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, json!({ "form": form.view(), "id": id }))
}

//! Making and editing products.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{choices, number, prices, refuse, ticked};
use crate::addons::addons;
use crate::options::{groups_of_product, option_groups};
use crate::permissions::{PRODUCT_EDIT, PRODUCT_VIEW};
use crate::price::OwnerKind;
use crate::product::{
    BillingMode, Pay, Product, ProductDetails, ProductKind, ProductStatus, StockReturn, find_product, groups,
    products, upgrades_of,
};
use crate::{create_product, edit_product, offer_addons, offer_option_groups, offer_upgrades};

const EDIT: &str = "catalog/products/admin_edit.html";
/// Products offered as targets of a change.
const MOST_TARGETS: u32 = 1_000;

pub(super) fn routes() -> Routes {
    Routes::<()>::new("catalog")
        .get("/admin/products/new", Permission(PRODUCT_EDIT), new_page)
        .post("/admin/products/new", Permission(PRODUCT_EDIT), create)
        .get("/admin/products/{id}", Permission(PRODUCT_VIEW), edit_page)
        .post("/admin/products/{id}", Permission(PRODUCT_EDIT), edit)
        .post("/admin/products/{id}/prices", Permission(PRODUCT_EDIT), set_prices)
        .post("/admin/products/{id}/offers", Permission(PRODUCT_EDIT), set_offers)
        .with_state(())
}

fn page(id: i64) -> String {
    format!("/admin/products/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<Product> {
    let found = cx.read(async move |tx: &mut Tx| find_product(tx, Id::new(id)).await).await?;
    found.ok_or_else(Problem::not_found)
}

#[derive(Debug, Deserialize)]
struct In {
    group: Option<i64>,
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>, Query(place): Query<In>) -> PageResult {
    let details = ProductDetails::named(place.group.unwrap_or_default(), "");
    let context = context(&cx, None, &filled(&details, 0), None).await?;
    visit.page(EDIT, context)
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let product = known(&cx, id).await?;
    let form = filled(&product.details, product.version);
    let mut context = context(&cx, Some(product), &form, None).await?;
    context["may_edit"] = json!(visit.can(PRODUCT_EDIT));
    visit.page(EDIT, context)
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match create_product(&cx, details).await {
            Ok(id) => {
                let said = "The product is there. Give it prices, or nobody can buy it.";
                return visit.redirect_with(page(id.get()), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = context(&cx, None, &form, None).await?;
    visit.refused_form(EDIT, context)
}

async fn edit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let product = known(&cx, id).await?;
    let details = typed(&mut form);
    let version = form.value("version", "Load the page again.").unwrap_or_default();
    if !form.is_refused() {
        match edit_product(&cx, Id::new(id), version, details).await {
            Ok(()) => return visit.redirect_with(page(id), Flash::success("The product is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = context(&cx, Some(product), &form, None).await?;
    visit.refused_form(EDIT, context)
}

async fn set_prices(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let product = known(&cx, id).await?;
    let (owner, cycles) = ((OwnerKind::Product, id), prices::cycles_of(product.details.pay));
    if let Some(done) = prices::save(&visit, &cx, owner, &cycles, &page(id), &mut form).await? {
        return Ok(done);
    }
    let details = filled(&product.details, product.version);
    let context = context(&cx, Some(product), &details, Some(&form)).await?;
    if form.is_refused() { visit.refused_form(EDIT, context) } else { visit.page(EDIT, context) }
}

async fn set_offers(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let numbers = |field| form.all(field).filter_map(|text| text.parse::<i64>().ok()).collect::<Vec<_>>();
    let upgrades = numbers("upgrade").into_iter().map(Id::new).collect();
    offer_upgrades(&cx, Id::new(id), upgrades).await?;
    offer_option_groups(&cx, Id::new(id), numbers("option_group")).await?;
    offer_addons(&cx, Id::new(id), numbers("addon")).await?;
    visit.redirect_with(page(id), Flash::success("What the product offers is saved."))
}

fn filled(d: &ProductDetails, version: i64) -> Form {
    let features: Vec<String> = d.features.iter().map(|(name, value)| format!("{name}: {value}")).collect();
    let mut values = ticked([
        ("featured", d.featured),
        ("taxable", d.taxable),
        ("stock_control", d.stock_control),
        ("stock_returns", d.stock_return == StockReturn::Ended),
        ("allow_quantity", d.allow_quantity),
    ]);
    let text = [
        ("version", version.to_string()),
        ("group_id", d.group_id.to_string()),
        ("kind", d.kind.code().to_owned()),
        ("name", d.name.clone()),
        ("slug", d.slug.clone()),
        ("description_md", d.description_md.clone()),
        ("features", features.join("\n")),
        ("status", d.status.code().to_owned()),
        ("position", d.position.to_string()),
        ("pay", d.pay.code().to_owned()),
        ("stock_qty", d.stock_qty.to_string()),
        ("trial_days", d.trial_days.to_string()),
        ("prorate_to_day", d.prorate_to_day.map(|day| day.to_string()).unwrap_or_default()),
        ("recurring_limit", d.recurring_limit.to_string()),
        ("billing_mode", d.billing_mode.code().to_owned()),
    ];
    values.extend(text.map(|(name, value)| (name.to_owned(), value)));
    Form::filled(values)
}

fn typed(form: &mut Form) -> ProductDetails {
    let kind = ProductKind::parse(form.text("kind"));
    let status = ProductStatus::parse(form.text("status"));
    let pay = Pay::parse(form.text("pay"));
    let billing_mode = BillingMode::parse(form.text("billing_mode"));
    for (field, is_known) in [
        ("kind", kind.is_some()),
        ("status", status.is_some()),
        ("pay", pay.is_some()),
        ("billing_mode", billing_mode.is_some()),
    ] {
        if !is_known {
            form.refuse(field, "Choose one from the list.");
        }
    }
    let day = number(form, "prorate_to_day", 0);
    let features = form.optional("features", 20_000).unwrap_or_default();
    ProductDetails {
        group_id: form.value("group_id", "Choose a group.").unwrap_or_default(),
        kind: kind.unwrap_or(ProductKind::Other),
        name: form.required("name", 200),
        slug: form.optional("slug", 100).unwrap_or_default(),
        description_md: form.optional("description_md", 100_000).unwrap_or_default(),
        features: features.lines().filter_map(feature).collect(),
        status: status.unwrap_or(ProductStatus::Hidden),
        featured: form.is_checked("featured"),
        position: number(form, "position", 0),
        pay: pay.unwrap_or(Pay::Recurring),
        taxable: form.is_checked("taxable"),
        stock_control: form.is_checked("stock_control"),
        stock_qty: number(form, "stock_qty", 0),
        stock_return: if form.is_checked("stock_returns") {
            StockReturn::Ended
        } else {
            StockReturn::Unstarted
        },
        allow_quantity: form.is_checked("allow_quantity"),
        trial_days: number(form, "trial_days", 0),
        prorate_to_day: (day != 0).then(|| u8::try_from(day).unwrap_or(u8::MAX)),
        recurring_limit: number(form, "recurring_limit", 0),
        billing_mode: billing_mode.unwrap_or(BillingMode::Prepaid),
    }
}

/// `Memory: 4 GB`; a line without a colon is a name alone.
fn feature(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':').unwrap_or((line, ""));
    let (name, value) = (name.trim(), value.trim());
    (!name.is_empty()).then(|| (name.to_owned(), value.to_owned()))
}

async fn context(
    cx: &Cx,
    product: Option<Product>,
    form: &Form,
    prices_form: Option<&Form>,
) -> PageResult<Value> {
    let view = form.view();
    let prices_form = prices_form.cloned();
    let (id, name) = match &product {
        Some(product) => (Some(product.id.get()), product.details.name.clone()),
        None => (None, String::new()),
    };
    let (groups, offers) = cx
        .read(async move |tx: &mut Tx| {
            let groups = groups(tx).await?;
            let offers = match &product {
                Some(product) => Some(offers(tx, product, prices_form.as_ref()).await?),
                None => None,
            };
            Ok::<_, Fault>((groups, offers))
        })
        .await?;
    let groups: Vec<Value> =
        groups.iter().map(|group| json!({ "value": group.id, "label": group.details.name })).collect();
    Ok(json!({
        "form": view, "id": id, "name": name, "groups": groups, "offers": offers, "may_edit": true,
        "kinds": choices(ProductKind::ALL.iter().map(|it| it.code())),
        "statuses": choices(ProductStatus::ALL.iter().map(|it| it.code())),
        "pays": choices(Pay::ALL.iter().map(|it| it.code())),
        "modes": [{"value": "prepaid", "label": "Before each period"}, {"value": "arrears", "label": "After each period"}],
    }))
}

/// Prices, and what is ticked of what could be offered with the product.
async fn offers(tx: &mut Tx, product: &Product, form: Option<&Form>) -> Result<Value, Fault> {
    let id = product.id;
    let cycles = prices::cycles_of(product.details.pay);
    let grid = prices::grid(tx, OwnerKind::Product, id.get(), &cycles, form).await?;
    let chosen = upgrades_of(tx, id).await?;
    let upgrades: Vec<Value> = products(tx, None, MOST_TARGETS)
        .await?
        .iter()
        .filter(|other| other.id != id && other.details.pay == product.details.pay)
        .filter(|other| other.details.status != ProductStatus::Archived)
        .map(|other| tick(other.id.get(), &other.details.name, chosen.contains(&other.id)))
        .collect();
    let chosen = groups_of_product(tx, id).await?;
    let option_groups: Vec<Value> = option_groups(tx)
        .await?
        .iter()
        .map(|(group, name)| tick(*group, name, chosen.contains(group)))
        .collect();
    let chosen: Vec<i64> = addons(tx, Some(id)).await?.iter().map(|addon| addon.id).collect();
    let addons: Vec<Value> = addons(tx, None)
        .await?
        .iter()
        .map(|addon| tick(addon.id, &addon.details.name, chosen.contains(&addon.id)))
        .collect();
    Ok(json!({ "grid": grid, "upgrades": upgrades, "option_groups": option_groups, "addons": addons }))
}

fn tick(id: i64, name: &str, is_set: bool) -> Value {
    json!({ "id": id, "name": name, "is_set": is_set })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feature_is_a_name_with_a_value_or_a_name_alone() {
        assert_eq!(feature("Memory: 4 GB: ECC "), Some(("Memory".to_owned(), "4 GB: ECC".to_owned())));
        assert_eq!(feature(" Free set-up "), Some(("Free set-up".to_owned(), String::new())));
        assert_eq!(feature("  "), None);
        assert_eq!(feature(": nothing"), None);
    }
}

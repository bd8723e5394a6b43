//! Making and editing coupons.

use std::collections::{BTreeMap, BTreeSet};

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::{Currency, Money, Ppm};
use bursar_time::Cycle;
use bursar_web::{Flash, Form, PageResult, PanelQuery, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{choices, number, refuse, ticked};
use crate::addons::{Addon, addons};
use crate::coupon::{Coupon, CouponDetails, CouponKind};
use crate::coupon_store::find_coupon;
use crate::permissions::{COUPON_EDIT, COUPON_VIEW};
use crate::price::currencies;
use crate::product::{Product, products};
use crate::{create_coupon, edit_coupon};

const EDIT: &str = "catalog/coupons/admin_edit.html";
/// Things a coupon can be limited to, on the page.
const MOST_TARGETS: u32 = 1_000;
/// The page of a coupon, for panels of modules that know who used it.
const PAGE: &str = "catalog.coupon";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("catalog")
        .get("/admin/coupons/new", Permission(COUPON_EDIT), new_page)
        .post("/admin/coupons/new", Permission(COUPON_EDIT), create)
        .get("/admin/coupons/{id}", Permission(COUPON_VIEW), edit_page)
        .post("/admin/coupons/{id}", Permission(COUPON_EDIT), edit)
        .with_state(())
}

async fn known(cx: &Cx, id: i64) -> PageResult<Coupon> {
    let found = cx.read(async move |tx: &mut Tx| find_coupon(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let targets = cx.read(targets).await?;
    let context = context(&targets, None, &filled(&CouponDetails::default()));
    visit.page(EDIT, context)
}

async fn edit_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(query): Query<PanelQuery>,
) -> PageResult {
    let own = async move |tx: &mut Tx| Ok((find_coupon(tx, id).await?, targets(tx).await?));
    let ((coupon, targets), panels) = visit.with_panels(&cx, PAGE, id, &query, own).await?;
    let coupon = coupon.ok_or_else(Problem::not_found)?;
    let mut context = context(&targets, Some(&coupon), &filled(&coupon.details));
    context["may_edit"] = json!(visit.can(COUPON_EDIT));
    context["panels"] = json!(panels);
    visit.page(EDIT, context)
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match create_coupon(&cx, details).await {
            Ok(id) => {
                let to = format!("/admin/coupons/{id}");
                return visit.redirect_with(to, Flash::success("The coupon can be used."));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = context(&cx.read(targets).await?, None, &form);
    visit.refused_form(EDIT, context)
}

async fn edit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let coupon = known(&cx, id).await?;
    let details = typed(&mut form);
    if !form.is_refused() {
        match edit_coupon(&cx, id, details).await {
            Ok(()) => {
                let said = "The coupon is saved. Subscriptions that have it keep what it was.";
                return visit.redirect_with(format!("/admin/coupons/{id}"), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let context = context(&cx.read(targets).await?, Some(&coupon), &form);
    visit.refused_form(EDIT, context)
}

fn filled(d: &CouponDetails) -> Form {
    let date = |date: Option<bursar_time::Date>| date.map(|date| date.to_string()).unwrap_or_default();
    let mut values = ticked([
        ("first_order_only", d.first_order_only),
        ("existing_customers_only", d.existing_customers_only),
        ("stackable", d.stackable),
    ]);
    let percent = if d.value_ppm > 0 { Ppm::new(d.value_ppm).to_percent_text() } else { String::new() };
    let text = [
        ("code", d.code.clone()),
        ("kind", d.kind.code().to_owned()),
        ("value", percent),
        ("trial_days", if d.trial_days > 0 { d.trial_days.to_string() } else { String::new() }),
        ("starts_on", date(d.starts_on)),
        ("expires_on", date(d.expires_on)),
        ("max_uses", d.max_uses.to_string()),
        ("max_uses_per_customer", d.max_uses_per_customer.to_string()),
        ("recurring_periods", d.recurring_periods.to_string()),
        ("notes", d.notes.clone()),
    ];
    values.extend(text.map(|(name, value)| (name.to_owned(), value)));
    for (code, minor) in &d.amounts {
        if let Ok(currency) = Currency::parse(code) {
            values.push((format!("amount-{code}"), Money::new(*minor, currency).to_plain()));
        }
    }
    let many = |name: &str, ids: &BTreeSet<i64>| -> Vec<_> {
        ids.iter().map(|id| (name.to_owned(), id.to_string())).collect()
    };
    values.extend(many("product", &d.products));
    values.extend(many("addon", &d.addons));
    values.extend(d.cycles.iter().map(|code| ("cycle".to_owned(), code.clone())));
    Form::filled(values)
}

fn typed(form: &mut Form) -> CouponDetails {
    let kind = CouponKind::parse(form.text("kind"));
    if kind.is_none() {
        form.refuse("kind", "Choose one from the list.");
    }
    let percent = form.text("value").trim_end_matches('%').trim().to_owned();
    let value_ppm = if percent.is_empty() { Ok(0) } else { Ppm::from_percent_text(&percent).map(Ppm::get) };
    if value_ppm.is_err() {
        form.refuse("value", "Give a percentage, for example 12.5.");
    }
    let mut amounts = BTreeMap::new();
    let columns: Vec<String> = form.all("currency").map(str::to_owned).collect();
    for currency in columns.iter().filter_map(|code| Currency::parse(code).ok()) {
        let field = format!("amount-{}", currency.code());
        let text = form.text(&field).to_owned();
        match Money::parse(&text, currency) {
            _ if text.is_empty() => {}
            Ok(money) => {
                amounts.insert(currency.code().to_owned(), money.minor());
            }
            Err(_) => {
                let example = Money::new(12_500, currency).to_plain();
                form.refuse(field, format!("An amount in {currency}, for example {example}."));
            }
        }
    }
    let date = |form: &mut Form, field: &'static str| {
        if form.text(field).is_empty() { None } else { form.date(field) }
    };
    let numbers = |form: &Form, field: &str| form.all(field).filter_map(|text| text.parse().ok()).collect();
    CouponDetails {
        code: form.required("code", 64),
        kind: kind.unwrap_or(CouponKind::Percent),
        value_ppm: value_ppm.unwrap_or_default(),
        amounts,
        trial_days: number(form, "trial_days", 0),
        starts_on: date(form, "starts_on"),
        expires_on: date(form, "expires_on"),
        max_uses: number(form, "max_uses", 0),
        max_uses_per_customer: number(form, "max_uses_per_customer", 0),
        products: numbers(form, "product"),
        addons: numbers(form, "addon"),
        cycles: form.all("cycle").map(str::to_owned).collect(),
        first_order_only: form.is_checked("first_order_only"),
        existing_customers_only: form.is_checked("existing_customers_only"),
        recurring_periods: number(form, "recurring_periods", 1),
        stackable: form.is_checked("stackable"),
        notes: form.optional("notes", 10_000).unwrap_or_default(),
    }
}

/// What a coupon can be limited to.
struct Targets {
    currencies: Vec<Currency>,
    products: Vec<Product>,
    addons: Vec<Addon>,
}

async fn targets(tx: &mut Tx) -> Result<Targets, Fault> {
    let (currencies, products) = (currencies(tx).await?, products(tx, None, MOST_TARGETS).await?);
    Ok(Targets { currencies, products, addons: addons(tx, None).await? })
}

fn context(targets: &Targets, coupon: Option<&Coupon>, form: &Form) -> Value {
    let Targets { currencies, products, addons } = targets;
    let is_set = |field: &str, value: &str| form.all(field).any(|text| text == value);
    let tick = |field: &str, value: String, name: &str| json!({ "is_set": is_set(field, &value), "id": value, "name": name });
    let products: Vec<Value> =
        products.iter().map(|p| tick("product", p.id.get().to_string(), &p.details.name)).collect();
    let addons: Vec<Value> =
        addons.iter().map(|a| tick("addon", a.id.to_string(), &a.details.name)).collect();
    let cycles: Vec<Value> =
        Cycle::ALL.iter().map(|cycle| tick("cycle", cycle.code().to_owned(), cycle.label())).collect();
    json!({
        "form": form.view(), "id": coupon.map(|coupon| coupon.id), "code": coupon.map_or("", |coupon| coupon.details.code.as_str()),
        "uses": coupon.map_or(0, |coupon| coupon.uses), "may_edit": true, "panels": null,
        "kinds": choices(CouponKind::ALL.iter().map(|it| it.code())),
        "currencies": currencies.iter().map(|currency| currency.code()).collect::<Vec<_>>(),
        "products": products, "addons": addons, "cycles": cycles,
    })
}

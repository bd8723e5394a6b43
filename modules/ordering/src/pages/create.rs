//! Ordering for a customer: by telephone, or what the shop does not show.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Query, State};
use bursar_catalog::ProductStatus;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_ids::Id;
use bursar_time::Cycle;
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::carts::{CartItem, Picked, Wish};
use crate::kinds::Kinds;
use crate::orders::place::{StaffOrder, place_staff_order};
use crate::permissions::ORDER_CREATE;
use crate::questions::questions_of;

const NEW: &str = "ordering/orders/admin_new.html";
const MOST_PRODUCTS: u32 = 500;

#[derive(Debug, Default, Deserialize)]
struct Asked {
    customer: Option<String>,
    product: Option<String>,
}

pub(super) fn routes(kinds: Kinds) -> Routes {
    Routes::new("ordering")
        .get("/admin/orders/new", Permission(ORDER_CREATE), page)
        .post("/admin/orders/new", Permission(ORDER_CREATE), create)
        .with_state(kinds)
}

/// First the product, then what it offers: two steps, so that it works without scripts.
async fn page(visit: Visit, Extension(cx): Extension<Cx>, Query(asked): Query<Asked>) -> PageResult {
    let form = Form::filled([
        ("customer", asked.customer.unwrap_or_default()),
        ("product", asked.product.unwrap_or_default()),
        ("cycle", Cycle::Monthly.code().to_owned()),
        ("quantity", "1".to_owned()),
    ]);
    visit.page(NEW, context(&cx, &form).await?)
}

async fn context(cx: &Cx, form: &Form) -> PageResult<Value> {
    let chosen: Option<i64> = form.text("product").parse().ok();
    let customer: Option<i64> = form.text("customer").parse().ok();
    let (products, options, addons, questions, customer) = cx
        .read(async move |tx: &mut Tx| {
            let products = bursar_catalog::products(tx, None, MOST_PRODUCTS).await?;
            let customer = match customer {
                Some(id) => bursar_customers::find(tx, Id::new(id)).await?,
                None => None,
            };
            let Some(id) = chosen else {
                return Ok::<_, Fault>((products, Vec::new(), Vec::new(), Vec::new(), customer));
            };
            let options = bursar_catalog::options_of_product(tx, Id::new(id)).await?;
            let addons = bursar_catalog::addons(tx, Some(Id::new(id))).await?;
            Ok((products, options, addons, questions_of(tx, id).await?, customer))
        })
        .await?;
    let sold = products.iter().filter(|product| product.details.status != ProductStatus::Archived);
    let products: Vec<Value> =
        sold.map(|p| json!({ "value": p.id.get(), "label": p.details.name })).collect();
    let options: Vec<Value> = options
        .iter()
        .map(|option| {
            let values = option.values.iter().map(|value| json!({ "value": value.id, "label": value.name }));
            json!({
                "id": option.id, "name": option.details.name, "kind": option.details.kind.code(),
                "must": option.must_be_chosen(), "values": values.collect::<Vec<_>>(),
            })
        })
        .collect();
    let addons: Vec<Value> =
        addons.iter().map(|addon| json!({ "id": addon.id, "name": addon.details.name })).collect();
    let cycles: Vec<Value> =
        Cycle::ALL.iter().map(|cycle| json!({ "value": cycle.code(), "label": cycle.label() })).collect();
    let customer = customer.map(|customer| customer.details.postal.display_name());
    Ok(json!({
        "products": products, "options": options, "addons": addons, "questions": questions, "cycles": cycles,
        "customer": customer, "is_chosen": chosen.is_some(), "form": form.view(),
    }))
}

async fn create(
    visit: Visit,
    State(kinds): State<Kinds>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let customer = form.value::<i64>("customer", "Enter the customer's number.");
    let product = form.value::<i64>("product", "Choose a product.");
    let quantity = form.value::<i64>("quantity", "Enter a whole number.");
    let cycle = Cycle::parse(form.text("cycle")).ok();
    if cycle.is_none() {
        form.refuse("cycle", "Choose from the list.");
    }
    if form.is_checked("again") {
        return visit.page(NEW, context(&cx, &form).await?);
    }
    if let (Some(customer_id), Some(product), Some(quantity), Some(cycle)) =
        (customer, product, quantity, cycle)
    {
        let picked = picked(&cx, &form, product, quantity, cycle).await?;
        let codes = form.text("coupon").split_whitespace().map(str::to_owned).collect();
        let answers = answers(&cx, &form, product).await?;
        let item = CartItem { id: 0, wish: Wish::Product(picked), answers };
        let wanted =
            StaffOrder { customer_id, items: vec![item], coupons: codes, note: form.text("note").to_owned() };
        match place_staff_order(&cx, kinds, wanted).await {
            Ok(placed) => {
                let flash = Flash::success(format!("Order {} is placed.", placed.number));
                return visit.redirect_with(format!("/admin/orders/{}", placed.order_id), flash);
            }
            Err(error) => match error.kind() {
                ErrorKind::Invalid(fields) => form.refuse_all(fields),
                ErrorKind::Conflict | ErrorKind::NotFound => form.refuse("form", error.message()),
                ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => return Err(error.into()),
            },
        }
    }
    visit.refused_form(NEW, context(&cx, &form).await?)
}

async fn picked(cx: &Cx, form: &Form, product: i64, quantity: i64, cycle: Cycle) -> Result<Picked, Fault> {
    let (options, addons) = cx
        .read(async move |tx: &mut Tx| {
            let options = bursar_catalog::options_of_product(tx, Id::new(product)).await?;
            Ok::<_, Fault>((options, bursar_catalog::addons(tx, Some(Id::new(product))).await?))
        })
        .await?;
    let mut picked = Picked { product, cycle, quantity, options: Vec::new(), addons: Vec::new() };
    for option in options {
        let value = form.text(&format!("option-{}", option.id)).parse().ok();
        let count = form.text(&format!("count-{}", option.id)).parse().unwrap_or(1);
        picked.options.extend(value.map(|value| (option.id, value, count)));
    }
    for addon in addons {
        let count: Option<i64> = form.text(&format!("addon-{}", addon.id)).parse().ok();
        picked.addons.extend(count.filter(|count| *count != 0).map(|count| (addon.id, count)));
    }
    Ok(picked)
}

async fn answers(cx: &Cx, form: &Form, product: i64) -> Result<BTreeMap<String, String>, Fault> {
    let asked = cx.read(async move |tx: &mut Tx| questions_of(tx, product).await).await?;
    let given = asked.into_iter().map(|question| {
        let answer = form.text(&format!("answer-{}", question.asked.name)).to_owned();
        (question.asked.name, answer)
    });
    Ok(given.collect())
}

//! A product's page: everything one can choose, with the price of the whole beside it.

use std::collections::BTreeMap;

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use bursar_billing::BillError;
use bursar_catalog::{OptionKind, Tags};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_money::{Currency, Money};
use bursar_ordering::OrderError;
use bursar_ordering::carts::change::{Changed, Place, add_item, replace_item};
use bursar_ordering::carts::quote::quote;
use bursar_ordering::carts::{Cart, CartItem, Picked, Wish};
use bursar_ordering::questions::{Question, questions_of};
use bursar_web::{Form, PageResult, Problem, Visit};
use serde_json::{Value, json};

use super::picked::{Choices, answers};
use super::{Scene, Shop, catalogue, shopper, views};

const CONFIGURE: &str = "storefront/shop/configure.html";

/// A product with all that can be said about it in a currency.
struct Product {
    choices: Choices,
    questions: Vec<Question>,
}

impl Product {
    async fn load(cx: &Cx, slug: String, currency: Currency) -> PageResult<Self> {
        let found = cx
            .read(async move |tx: &mut Tx| {
                let Some(offer) = bursar_catalog::offer_by_slug(tx, &slug, currency).await? else {
                    return Ok::<_, Fault>(None);
                };
                let id = offer.product.id;
                let options = bursar_catalog::options_of_product(tx, id).await?;
                let addons = bursar_catalog::addons(tx, Some(id)).await?;
                let questions = questions_of(tx, id.get()).await?;
                Ok(Some(Self { choices: Choices { offer, options, addons }, questions }))
            })
            .await?;
        found.ok_or_else(Problem::not_found)
    }
}

/// The page, with what its address asks for: `?cycle=annual&option-7=12`. `item` opens a thing of the cart again.
pub(super) async fn show(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Path(slug): Path<String>,
    Query(asked): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let product = Product::load(&cx, slug, scene.currency).await?;
    let mut form = Form::filled(asked);
    let kept = kept_item(&scene, &form).cloned();
    if let Some(item) = &kept
        && let Wish::Product(picked) = &item.wish
        && form.text("cycle").is_empty()
    {
        form = product.choices.fill(picked, &item.answers);
    }
    let own = context(&cx, &shop, &scene, &product, &form, kept.map(|item| item.id)).await?;
    visit.page(CONFIGURE, scene.with(own))
}

/// Into the cart, or only the price again for who has no scripts.
pub(super) async fn add(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Path(slug): Path<String>,
    headers: HeaderMap,
    mut form: Form,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let product = Product::load(&cx, slug, scene.currency).await?;
    let kept = kept_item(&scene, &form).map(|item| item.id);
    if form.is_checked("preview") {
        let own = context(&cx, &shop, &scene, &product, &form, kept).await?;
        return visit.page(CONFIGURE, scene.with(own));
    }
    let names = product.questions.iter().map(|question| question.asked.name.as_str());
    let wanted = (Wish::Product(product.choices.read(&form)), answers(&form, names));
    let (kinds, who) = (shop.kinds.clone(), scene.shopper.clone());
    let done = match kept {
        Some(item) => {
            let replaced = replace_item(&cx, kinds, who, item, wanted).await;
            replaced.map(|cart| Changed { cart, token: None })
        }
        None => {
            let place = Place { currency: scene.currency, country: String::new() };
            add_item(&cx, kinds, who, place, wanted).await
        }
    };
    match done {
        Ok(changed) => {
            let mut response = visit.redirect("/cart")?;
            shopper::keep_cart(&visit, &mut response, &changed);
            Ok(response)
        }
        Err(refused) => {
            refuse(&visit, &mut form, refused)?;
            let own = context(&cx, &shop, &scene, &product, &form, kept).await?;
            visit.refused_form(CONFIGURE, scene.with(own))
        }
    }
}

/// Puts a refusal beside its fields; what is none goes on.
fn refuse(visit: &Visit, form: &mut Form, error: OrderError) -> PageResult<()> {
    match error.kind() {
        ErrorKind::Invalid(fields) => form.refuse_all(fields),
        ErrorKind::Conflict => form.refuse("form", visit.refusal(&error)),
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            return Err(error.into());
        }
    }
    Ok(())
}

fn kept_item<'s>(scene: &'s Scene, form: &Form) -> Option<&'s CartItem> {
    let id: i64 = form.text("item").parse().ok()?;
    scene.cart.as_ref()?.items.iter().find(|item| item.id == id)
}

async fn context(
    cx: &Cx,
    shop: &Shop,
    scene: &Scene,
    product: &Product,
    form: &Form,
    item: Option<i64>,
) -> PageResult<Value> {
    let picked = product.choices.read(form);
    let (currency, cycle, id) = (scene.currency, picked.cycle, product.choices.offer.product.id);
    let tags = cx
        .read(async move |tx: &mut Tx| bursar_catalog::tags_of_choices(tx, id, currency, cycle).await)
        .await?;
    let summary = summary(cx, shop, scene, picked.clone()).await?;
    let details = &product.choices.offer.product.details;
    let left = details.stock_control.then_some(details.stock_qty);
    Ok(json!({
        "name": details.name, "slug": details.slug, "description": details.description_md,
        "features": details.features, "allow_quantity": details.allow_quantity, "trial_days": details.trial_days,
        "left": left.filter(|left| *left <= 10), "is_sold_out": left == Some(0),
        "cycles": cycle_choices(product, &picked, currency),
        "options": option_choices(product, &picked, &tags, currency),
        "addons": addon_choices(product, &picked, &tags, currency),
        "questions": product.questions, "quantity": picked.quantity, "cycle": cycle.code(),
        "summary": summary, "form": form.view(), "item": item,
    }))
}

/// What the choice asks for: the same function as the cart, over a cart with nothing else in it.
async fn summary(cx: &Cx, shop: &Shop, scene: &Scene, picked: Picked) -> PageResult<Value> {
    let alone = Cart {
        id: 0,
        customer_id: scene.shopper.customer_id,
        currency: scene.currency,
        country: scene.cart.as_ref().map(|cart| cart.country.clone()).unwrap_or_default(),
        state: scene.cart.as_ref().map(|cart| cart.state.clone()).unwrap_or_default(),
        coupons: Vec::new(),
        items: vec![CartItem { id: 0, wish: Wish::Product(picked), answers: BTreeMap::new() }],
        updated_at: cx.now(),
    };
    let kinds = shop.kinds.clone();
    let quoted = cx.read(async move |tx: &mut Tx| quote(tx, &kinds, &alone).await).await;
    let unpriced = |refused: String| json!({ "item": null, "refused": refused, "is_closed": false });
    let mut quoted = match quoted {
        // Not the stranger's fault: a shop can be seen before it is open.
        Err(OrderError::Bill(BillError::NoSeller)) => return Ok(json!({ "item": null, "is_closed": true })),
        quoted => quoted?,
    };
    Ok(match quoted.items.pop() {
        Some(Ok(item)) => json!({
            "item": views::item(&item, scene.currency), "sums": views::totals(&quoted), "is_closed": false,
        }),
        Some(Err(OrderError::Fault(fault))) => return Err(fault.into()),
        Some(Err(refused)) => unpriced(refused.message()),
        None => unpriced(String::new()),
    })
}

fn cycle_choices(product: &Product, picked: &Picked, currency: Currency) -> Vec<Value> {
    let tags = &product.choices.offer.tags;
    let recurring = tags.iter().filter(|(cycle, _)| cycle.is_recurring());
    let shown = recurring.map(|(cycle, tag)| {
        let saved = catalogue::saved(tags, *cycle, currency);
        json!({
            "code": cycle.code(), "price": Money::new(tag.amount_minor, currency),
            "setup": (tag.setup_minor > 0).then(|| Money::new(tag.setup_minor, currency)),
            "saved_percent": saved.map(|(_, percent)| percent), "is_chosen": *cycle == picked.cycle,
        })
    });
    shown.collect()
}

fn option_choices(product: &Product, picked: &Picked, tags: &Tags, currency: Currency) -> Vec<Value> {
    let price = |value: i64| {
        tags.values
            .get(&value)
            .filter(|tag| tag.amount_minor > 0)
            .map(|t| Money::new(t.amount_minor, currency))
    };
    let shown = product.choices.shown_options().map(|option| {
        let chosen = picked.options.iter().find(|(id, _, _)| *id == option.id);
        let values = option.values.iter().filter(|value| !value.hidden).map(|value| {
            json!({
                "id": value.id, "name": value.name, "price": price(value.id),
                "is_chosen": chosen.is_some_and(|(_, own, _)| *own == value.id),
            })
        });
        let details = &option.details;
        let is_quantity = details.kind == OptionKind::Quantity;
        json!({
            "id": option.id, "name": details.name, "kind": details.kind.code(),
            "min": details.min_qty, "max": details.max_qty, "values": values.collect::<Vec<_>>(),
            "quantity": chosen.map_or(0, |(_, _, quantity)| *quantity), "is_quantity": is_quantity,
        })
    });
    shown.collect()
}

fn addon_choices(product: &Product, picked: &Picked, tags: &Tags, currency: Currency) -> Vec<Value> {
    let shown = product.choices.shown_addons().map(|addon| {
        let chosen = picked.addons.iter().find(|(id, _)| *id == addon.id);
        let price = tags.addons.get(&addon.id).map(|tag| Money::new(tag.amount_minor, currency));
        let details = &addon.details;
        json!({
            "id": addon.id, "name": details.name, "description": details.description_md,
            "allow_quantity": details.allow_quantity, "price": price,
            "is_once": details.pay == bursar_catalog::Pay::OneTime,
            "quantity": chosen.map_or(0, |(_, quantity)| *quantity),
        })
    });
    shown.collect()
}

//! The cart.

use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_ids::Id;
use bursar_ordering::OrderError;
use bursar_ordering::carts::change;
use bursar_ordering::carts::quote::{CartQuote, quote};
use bursar_ordering::carts::{Cart, CartItem, Wish};
use bursar_ordering::questions::in_words;
use bursar_web::{Flash, Form, PageResult, Problem, Visit};
use serde_json::{Value, json};

use super::{Scene, Shop, shopper, views};

const CART: &str = "storefront/shop/cart.html";

pub(super) async fn show(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
) -> PageResult {
    let scene = shop.scene(&visit, &cx, &headers).await?;
    let own = context(&cx, &shop, &scene, &Form::default()).await?;
    visit.page(CART, scene.with(own))
}

async fn context(cx: &Cx, shop: &Shop, scene: &Scene, form: &Form) -> PageResult<Value> {
    let Some(cart) = scene.cart.clone().filter(|cart| !cart.items.is_empty()) else {
        return Ok(json!({ "items": [], "form": form.view() }));
    };
    let quoted = quoted(cx, shop, &cart).await?;
    let mut own = contents(cx, &cart, &quoted).await?;
    if let Some(fields) = own.as_object_mut() {
        fields.insert("form".to_owned(), json!(form.view()));
        let is_stranger = cart.customer_id.is_none();
        fields.insert("is_stranger".to_owned(), json!(is_stranger));
    }
    Ok(own)
}

pub(super) async fn quoted(cx: &Cx, shop: &Shop, cart: &Cart) -> PageResult<CartQuote> {
    let (kinds, cart) = (shop.kinds.clone(), cart.clone());
    Ok(cx.read(async move |tx: &mut Tx| quote(tx, &kinds, &cart).await).await?)
}

/// What is in a cart, with its figures: for the cart and the checkout.
pub(super) async fn contents(cx: &Cx, cart: &Cart, quoted: &CartQuote) -> PageResult<Value> {
    let mut items = Vec::with_capacity(cart.items.len());
    for (item, shown) in cart.items.iter().zip(&quoted.items) {
        let (slug, name, allow_quantity) = product_of(cx, &item.wish).await?;
        let quantity = match &item.wish {
            Wish::Product(picked) => picked.quantity,
            Wish::Other { .. } => 1,
        };
        let (quote, refused) = match shown {
            Ok(quote) => (Some(views::item(quote, quoted.currency)), None),
            Err(error) => (None, Some(error.message())),
        };
        items.push(json!({
            "id": item.id, "slug": slug, "name": name, "quantity": quantity, "allow_quantity": allow_quantity,
            "answers": answers_of(cx, item).await?, "quote": quote, "refused": refused,
        }));
    }
    let coupons: Vec<Value> =
        quoted.coupons.iter().map(|c| json!({ "code": c.code, "refused": c.refused })).collect();
    Ok(json!({
        "items": items, "coupons": coupons, "sums": views::totals(quoted), "is_whole": quoted.is_whole(),
        "currency": quoted.currency.code(),
    }))
}

/// A cart holds at most twenty things, each looked up by its key.
async fn product_of(cx: &Cx, wish: &Wish) -> Result<(Option<String>, String, bool), Fault> {
    let Some(id) = wish.product() else { return Ok((None, String::new(), false)) };
    let found = cx.read(async move |tx: &mut Tx| bursar_catalog::find_product(tx, Id::new(id)).await).await?;
    Ok(found.map_or_else(
        || (None, String::new(), false),
        |product| {
            let details = product.details;
            (Some(details.slug), details.name, details.allow_quantity)
        },
    ))
}

/// What was asked and answered of a thing, in words.
async fn answers_of(cx: &Cx, item: &CartItem) -> Result<Vec<(String, String)>, Fault> {
    let Some(product) = item.wish.product() else { return Ok(Vec::new()) };
    let answers = item.answers.clone();
    cx.read(async move |tx: &mut Tx| in_words(tx, product, &answers).await).await
}

fn id_of(form: &Form) -> PageResult<i64> {
    form.text("item").parse().map_err(|_| Problem::not_found())
}

/// Back to the cart, with what was wrong.
fn back(visit: &Visit, done: Result<Option<Cart>, OrderError>) -> PageResult<Response<Body>> {
    match done {
        // Another tab emptied or ordered it: the cart shows what is so.
        Ok(_) | Err(OrderError::NotFound(_)) => visit.redirect("/cart"),
        Err(error) => match error.kind() {
            ErrorKind::Invalid(_) | ErrorKind::Conflict => {
                visit.redirect_with("/cart", Flash::warning(visit.refusal(&error)))
            }
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
                Err(error.into())
            }
        },
    }
}

pub(super) async fn set_quantity(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let item = id_of(&form)?;
    let Ok(quantity) = form.text("quantity").parse() else { return visit.redirect("/cart") };
    let who = shopper::of(&visit, &headers);
    back(&visit, change::set_quantity(&cx, shop.kinds, who, item, quantity).await.map(Some))
}

pub(super) async fn remove(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let item = id_of(&form)?;
    back(&visit, change::remove_item(&cx, shopper::of(&visit, &headers), item).await.map(Some))
}

/// A code that takes nothing off comes back beside its field, with the reason.
pub(super) async fn add_coupon(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    mut form: Form,
) -> PageResult {
    let (who, typed) = (shopper::of(&visit, &headers), form.text("coupon").to_owned());
    match change::add_coupon(&cx, shop.kinds.clone(), who, typed).await {
        Err(error) if matches!(error.kind(), ErrorKind::Invalid(_)) => {
            if let ErrorKind::Invalid(fields) = error.kind() {
                form.refuse_all(fields);
            }
            let scene = shop.scene(&visit, &cx, &headers).await?;
            let own = context(&cx, &shop, &scene, &form).await?;
            visit.refused_form(CART, scene.with(own))
        }
        other => back(&visit, other.map(Some)),
    }
}

pub(super) async fn remove_coupon(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let code = form.text("code").to_owned();
    back(&visit, change::remove_coupon(&cx, shopper::of(&visit, &headers), code).await.map(Some))
}

pub(super) async fn set_country(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let (country, state) = (form.text("country").to_owned(), form.text("state").to_owned());
    back(&visit, change::set_country(&cx, shopper::of(&visit, &headers), country, state).await.map(Some))
}

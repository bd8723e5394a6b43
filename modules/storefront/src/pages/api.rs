//! What is sold and for how much, as JSON for everybody: read-only, without cookies, from any page of the internet.
//!
//! Prices come from the same functions as the shop's. Amounts are integers in minor units and text with the currency's
//! decimals; which of the two one uses, no rounding is left to do.

use std::collections::BTreeMap;

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, Response, StatusCode, header};
use bursar_catalog::{Offer, Pay};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal};
use bursar_money::{Currency, Money};
use bursar_ordering::OrderError;
use bursar_ordering::carts::quote::quote;
use bursar_ordering::carts::{Cart, CartItem, Wish};
use bursar_web::{Form, PageResult};
use serde_json::{Value, json};

use super::Shop;
use super::picked::Choices;

/// Prices may be a minute old on somebody's own pages.
const FRESH: &str = "public, max-age=60";

type Asked = Query<BTreeMap<String, String>>;

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    if status == StatusCode::OK {
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(FRESH));
    }
    response
}

fn refused(status: StatusCode, message: &str, fields: &[Value]) -> PageResult {
    Ok(answer(status, &json!({ "error": { "message": message, "fields": fields } })))
}

fn nothing() -> PageResult {
    refused(StatusCode::NOT_FOUND, "There is no such product.", &[])
}

fn amount(minor: i64, currency: Currency) -> Value {
    json!({ "minor": minor, "currency": currency.code(), "amount": Money::new(minor, currency).to_plain() })
}

/// The currency that was asked for, or the shop's.
async fn currency(shop: &Shop, cx: &Cx, asked: &BTreeMap<String, String>) -> Result<Option<Currency>, Fault> {
    let around = shop.around(cx).await?;
    Ok(match asked.get("currency") {
        None => Some(around.settings.currency(&around.sold, None)),
        Some(code) => {
            Currency::parse(&code.to_uppercase()).ok().filter(|currency| around.sold.contains(currency))
        }
    })
}

fn unknown_currency() -> PageResult {
    let field = json!({ "field": "currency", "message": "Nothing is sold in this currency." });
    refused(StatusCode::UNPROCESSABLE_ENTITY, "Nothing is sold in this currency.", &[field])
}

pub(super) async fn currencies(State(shop): State<Shop>, Extension(cx): Extension<Cx>) -> PageResult {
    let around = shop.around(&cx).await?;
    let codes: Vec<&str> = around.sold.iter().map(|currency| currency.code()).collect();
    Ok(answer(StatusCode::OK, &json!({ "currencies": codes })))
}

/// Everything that is on the shelf: at most a thousand, as the shop shows.
pub(super) async fn products(
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Query(asked): Asked,
) -> PageResult {
    let Some(currency) = currency(&shop, &cx, &asked).await? else { return unknown_currency() };
    let (groups, offers) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((bursar_catalog::groups(tx).await?, bursar_catalog::offers(tx, currency).await?))
        })
        .await?;
    let shown = offers.iter().filter_map(|offer| {
        let group = groups.iter().find(|group| group.id == offer.product.details.group_id)?;
        (!group.details.hidden).then(|| product_view(offer, &group.details.slug, currency))
    });
    let products: Vec<Value> = shown.collect();
    Ok(answer(StatusCode::OK, &json!({ "currency": currency.code(), "products": products })))
}

fn product_view(offer: &Offer, group: &str, currency: Currency) -> Value {
    let details = &offer.product.details;
    let prices = offer.tags.iter().map(|(cycle, tag)| {
        json!({
            "cycle": cycle.code(), "price": amount(tag.amount_minor, currency),
            "setup": amount(tag.setup_minor, currency),
        })
    });
    let features = details.features.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    json!({
        "slug": details.slug, "name": details.name, "group": group, "kind": details.kind.code(),
        "description": details.description_md, "features": features.collect::<Vec<_>>(),
        "prices": prices.collect::<Vec<_>>(), "is_free": details.pay == Pay::Free,
        "trial_days": details.trial_days, "is_sold_out": details.stock_control && details.stock_qty == 0,
        "order_path": format!("/shop/{}", details.slug),
    })
}

async fn choices(cx: &Cx, slug: String, currency: Currency) -> Result<Option<Choices>, Fault> {
    cx.read(async move |tx: &mut Tx| {
        let Some(offer) = bursar_catalog::offer_by_slug(tx, &slug, currency).await? else { return Ok(None) };
        let id = offer.product.id;
        let options = bursar_catalog::options_of_product(tx, id).await?;
        let addons = bursar_catalog::addons(tx, Some(id)).await?;
        Ok(Some(Choices { offer, options, addons }))
    })
    .await
}

/// One product with what can be chosen.
pub(super) async fn product(
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Path(slug): Path<String>,
    Query(asked): Asked,
) -> PageResult {
    let Some(currency) = currency(&shop, &cx, &asked).await? else { return unknown_currency() };
    let Some(choices) = choices(&cx, slug, currency).await? else { return nothing() };
    let options: Vec<Value> = choices
        .shown_options()
        .map(|option| {
            let values = option.values.iter().filter(|value| !value.hidden);
            let values = values.map(|value| json!({ "id": value.id, "name": value.name }));
            json!({
                "id": option.id, "name": option.details.name, "kind": option.details.kind.code(),
                "min": option.details.min_qty, "max": option.details.max_qty,
                "values": values.collect::<Vec<_>>(),
            })
        })
        .collect();
    let addons = choices.shown_addons().map(|addon| json!({ "id": addon.id, "name": addon.details.name }));
    let mut view = product_view(&choices.offer, "", currency);
    if let Some(fields) = view.as_object_mut() {
        fields.remove("group");
        fields.insert("currency".to_owned(), json!(currency.code()));
        fields.insert("options".to_owned(), json!(options));
        fields.insert("addons".to_owned(), json!(addons.collect::<Vec<_>>()));
    }
    Ok(answer(StatusCode::OK, &view))
}

/// What a choice would be invoiced at: `?cycle=annual&quantity=2&option-7=12&addon-3=1&country=DE`.
pub(super) async fn price(
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    Path(slug): Path<String>,
    Query(asked): Asked,
) -> PageResult {
    let Some(currency) = currency(&shop, &cx, &asked).await? else { return unknown_currency() };
    let Some(choices) = choices(&cx, slug, currency).await? else { return nothing() };
    let country = asked.get("country").map(|code| code.to_uppercase()).unwrap_or_default();
    if !(country.is_empty() || country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase())) {
        let field = json!({ "field": "country", "message": "Give a country's two letters, for example DE." });
        return refused(StatusCode::UNPROCESSABLE_ENTITY, "The country cannot be read.", &[field]);
    }
    let picked = choices.read(&Form::filled(asked));
    let cycle = picked.cycle;
    let alone = Cart {
        id: 0,
        customer_id: None,
        currency,
        country,
        state: String::new(),
        coupons: Vec::new(),
        items: vec![CartItem { id: 0, wish: Wish::Product(picked), answers: BTreeMap::new() }],
        updated_at: cx.now(),
    };
    let mut quoted = cx.read(async move |tx: &mut Tx| quote(tx, &shop.kinds, &alone).await).await?;
    match quoted.items.pop() {
        Some(Ok(item)) => {
            let sums = quoted.totals;
            let view = json!({
                "cycle": cycle.code(), "country": quoted.country,
                "net": amount(sums.subtotal_minor, currency),
                "tax": amount(sums.tax1_minor + sums.tax2_minor, currency),
                "total": amount(sums.total_minor, currency),
                "renewal": item.renewal.map(|renewal| amount(renewal.total_minor, currency)),
                "trial_ends_on": item.trial_ends_on.map(|on| on.to_string()),
            });
            Ok(answer(StatusCode::OK, &view))
        }
        Some(Err(OrderError::Fault(fault))) => Err(fault.into()),
        Some(Err(refusal)) => unfit(&refusal),
        None => nothing(),
    }
}

fn unfit(refusal: &OrderError) -> PageResult {
    let fields = match refusal.kind() {
        ErrorKind::Invalid(fields) => {
            fields.iter().map(|f| json!({ "field": f.field, "message": f.message })).collect()
        }
        ErrorKind::NotFound
        | ErrorKind::Conflict
        | ErrorKind::Forbidden
        | ErrorKind::Unavailable
        | ErrorKind::Fault => Vec::new(),
    };
    refused(StatusCode::UNPROCESSABLE_ENTITY, &refusal.message(), &fields)
}

//! Checkout on one page: who orders, what they agree to, the whole invoice before it exists, and the order itself.

use axum::Extension;
use axum::extract::State;
use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_ids::Id;
use bursar_ordering::orders::Agreement;
use bursar_ordering::orders::place::{Checkout, place_order};
use bursar_ordering::permissions::PORTAL_ORDER_PLACE;
use bursar_web::{Flash, Form, PageResult, Problem, Surface, Visit};
use serde_json::{Value, json};

use super::{Scene, Shop, account, cart, shopper};
use crate::settings::ShopSettings;
use crate::texts::{SiteText, TextName, store};

pub(super) const CHECKOUT: &str = "storefront/shop/checkout.html";

pub(super) async fn show(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
) -> PageResult {
    let scene = claimed(&visit, &cx, &shop, &headers).await?;
    if scene.cart.as_ref().is_none_or(|cart| cart.items.is_empty()) {
        return visit.redirect("/cart");
    }
    let own = context(&visit, &cx, &shop, &scene, &Form::default(), None).await?;
    visit.page(CHECKOUT, scene.with(own))
}

/// Whoever has signed in meanwhile takes the cart of their browser along.
async fn claimed(visit: &Visit, cx: &Cx, shop: &Shop, headers: &HeaderMap) -> PageResult<Scene> {
    let who = shopper::of(visit, headers);
    if let Some(customer) = who.customer_id {
        bursar_ordering::carts::change::claim_cart(cx, who.token, customer).await?;
    }
    shop.scene(visit, cx, headers).await
}

/// What the page shows. `refused` says what was wrong with signing in or up.
pub(super) async fn context(
    visit: &Visit,
    cx: &Cx,
    shop: &Shop,
    scene: &Scene,
    form: &Form,
    refused: Option<String>,
) -> PageResult<Value> {
    let cart = scene.cart.clone().ok_or_else(Problem::not_found)?;
    let quoted = cart::quoted(cx, shop, &cart).await?;
    let mut own = cart::contents(cx, &cart, &quoted).await?;
    let texts = texts_to_agree(cx, visit).await?;
    let customer = customer_view(cx, scene).await?;
    let fields = own.as_object_mut().ok_or_else(Problem::not_found)?;
    let links: Vec<Value> = texts
        .iter()
        .map(|text| json!({ "name": text.name.code(), "href": text.name.path(), "title": text.title }))
        .collect();
    fields.insert("texts".to_owned(), json!(links));
    fields.insert("customer".to_owned(), customer);
    fields.insert("may_order".to_owned(), json!(visit.can(PORTAL_ORDER_PLACE)));
    let is_staff = visit.who().is_some_and(|who| who.surface() == Surface::Staff);
    fields.insert("is_staff".to_owned(), json!(is_staff));
    fields.insert("newcomer".to_owned(), json!(account::newcomer(visit, cx).await?.map(|user| user.email)));
    fields.insert("password_help".to_owned(), json!(visit.say(&bursar_identity::password_rule())));
    fields.insert("form".to_owned(), json!(form.view()));
    fields.insert("refused".to_owned(), json!(refused));
    Ok(own)
}

async fn customer_view(cx: &Cx, scene: &Scene) -> Result<Value, Fault> {
    let Some(id) = scene.shopper.customer_id else { return Ok(Value::Null) };
    let found = cx.read(async move |tx: &mut Tx| bursar_customers::find(tx, Id::new(id)).await).await?;
    Ok(found.map_or(Value::Null, |customer| {
        let postal = &customer.details.postal;
        json!({
            "name": postal.display_name(), "email": postal.email, "country": postal.country,
            "address": [&postal.address1, &postal.postcode, &postal.city], "tax_id": postal.tax_id,
        })
    }))
}

/// The texts that have to be agreed to, as the reader gets them.
async fn texts_to_agree(cx: &Cx, visit: &Visit) -> Result<Vec<SiteText>, Fault> {
    let locale = visit.locale();
    cx.read(async move |tx: &mut Tx| {
        let settings = ShopSettings::load(tx).await?;
        let mut texts = Vec::new();
        for name in TextName::ALL.into_iter().filter(|name| settings.agree_to.contains(name.code())) {
            texts.extend(store::current(tx, name, locale.code()).await?);
        }
        Ok(texts)
    })
    .await
}

/// The order. What is owed is paid on the next page; what is not is confirmed at once.
pub(super) async fn place(
    visit: Visit,
    State(shop): State<Shop>,
    Extension(cx): Extension<Cx>,
    headers: HeaderMap,
    mut form: Form,
) -> PageResult {
    let texts = texts_to_agree(&cx, &visit).await?;
    if !texts.is_empty() && !form.is_checked("agree") {
        form.refuse("agree", visit.t("storefront-checkout-agree-missing"));
    }
    let checkout = Checkout {
        agreements: texts.iter().map(agreement).collect(),
        seen_total_minor: form.text("seen_total").parse().ok(),
        note: form.text("note").to_owned(),
        from_address: visit.client_ip().to_string(),
    };
    if !form.is_refused() {
        let who = shopper::of(&visit, &headers);
        match place_order(&cx, shop.kinds.clone(), who, checkout).await {
            Ok(placed) => {
                let owed = placed.invoice_id.filter(|_| placed.status.code() == "pending_payment");
                return match owed {
                    Some(invoice) => visit.redirect(format!("/portal/invoices/{invoice}/pay")),
                    None => visit.redirect(format!("/portal/orders/{}", placed.order_id)),
                };
            }
            Err(error) => match error.kind() {
                ErrorKind::Invalid(fields) => form.refuse_all(fields),
                ErrorKind::Conflict => {
                    return visit.redirect_with("/cart", Flash::warning(visit.refusal(&error)));
                }
                ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
                    return Err(error.into());
                }
            },
        }
    }
    let scene = shop.scene(&visit, &cx, &headers).await?;
    if scene.cart.as_ref().is_none_or(|cart| cart.items.is_empty()) {
        return visit.redirect("/cart");
    }
    let own = context(&visit, &cx, &shop, &scene, &form, None).await?;
    visit.refused_form(CHECKOUT, scene.with(own))
}

fn agreement(text: &SiteText) -> Agreement {
    Agreement {
        name: text.name.code().to_owned(),
        title: text.title.clone(),
        version: text.version,
        hash: text.hash.clone(),
    }
}

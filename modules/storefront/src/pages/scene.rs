//! Who is here, what they have in the cart, and what stands around every page.

use std::sync::Arc;

use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Currency;
use bursar_ordering::carts::{Cart, Shopper};
use bursar_web::{PageResult, Visit};
use serde::Serialize;
use serde_json::{Value, json};

use super::{Shop, shopper};
use crate::settings::ShopSettings;
use crate::texts::{TextName, Titles};

/// What every public page shows around its own part.
#[derive(Serialize)]
struct Frame {
    /// Things in the cart.
    cart_count: usize,
    /// Texts that are published: address and code.
    links: Vec<Value>,
    /// What one can choose between; empty for a customer, who has one.
    currencies: Vec<&'static str>,
    /// The one in use.
    currency: &'static str,
}

/// What is the same for everybody who comes: kept, because every page asks for it.
#[derive(Debug)]
pub(super) struct Around {
    pub(super) settings: ShopSettings,
    /// The currencies something is sold in.
    pub(super) sold: Vec<Currency>,
    titles: Titles,
}

impl Around {
    async fn read(tx: &mut Tx) -> Result<Self, Fault> {
        Ok(Self {
            settings: ShopSettings::load(tx).await?,
            sold: bursar_catalog::currencies_sold(tx).await?,
            titles: Titles::load(tx).await?,
        })
    }

    /// What is published, for the footer of every page.
    fn links(&self, locale: &str) -> Vec<Value> {
        let linked = self.titles.read_in(locale).into_iter().filter(|(name, _)| *name != TextName::Home);
        linked.map(|(name, title)| json!({ "href": name.path(), "title": title })).collect()
    }
}

/// A visitor before a page.
pub(super) struct Scene {
    pub(super) shopper: Shopper,
    pub(super) cart: Option<Cart>,
    pub(super) currency: Currency,
    frame: Frame,
}

impl Scene {
    /// A page's own context with the frame around it.
    pub(super) fn with(&self, own: Value) -> Value {
        let mut all = own;
        if let Some(fields) = all.as_object_mut() {
            fields.insert("shop".to_owned(), json!(self.frame));
        }
        all
    }
}

impl Shop {
    pub(super) async fn around(&self, cx: &Cx) -> Result<Arc<Around>, Fault> {
        self.around.get(cx, async |tx: &mut Tx| Around::read(tx).await).await
    }

    pub(super) async fn scene(&self, visit: &Visit, cx: &Cx, headers: &HeaderMap) -> PageResult<Scene> {
        let shopper = shopper::of(visit, headers);
        let chosen = shopper::chosen_currency(visit, headers);
        let around = self.around(cx).await?;
        let (cart, own) = own_of(cx, &shopper).await?;
        let looked = cart.as_ref().map(|cart| cart.currency).or(chosen);
        let currency = own.unwrap_or_else(|| around.settings.currency(&around.sold, looked));
        let frame = Frame {
            cart_count: cart.as_ref().map_or(0, |cart| cart.items.len()),
            links: around.links(visit.locale().code()),
            currencies: if own.is_some() {
                Vec::new()
            } else {
                around.sold.iter().map(|currency| currency.code()).collect()
            },
            currency: currency.code(),
        };
        Ok(Scene { shopper, cart, currency, frame })
    }
}

/// A visitor's cart, and the currency of the customer they act for. A stranger without a cart has neither, and the
/// database is not asked.
async fn own_of(cx: &Cx, shopper: &Shopper) -> Result<(Option<Cart>, Option<Currency>), Fault> {
    if *shopper == Shopper::default() {
        return Ok((None, None));
    }
    let shopper = shopper.clone();
    cx.read(async move |tx: &mut Tx| {
        let cart = bursar_ordering::carts::find(tx, &shopper).await?;
        let customer = match shopper.customer_id {
            Some(id) => bursar_customers::find(tx, Id::new(id)).await?,
            None => None,
        };
        Ok((cart, customer.map(|customer| customer.currency)))
    })
    .await
}

//! What the shop shows: products in their groups with today's prices, and where each may be found.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Currency;
use bursar_time::Cycle;

use crate::price::{OwnerKind, current};
use crate::product::{self, Product, ProductStatus};
use crate::selection::UnitPrice;
use crate::{addons, options};

bursar_db::statements! {
    /// The currencies in which a product on the shelf has a price today.
    pub(crate) CURRENCIES = "SELECT DISTINCT c.currency FROM catalog_prices AS c
        JOIN catalog_products AS p ON p.id = c.owner_id AND p.status = 'active'
        WHERE c.owner_kind = 'product' AND c.superseded_at IS NULL AND c.valid_from_on <= $1
        ORDER BY c.currency LIMIT 200";
    /// What is on the shelf, in the order of the shop.
    pub(crate) SHELF = "SELECT id, group_id, kind, name, slug, description_md, features, status, featured, position, pay,
        taxable, stock_control, stock_qty, allow_quantity, trial_days, prorate_to_day, recurring_limit, billing_mode,
        version, stock_return FROM catalog_products WHERE status = 'active' ORDER BY group_id, position, id LIMIT $1";
    /// Today's prices of everything on the shelf in one currency; the one that counts comes last.
    pub(crate) SHELF_PRICES = "SELECT c.owner_id, c.cycle, c.id, c.amount_minor, c.setup_minor FROM catalog_prices AS c
        JOIN catalog_products AS p ON p.id = c.owner_id AND p.status = 'active'
        WHERE c.owner_kind = 'product' AND c.currency = $1 AND c.superseded_at IS NULL AND c.valid_from_on <= $2
        ORDER BY c.owner_id, c.valid_from_on LIMIT 20000";
    /// Today's prices of one product in one currency.
    pub(crate) PRODUCT_PRICES = "SELECT owner_id, cycle, id, amount_minor, setup_minor FROM catalog_prices
        WHERE owner_kind = 'product' AND owner_id = $1 AND currency = $2 AND superseded_at IS NULL
        AND valid_from_on <= $3 ORDER BY owner_id, valid_from_on LIMIT 100";
    /// A product by its address.
    pub(crate) BY_SLUG = "SELECT id, group_id, kind, name, slug, description_md, features, status, featured, position,
        pay, taxable, stock_control, stock_qty, allow_quantity, trial_days, prorate_to_day, recurring_limit,
        billing_mode, version, stock_return FROM catalog_products WHERE slug = $1";
}

/// Most products a shop shows.
pub const MOST_ON_SHELF: i64 = 1_000;

/// What one unit costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tag {
    /// For one cycle, or once, in minor units.
    pub amount_minor: i64,
    /// Once, in minor units.
    pub setup_minor: i64,
}

impl From<UnitPrice> for Tag {
    fn from(price: UnitPrice) -> Self {
        Self { amount_minor: price.amount_minor, setup_minor: price.setup_minor }
    }
}

/// A product with what it costs in one currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// What is offered.
    pub product: Product,
    /// By cycle, shortest first; empty for what is free or not sold in the currency.
    pub tags: BTreeMap<Cycle, Tag>,
}

/// What choices of a product cost in one currency and cycle, before anything is picked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// By value of an option.
    pub values: BTreeMap<i64, Tag>,
    /// By add-on: recurring ones in the cycle, the others once.
    pub addons: BTreeMap<i64, Tag>,
}

/// The currencies something on the shelf is sold in, in order of their codes.
///
/// # Errors
/// Faults of the database.
pub async fn currencies_sold(tx: &mut Tx) -> Result<Vec<Currency>, Fault> {
    let today = tx.today();
    let codes = tx.query(&CURRENCIES, params![today], |row| row.get::<String>(0)).await?;
    let known = codes.iter().map(|code| Currency::parse(code));
    known
        .collect::<Result<_, _>>()
        .map_err(|e| Fault::corrupt("a price has an unknown currency").caused_by(e))
}

/// Everything on the shelf with its prices in one currency: two statements, however much there is.
///
/// # Errors
/// Faults of the database.
pub async fn offers(tx: &mut Tx, currency: Currency) -> Result<Vec<Offer>, Fault> {
    let products = tx.query(&SHELF, params![MOST_ON_SHELF], product::product).await?;
    let today = tx.today();
    let mut tags = tags(tx, &SHELF_PRICES, params![currency, today]).await?;
    let offer =
        |product: Product| Offer { tags: tags.remove(&product.id.get()).unwrap_or_default(), product };
    Ok(products.into_iter().map(offer).collect())
}

/// One product by its address with its prices; archived ones are not found.
///
/// # Errors
/// Faults of the database.
pub async fn offer_by_slug(tx: &mut Tx, slug: &str, currency: Currency) -> Result<Option<Offer>, Fault> {
    let found = tx.query_opt(&BY_SLUG, params![slug], product::product).await?;
    let Some(product) = found.filter(|product| product.details.status != ProductStatus::Archived) else {
        return Ok(None);
    };
    let today = tx.today();
    let mut tags = tags(tx, &PRODUCT_PRICES, params![product.id, currency, today]).await?;
    Ok(Some(Offer { tags: tags.remove(&product.id.get()).unwrap_or_default(), product }))
}

/// What each choice of a product costs in a currency and cycle.
///
/// # Errors
/// Faults of the database.
pub async fn tags_of_choices(
    tx: &mut Tx,
    product: Id<Product>,
    currency: Currency,
    cycle: Cycle,
) -> Result<Tags, Fault> {
    let today = tx.today();
    let options = options::options_of_product(tx, product).await?;
    let values: Vec<i64> = options.iter().flat_map(|o| o.values.iter().map(|value| value.id)).collect();
    let all: Vec<i64> = addons::addons(tx, Some(product)).await?.iter().map(|addon| addon.id).collect();
    let values = current(tx, OwnerKind::OptionValue, &values, currency, cycle, today).await?;
    // An add-on has prices of one sort only: in cycles, or once.
    let mut addons = current(tx, OwnerKind::Addon, &all, currency, Cycle::OneTime, today).await?;
    if cycle != Cycle::OneTime {
        addons.extend(current(tx, OwnerKind::Addon, &all, currency, cycle, today).await?);
    }
    let tag = |(id, price): (i64, UnitPrice)| (id, Tag::from(price));
    Ok(Tags { values: values.into_iter().map(tag).collect(), addons: addons.into_iter().map(tag).collect() })
}

async fn tags(
    tx: &mut Tx,
    statement: &'static bursar_db::Statement,
    values: &[bursar_db::Param<'_>],
) -> Result<BTreeMap<i64, BTreeMap<Cycle, Tag>>, Fault> {
    let mut tags: BTreeMap<i64, BTreeMap<Cycle, Tag>> = BTreeMap::new();
    let unknown = |e| Fault::corrupt("a price has an unknown cycle").caused_by(e);
    tx.query_each(statement, values, |row| {
        let cycle = Cycle::parse(row.text(1)?).map_err(unknown)?;
        let tag = Tag { amount_minor: row.get(3)?, setup_minor: row.get(4)? };
        tags.entry(row.get(0)?).or_default().insert(cycle, tag);
        Ok(())
    })
    .await?;
    Ok(tags)
}

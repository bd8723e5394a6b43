//! Loads what pricing needs, then prices.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Cycle;

use crate::price::{OwnerKind, current};
use crate::product::Pay;
use crate::selection::{Buyer, PricedSelection, Selection, SelectionError, Shelf, price};
use crate::{addons, options, product};

/// Prices what a customer picked, with today's prices. Carts, orders and previews call this one function.
///
/// # Errors
/// [`SelectionError`].
pub async fn price_selection(tx: &mut Tx, wanted: &Selection) -> Result<PricedSelection, SelectionError> {
    price_selection_for(tx, wanted, Buyer::Public).await
}

/// As [`price_selection`]; staff and changes of existing subscriptions may also use archived products.
///
/// # Errors
/// [`SelectionError`].
pub async fn price_selection_for(
    tx: &mut Tx,
    wanted: &Selection,
    buyer: Buyer,
) -> Result<PricedSelection, SelectionError> {
    let shelf = load(tx, wanted).await?.ok_or(SelectionError::NotForSale)?;
    price(&shelf, wanted, buyer)
}

async fn load(tx: &mut Tx, wanted: &Selection) -> Result<Option<Shelf>, Fault> {
    let id = Id::new(wanted.product);
    let Some(product) = product::find_product(tx, id).await? else { return Ok(None) };
    let (currency, cycle, on) = (wanted.currency, wanted.cycle, tx.today());
    let product_price =
        current(tx, OwnerKind::Product, &[id.get()], currency, cycle, on).await?.remove(&id.get());
    let options = options::options_of_product(tx, id).await?;
    let values: Vec<i64> = wanted.options.iter().map(|(_, value, _)| *value).collect();
    let value_prices = current(tx, OwnerKind::OptionValue, &values, currency, cycle, on).await?;
    let offered = if wanted.addons.is_empty() { Vec::new() } else { addons::addons(tx, Some(id)).await? };
    let picked =
        offered.into_iter().filter(|addon| wanted.addons.iter().any(|(wanted, _)| *wanted == addon.id));
    let (mut once, mut recurring, mut by_id) = (Vec::new(), Vec::new(), std::collections::BTreeMap::new());
    for addon in picked {
        match addon.details.pay {
            Pay::OneTime => once.push(addon.id),
            Pay::Recurring => recurring.push(addon.id),
            Pay::Free => {}
        }
        by_id.insert(addon.id, addon);
    }
    let mut addon_prices = current(tx, OwnerKind::Addon, &once, currency, Cycle::OneTime, on).await?;
    addon_prices.extend(current(tx, OwnerKind::Addon, &recurring, currency, cycle, on).await?);
    Ok(Some(Shelf { product, options, addons: by_id, product_price, value_prices, addon_prices }))
}

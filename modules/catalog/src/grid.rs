//! All prices of one owner at once: currency by cycle, as people edit them.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_money::Currency;
use bursar_time::{Cycle, Date};
use serde_json::json;

use crate::actions::record;
use crate::error::CatalogError;
use crate::permissions::PRODUCT_EDIT;
use crate::price::{self, NewPrice, OwnerKind, Price};

/// One field of the grid: what one unit is to cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Column.
    pub currency: Currency,
    /// Row.
    pub cycle: Cycle,
    /// Price and setup fee in minor units; `None` when it is not sold this way.
    pub price: Option<(i64, i64)>,
}

/// The prices that count on a day, of everything that [`price::prices_of`] gives.
pub fn counting(prices: &[Price], on: Date) -> Vec<&Price> {
    let mut found: Vec<&Price> = Vec::new();
    for price in prices.iter().filter(|p| p.superseded_at.is_none() && p.valid_from_on <= on) {
        match found.iter_mut().find(|p| p.currency == price.currency && p.cycle == price.cycle) {
            Some(seen) if seen.valid_from_on < price.valid_from_on => *seen = price,
            Some(_) => {}
            None => found.push(price),
        }
    }
    found
}

/// Sets every cell that differs from what counts today, from a day on (today when none is given), and stops selling what
/// became empty. Returns how many prices changed. Subscriptions keep what they copied.
///
/// # Errors
/// [`CatalogError::Invalid`]; then nothing is changed.
pub async fn put_prices(
    cx: &Cx,
    owner_kind: OwnerKind,
    owner_id: i64,
    cells: Vec<Cell>,
    valid_from_on: Option<Date>,
) -> Result<usize, CatalogError> {
    cx.require(PRODUCT_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let known = price::prices_of(tx, owner_kind, owner_id).await?;
        let now: Vec<Price> = counting(&known, tx.today()).into_iter().cloned().collect();
        let mut changed = Vec::new();
        for cell in &cells {
            let before = now.iter().find(|p| p.currency == cell.currency && p.cycle == cell.cycle);
            if before.map(|p| (p.amount_minor, p.setup_minor)) == cell.price {
                continue;
            }
            match cell.price {
                Some((amount_minor, setup_minor)) => {
                    let new = NewPrice {
                        owner_kind,
                        owner_id,
                        currency: cell.currency,
                        cycle: cell.cycle,
                        amount_minor,
                        setup_minor,
                        valid_from_on,
                    };
                    price::set_price(tx, &new).await?;
                }
                None => price::remove_price(tx, owner_kind, owner_id, cell.currency, cell.cycle).await?,
            }
            changed.push(json!({
                "currency": cell.currency.code(), "cycle": cell.cycle.code(),
                "before_minor": before.map(|p| p.amount_minor), "after_minor": cell.price.map(|p| p.0),
            }));
        }
        let count = changed.len();
        if count > 0 {
            let subject = format!("{}:{owner_id}", owner_kind.code());
            let after = json!({ "prices": changed, "from": valid_from_on.map(|on| on.to_string()) });
            record(tx, PRODUCT_EDIT, &subject, None, Some(after)).await?;
        }
        Ok(count)
    })
    .await
}

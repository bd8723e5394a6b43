//! Stored exchange rates.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Rate};
use bursar_time::Date;

use crate::store;

/// From `on` until the next stored date, one major unit of `base` is worth `rate` major units of `quote`. Replaces a
/// rate of the same date. A rate of zero, or of a currency in itself, is a fault.
pub async fn set_rate(
    tx: &mut Tx,
    base: Currency,
    quote: Currency,
    on: Date,
    rate: Rate,
) -> Result<(), Fault> {
    if base == quote || rate <= Rate::ZERO {
        return Err(Fault::new(format!("{rate} {quote} for one {base} is not an exchange rate")));
    }
    let text = rate.to_text();
    tx.exec(&store::SET_RATE, params![base, quote, on, &text]).await.map(drop)
}

/// The rate that holds on a date, or `None` when none was stored by then. Only what was stored is used: the inverse of
/// a rate is another rate.
pub async fn rate(tx: &mut Tx, base: Currency, quote: Currency, on: Date) -> Result<Option<Rate>, Fault> {
    if base == quote {
        return Ok(Some(Rate::ONE));
    }
    tx.query_opt(&store::FIND_RATE, params![base, quote, on], |row| {
        Rate::parse(row.text(0)?).map_err(|e| Fault::wrap("a stored exchange rate cannot be read", e))
    })
    .await
}

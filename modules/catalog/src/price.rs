//! Prices and their versions.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Money};
use bursar_time::{Cycle, Date, Instant};
use serde::{Deserialize, Serialize};

use crate::check::{Check, LARGEST_AMOUNT};
use crate::error::CatalogError;
use crate::selection::UnitPrice;

bursar_db::statements! {
    /// Every version of every price of one owner.
    pub(crate) HISTORY = "SELECT id, owner_kind, owner_id, currency, cycle, amount_minor, setup_minor, version,
        valid_from_on, superseded_at FROM catalog_prices WHERE owner_kind = $1 AND owner_id = $2
        ORDER BY currency, cycle, version LIMIT 10000";
    /// The prices of many owners in one currency and cycle that are valid on a day, the one that counts last.
    pub(crate) CURRENT = "SELECT owner_id, id, amount_minor, setup_minor FROM catalog_prices
        WHERE owner_kind = $1 AND owner_id {any:$2} AND currency = $3 AND cycle = $4 AND superseded_at IS NULL
        AND valid_from_on <= $5 ORDER BY owner_id, valid_from_on";
    /// Every currency that something is sold in.
    pub(crate) CURRENCIES = "SELECT DISTINCT currency FROM catalog_prices WHERE superseded_at IS NULL
        ORDER BY currency LIMIT 200";
    /// The number of the last version.
    pub(crate) LAST_VERSION = "SELECT COALESCE(MAX(version), 0) FROM catalog_prices
        WHERE owner_kind = $1 AND owner_id = $2 AND currency = $3 AND cycle = $4";
    /// Ends the versions that a new one replaces: those of its own first day, and those before when it counts now.
    pub(crate) SUPERSEDE = "UPDATE catalog_prices SET superseded_at = $1
        WHERE owner_kind = $2 AND owner_id = $3 AND currency = $4 AND cycle = $5 AND superseded_at IS NULL
        AND (valid_from_on = $6 OR (valid_from_on < $6 AND $6 <= $7))";
    /// Ends every version, those to come too.
    pub(crate) REMOVE = "UPDATE catalog_prices SET superseded_at = $1 WHERE owner_kind = $2 AND owner_id = $3
        AND currency = $4 AND cycle = $5 AND superseded_at IS NULL";
    /// A new version.
    pub(crate) INSERT = "INSERT INTO catalog_prices (id, owner_kind, owner_id, currency, cycle, amount_minor,
        setup_minor, version, valid_from_on, superseded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, NULL)";
}

coded! {
    /// What a price belongs to.
    OwnerKind {
        /// A product.
        Product = "product",
        /// An add-on.
        Addon = "addon",
        /// A value of an option.
        OptionValue = "option_value",
    }
}

/// A price to be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPrice {
    /// What it belongs to.
    pub owner_kind: OwnerKind,
    /// Which.
    pub owner_id: i64,
    /// Stored per currency, never converted.
    pub currency: Currency,
    /// `OneTime` for what is paid once.
    pub cycle: Cycle,
    /// For one unit and one cycle, in minor units, 0 to 10^12.
    pub amount_minor: i64,
    /// For one unit, once, in minor units, 0 to 10^12.
    pub setup_minor: i64,
    /// First day; none for today. A day to come schedules a change.
    pub valid_from_on: Option<Date>,
}

/// One version of a price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Price {
    /// Identity; items of subscriptions keep it.
    pub id: i64,
    /// What it belongs to.
    pub owner_kind: OwnerKind,
    /// Which.
    pub owner_id: i64,
    /// Currency.
    pub currency: Currency,
    /// Cycle.
    pub cycle: Cycle,
    /// For one unit and one cycle, in minor units.
    pub amount_minor: i64,
    /// For one unit, once, in minor units.
    pub setup_minor: i64,
    /// Counted from 1 per owner, currency and cycle.
    pub version: i64,
    /// First day.
    pub valid_from_on: Date,
    /// Since when another version has taken its place.
    pub superseded_at: Option<Instant>,
}

impl NewPrice {
    fn check(&self, today: Date) -> Result<Date, CatalogError> {
        let mut check = Check::default();
        for (field, minor) in [("amount", self.amount_minor), ("setup", self.setup_minor)] {
            if !(0..=LARGEST_AMOUNT).contains(&minor) {
                let (zero, most) = (Money::zero(self.currency), Money::new(LARGEST_AMOUNT, self.currency));
                check.fail(field, format!("Enter an amount between {zero} and {most}."));
            }
        }
        let from = self.valid_from_on.unwrap_or(today);
        if from < today {
            check.fail("valid_from_on", format!("Choose today, {today}, or a day to come."));
        }
        check.finish()?;
        Ok(from)
    }
}

/// Sets a price from a day on. Versions before it stay as history.
///
/// # Errors
/// [`CatalogError::Invalid`].
pub async fn set_price(tx: &mut Tx, new: &NewPrice) -> Result<i64, CatalogError> {
    let (now, today) = (tx.now(), tx.today());
    let from = new.check(today)?;
    let (kind, cycle) = (new.owner_kind.code(), new.cycle.code());
    tx.exec(&SUPERSEDE, params![now, kind, new.owner_id, new.currency, cycle, from, today]).await?;
    let last: i64 = tx
        .query_one(&LAST_VERSION, params![kind, new.owner_id, new.currency, cycle], |row| row.get(0))
        .await?;
    let id = tx.new_raw_id()?;
    let values = params![
        id,
        kind,
        new.owner_id,
        new.currency,
        cycle,
        new.amount_minor,
        new.setup_minor,
        last + 1,
        from
    ];
    tx.exec_one(&INSERT, values).await?;
    Ok(id)
}

/// Stops selling in a currency and cycle; scheduled versions go too. History stays.
///
/// # Errors
/// [`CatalogError::NotFound`] when there is no price.
pub async fn remove_price(
    tx: &mut Tx,
    owner_kind: OwnerKind,
    owner_id: i64,
    currency: Currency,
    cycle: Cycle,
) -> Result<(), CatalogError> {
    let now = tx.now();
    match tx.exec(&REMOVE, params![now, owner_kind.code(), owner_id, currency, cycle.code()]).await? {
        0 => Err(CatalogError::NotFound("price")),
        _ => Ok(()),
    }
}

/// Every version of every price of one owner: what counts today has no `superseded_at` and the latest day not to come.
///
/// # Errors
/// Faults of the database.
pub async fn prices_of(tx: &mut Tx, owner_kind: OwnerKind, owner_id: i64) -> Result<Vec<Price>, Fault> {
    tx.query(&HISTORY, params![owner_kind.code(), owner_id], price).await
}

/// Every currency that something is sold in.
///
/// # Errors
/// Faults of the database.
pub async fn currencies(tx: &mut Tx) -> Result<Vec<Currency>, Fault> {
    tx.query(&CURRENCIES, params![], |row| row.get(0)).await
}

/// What one unit of each owner costs on a day.
pub(crate) async fn current(
    tx: &mut Tx,
    owner_kind: OwnerKind,
    owners: &[i64],
    currency: Currency,
    cycle: Cycle,
    on: Date,
) -> Result<BTreeMap<i64, UnitPrice>, Fault> {
    if owners.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = tx
        .query(&CURRENT, params![owner_kind.code(), owners, currency, cycle.code(), on], |row| {
            let price = UnitPrice { id: row.get(1)?, amount_minor: row.get(2)?, setup_minor: row.get(3)? };
            Ok((row.get::<i64>(0)?, price))
        })
        .await?;
    // Later first days come later and replace the ones before.
    Ok(rows.into_iter().collect())
}

fn price(row: &Row<'_>) -> Result<Price, Fault> {
    Ok(Price {
        id: row.get(0)?,
        owner_kind: OwnerKind::stored(row.text(1)?)?,
        owner_id: row.get(2)?,
        currency: row.get(3)?,
        cycle: Cycle::parse(row.text(4)?)
            .map_err(|e| Fault::corrupt("a price has an unknown cycle").caused_by(e))?,
        amount_minor: row.get(5)?,
        setup_minor: row.get(6)?,
        version: row.get(7)?,
        valid_from_on: row.get(8)?,
        superseded_at: row.get(9)?,
    })
}

//! A subscription with everything that is kept about it, and the one function that saves it.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Instant};
use serde::{Deserialize, Serialize};

use super::{Item, Subscription, store};
use crate::error::BillError;
use crate::figures::running;

bursar_db::statements! {
    /// What the run does not need of a subscription.
    pub(crate) EXTRA = "SELECT product_id, trial_ends_on, cancel_reason, paused_on, ended_on, gateway, started_on, source,
            legacy, created_at
        FROM billing_subscriptions WHERE id = $1";
    /// Every item there ever was, in order.
    pub(crate) ALL_ITEMS = "SELECT id, subscription_id, description, quantity, unit_minor, setup_minor, setup_due, taxable,
            billed_from_on, version, kind, source_id, value_id, ended_on
        FROM billing_items WHERE subscription_id = $1 ORDER BY id LIMIT 10000";
    /// Saves a subscription over the version that was read.
    pub(crate) SAVE = "UPDATE billing_subscriptions SET product_id = $3, label = $4, cycle = $5, status = $6, anchor_on = $7,
            anchor_day = $8, next_start_on = $9, next_end_on = $10, next_bill_on = $11, lead_days = $12,
            trial_ends_on = $13, cancel_on = $14, cancel_reason = $15, paused_on = $16, ended_on = $17,
            periods_left = $18, version = version + 1
        WHERE id = $1 AND version = $2";
    /// Saves an item over the version that was read.
    pub(crate) SAVE_ITEM = "UPDATE billing_items SET source_id = $3, value_id = $4, description = $5, quantity = $6,
            unit_minor = $7, taxable = $8, ended_on = $9, version = version + 1
        WHERE id = $1 AND version = $2";
}

/// What an item is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// The product.
    Product,
    /// A chosen value of one of its options.
    Option,
    /// An add-on.
    Addon,
    /// Priced by hand.
    Custom,
}

impl ItemKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Product, Self::Option, Self::Addon, Self::Custom];

    /// The stored code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Option => "option",
            Self::Addon => "addon",
            Self::Custom => "custom",
        }
    }

    /// Reads a stored code.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// An item with where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemDetail {
    /// What is billed.
    pub item: Item,
    /// What it is.
    pub kind: ItemKind,
    /// The product, option or add-on.
    pub source_id: Option<i64>,
    /// The chosen value of an option.
    pub value_id: Option<i64>,
    /// When it ended.
    pub ended_on: Option<Date>,
}

/// A subscription with everything that is kept about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// The calendar and the payer.
    pub core: Subscription,
    /// The product it was made from.
    pub product_id: Option<i64>,
    /// The trial's last day, exclusive.
    pub trial_ends_on: Option<Date>,
    /// Why it was cancelled, as the customer or staff said.
    pub cancel_reason: Option<String>,
    /// Since when it is paused.
    pub paused_on: Option<Date>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// How it is paid by default.
    pub gateway: String,
    /// When it began.
    pub started_on: Date,
    /// `order`, `staff` or `import`.
    pub source: String,
    /// What the old system said.
    pub legacy: Option<String>,
    /// When the row was made.
    pub created_at: Instant,
}

/// One subscription.
///
/// # Errors
/// [`BillError::NotFound`].
pub async fn get(tx: &mut Tx, id: i64) -> Result<Detail, BillError> {
    let core = store::by_ids(tx, &[id]).await?.pop().ok_or(BillError::NotFound("subscription"))?;
    let read = |row: &Row<'_>| {
        Ok(Detail {
            core: core.clone(),
            product_id: row.get(0)?,
            trial_ends_on: row.get(1)?,
            cancel_reason: row.get(2)?,
            paused_on: row.get(3)?,
            ended_on: row.get(4)?,
            gateway: row.get(5)?,
            started_on: row.get(6)?,
            source: row.get(7)?,
            legacy: row.get(8)?,
            created_at: row.get(9)?,
        })
    };
    tx.query_opt(&EXTRA, params![id], read).await?.ok_or(BillError::NotFound("subscription"))
}

/// Every item of a subscription, ended ones included.
pub async fn all_items(tx: &mut Tx, subscription: i64) -> Result<Vec<ItemDetail>, Fault> {
    tx.query(&ALL_ITEMS, params![subscription], |row| {
        Ok(ItemDetail {
            item: Item {
                id: row.get(0)?,
                subscription_id: row.get(1)?,
                description: row.get(2)?,
                quantity: row.get(3)?,
                unit_minor: row.get(4)?,
                setup_minor: row.get(5)?,
                setup_due: row.get(6)?,
                taxable: row.get(7)?,
                billed_from_on: row.get(8)?,
                version: row.get(9)?,
            },
            kind: ItemKind::parse(row.text(10)?)
                .ok_or_else(|| Fault::corrupt("an item has an unknown kind"))?,
            source_id: row.get(11)?,
            value_id: row.get(12)?,
            ended_on: row.get(13)?,
        })
    })
    .await
}

/// Saves over the version that was read, and counts it on.
///
/// # Errors
/// [`BillError::Changed`] when somebody saved it meanwhile.
pub(crate) async fn save(tx: &mut Tx, detail: &mut Detail) -> Result<(), BillError> {
    let s = &detail.core;
    let values = params![
        s.id,
        s.version,
        detail.product_id,
        &s.label,
        s.cycle.code(),
        s.status.code(),
        s.anchor.on,
        i64::from(s.anchor.day),
        s.next.start,
        s.next.end,
        s.next_bill_on,
        s.lead_days,
        detail.trial_ends_on,
        s.cancel_on,
        &detail.cancel_reason,
        detail.paused_on,
        detail.ended_on,
        s.periods_left
    ];
    if tx.exec(&SAVE, values).await? != 1 {
        return Err(BillError::Changed);
    }
    detail.core.version += 1;
    // Last of what a change writes, so its items count as they are now.
    Ok(running::recount(tx, &[detail.core.id]).await?)
}

/// Saves an item over the version that was read.
///
/// # Errors
/// [`BillError::Changed`] when somebody saved it meanwhile.
pub(crate) async fn save_item(tx: &mut Tx, row: &ItemDetail) -> Result<(), BillError> {
    let i = &row.item;
    let values = params![
        i.id,
        i.version,
        row.source_id,
        row.value_id,
        &i.description,
        i.quantity,
        i.unit_minor,
        i.taxable,
        row.ended_on
    ];
    if tx.exec(&SAVE_ITEM, values).await? == 1 { Ok(()) } else { Err(BillError::Changed) }
}

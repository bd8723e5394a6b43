//! All SQL of subscriptions, their items and discounts.

use std::collections::BTreeMap;

use bursar_db::{FromColumn as _, Param, Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Ppm;
use bursar_time::{Anchor, Cycle, Date, Period};

use super::{Granted, Item, Mode, Status, Subscription};
use crate::figures::running;
use crate::invoices::line::{Discount, DiscountValue};

bursar_db::statements! {
    /// A page of what is due, in the order of the index.
    pub(crate) DUE = "SELECT id, customer_id, label, currency, cycle, mode, status, anchor_on, anchor_day,
            next_start_on, next_end_on, next_bill_on, lead_days, cancel_on, periods_left, version
        FROM billing_subscriptions
        WHERE next_bill_on <= $1 AND (next_bill_on, customer_id, id) > ($2, $3, $4)
        ORDER BY next_bill_on, customer_id, id LIMIT $5";
    /// Some subscriptions.
    pub(crate) BY_IDS = "SELECT id, customer_id, label, currency, cycle, mode, status, anchor_on, anchor_day,
            next_start_on, next_end_on, next_bill_on, lead_days, cancel_on, periods_left, version
        FROM billing_subscriptions WHERE id {any:$1} ORDER BY id";
    /// Items of some subscriptions that have not ended.
    pub(crate) ITEMS = "SELECT id, subscription_id, description, quantity, unit_minor, setup_minor, setup_due, taxable,
            billed_from_on, version
        FROM billing_items WHERE subscription_id {any:$1} AND ended_on IS NULL";
    /// Discounts of some subscriptions that still apply.
    pub(crate) DISCOUNTS = "SELECT id, subscription_id, label, kind, value_ppm, value_minor, periods_left, waives_setup,
            item_ids, version
        FROM billing_discounts
        WHERE subscription_id {any:$1} AND (periods_left IS NULL OR periods_left > 0)";
    /// How many are due, for the progress bar.
    pub(crate) COUNT_DUE = "SELECT COUNT(*) FROM billing_subscriptions WHERE next_bill_on <= $1";
}

bursar_db::bulk! {
    /// Moves subscriptions on to their next period; the version guards against a rival run.
    pub(crate) ADVANCE = update "billing_subscriptions"
        set { status: text, next_start_on: text, next_end_on: text, next_bill_on: text, ended_on: text,
              periods_left: int, version: int }
        where { id: int, version: int };
    /// Set-up fees that are now invoiced.
    pub(crate) SETUP_DONE = update "billing_items" set { setup_due: int, version: int } where { id: int, version: int };
    /// One period less.
    pub(crate) USE_DISCOUNT = update "billing_discounts" set { periods_left: int, version: int }
        where { id: int, version: int };
    /// New subscriptions.
    pub(crate) INSERT = insert "billing_subscriptions" {
        id: int, customer_id: int, product_id: int, label: text, currency: text, cycle: text, mode: text, status: text,
        anchor_on: text, anchor_day: int, next_start_on: text, next_end_on: text, next_bill_on: text, lead_days: int,
        trial_ends_on: text, cancel_on: text, paused_on: text, ended_on: text, periods_left: int, gateway: text,
        started_on: text, source: text, legacy: text, created_at: int, version: int
    };
    /// New items.
    pub(crate) INSERT_ITEMS = insert "billing_items" {
        id: int, subscription_id: int, kind: text, source_id: int, value_id: int, description: text, quantity: int,
        unit_minor: int, setup_minor: int, setup_due: int, taxable: int, billed_from_on: text, ended_on: text,
        legacy: text, version: int
    };
    /// New discounts.
    pub(crate) INSERT_DISCOUNTS = insert "billing_discounts" {
        id: int, subscription_id: int, coupon_id: int, label: text, kind: text, value_ppm: int, value_minor: int,
        periods_left: int, waives_setup: int, item_ids: text, version: int
    };
    /// The guard of invariant 2.
    pub(crate) BILLED = insert "billing_billed_periods" {
        item_id: int, start_on: text, end_on: text, invoice_id: int, line_no: int
    };
}

/// Where a page of due subscriptions begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DueCursor {
    /// Bill date of the last one seen.
    pub bill_on: Date,
    /// Its customer.
    pub customer_id: i64,
    /// Its id.
    pub id: i64,
}

impl DueCursor {
    /// Before everything.
    pub const START: Self = Self { bill_on: Date::ZERO, customer_id: i64::MIN, id: i64::MIN };
}

/// A page of due subscriptions after the cursor.
pub(crate) async fn due(
    tx: &mut Tx,
    as_of: Date,
    after: DueCursor,
    limit: i64,
) -> Result<Vec<Subscription>, Fault> {
    tx.query(&DUE, params![as_of, after.bill_on, after.customer_id, after.id, limit], read_subscription).await
}

/// Subscriptions by id.
pub async fn by_ids(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Subscription>, Fault> {
    tx.query(&BY_IDS, params![ids], read_subscription).await
}

fn read_subscription(row: &Row<'_>) -> Result<Subscription, Fault> {
    let bad = |what: &str, value: &str| Fault::corrupt(format!("a subscription has the {what} {value:?}"));
    let calendar = |e| Fault::corrupt("a subscription's dates do not fit together").caused_by(e);
    let day = u8::try_from(i64::from_column(row, 8)?).map_err(|_| bad("anchor day", "out of range"))?;
    Ok(Subscription {
        id: row.get(0)?,
        customer_id: row.get(1)?,
        label: row.get(2)?,
        currency: row.get(3)?,
        cycle: Cycle::parse(row.text(4)?).map_err(|_| bad("cycle", row.text(4).unwrap_or("?")))?,
        mode: Mode::parse(row.text(5)?).ok_or_else(|| bad("mode", row.text(5).unwrap_or("?")))?,
        status: Status::parse(row.text(6)?).ok_or_else(|| bad("status", row.text(6).unwrap_or("?")))?,
        anchor: Anchor::new(row.get(7)?, day).map_err(calendar)?,
        next: Period::new(row.get(9)?, row.get(10)?).map_err(calendar)?,
        next_bill_on: row.get(11)?,
        lead_days: row.get(12)?,
        cancel_on: row.get(13)?,
        periods_left: row.get(14)?,
        version: row.get(15)?,
    })
}

/// Items of some subscriptions by subscription, in order of their ids.
pub async fn items(tx: &mut Tx, subscriptions: &[i64]) -> Result<BTreeMap<i64, Vec<Item>>, Fault> {
    let mut items = tx
        .query(&ITEMS, params![subscriptions], |row| {
            Ok(Item {
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
            })
        })
        .await?;
    items.sort_by_key(|item| (item.subscription_id, item.id));
    let mut by_subscription: BTreeMap<i64, Vec<Item>> = BTreeMap::new();
    for item in items {
        by_subscription.entry(item.subscription_id).or_default().push(item);
    }
    Ok(by_subscription)
}

/// Discounts of some subscriptions by subscription, in order of their ids.
pub async fn discounts(tx: &mut Tx, subscriptions: &[i64]) -> Result<BTreeMap<i64, Vec<Granted>>, Fault> {
    let mut granted = tx.query(&DISCOUNTS, params![subscriptions], read_discount).await?;
    granted.sort_by_key(|g| (g.subscription_id, g.id));
    let mut by_subscription: BTreeMap<i64, Vec<Granted>> = BTreeMap::new();
    for discount in granted {
        by_subscription.entry(discount.subscription_id).or_default().push(discount);
    }
    Ok(by_subscription)
}

pub(crate) fn read_discount(row: &Row<'_>) -> Result<Granted, Fault> {
    let value = match row.text(3)? {
        "percent" => DiscountValue::Percent(Ppm::new(row.get(4)?)),
        "fixed" => DiscountValue::Fixed(row.get(5)?),
        "unit_price" => DiscountValue::UnitPrice(row.get(5)?),
        other => return Err(Fault::corrupt(format!("a discount has the kind {other:?}"))),
    };
    let item_ids = row
        .get::<Option<String>>(8)?
        .map(|text| {
            serde_json::from_str(&text).map_err(|e| Fault::wrap("a discount's items cannot be read", e))
        })
        .transpose()?;
    Ok(Granted {
        id: row.get(0)?,
        subscription_id: row.get(1)?,
        discount: Discount { label: row.get(2)?, value, item_ids },
        periods_left: row.get(6)?,
        waives_setup: row.get(7)?,
        version: row.get(9)?,
    })
}

/// What a new subscription row holds.
#[derive(Debug, Clone)]
pub struct NewSubscription {
    /// The calendar and the payer.
    pub core: Subscription,
    /// The product it was made from.
    pub product_id: Option<i64>,
    /// The trial's last day, exclusive.
    pub trial_ends_on: Option<Date>,
    /// Since when it is paused.
    pub paused_on: Option<Date>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// How it is paid by default.
    pub gateway: String,
    /// When it began.
    pub started_on: Date,
    /// `order`, `staff` or `import`.
    pub source: &'static str,
    /// What the old system said.
    pub legacy: Option<String>,
}

/// What a new item row holds.
#[derive(Debug, Clone)]
pub struct NewItem {
    /// The item.
    pub item: Item,
    /// `product`, `option`, `addon` or `custom`.
    pub kind: &'static str,
    /// The product, option or add-on it was made from.
    pub source_id: Option<i64>,
    /// The chosen value of an option.
    pub value_id: Option<i64>,
    /// When it ended.
    pub ended_on: Option<Date>,
    /// What the old system said.
    pub legacy: Option<String>,
}

/// Inserts subscriptions.
pub async fn insert_subscriptions(tx: &mut Tx, rows: &[NewSubscription]) -> Result<(), Fault> {
    let now = tx.now();
    let mut writer = tx.bulk(&INSERT)?;
    for row in rows {
        let s = &row.core;
        writer.row(params![
            s.id,
            s.customer_id,
            row.product_id,
            &s.label,
            s.currency,
            s.cycle.code(),
            s.mode.code(),
            s.status.code(),
            s.anchor.on,
            i64::from(s.anchor.day),
            s.next.start,
            s.next.end,
            s.next_bill_on,
            s.lead_days,
            row.trial_ends_on,
            s.cancel_on,
            row.paused_on,
            row.ended_on,
            s.periods_left,
            &row.gateway,
            row.started_on,
            row.source,
            &row.legacy,
            now,
            s.version
        ])?;
    }
    writer.finish().await.map(drop)
}

/// Inserts items of subscriptions that are there, and counts these.
pub async fn insert_items(tx: &mut Tx, rows: &[NewItem]) -> Result<(), Fault> {
    let mut writer = tx.bulk(&INSERT_ITEMS)?;
    for row in rows {
        let i = &row.item;
        writer.row(params![
            i.id,
            i.subscription_id,
            row.kind,
            row.source_id,
            row.value_id,
            &i.description,
            i.quantity,
            i.unit_minor,
            i.setup_minor,
            i.setup_due,
            i.taxable,
            i.billed_from_on,
            row.ended_on,
            &row.legacy,
            i.version
        ])?;
    }
    writer.finish().await?;
    let mut subscriptions: Vec<i64> = rows.iter().map(|row| row.item.subscription_id).collect();
    subscriptions.sort_unstable();
    subscriptions.dedup();
    running::recount(tx, &subscriptions).await
}

/// Inserts discounts; `coupon_id` for each.
pub async fn insert_discounts(tx: &mut Tx, rows: &[(Granted, Option<i64>)]) -> Result<(), Fault> {
    let mut writer = tx.bulk(&INSERT_DISCOUNTS)?;
    for (g, coupon_id) in rows {
        let (kind, ppm, minor) = match g.discount.value {
            DiscountValue::Percent(share) => ("percent", share.get(), 0),
            DiscountValue::Fixed(minor) => ("fixed", 0, minor),
            DiscountValue::UnitPrice(minor) => ("unit_price", 0, minor),
        };
        let item_ids = g
            .discount
            .item_ids
            .as_ref()
            .map(|ids| serde_json::to_string(ids).map_err(|e| Fault::wrap("encoding a discount's items", e)))
            .transpose()?;
        let items: Param<'_> = (&item_ids).into();
        writer.row(params![
            g.id,
            g.subscription_id,
            *coupon_id,
            &g.discount.label,
            kind,
            ppm,
            minor,
            g.periods_left,
            g.waives_setup,
            &items,
            g.version
        ])?;
    }
    writer.finish().await.map(drop)
}

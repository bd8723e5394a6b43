//! Applying a new price of the catalogue to subscriptions that exist. Without this they keep what they were sold at.

use bursar_catalog::OwnerKind;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::{Cycle, Date};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::apply::{note, record};
use super::store::{self, ChangeRow, NewChange};
use crate::error::BillError;
use crate::figures::running;
use crate::permissions;
use crate::subscriptions::Status;

bursar_db::statements! {
    /// Items at another price, of live subscriptions; a product's or an add-on's.
    pub(crate) OF_SOURCE = "SELECT i.id, i.subscription_id, i.quantity, i.unit_minor, i.version, s.next_start_on, s.status
        FROM billing_items i CROSS JOIN billing_subscriptions s
        WHERE i.id > $1 AND s.id = i.subscription_id AND i.kind = $2 AND i.source_id = $3 AND s.currency = $4 AND s.cycle = $5
            AND i.unit_minor <> $6 AND i.ended_on IS NULL
            AND s.status IN ('pending', 'trial', 'active', 'past_due', 'paused')
        ORDER BY i.id LIMIT $7";
    /// The same for a value of an option. An imported one is in
    /// the price of its product and has none of its own.
    pub(crate) OF_VALUE = "SELECT i.id, i.subscription_id, i.quantity, i.unit_minor, i.version, s.next_start_on, s.status
        FROM billing_items i CROSS JOIN billing_subscriptions s
        WHERE i.id > $1 AND s.id = i.subscription_id AND i.kind = $2 AND i.value_id = $3 AND s.currency = $4 AND s.cycle = $5
            AND i.unit_minor <> $6 AND i.ended_on IS NULL AND i.legacy IS NULL
            AND s.status IN ('pending', 'trial', 'active', 'past_due', 'paused')
        ORDER BY i.id LIMIT $7";
    /// Another price, over the version that was read.
    pub(crate) SET_PRICE = "UPDATE billing_items SET unit_minor = $3, version = version + 1 WHERE id = $1 AND version = $2";
    /// One item's price.
    pub(crate) ITEM = "SELECT subscription_id, unit_minor, version FROM billing_items WHERE id = $1 AND ended_on IS NULL";
}

const PAGE: i64 = 500;

/// Which price goes to which subscriptions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Repricing {
    /// What the price belongs to.
    pub owner_kind: OwnerKind,
    /// Which product, add-on or value.
    pub owner_id: i64,
    /// Currency of the price.
    pub currency: Currency,
    /// Cycle of the price.
    pub cycle: Cycle,
    /// Periods that begin on or after this day cost the catalogue's price of that day.
    pub from_on: Date,
    /// Only what is billed at exactly this price now; everything else was agreed with somebody.
    pub only_minor: Option<i64>,
}

/// What repricing comes to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RepricingReport {
    /// Items that get the new price.
    pub items: u64,
    /// Of those, items that get it later, when the first period after the day is billed.
    pub scheduled: u64,
    /// What they cost per period now, together, minor units.
    pub before_minor: i64,
    /// What they will cost.
    pub after_minor: i64,
    /// The new price of one.
    pub unit_minor: i64,
}

struct Found {
    item_id: i64,
    subscription_id: i64,
    quantity: i64,
    unit_minor: i64,
    version: i64,
    next_start_on: Date,
}

/// What a scheduled repricing keeps.
#[derive(Debug, Serialize, Deserialize)]
struct Kept {
    item_id: i64,
    unit_minor: i64,
}

/// Counts and sums, without writing.
///
/// # Errors
/// [`BillError::NotFound`] when the catalogue has no such price.
pub async fn preview_repricing(cx: &Cx, what: Repricing) -> Result<RepricingReport, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.read(async move |tx: &mut Tx| {
        let unit = price_on(tx, what).await?;
        let (mut report, mut after) = (RepricingReport { unit_minor: unit, ..Default::default() }, i64::MIN);
        loop {
            let page = page(tx, what, unit, after).await?;
            let Some(last) = page.last() else { return Ok(report) };
            after = last.item_id;
            for found in page.iter().filter(|found| what.includes(found)) {
                count(&mut report, found, unit, what)?;
            }
        }
    })
    .await
}

/// Applies the price, page by page. What is stopped half-way goes on when it is called again.
///
/// # Errors
/// [`BillError::NotFound`] when the catalogue has no such price.
pub async fn reprice(cx: &Cx, what: Repricing) -> Result<RepricingReport, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    let unit = cx.read(async move |tx: &mut Tx| price_on(tx, what).await).await?;
    let (mut report, mut after) = (RepricingReport { unit_minor: unit, ..Default::default() }, i64::MIN);
    loop {
        let done = cx.write(async move |tx: &mut Tx| reprice_page(tx, what, unit, after).await).await?;
        let Some((last, part)) = done else { return Ok(report) };
        after = last;
        report.items += part.items;
        report.scheduled += part.scheduled;
        report.before_minor += part.before_minor;
        report.after_minor += part.after_minor;
    }
}

async fn reprice_page(
    tx: &mut Tx,
    what: Repricing,
    unit: i64,
    after: i64,
) -> Result<Option<(i64, RepricingReport)>, BillError> {
    let page = page(tx, what, unit, after).await?;
    let Some(last) = page.last().map(|found| found.item_id) else { return Ok(None) };
    let (mut report, mut at_once) = (RepricingReport::default(), Vec::new());
    for found in page.iter().filter(|found| what.includes(found)) {
        count(&mut report, found, unit, what)?;
        forget(tx, found).await?;
        let kept = Kept { item_id: found.item_id, unit_minor: unit };
        let detail = serde_json::to_string(&kept).map_err(|e| Fault::wrap("encoding a price", e))?;
        if found.next_start_on >= what.from_on {
            set_price(tx, found.item_id, found.version, unit).await?;
            at_once.push(found.subscription_id);
            note(tx, found.subscription_id, "reprice", found.next_start_on, &detail, None).await?;
        } else {
            let new = NewChange {
                subscription_id: found.subscription_id,
                kind: "reprice",
                effective_on: what.from_on,
                state: "scheduled",
                detail: &detail,
                invoice_id: None,
            };
            store::insert(tx, new).await?;
        }
        let (before, after) = (json!({ "unit_minor": found.unit_minor }), json!({ "unit_minor": unit }));
        record(tx, found.subscription_id, "billing.subscription.reprice", Some(before), Some(after)).await?;
    }
    running::recount(tx, &at_once).await?;
    Ok(Some((last, report)))
}

impl Repricing {
    fn includes(&self, found: &Found) -> bool {
        self.only_minor.is_none_or(|minor| minor == found.unit_minor)
    }

    fn item_kind(&self) -> &'static str {
        match self.owner_kind {
            OwnerKind::Product => "product",
            OwnerKind::Addon => "addon",
            OwnerKind::OptionValue => "option",
        }
    }
}

fn count(report: &mut RepricingReport, found: &Found, unit: i64, what: Repricing) -> Result<(), BillError> {
    let add = |sum: i64, unit: i64| found.quantity.checked_mul(unit).and_then(|price| sum.checked_add(price));
    report.items += 1;
    report.scheduled += u64::from(found.next_start_on < what.from_on);
    let sums = (add(report.before_minor, found.unit_minor), add(report.after_minor, unit));
    let (Some(before), Some(after)) = sums else { return Err(bursar_money::MoneyError::Overflow.into()) };
    (report.before_minor, report.after_minor) = (before, after);
    Ok(())
}

/// The catalogue's price on the day it is to count from.
async fn price_on(tx: &mut Tx, what: Repricing) -> Result<i64, BillError> {
    let versions = bursar_catalog::prices_of(tx, what.owner_kind, what.owner_id).await?;
    versions
        .into_iter()
        .filter(|price| price.currency == what.currency && price.cycle == what.cycle)
        .filter(|price| price.superseded_at.is_none() && price.valid_from_on <= what.from_on)
        .max_by_key(|price| (price.valid_from_on, price.version))
        .map(|price| price.amount_minor)
        .ok_or(BillError::NotFound("price"))
}

async fn page(tx: &mut Tx, what: Repricing, unit: i64, after: i64) -> Result<Vec<Found>, Fault> {
    let statement = match what.owner_kind {
        OwnerKind::Product | OwnerKind::Addon => &OF_SOURCE,
        OwnerKind::OptionValue => &OF_VALUE,
    };
    let (currency, cycle) = (what.currency, what.cycle.code());
    let values = params![after, what.item_kind(), what.owner_id, currency, cycle, unit, PAGE];
    tx.query(statement, values, found).await
}

fn found(row: &Row<'_>) -> Result<Found, Fault> {
    Status::parse(row.text(6)?).ok_or_else(|| Fault::corrupt("a subscription has an unknown status"))?;
    Ok(Found {
        item_id: row.get(0)?,
        subscription_id: row.get(1)?,
        quantity: row.get(2)?,
        unit_minor: row.get(3)?,
        version: row.get(4)?,
        next_start_on: row.get(5)?,
    })
}

/// A price that was to come later is replaced by this one.
async fn forget(tx: &mut Tx, found: &Found) -> Result<(), BillError> {
    for row in store::scheduled(tx, found.subscription_id).await? {
        if row.kind == "reprice" && kept(&row)?.item_id == found.item_id {
            store::close(tx, row.id, "dropped", None).await?;
        }
    }
    Ok(())
}

fn kept(row: &ChangeRow) -> Result<Kept, Fault> {
    serde_json::from_str(&row.detail).map_err(|e| Fault::wrap("a scheduled price cannot be read", e))
}

async fn set_price(tx: &mut Tx, item_id: i64, version: i64, unit: i64) -> Result<(), BillError> {
    match tx.exec(&SET_PRICE, params![item_id, version, unit]).await? {
        1 => Ok(()),
        _ => Err(BillError::Changed),
    }
}

/// The same price for the item that took another one's place.
pub(crate) fn follow(detail: &str, places: &[(i64, i64)]) -> Result<String, Fault> {
    let mut kept: Kept =
        serde_json::from_str(detail).map_err(|e| Fault::wrap("a scheduled price cannot be read", e))?;
    kept.item_id = places.iter().find(|(old, _)| *old == kept.item_id).map_or(kept.item_id, |(_, new)| *new);
    serde_json::to_string(&kept).map_err(|e| Fault::wrap("encoding a price", e))
}

/// The first period at the new price is about to be billed.
pub(crate) async fn make(tx: &mut Tx, row: &ChangeRow) -> Result<(), BillError> {
    let kept = kept(row)?;
    let item = tx
        .query_opt(&ITEM, params![kept.item_id], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(2)?)))
        .await?;
    let Some((subscription, version)) = item else {
        // The item ended meanwhile, and its price with it.
        return Ok(store::close(tx, row.id, "dropped", None).await?);
    };
    set_price(tx, kept.item_id, version, kept.unit_minor).await?;
    running::recount(tx, &[subscription]).await?;
    Ok(store::close(tx, row.id, "done", None).await?)
}

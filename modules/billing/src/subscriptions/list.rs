//! Lists and pages of subscriptions.

use bursar_db::{Param, Tx};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::{Cycle, Date};

use super::desk::Case;
use super::detail::{self, Detail, ItemDetail};
use super::{Granted, Status};
use crate::changes::store::{self as changes, ChangeRow};
use crate::error::BillError;
use crate::invoices::issue::Office;
use crate::invoices::line::{Line, Totals};

/// Periods and changes shown on a page.
const SHOWN: i64 = 100;

bursar_db::statements! {
    /// The last billed periods of some items.
    pub(crate) BILLED = "SELECT item_id, start_on, end_on, invoice_id FROM billing_billed_periods
        WHERE item_id {any:$1} ORDER BY start_on DESC, item_id LIMIT $2";
}

/// Which subscriptions to list; everything absent does not filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SubscriptionFilter {
    /// Part of the label, or an id when it is a number.
    pub search: Option<String>,
    /// Where it stands.
    pub status: Option<Status>,
    /// Who pays.
    pub customer_id: Option<i64>,
    /// The product it was made from.
    pub product_id: Option<i64>,
    /// Billed on or before this day.
    pub due_by: Option<Date>,
    /// About to end.
    pub ending: bool,
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionRow {
    /// Identity, and the cursor of the next page.
    pub id: i64,
    /// Who pays.
    pub customer_id: i64,
    /// The product it was made from.
    pub product_id: Option<i64>,
    /// As shown.
    pub label: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// How long a period is.
    pub cycle: Cycle,
    /// Where it stands.
    pub status: Status,
    /// The start of the next period.
    pub next_start_on: Date,
    /// When that is billed.
    pub next_bill_on: Option<Date>,
    /// When it ends, if it was cancelled.
    pub cancel_on: Option<Date>,
}

/// A page of subscriptions, newest first. `before` is the id of the last row of the page before; `limit` is cut to 200.
pub async fn list_subscriptions(
    tx: &mut Tx,
    filter: &SubscriptionFilter,
    before: Option<i64>,
    limit: u32,
) -> Result<Vec<SubscriptionRow>, Fault> {
    let search = filter.search.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let pattern = search.map(like_pattern);
    let number = search.and_then(|text| text.parse::<i64>().ok());
    let mut sql = String::from(
        "SELECT id, customer_id, product_id, label, currency, cycle, status, next_start_on, next_bill_on, cancel_on
         FROM billing_subscriptions WHERE 1 = 1",
    );
    let mut values: Vec<Param<'_>> = Vec::new();
    let mut bind = |sql: &mut String, text: &str, value, after: &str| {
        values.push(value);
        sql.push_str(&format!(" {text} ${}{after}", values.len()));
    };
    if let Some(pattern) = &pattern {
        bind(&mut sql, "AND (LOWER(label) LIKE", pattern.into(), " ESCAPE '\\'");
        if let Some(number) = number {
            bind(&mut sql, "OR id =", number.into(), "");
        }
        sql.push(')');
    }
    if let Some(status) = filter.status {
        bind(&mut sql, "AND status =", status.code().into(), "");
    }
    if let Some(customer) = filter.customer_id {
        bind(&mut sql, "AND customer_id =", customer.into(), "");
    }
    if let Some(product) = filter.product_id {
        bind(&mut sql, "AND product_id =", product.into(), "");
    }
    if let Some(due_by) = filter.due_by {
        bind(&mut sql, "AND next_bill_on <=", due_by.into(), "");
    }
    if filter.ending {
        sql.push_str(" AND cancel_on IS NOT NULL AND ended_on IS NULL");
    }
    if let Some(before) = before {
        bind(&mut sql, "AND id <", before.into(), "");
    }
    bind(&mut sql, "ORDER BY id DESC LIMIT", limit.min(200).into(), "");
    tx.query_text(&sql, &values, |row| {
        let corrupt = |what: &str| Fault::corrupt(format!("a subscription has an unknown {what}"));
        Ok(SubscriptionRow {
            id: row.get(0)?,
            customer_id: row.get(1)?,
            product_id: row.get(2)?,
            label: row.get(3)?,
            currency: row.get(4)?,
            cycle: Cycle::parse(row.text(5)?).map_err(|_| corrupt("cycle"))?,
            status: Status::parse(row.text(6)?).ok_or_else(|| corrupt("status"))?,
            next_start_on: row.get(7)?,
            next_bill_on: row.get(8)?,
            cancel_on: row.get(9)?,
        })
    })
    .await
}

/// The text anywhere inside, with the pattern's own signs taken literally.
fn like_pattern(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.to_lowercase().chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// A period of an item that was billed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledRow {
    /// The item.
    pub item_id: i64,
    /// First day.
    pub start_on: Date,
    /// The day after the last.
    pub end_on: Date,
    /// The invoice.
    pub invoice_id: i64,
}

/// The next bill as the run would make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NextBill {
    /// When.
    pub bill_on: Date,
    /// Its lines.
    pub lines: Vec<Line>,
    /// Their sums.
    pub totals: Totals,
}

/// Everything that the page of one subscription shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionPage {
    /// The subscription.
    pub detail: Detail,
    /// Its items, ended ones included.
    pub items: Vec<ItemDetail>,
    /// Discounts that still apply.
    pub discounts: Vec<Granted>,
    /// What was billed, newest first.
    pub billed: Vec<BilledRow>,
    /// Changes made and scheduled, newest first.
    pub changes: Vec<ChangeRow>,
    /// The next bill; `None` when none will come.
    pub next_bill: Option<NextBill>,
    /// Why the next bill could not be made, if that is so.
    pub next_bill_problem: Option<String>,
}

/// The page of one subscription.
///
/// # Errors
/// [`BillError::NotFound`].
pub async fn subscription_page(tx: &mut Tx, id: i64) -> Result<SubscriptionPage, BillError> {
    let case = Case::load(tx, id).await?;
    let items = detail::all_items(tx, id).await?;
    let ids: Vec<i64> = items.iter().map(|row| row.item.id).collect();
    let billed = tx
        .query(&BILLED, &[ids.as_slice().into(), SHOWN.into()], |row| {
            Ok(BilledRow {
                item_id: row.get(0)?,
                start_on: row.get(1)?,
                end_on: row.get(2)?,
                invoice_id: row.get(3)?,
            })
        })
        .await?;
    let changes = changes::history(tx, id, 100).await?;
    let (next_bill, next_bill_problem) = match next_bill(tx, &case).await {
        Ok(bill) => (bill, None),
        Err(BillError::Fault(fault)) => return Err(fault.into()),
        Err(refused) => (None, Some(bursar_fault::Refusal::message(&refused))),
    };
    let Case { detail, discounts, .. } = case;
    Ok(SubscriptionPage { detail, items, discounts, billed, changes, next_bill, next_bill_problem })
}

async fn next_bill(tx: &mut Tx, case: &Case) -> Result<Option<NextBill>, BillError> {
    let Some(bill_on) = case.detail.core.next_bill_on else { return Ok(None) };
    let office = Office::load(tx).await?;
    let zone = tx.zone().clone();
    let plan = case.plan(&office, &zone, bill_on)?;
    Ok(plan.invoices.into_iter().next().map(|invoice| NextBill {
        bill_on,
        lines: invoice.lines,
        totals: invoice.totals,
    }))
}

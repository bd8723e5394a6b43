//! SQL that only pages need.

use std::collections::BTreeMap;

use bursar_db::{Param, Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Money;
use bursar_time::{Date, Instant};
use serde::Serialize;

use crate::figures::running::PRICE;
use crate::settle::delivery::money_is_held;
use crate::subscriptions::Status;

bursar_db::statements! {
    /// The newest periods of a subscription that were billed.
    pub(crate) BILLED = "SELECT i.description, b.start_on, b.end_on, b.invoice_id
        FROM billing_items AS i JOIN billing_billed_periods AS b ON b.item_id = i.id
        WHERE i.subscription_id = $1 ORDER BY b.start_on DESC, i.id LIMIT 60";
    /// The newest changes of a subscription.
    pub(crate) CHANGES = "SELECT kind, effective_on, state, invoice_id, created_at FROM billing_changes
        WHERE subscription_id = $1 ORDER BY id DESC LIMIT 60";
    /// What a customer owes.
    pub(crate) OWED = "SELECT currency, CAST(SUM(total_minor - settled_minor) AS BIGINT) FROM billing_invoices
        WHERE customer_id = $1 AND kind = 'invoice' AND state = 'open' GROUP BY currency ORDER BY currency";
    /// What is left of that for the customer to pay: not what is held on a card already.
    pub(crate) TO_PAY = concat!("SELECT i.currency, CAST(SUM(i.total_minor - i.settled_minor) AS BIGINT) FROM billing_invoices AS i
        WHERE i.customer_id = $1 AND i.kind = 'invoice' AND i.state = 'open'
            AND NOT ", money_is_held!("i.id"), "
        GROUP BY i.currency ORDER BY i.currency");
    /// How many of a customer's subscriptions run, and when the next is billed.
    pub(crate) RUNNING_OF_CUSTOMER = "SELECT COUNT(*), MIN(next_bill_on) FROM billing_subscriptions
        WHERE customer_id = $1 AND status IN ('trial', 'active', 'past_due')";
    /// What some subscriptions are called.
    pub(crate) LABELS = "SELECT id, label FROM billing_subscriptions WHERE id {any:$1}";
    /// The newest charges for an invoice.
    pub(crate) CHARGES = "SELECT payment_id FROM billing_charges WHERE invoice_id = $1
        ORDER BY payment_id DESC LIMIT 20";
}

/// One line of the list of subscriptions.
#[derive(Debug, Serialize)]
pub(crate) struct SubscriptionRow {
    pub(crate) id: i64,
    pub(crate) customer_id: i64,
    pub(crate) label: String,
    pub(crate) cycle: String,
    pub(crate) status: String,
    pub(crate) next_bill_on: Option<Date>,
    pub(crate) started_on: Date,
    pub(crate) price: Money,
}

/// A period that was billed.
#[derive(Debug, Serialize)]
pub(crate) struct BilledRow {
    item: String,
    start_on: Date,
    end_on: Date,
    invoice_id: i64,
}

/// A change of a subscription.
#[derive(Debug, Serialize)]
pub(crate) struct ChangeRow {
    kind: String,
    effective_on: Date,
    state: String,
    invoice_id: Option<i64>,
    created_at: Instant,
}

impl ChangeRow {
    /// Whether it waits for its day and can be dropped by the person who sees it.
    pub(crate) fn is_scheduled(&self) -> bool {
        self.state == "scheduled" && crate::changes::Change::CODES.contains(&self.kind.as_str())
    }
}

/// Subscriptions, newest first, older than `before`.
pub(crate) async fn subscriptions(
    tx: &mut Tx,
    status: Option<Status>,
    customer: Option<i64>,
    search: &str,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<SubscriptionRow>, Fault> {
    let pattern = format!("%{}%", search.replace('!', "!!").replace('%', "!%").replace('_', "!_"));
    let mut values: Vec<Param<'_>> = vec![before.unwrap_or(i64::MAX).into()];
    let mut conditions = vec!["s.id < $1".to_owned()];
    if let Some(status) = status {
        values.push(status.code().into());
        conditions.push(format!("s.status = ${}", values.len()));
    }
    if let Some(customer) = customer {
        values.push(customer.into());
        conditions.push(format!("s.customer_id = ${}", values.len()));
    }
    if !search.is_empty() {
        values.push((&pattern).into());
        conditions.push(format!("s.label {{like}} ${} ESCAPE '!'", values.len()));
    }
    values.push(limit.into());
    let text = format!(
        "SELECT s.id, s.customer_id, s.label, s.currency, s.cycle, s.status, s.next_bill_on, s.started_on,
            {PRICE}
         FROM billing_subscriptions AS s WHERE {} ORDER BY s.id DESC LIMIT ${}",
        conditions.join(" AND "),
        values.len()
    );
    tx.query_text(&text, &values, subscription).await
}

fn subscription(row: &Row<'_>) -> Result<SubscriptionRow, Fault> {
    Ok(SubscriptionRow {
        id: row.get(0)?,
        customer_id: row.get(1)?,
        label: row.get(2)?,
        cycle: row.get(4)?,
        status: row.get(5)?,
        next_bill_on: row.get(6)?,
        started_on: row.get(7)?,
        price: Money::new(row.get(8)?, row.get(3)?),
    })
}

/// A customer's subscriptions, newest first, older than `before`.
pub(crate) async fn of_customer(
    tx: &mut Tx,
    customer: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<SubscriptionRow>, Fault> {
    subscriptions(tx, None, Some(customer), "", before, limit).await
}

/// How many of a customer's subscriptions run, and when the next is billed.
pub(crate) async fn running_of_customer(tx: &mut Tx, customer: i64) -> Result<(i64, Option<Date>), Fault> {
    tx.query_one(&RUNNING_OF_CUSTOMER, params![customer], |row| Ok((row.get(0)?, row.get(1)?))).await
}

pub(crate) async fn billed(tx: &mut Tx, subscription: i64) -> Result<Vec<BilledRow>, Fault> {
    tx.query(&BILLED, params![subscription], |row| {
        Ok(BilledRow {
            item: row.get(0)?,
            start_on: row.get(1)?,
            end_on: row.get(2)?,
            invoice_id: row.get(3)?,
        })
    })
    .await
}

pub(crate) async fn changes(tx: &mut Tx, subscription: i64) -> Result<Vec<ChangeRow>, Fault> {
    tx.query(&CHANGES, params![subscription], |row| {
        Ok(ChangeRow {
            kind: row.get(0)?,
            effective_on: row.get(1)?,
            state: row.get(2)?,
            invoice_id: row.get(3)?,
            created_at: row.get(4)?,
        })
    })
    .await
}

/// What some subscriptions are called, by id.
pub(crate) async fn labels(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    let rows = tx.query(&LABELS, params![ids], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(rows.into_iter().collect())
}

pub(crate) async fn charges(tx: &mut Tx, invoice: i64) -> Result<Vec<i64>, Fault> {
    tx.query(&CHARGES, params![invoice], |row| row.get(0)).await
}

/// What a customer owes, per currency.
pub(crate) async fn owed(tx: &mut Tx, customer: i64) -> Result<Vec<Money>, Fault> {
    tx.query(&OWED, params![customer], |row| Ok(Money::new(row.get(1)?, row.get(0)?))).await
}

/// What of that is left to pay, per currency.
pub(crate) async fn to_pay(tx: &mut Tx, customer: i64) -> Result<Vec<Money>, Fault> {
    tx.query(&TO_PAY, params![customer], |row| Ok(Money::new(row.get(1)?, row.get(0)?))).await
}

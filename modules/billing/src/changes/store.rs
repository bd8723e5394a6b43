//! All SQL of changes, and of what has been billed ahead of them.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Instant};

bursar_db::statements! {
    /// A new change.
    pub(crate) INSERT = "INSERT INTO billing_changes
            (id, subscription_id, kind, effective_on, state, detail, invoice_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// What is scheduled for a subscription.
    pub(crate) SCHEDULED = "SELECT id, subscription_id, kind, effective_on, state, detail, invoice_id, created_at
        FROM billing_changes WHERE subscription_id = $1 AND state = 'scheduled' ORDER BY id LIMIT 1000";
    /// The history of a subscription, newest first.
    pub(crate) HISTORY = "SELECT id, subscription_id, kind, effective_on, state, detail, invoice_id, created_at
        FROM billing_changes WHERE subscription_id = $1 ORDER BY id DESC LIMIT $2";
    /// One change.
    pub(crate) FIND = "SELECT id, subscription_id, kind, effective_on, state, detail, invoice_id, created_at
        FROM billing_changes WHERE id = $1";
    /// A scheduled change that happened or will not.
    pub(crate) CLOSE = "UPDATE billing_changes SET state = $2, invoice_id = $3 WHERE id = $1 AND state = 'scheduled'";
    /// What exactly a scheduled change is.
    pub(crate) REWRITE = "UPDATE billing_changes SET detail = $2 WHERE id = $1 AND state = 'scheduled'";
    /// Scheduled changes whose day has come, or whose subscription is about to be billed.
    pub(crate) DUE = "SELECT c.id FROM billing_changes c JOIN billing_subscriptions s ON s.id = c.subscription_id
        WHERE c.state = 'scheduled' AND c.id > $2 AND (c.effective_on <= $1 OR s.next_bill_on <= $1)
        ORDER BY c.id LIMIT $3";
    /// Periods that were billed and end after a day, with the line that billed each.
    pub(crate) BILLED = "SELECT b.item_id, b.start_on, b.end_on, b.invoice_id, b.line_no
        FROM billing_billed_periods b JOIN billing_invoices i ON i.id = b.invoice_id
        WHERE b.item_id {any:$1} AND b.end_on > $2 AND i.state IN ('open', 'paid', 'uncollectible')
        ORDER BY b.item_id, b.start_on LIMIT 10000";
    /// Documents of changes, in the order in which they were made.
    pub(crate) CHANGE_DOCUMENTS = "SELECT c.invoice_id, c.id FROM billing_changes c
            JOIN billing_invoices i ON i.id = c.invoice_id
        WHERE c.subscription_id = $1 AND c.state = 'done' AND i.kind = 'invoice' AND i.state IN ('open', 'paid', 'uncollectible')
        ORDER BY c.created_at, c.id LIMIT 10000";
    /// The end of the last period that was billed for some items.
    pub(crate) LAST_BILLED = "SELECT MAX(end_on) FROM billing_billed_periods WHERE item_id {any:$1}";
    /// Discounts of a subscription, used-up ones included.
    pub(crate) ALL_DISCOUNTS = "SELECT id, subscription_id, label, kind, value_ppm, value_minor, periods_left, waives_setup,
            item_ids, version
        FROM billing_discounts WHERE subscription_id = $1 ORDER BY id LIMIT 1000";
    /// Saves what a discount applies to and how long.
    pub(crate) SAVE_DISCOUNT = "UPDATE billing_discounts SET item_ids = $3, periods_left = $4, version = version + 1
        WHERE id = $1 AND version = $2";
}

/// A change as stored: done, or waiting for its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    /// Its id.
    pub id: i64,
    /// The subscription.
    pub subscription_id: i64,
    /// `switch`, `cycle`, `quantity`, `add_addon`, `remove`, `price`, `start`, `pause`, `resume`, `cancel`, `shift`, …
    pub kind: String,
    /// The first day it is about.
    pub effective_on: Date,
    /// `scheduled`, `done` or `dropped`.
    pub state: String,
    /// What exactly, as JSON.
    pub detail: String,
    /// The document it made.
    pub invoice_id: Option<i64>,
    /// When it was asked for.
    pub created_at: Instant,
}

/// A change to be noted.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewChange<'a> {
    pub subscription_id: i64,
    pub kind: &'a str,
    pub effective_on: Date,
    pub state: &'a str,
    pub detail: &'a str,
    pub invoice_id: Option<i64>,
}

/// Notes a change.
pub(crate) async fn insert(tx: &mut Tx, new: NewChange<'_>) -> Result<i64, Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let values = params![
        id,
        new.subscription_id,
        new.kind,
        new.effective_on,
        new.state,
        new.detail,
        new.invoice_id,
        now
    ];
    tx.exec(&INSERT, values).await?;
    Ok(id)
}

/// A subscription that begins on a later day.
pub(crate) async fn schedule_start(tx: &mut Tx, subscription_id: i64, on: Date) -> Result<i64, Fault> {
    let state = "scheduled";
    let new =
        NewChange { subscription_id, kind: "start", effective_on: on, state, detail: "{}", invoice_id: None };
    insert(tx, new).await
}

/// What is scheduled for a subscription.
pub async fn scheduled(tx: &mut Tx, subscription_id: i64) -> Result<Vec<ChangeRow>, Fault> {
    tx.query(&SCHEDULED, params![subscription_id], read).await
}

/// The history of a subscription, newest first.
pub async fn history(tx: &mut Tx, subscription_id: i64, limit: u32) -> Result<Vec<ChangeRow>, Fault> {
    tx.query(&HISTORY, params![subscription_id, limit.min(1_000)], read).await
}

/// One change.
pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<ChangeRow>, Fault> {
    tx.query_opt(&FIND, params![id], read).await
}

/// Takes scheduled changes of some kinds back; how many there were.
pub(crate) async fn drop_scheduled(
    tx: &mut Tx,
    subscription_id: i64,
    kinds: &[&str],
) -> Result<usize, Fault> {
    let mut dropped = 0;
    for row in scheduled(tx, subscription_id).await? {
        if kinds.contains(&row.kind.as_str()) {
            close(tx, row.id, "dropped", None).await?;
            dropped += 1;
        }
    }
    Ok(dropped)
}

/// A scheduled change happened, or will not.
pub(crate) async fn close(tx: &mut Tx, id: i64, state: &str, invoice_id: Option<i64>) -> Result<(), Fault> {
    tx.exec_one(&CLOSE, params![id, state, invoice_id]).await
}

/// A page of scheduled changes that may be due, after an id.
pub(crate) async fn due(tx: &mut Tx, as_of: Date, after: i64, limit: i64) -> Result<Vec<i64>, Fault> {
    tx.query(&DUE, params![as_of, after, limit], |row| row.get(0)).await
}

fn read(row: &Row<'_>) -> Result<ChangeRow, Fault> {
    Ok(ChangeRow {
        id: row.get(0)?,
        subscription_id: row.get(1)?,
        kind: row.get(2)?,
        effective_on: row.get(3)?,
        state: row.get(4)?,
        detail: row.get(5)?,
        invoice_id: row.get(6)?,
        created_at: row.get(7)?,
    })
}

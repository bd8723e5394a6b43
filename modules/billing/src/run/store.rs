//! SQL of runs and of what was put aside.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::{Date, Instant};

bursar_db::statements! {
    /// A run begins.
    pub(crate) BEGIN = "INSERT INTO billing_runs (id, as_of, started_at) VALUES ($1, $2, $3)";
    /// A run ended.
    pub(crate) FINISH = "UPDATE billing_runs SET finished_at = $2, report = $3 WHERE id = $1";
    /// What is put aside, oldest first.
    pub(crate) LIST_ASIDE = "SELECT subscription_id, start_on, reason, detail, first_at, last_at
        FROM billing_put_aside WHERE subscription_id > $1 ORDER BY subscription_id LIMIT $2";
    /// Mended: the subscription was billed, or has nothing due any more.
    pub(crate) CLEAR_ASIDE = "DELETE FROM billing_put_aside WHERE last_at < $1 OR subscription_id IN
        (SELECT p.subscription_id FROM billing_put_aside p JOIN billing_subscriptions s ON s.id = p.subscription_id
         WHERE s.next_bill_on IS NULL OR s.next_start_on > p.start_on)";
    /// How many are put aside.
    pub(crate) COUNT_ASIDE = "SELECT COUNT(*) FROM billing_put_aside";
}

bursar_db::bulk! {
    /// Puts subscriptions aside; the first time is kept.
    pub(crate) PUT_ASIDE = insert "billing_put_aside" {
        subscription_id: int, start_on: text, reason: text, detail: text, first_at: int, last_at: int
    } "ON CONFLICT (subscription_id) DO UPDATE SET start_on = excluded.start_on, reason = excluded.reason,
       detail = excluded.detail, last_at = excluded.last_at";
}

/// A subscription that waits for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which one.
    pub subscription_id: i64,
    /// The start of the period that waits.
    pub start_on: Date,
    /// A stable code.
    pub reason: String,
    /// What is wrong and how to mend it.
    pub detail: String,
    /// Since when.
    pub first_at: Instant,
    /// When a run last saw it.
    pub last_at: Instant,
}

/// A page of what waits, after a subscription id.
pub async fn list_aside(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Waiting>, Fault> {
    tx.query(&LIST_ASIDE, params![after, limit], |row| {
        Ok(Waiting {
            subscription_id: row.get(0)?,
            start_on: row.get(1)?,
            reason: row.get(2)?,
            detail: row.get(3)?,
            first_at: row.get(4)?,
            last_at: row.get(5)?,
        })
    })
    .await
}

/// How many subscriptions are put aside.
pub async fn count_aside(tx: &mut Tx) -> Result<i64, Fault> {
    tx.query_one(&COUNT_ASIDE, params![], |row| row.get(0)).await
}

//! All SQL of refunds.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::Money;
use bursar_time::Instant;

use crate::payment::Payment;
use crate::refund::{Destination, Refund, RefundState};
use crate::store::{known, quiet};

macro_rules! columns {
    () => {
        "id, payment_id, customer_id, gateway, amount_minor, currency, destination, state, idempotency_key, \
         gateway_reference, reason, failure_code, message, created_at, updated_at, settled_at, entry_id, version"
    };
}

bursar_db::statements! {
    /// One refund.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM payments_refunds WHERE id = $1");
    /// The refund of a key.
    pub(crate) FIND_BY_KEY = concat!("SELECT ", columns!(), " FROM payments_refunds WHERE idempotency_key = $1");
    /// The refund of a vendor's reference.
    pub(crate) FIND_BY_REFERENCE = concat!("SELECT ", columns!(),
        " FROM payments_refunds WHERE gateway = $1 AND gateway_reference = $2");
    /// A payment's refunds.
    pub(crate) OF_PAYMENT = concat!("SELECT ", columns!(), " FROM payments_refunds WHERE payment_id = $1 ORDER BY id");
    /// A new one.
    pub(crate) INSERT = concat!("INSERT INTO payments_refunds (", columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)");
    /// Moves a refund from one state to another, unless somebody else moved it first.
    pub(crate) SAVE = "UPDATE payments_refunds SET state = $4, gateway_reference = $5, failure_code = $6,
        message = $7, settled_at = $8, entry_id = $9, updated_at = $10, version = version + 1
        WHERE id = $1 AND version = $2 AND state = $3 AND state <> 'failed'";
    /// Notes that there was news without change.
    pub(crate) TOUCH = "UPDATE payments_refunds SET updated_at = $2 WHERE id = $1
        AND state IN ('created', 'pending', 'unknown')";
    /// What has had no news since $1, nor for a quarter of the time it has been open (at most a day), at $3.
    pub(crate) STALE = concat!("SELECT id FROM payments_refunds
        WHERE state IN ('created', 'sent', 'pending', 'unknown')
        AND ", quiet!());
    /// What left by a gateway after $1 (and an id $2) and may have come back: no answer since $3, nor for half of the
    /// age it had at the last one, at $4.
    pub(crate) MAYBE_RETURNED = concat!("SELECT ", columns!(), " FROM payments_refunds
        WHERE state = 'settled' AND destination = 'gateway' AND (settled_at, id) > ($1, $2)
        AND COALESCE(return_asked_at, settled_at) <= $3
        AND COALESCE(return_asked_at, settled_at) + (COALESCE(return_asked_at, settled_at) - settled_at) / 2 <= $4
        ORDER BY settled_at, id LIMIT $5");
    /// The vendor answered.
    pub(crate) NOTE_ASKED = "UPDATE payments_refunds SET return_asked_at = $2 WHERE id = $1";
    /// Whether the vendor is waited for.
    pub(crate) ANY_OPEN = "SELECT id FROM payments_refunds WHERE state IN ('sent', 'pending', 'unknown') LIMIT 1";
}

pub(crate) async fn find(tx: &mut Tx, id: Id<Refund>) -> Result<Option<Refund>, Fault> {
    tx.query_opt(&FIND, params![id], refund).await
}

pub(crate) async fn find_by_key(tx: &mut Tx, key: &str) -> Result<Option<Refund>, Fault> {
    tx.query_opt(&FIND_BY_KEY, params![key], refund).await
}

pub(crate) async fn find_by_reference(
    tx: &mut Tx,
    gateway: &str,
    reference: &str,
) -> Result<Option<Refund>, Fault> {
    tx.query_opt(&FIND_BY_REFERENCE, params![gateway, reference], refund).await
}

pub(crate) async fn of_payment(tx: &mut Tx, payment: Id<Payment>) -> Result<Vec<Refund>, Fault> {
    tx.query(&OF_PAYMENT, params![payment], refund).await
}

pub(crate) async fn insert(tx: &mut Tx, r: &Refund) -> Result<(), Fault> {
    tx.exec_one(
        &INSERT,
        params![
            r.id,
            r.payment,
            r.customer,
            &r.gateway,
            r.amount.minor(),
            r.amount.currency(),
            r.destination.code(),
            r.state.code(),
            &r.key,
            &r.gateway_reference,
            &r.reason,
            &r.failure_code,
            &r.message,
            r.created_at,
            r.updated_at,
            r.settled_at,
            r.entry,
            r.version
        ],
    )
    .await
}

/// Saves a change of `before` and returns the refund as it is now; a fault when the row is no longer what `before` says.
pub(crate) async fn save(tx: &mut Tx, before: &Refund, next: Refund) -> Result<Refund, Fault> {
    let now = tx.now();
    tx.exec_one(
        &SAVE,
        params![
            before.id,
            before.version,
            before.state.code(),
            next.state.code(),
            &next.gateway_reference,
            &next.failure_code,
            &next.message,
            next.settled_at,
            next.entry,
            now
        ],
    )
    .await?;
    Ok(Refund { version: before.version + 1, updated_at: now, ..next })
}

/// Notes that there was news without change. What is final, or under way, keeps its time.
pub(crate) async fn touch(tx: &mut Tx, refund: Refund) -> Result<Refund, Fault> {
    let now = tx.now();
    match tx.exec(&TOUCH, params![refund.id, now]).await? {
        0 => Ok(refund),
        _ => Ok(Refund { updated_at: now, ..refund }),
    }
}

pub(crate) async fn stale(tx: &mut Tx, before: Instant, limit: i64) -> Result<Vec<Id<Refund>>, Fault> {
    let now = tx.now();
    tx.query(&STALE, params![before, limit, now], |row| row.get(0)).await
}

pub(crate) async fn any_open(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(tx.query_opt(&ANY_OPEN, params![], |row| row.get::<i64>(0)).await?.is_some())
}

pub(crate) async fn maybe_returned(
    tx: &mut Tx,
    (left_at, id): (Instant, i64),
    no_answer_since: Instant,
    limit: i64,
) -> Result<Vec<Refund>, Fault> {
    let now = tx.now();
    tx.query(&MAYBE_RETURNED, params![left_at, id, no_answer_since, now, limit], refund).await
}

pub(crate) async fn note_asked(tx: &mut Tx, id: Id<Refund>) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&NOTE_ASKED, params![id, now]).await.map(drop)
}

fn refund(row: &Row<'_>) -> Result<Refund, Fault> {
    Ok(Refund {
        id: row.get(0)?,
        payment: row.get(1)?,
        customer: row.get(2)?,
        gateway: row.get(3)?,
        amount: Money::new(row.get(4)?, row.get(5)?),
        destination: known(row.text(6)?, Destination::parse)?,
        state: known(row.text(7)?, RefundState::parse)?,
        key: row.get(8)?,
        gateway_reference: row.get(9)?,
        reason: row.get(10)?,
        failure_code: row.get(11)?,
        message: row.get(12)?,
        created_at: row.get(13)?,
        updated_at: row.get(14)?,
        settled_at: row.get(15)?,
        entry: row.get(16)?,
        version: row.get(17)?,
    })
}

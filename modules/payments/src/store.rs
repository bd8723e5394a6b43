//! All SQL of payments.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_gateway::Presence;
use bursar_ids::Id;
use bursar_money::{Currency, Money};
use bursar_time::Instant;

use crate::payment::{Capture, Payment, PaymentKind, PaymentState, Purpose};

/// The columns of a payment in the order [`payment`] reads them.
macro_rules! columns {
    () => {
        "id, customer_id, gateway, kind, currency, amount_minor, fee_minor, refunded_minor, state, idempotency_key, \
         gateway_reference, decline_code, decline_class, message, action_url, reference, received_on, purpose, \
         group_key, method_id, presence, return_url, created_at, updated_at, captured_at, entry_id, version, \
         capture, held_until, takes_parts, part_minor"
    };
}

/// No news since $1, nor for a quarter of the time it has been open (at most a day), at $3; the longest first. The same
/// for payments and refunds.
macro_rules! quiet {
    () => {
        "updated_at <= $1 AND updated_at + CASE WHEN (updated_at - created_at) / 4 > 86400000000
            THEN 86400000000 ELSE (updated_at - created_at) / 4 END <= $3
        ORDER BY updated_at, id LIMIT $2"
    };
}
pub(crate) use quiet;

/// The condition of the index of payments that are waited for, as it is written there.
macro_rules! waiting {
    ($table:literal) => {
        concat!(
            "(",
            $table,
            "state = 'created' OR ",
            $table,
            "state = 'sent' OR ",
            $table,
            "state = 'pending' OR ",
            $table,
            "state = 'requires_action' OR ",
            $table,
            "state = 'unknown' OR ",
            $table,
            "state = 'held' OR ",
            $table,
            "state = 'capturing' OR ",
            $table,
            "state = 'releasing')"
        )
    };
}
pub(crate) use waiting;

/// For the list builder.
pub(crate) const COLUMNS: &str = columns!();

bursar_db::statements! {
    /// One payment.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM payments_payments WHERE id = $1");
    /// Some payments, newest first.
    pub(crate) FIND_MANY = concat!("SELECT ", columns!(), " FROM payments_payments WHERE id {any:$1} ORDER BY id DESC");
    /// The payment of a key.
    pub(crate) FIND_BY_KEY = concat!("SELECT ", columns!(), " FROM payments_payments WHERE idempotency_key = $1");
    /// The payment of a vendor's reference.
    pub(crate) FIND_BY_REFERENCE = concat!("SELECT ", columns!(),
        " FROM payments_payments WHERE gateway = $1 AND gateway_reference = $2");
    /// A new one.
    pub(crate) INSERT = concat!("INSERT INTO payments_payments (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7,
        $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29, $30, $31)");
    /// Moves a payment from one state to another, unless somebody else moved it first.
    pub(crate) SAVE = "UPDATE payments_payments SET state = $4, amount_minor = $5, fee_minor = $6,
        gateway_reference = $7, decline_code = $8, decline_class = $9, message = $10, action_url = $11,
        captured_at = $12, entry_id = $13, updated_at = $14, capture = $15, held_until = $16, takes_parts = $17,
        part_minor = $18, version = version + 1
        WHERE id = $1 AND version = $2 AND state = $3 AND state <> 'captured'";
    /// Notes that there was news without change. A call under way keeps the time of its start: that is how its loss is
    /// noticed.
    pub(crate) TOUCH = "UPDATE payments_payments SET updated_at = $2
        WHERE id = $1 AND state NOT IN ('captured', 'sent')";
    /// Sets part of a captured payment aside for a refund, if that much is left.
    pub(crate) RESERVE_REFUND = "UPDATE payments_payments
        SET refunded_minor = refunded_minor + $2, version = version + 1
        WHERE id = $1 AND state = 'captured' AND refunded_minor + $2 <= amount_minor";
    /// A refund failed: its part is there again.
    pub(crate) RELEASE_REFUND = "UPDATE payments_payments
        SET refunded_minor = refunded_minor - $2, version = version + 1
        WHERE id = $1 AND refunded_minor >= $2";
    /// What has had no news since $1, nor for a quarter of the time it has been open (at most a day), at $3.
    pub(crate) STALE = concat!("SELECT id FROM payments_payments
        WHERE ", waiting!(""), " AND ", quiet!());
    /// What is awaited from a customer by charges whose group begins so.
    pub(crate) AWAITED = concat!("SELECT COALESCE(CAST(SUM(amount_minor) AS BIGINT), 0) FROM payments_payments
        WHERE customer_id = $1 AND currency = $2 AND group_key LIKE $3 AND ", waiting!(""));
    /// Whether the vendor or the customer is waited for.
    pub(crate) ANY_OPEN = concat!("SELECT id FROM payments_payments
        WHERE ", waiting!(""), " AND state <> 'created' LIMIT 1");
}

pub(crate) async fn find(tx: &mut Tx, id: Id<Payment>) -> Result<Option<Payment>, Fault> {
    tx.query_opt(&FIND, params![id], payment).await
}

pub(crate) async fn find_by_key(tx: &mut Tx, key: &str) -> Result<Option<Payment>, Fault> {
    tx.query_opt(&FIND_BY_KEY, params![key], payment).await
}

pub(crate) async fn find_by_reference(
    tx: &mut Tx,
    gateway: &str,
    reference: &str,
) -> Result<Option<Payment>, Fault> {
    tx.query_opt(&FIND_BY_REFERENCE, params![gateway, reference], payment).await
}

pub(crate) async fn insert(tx: &mut Tx, p: &Payment) -> Result<(), Fault> {
    let purpose = serde_json::to_string(&p.purpose).map_err(|e| Fault::wrap("encoding a purpose", e))?;
    tx.exec_one(
        &INSERT,
        params![
            p.id,
            p.customer,
            &p.gateway,
            p.kind.code(),
            p.amount.currency(),
            p.amount.minor(),
            p.fee.minor(),
            p.refunded.minor(),
            p.state.code(),
            &p.key,
            &p.gateway_reference,
            &p.decline_code,
            &p.decline_class,
            &p.message,
            &p.action_url,
            &p.reference,
            p.received_on,
            &purpose,
            &p.group_key,
            p.method,
            presence_code(p.presence),
            &p.return_url,
            p.created_at,
            p.updated_at,
            p.captured_at,
            p.entry,
            p.version,
            p.capture.code(),
            p.held_until,
            p.takes_parts,
            p.part.map(|part| part.minor())
        ],
    )
    .await
}

/// Saves a change of `before` and returns the payment as it is now; a fault when the row is no longer what `before` says.
pub(crate) async fn save(tx: &mut Tx, before: &Payment, next: Payment) -> Result<Payment, Fault> {
    let now = tx.now();
    tx.exec_one(
        &SAVE,
        params![
            before.id,
            before.version,
            before.state.code(),
            next.state.code(),
            next.amount.minor(),
            next.fee.minor(),
            &next.gateway_reference,
            &next.decline_code,
            &next.decline_class,
            &next.message,
            &next.action_url,
            next.captured_at,
            next.entry,
            now,
            next.capture.code(),
            next.held_until,
            next.takes_parts,
            next.part.map(|part| part.minor())
        ],
    )
    .await?;
    Ok(Payment { version: before.version + 1, updated_at: now, ..next })
}

/// Notes that there was news without change. What is captured, or under way, keeps its time.
pub(crate) async fn touch(tx: &mut Tx, payment: Payment) -> Result<Payment, Fault> {
    let now = tx.now();
    match tx.exec(&TOUCH, params![payment.id, now]).await? {
        0 => Ok(payment),
        _ => Ok(Payment { updated_at: now, ..payment }),
    }
}

pub(crate) async fn stale(tx: &mut Tx, before: Instant, limit: i64) -> Result<Vec<Id<Payment>>, Fault> {
    let now = tx.now();
    tx.query(&STALE, params![before, limit, now], |row| row.get(0)).await
}

pub(crate) async fn any_open(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(tx.query_opt(&ANY_OPEN, params![], |row| row.get::<i64>(0)).await?.is_some())
}

fn presence_code(presence: Presence) -> &'static str {
    match presence {
        Presence::Present => "present",
        Presence::Absent => "absent",
    }
}

pub(crate) fn payment(row: &Row<'_>) -> Result<Payment, Fault> {
    let currency: Currency = row.get(4)?;
    let money = |index| row.get(index).map(|minor| Money::new(minor, currency));
    let purpose: Purpose = serde_json::from_str(row.text(17)?)
        .map_err(|e| Fault::wrap("a payment's purpose cannot be read", e))?;
    Ok(Payment {
        id: row.get(0)?,
        customer: row.get(1)?,
        gateway: row.get(2)?,
        kind: known(row.text(3)?, PaymentKind::parse)?,
        amount: money(5)?,
        fee: money(6)?,
        refunded: money(7)?,
        state: known(row.text(8)?, PaymentState::parse)?,
        key: row.get(9)?,
        gateway_reference: row.get(10)?,
        decline_code: row.get(11)?,
        decline_class: row.get(12)?,
        message: row.get(13)?,
        action_url: row.get(14)?,
        reference: row.get(15)?,
        received_on: row.get(16)?,
        purpose,
        group_key: row.get(18)?,
        method: row.get(19)?,
        presence: if row.text(20)? == "present" { Presence::Present } else { Presence::Absent },
        return_url: row.get(21)?,
        created_at: row.get(22)?,
        updated_at: row.get(23)?,
        captured_at: row.get(24)?,
        entry: row.get(25)?,
        version: row.get(26)?,
        capture: known(row.text(27)?, Capture::parse)?,
        held_until: row.get(28)?,
        takes_parts: row.get(29)?,
        part: row.get::<Option<i64>>(30)?.map(|minor| Money::new(minor, currency)),
    })
}

/// A stored word as the thing it names.
pub(crate) fn known<T>(code: &str, parse: impl Fn(&str) -> Option<T>) -> Result<T, Fault> {
    parse(code).ok_or_else(|| Fault::corrupt(format!("{code:?} is not a word this column can hold")))
}

//! Customer credit: a balance per currency, every change of it a move, applied to invoices.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, Entry, NewEntry};
use bursar_money::{Currency, Money};
use bursar_time::Instant;
use serde_json::json;

use super::allocate::{Source, allocate};
use super::store;
use crate::error::BillError;
use crate::invoices::store::{Document, find};
use crate::permissions;

/// One change of a customer's credit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditMove {
    /// Its id.
    pub id: i64,
    /// How much more (or less), in its currency.
    pub amount: Money,
    /// Why, in a word: `overpayment`, `applied`, `refunded`, or what staff wrote.
    pub reason: String,
    /// What caused it: `payment`, `invoice`, `credit_note`, `refund`, `add_funds`, `manual`, `import`.
    pub source_kind: String,
    /// Which one.
    pub source_id: i64,
    /// When.
    pub created_at: Instant,
}

/// What a customer has, per currency.
pub async fn credit_balances(tx: &mut Tx, customer_id: i64) -> Result<Vec<Money>, Fault> {
    tx.query(&store::BALANCES, params![customer_id], |row| Ok(Money::new(row.get(1)?, row.get(0)?))).await
}

/// A customer's moves, newest first, older than `before`.
pub async fn credit_moves(
    tx: &mut Tx,
    customer_id: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<CreditMove>, Fault> {
    tx.query(&store::MOVES, params![customer_id, before.unwrap_or(i64::MAX), limit], |row| {
        Ok(CreditMove {
            id: row.get(0)?,
            amount: Money::new(row.get(2)?, row.get(1)?),
            reason: row.get(3)?,
            source_kind: row.get(4)?,
            source_id: row.get(5)?,
            created_at: row.get(6)?,
        })
    })
    .await
}

/// Raises a balance under the caller's entry (which credits `customer_credit`). Returns the move.
pub(crate) async fn give(
    tx: &mut Tx,
    customer_id: i64,
    amount: Money,
    reason: &str,
    source: (&str, i64),
    entry: Id<Entry>,
) -> Result<i64, Fault> {
    tx.exec_one(&store::GIVE, params![customer_id, amount.currency(), amount.minor()]).await?;
    write_move(tx, customer_id, amount, reason, source, entry).await
}

/// Lowers a balance under the caller's entry (which debits `customer_credit`). Returns the move.
///
/// # Errors
/// [`BillError::Refused`] when there is less.
pub(crate) async fn take(
    tx: &mut Tx,
    customer_id: i64,
    amount: Money,
    reason: &str,
    source: (&str, i64),
    entry: Id<Entry>,
) -> Result<i64, BillError> {
    let taken = tx.exec(&store::TAKE, params![customer_id, amount.currency(), amount.minor()]).await?;
    if taken != 1 {
        let balance = store::balance(tx, customer_id, amount.currency()).await?;
        let balance = Money::new(balance, amount.currency());
        return Err(BillError::refused(format!("The customer has only {balance} of credit.")));
    }
    Ok(write_move(tx, customer_id, amount.neg(), reason, source, entry).await?)
}

async fn write_move(
    tx: &mut Tx,
    customer_id: i64,
    amount: Money,
    reason: &str,
    (source_kind, source_id): (&str, i64),
    entry: Id<Entry>,
) -> Result<i64, Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    tx.exec_one(
        &store::MOVE,
        params![
            id,
            customer_id,
            amount.currency(),
            amount.minor(),
            reason,
            source_kind,
            source_id,
            entry,
            now
        ],
    )
    .await?;
    Ok(id)
}

/// Puts a customer's credit on an open invoice, at most `up_to` when that is given. Returns how much, in minor units;
/// nothing when there is no credit or nothing is open, so that it may run twice.
pub async fn apply_credit(tx: &mut Tx, invoice: &Document, up_to: Option<i64>) -> Result<i64, BillError> {
    let balance = store::balance(tx, invoice.customer_id, invoice.currency).await?;
    let minor = balance.min(invoice.open_minor()).min(up_to.unwrap_or(i64::MAX));
    if minor <= 0 {
        return Ok(0);
    }
    let amount = Money::new(minor, invoice.currency);
    let on = tx.today();
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "credit_applied",
            on,
            source: ("invoice", invoice.id),
            memo: String::new(),
            postings: vec![(Account::CustomerCredit, amount), (Account::Receivable, amount.neg())],
        },
    )
    .await?;
    let moved = take(tx, invoice.customer_id, amount, "applied", ("invoice", invoice.id), entry).await?;
    allocate(tx, invoice, Source::Credit(moved), minor, entry).await?;
    Ok(minor)
}

/// As staff: puts credit on an invoice. Returns how much.
pub async fn apply_credit_to_invoice(cx: &Cx, invoice_id: i64, up_to: Option<i64>) -> Result<i64, BillError> {
    cx.require(permissions::PAYMENT_RECORD)?;
    cx.write(async move |tx: &mut Tx| {
        let invoice = find(tx, invoice_id).await?.ok_or(BillError::NotFound("invoice"))?;
        let minor = apply_credit(tx, &invoice, up_to).await?;
        if minor == 0 {
            return Err(BillError::refused("There is no credit to use, or nothing is open on this invoice."));
        }
        let subject = format!("invoice:{invoice_id}");
        let after = Some(json!({ "credit_applied_minor": minor }));
        let audit = Audit { action: "billing.credit.apply", subject: &subject, before: None, after };
        bursar_audit::record(tx, audit).await?;
        Ok(minor)
    })
    .await
}

/// As staff: gives credit (positive) or takes it (negative) by hand, against the account of refunds. Returns the new
/// balance.
pub async fn adjust_credit(
    cx: &Cx,
    customer_id: i64,
    amount: Money,
    reason: String,
) -> Result<Money, BillError> {
    cx.require(permissions::CREDIT_ADJUST)?;
    if amount.is_zero() {
        return Err(BillError::field("amount", "Enter how much credit to give, or to take with a minus."));
    }
    if reason.trim().is_empty() {
        return Err(BillError::field("reason", "Say why: the customer sees it beside the amount."));
    }
    cx.write(async move |tx: &mut Tx| adjust(tx, customer_id, amount, reason.trim()).await).await
}

async fn adjust(tx: &mut Tx, customer_id: i64, amount: Money, reason: &str) -> Result<Money, BillError> {
    let profile = crate::invoices::issue::profile(tx, customer_id).await?;
    if profile.currency != amount.currency() {
        let currency = profile.currency;
        return Err(BillError::field("amount", format!("This customer's credit is kept in {currency}.")));
    }
    let on = tx.today();
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "credit_adjusted",
            on,
            source: ("customer", customer_id),
            memo: reason.to_owned(),
            postings: vec![(Account::Refunds, amount), (Account::CustomerCredit, amount.neg())],
        },
    )
    .await?;
    if amount.is_positive() {
        give(tx, customer_id, amount, reason, ("manual", 0), entry).await?;
    } else {
        take(tx, customer_id, amount.abs(), reason, ("manual", 0), entry).await?;
    }
    let balance = balance_of(tx, customer_id, amount.currency()).await?;
    let subject = format!("customer:{customer_id}");
    let after =
        Some(json!({ "amount": amount.to_string(), "reason": reason, "balance": balance.to_string() }));
    let audit = Audit { action: permissions::CREDIT_ADJUST, subject: &subject, before: None, after };
    bursar_audit::record(tx, audit).await?;
    Ok(balance)
}

/// A customer's credit in one currency.
pub async fn balance_of(tx: &mut Tx, customer_id: i64, currency: Currency) -> Result<Money, Fault> {
    Ok(Money::new(store::balance(tx, customer_id, currency).await?, currency))
}

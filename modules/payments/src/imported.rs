//! Payments and refunds of another system, many at once: under their old ids, in the books, and without news to anybody,
//! because the importer applies them itself in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, BulkPoster, Entry, account_id};
use bursar_money::{Currency, Money};
use bursar_time::{Date, Instant};

use crate::capture::{captured_lines, without_zeros};
use crate::payment::{Payment, PaymentKind, PaymentState, Purpose};
use crate::refund::{Destination, Refund, RefundState, settle};
use crate::{refund_store, store};

bursar_db::statements! {
    /// Which of some payments are there.
    pub(crate) HAVE_PAYMENTS = "SELECT id FROM payments_payments WHERE id {any:$1}";
    /// The old system's number of a refund.
    pub(crate) SET_REFERENCE = "UPDATE payments_refunds SET reference = $2 WHERE id = $1";
}

bursar_db::bulk! {
    /// Payments as they were.
    pub(crate) INSERT_PAYMENTS = insert "payments_payments" {
        id: int, customer_id: int, gateway: text, kind: text, currency: text, amount_minor: int, fee_minor: int,
        refunded_minor: int, state: text, idempotency_key: text, gateway_reference: text, decline_code: text,
        decline_class: text, message: text, action_url: text, reference: text, received_on: text, purpose: text,
        group_key: text, presence: text, created_at: int, updated_at: int, captured_at: int, entry_id: int,
        version: int
    };
}

/// A payment of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedPayment {
    /// The old id, which is kept.
    pub id: i64,
    /// Who paid.
    pub customer: i64,
    /// Where.
    pub gateway: String,
    /// What was paid; positive.
    pub amount: Money,
    /// What was kept on the way, in the same currency.
    pub fee: Money,
    /// When it was received.
    pub received_on: Date,
    /// The old system's transaction number, which need not be unique.
    pub reference: String,
    /// What it was for.
    pub purpose: Purpose,
}

/// A refund of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRefund {
    /// The old id, which is kept.
    pub id: i64,
    /// The old payment, where it is known.
    pub payment: Option<Id<Payment>>,
    /// Who got it.
    pub customer: i64,
    /// Where from.
    pub gateway: String,
    /// How much; positive.
    pub amount: Money,
    /// When.
    pub settled_on: Date,
    /// The old system's transaction number, which need not be unique.
    pub reference: String,
    /// Why.
    pub reason: String,
}

/// Brings in payments and returns the ids of those that were not there; the others are left as they are.
///
/// # Errors
/// A fault when an amount is not positive or a fee is in another currency.
pub async fn import_payments(tx: &mut Tx, payments: &[ImportedPayment]) -> Result<BTreeSet<i64>, Fault> {
    let ids: Vec<i64> = payments.iter().map(|payment| payment.id).collect();
    let have: BTreeSet<i64> =
        tx.query(&HAVE_PAYMENTS, params![ids.as_slice()], |row| row.get(0)).await?.into_iter().collect();
    let fresh: Vec<&ImportedPayment> =
        payments.iter().filter(|payment| !have.contains(&payment.id)).collect();
    let entries = post(tx, &fresh).await?;
    let (now, zone) = (tx.now(), tx.zone().clone());
    let mut writer = tx.bulk(&INSERT_PAYMENTS)?;
    for (payment, entry) in fresh.iter().zip(entries) {
        let purpose =
            serde_json::to_string(&payment.purpose).map_err(|e| Fault::wrap("encoding a purpose", e))?;
        let key = format!("import:{}", payment.id);
        let at = Instant::from_date_start(payment.received_on, &zone);
        writer.row(params![
            payment.id,
            payment.customer,
            &payment.gateway,
            PaymentKind::Imported.code(),
            payment.amount.currency(),
            payment.amount.minor(),
            payment.fee.minor(),
            0_i64,
            PaymentState::Captured.code(),
            &key,
            "",
            "",
            "",
            "",
            "",
            &payment.reference,
            payment.received_on,
            &purpose,
            "",
            "absent",
            now,
            now,
            at,
            entry,
            1_i64
        ])?;
    }
    writer.finish().await?;
    Ok(fresh.into_iter().map(|payment| payment.id).collect())
}

/// One entry a payment, as every capture has; accounts are looked up once.
async fn post(tx: &mut Tx, payments: &[&ImportedPayment]) -> Result<Vec<Id<Entry>>, Fault> {
    let (mut poster, mut entries) = (BulkPoster::new(), Vec::with_capacity(payments.len()));
    let mut accounts: BTreeMap<(Account, Currency), i64> = BTreeMap::new();
    for payment in payments {
        if !payment.amount.is_positive() {
            return Err(Fault::new(format!("a payment of {} cannot be recorded", payment.amount)));
        }
        let mut postings = Vec::with_capacity(3);
        let lines = captured_lines(&payment.gateway, payment.amount, payment.fee)?;
        for (account, amount) in without_zeros(lines) {
            let key = (account, amount.currency());
            let id = match accounts.get(&key) {
                Some(id) => *id,
                None => account_id(tx, &key.0, key.1).await?,
            };
            accounts.insert(key, id);
            postings.push((id, amount.minor()));
        }
        let entry = tx.new_id()?;
        poster.entry(entry, payment.received_on, "payment_captured", ("payment", payment.id), &postings)?;
        entries.push(entry);
    }
    poster.write(tx).await?;
    Ok(entries)
}

/// Brings in a refund. Returns false, and changes nothing, when it is there.
///
/// # Errors
/// A fault when it is more than what is left of its payment.
pub async fn import_refund(tx: &mut Tx, old: ImportedRefund) -> Result<bool, Fault> {
    let id = Id::new(old.id);
    if refund_store::find(tx, id).await?.is_some() {
        return Ok(false);
    }
    if let Some(payment) = old.payment {
        let reserved = tx.exec(&store::RESERVE_REFUND, params![payment, old.amount.minor()]).await?;
        if reserved == 0 {
            return Err(Fault::new(format!("refund {id} is more than what is left of payment {payment}")));
        }
    }
    let at = Instant::from_date_start(old.settled_on, tx.zone());
    let mut refund = Refund {
        id,
        payment: old.payment,
        customer: old.customer,
        gateway: old.gateway,
        amount: old.amount,
        destination: Destination::Manual,
        state: RefundState::Created,
        key: format!("import:{id}"),
        gateway_reference: String::new(),
        reason: old.reason,
        failure_code: String::new(),
        message: String::new(),
        created_at: tx.now(),
        updated_at: tx.now(),
        settled_at: None,
        entry: None,
        version: 1,
    };
    settle(tx, &mut refund, at, old.settled_on).await?;
    refund_store::insert(tx, &refund).await?;
    if !old.reference.is_empty() {
        tx.exec_one(&SET_REFERENCE, params![id, &old.reference]).await?;
    }
    Ok(true)
}

//! Putting money on invoices and taking it off: the only places where `settled_minor` changes.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, Entry, NewEntry};
use bursar_money::Money;

use super::{credit, store};
use crate::error::BillError;
use crate::events::InvoicePaid;
use crate::figures::owed;
use crate::invoices::InvoiceState;
use crate::invoices::store::{Document, find};

/// What settles an invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A captured payment.
    Payment(i64),
    /// A move of the customer's credit.
    Credit(i64),
    /// A credit note.
    CreditNote(i64),
    /// Nobody will pay it.
    WriteOff,
}

impl Source {
    fn parts(self, invoice_id: i64) -> (&'static str, i64) {
        match self {
            Self::Payment(id) => ("payment", id),
            Self::Credit(id) => ("credit", id),
            Self::CreditNote(id) => ("credit_note", id),
            Self::WriteOff => ("write_off", invoice_id),
        }
    }

    /// What an invoice becomes when this settles the last of it.
    fn end(self) -> InvoiceState {
        match self {
            Self::Payment(_) | Self::Credit(_) | Self::CreditNote(_) => InvoiceState::Paid,
            Self::WriteOff => InvoiceState::Uncollectible,
        }
    }
}

/// Settles part of an invoice from a source that the caller has taken the amount from, under the caller's entry. The
/// last part closes the invoice, announces it and turns its deposits into credit.
///
/// # Errors
/// [`BillError::Refused`] when the invoice is not open or less than the amount is open.
pub async fn allocate(
    tx: &mut Tx,
    invoice: &Document,
    source: Source,
    amount_minor: i64,
    entry: Id<Entry>,
) -> Result<(), BillError> {
    let now = tx.now();
    let settled =
        tx.exec(&store::SETTLE, params![invoice.id, amount_minor, source.end().code(), now]).await?;
    if settled != 1 {
        return Err(BillError::refused("The invoice is not open, or less is open than this would settle."));
    }
    let id = tx.new_raw_id()?;
    let (kind, source_id) = source.parts(invoice.id);
    tx.exec_one(&store::ALLOCATE, params![id, invoice.id, kind, source_id, amount_minor, entry, now]).await?;
    let after = find(tx, invoice.id).await?.ok_or_else(|| Fault::new("an invoice vanished"))?;
    owed::settled(tx, &after, amount_minor).await?;
    if after.state == InvoiceState::Paid {
        bursar_events::emit(tx, &InvoicePaid { invoice_id: invoice.id, customer_id: invoice.customer_id })
            .await?;
        deposits_to_credit(tx, &after).await?;
    }
    Ok(())
}

/// Deposits of an invoice that was paid become credit.
async fn deposits_to_credit(tx: &mut Tx, invoice: &Document) -> Result<(), BillError> {
    let minor = deposits(tx, invoice.id).await?;
    if minor <= 0 {
        return Ok(());
    }
    let amount = Money::new(minor, invoice.currency);
    let on = tx.today();
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "deposit_to_credit",
            on,
            source: ("invoice", invoice.id),
            memo: String::new(),
            postings: vec![(Account::DeferredRevenue, amount), (Account::CustomerCredit, amount.neg())],
        },
    )
    .await?;
    credit::give(tx, invoice.customer_id, amount, "deposit", ("add_funds", invoice.id), entry).await?;
    Ok(())
}

/// The deposits on an invoice, without what credit notes took back.
pub(crate) async fn deposits(tx: &mut Tx, invoice_id: i64) -> Result<i64, Fault> {
    let on_it = tx.query_one(&store::DEPOSITS, params![invoice_id], |row| row.get::<i64>(0)).await?;
    if on_it == 0 {
        return Ok(0);
    }
    let credited =
        tx.query_one(&store::DEPOSITS_CREDITED, params![invoice_id], |row| row.get::<i64>(0)).await?;
    Ok(on_it - credited)
}

/// Takes part of what a payment settled off an invoice again and puts it on the customer's credit; the invoice is owed
/// again.
///
/// # Errors
/// [`BillError::Refused`] when the payment does not settle that much of it, or the invoice holds deposits.
pub async fn reopen(
    tx: &mut Tx,
    invoice: &Document,
    payment_id: i64,
    amount: Money,
) -> Result<(), BillError> {
    if deposits(tx, invoice.id).await? != 0 {
        return Err(BillError::refused(
            "This invoice is a deposit that became credit. Refund it from the customer's credit instead.",
        ));
    }
    let parts = tx
        .query(&store::BY_PAYMENT, params![invoice.id, payment_id], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))
        })
        .await?;
    let available: i64 = parts.iter().map(|(_, minor)| minor).sum();
    if amount.minor() > available {
        let available = Money::new(available, invoice.currency);
        return Err(BillError::refused(format!(
            "Only {available} of this invoice were settled by this payment. Make a credit note or refund from credit."
        )));
    }
    let now = tx.now();
    let mut left = amount.minor();
    for (id, minor) in parts {
        if left == 0 {
            break;
        }
        tx.exec_one(&store::REVERSE, params![id, now]).await?;
        let stays = (minor - left).max(0);
        left -= minor - stays;
        if stays > 0 {
            let rest = tx.new_raw_id()?;
            let row = params![rest, invoice.id, "payment", payment_id, stays, None::<i64>, now];
            tx.exec_one(&store::ALLOCATE, row).await?;
        }
    }
    tx.exec_one(&store::UNSETTLE, params![invoice.id, amount.minor()]).await?;
    let after = find(tx, invoice.id).await?.ok_or_else(|| Fault::new("an invoice vanished"))?;
    owed::reopened(tx, &after, amount.minor()).await?;
    let on = tx.today();
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "invoice_reopened",
            on,
            source: ("invoice", invoice.id),
            memo: String::new(),
            postings: vec![(Account::Receivable, amount), (Account::CustomerCredit, amount.neg())],
        },
    )
    .await?;
    credit::give(tx, invoice.customer_id, amount, "reopened", ("payment", payment_id), entry).await?;
    Ok(())
}

//! Giving money back. It is always paid out of credit, so what a refund means for an invoice is said, not guessed.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_ledger::{Account, NewEntry};
use bursar_money::Money;
use bursar_payments::{Destination, NewRefund, Payment, Refund, RefundFailed, RefundSettled};
use serde_json::json;

use super::allocate::reopen;
use super::{credit, store};
use crate::error::BillError;
use crate::invoices::credit_note::{CreditNoteRequest, Part, credit_note};
use crate::invoices::store::find;
use crate::permissions;

/// Where the money goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundTo {
    /// Back the way it came.
    Gateway,
    /// Staff has sent it from the bank or the drawer.
    ByHand,
    /// It stays with us as the customer's credit.
    Credit,
}

/// What the refund means for what was invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefundFrom {
    /// Nothing: the customer has unused credit.
    Credit,
    /// It was not owed: a credit note over this amount of the invoice is made.
    CreditNote {
        /// The invoice.
        invoice_id: i64,
    },
    /// It is still owed: this amount of the invoice is open again.
    Reopen {
        /// The invoice.
        invoice_id: i64,
    },
}

/// What to give back.
#[derive(Debug, Clone)]
pub struct RefundRequest {
    /// Of which payment.
    pub payment_id: i64,
    /// How much; positive, in the payment's currency.
    pub amount: Money,
    /// Where to.
    pub to: RefundTo,
    /// What it means.
    pub from: RefundFrom,
    /// Why; the customer reads it on the credit note.
    pub reason: String,
    /// A token of the form that was sent: the same token refunds once.
    pub form_key: String,
}

/// What a refund did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refunded {
    /// The refund, unless the money stayed as credit.
    pub refund_id: Option<i64>,
    /// The credit note that was made.
    pub credit_note_id: Option<i64>,
    /// The invoice that is open again.
    pub reopened_id: Option<i64>,
}

/// As staff: gives money of a payment back.
///
/// # Errors
/// [`BillError::Refused`] when the customer's credit, the invoice or the payment does not hold that much.
pub async fn refund(cx: &Cx, request: RefundRequest) -> Result<Refunded, BillError> {
    cx.require(permissions::REFUND)?;
    if !request.amount.is_positive() {
        return Err(BillError::field("amount", "Enter an amount above zero."));
    }
    if request.reason.trim().is_empty() {
        return Err(BillError::field("reason", "Say why the money is given back."));
    }
    cx.write(async move |tx: &mut Tx| refund_in(tx, &request).await).await
}

/// Gives back in the caller's transaction.
pub(crate) async fn refund_in(tx: &mut Tx, request: &RefundRequest) -> Result<Refunded, BillError> {
    let known = tx
        .query_opt(&store::REFUND_OF_FORM, params![&request.form_key], |row| {
            Ok((row.get::<i64>(0)?, row.get::<i64>(1)?, row.get::<i64>(2)?))
        })
        .await?;
    if let Some((refund_id, payment_id, minor)) = known {
        if (payment_id, minor) != (request.payment_id, request.amount.minor()) {
            return Err(BillError::refused("This refund was already made with another amount."));
        }
        return Ok(Refunded { refund_id: Some(refund_id), ..Refunded::default() });
    }
    let payment = bursar_payments::find(tx, Id::new(request.payment_id))
        .await?
        .ok_or(BillError::NotFound("payment"))?;
    let mut done = fund(tx, request, &payment).await?;
    done.refund_id = pay_out(tx, request, &payment).await?.map(Id::get);
    let subject = format!("payment:{}", request.payment_id);
    let after = json!({
        "amount": request.amount.to_string(),
        "to": format!("{:?}", request.to),
        "reason": request.reason,
        "refund_id": done.refund_id,
        "credit_note_id": done.credit_note_id,
        "reopened_id": done.reopened_id,
    });
    let audit = Audit { action: permissions::REFUND, subject: &subject, before: None, after: Some(after) };
    bursar_audit::record(tx, audit).await?;
    Ok(done)
}

/// Makes the amount the customer's credit, as the request says.
async fn fund(tx: &mut Tx, request: &RefundRequest, payment: &Payment) -> Result<Refunded, BillError> {
    let mut done = Refunded::default();
    let invoice_id = match request.from {
        RefundFrom::Credit => return Ok(done),
        RefundFrom::CreditNote { invoice_id } | RefundFrom::Reopen { invoice_id } => invoice_id,
    };
    let invoice = find(tx, invoice_id).await?.filter(|d| d.customer_id == payment.customer);
    let invoice = invoice.ok_or(BillError::NotFound("invoice"))?;
    if invoice.currency != request.amount.currency() {
        return Err(BillError::refused("The invoice is in another currency than the refund."));
    }
    if let RefundFrom::Reopen { .. } = request.from {
        reopen(tx, &invoice, request.payment_id, request.amount).await?;
        done.reopened_id = Some(invoice_id);
        return Ok(done);
    }
    let note = CreditNoteRequest {
        invoice_id,
        part: Part::Amount(request.amount.minor()),
        reason: request.reason.clone(),
    };
    let note = credit_note(tx, &note).await?;
    if note.to_credit_minor < request.amount.minor() {
        return Err(BillError::refused(
            "The invoice is not paid that far, so the credit note would lower what is owed instead of freeing money \
             for a refund. Make the credit note alone, or refund from credit.",
        ));
    }
    done.credit_note_id = Some(note.id);
    Ok(done)
}

/// DR customer credit, CR unapplied payments, together with the intent.
async fn pay_out(
    tx: &mut Tx,
    request: &RefundRequest,
    payment: &Payment,
) -> Result<Option<Id<Refund>>, BillError> {
    let destination = match request.to {
        RefundTo::Credit => return Ok(None),
        RefundTo::Gateway => Destination::Gateway,
        RefundTo::ByHand => Destination::Manual,
    };
    let id = bursar_payments::start_refund(
        tx,
        NewRefund {
            payment: payment.id,
            amount: request.amount,
            destination,
            reason: request.reason.clone(),
            key: request.form_key.clone(),
        },
    )
    .await?;
    let on = tx.today();
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "refund_started",
            on,
            source: ("refund", id.get()),
            memo: request.reason.clone(),
            postings: vec![
                (Account::CustomerCredit, request.amount),
                (Account::UnappliedPayments, request.amount.neg()),
            ],
        },
    )
    .await?;
    credit::take(tx, payment.customer, request.amount, "refunded", ("refund", id.get()), entry).await?;
    let state = if request.to == RefundTo::ByHand { "settled" } else { "open" };
    write_row(tx, id.get(), payment.id.get(), payment.customer, request.amount, state, &request.form_key)
        .await?;
    Ok(Some(id))
}

async fn write_row(
    tx: &mut Tx,
    refund_id: i64,
    payment_id: i64,
    customer_id: i64,
    amount: Money,
    state: &str,
    form_key: &str,
) -> Result<u64, Fault> {
    let now = tx.now();
    let (currency, minor) = (amount.currency(), amount.minor());
    let row = params![refund_id, payment_id, customer_id, currency, minor, state, form_key, now];
    tx.exec(&store::BEGIN_REFUND, row).await
}

/// The subscriber `billing.refund_settled`.
pub(crate) async fn on_settled(tx: &mut Tx, refund: RefundSettled) -> Result<(), Fault> {
    tx.exec(&store::SETTLE_REFUND, params![refund.refund_id]).await.map(drop)
}

/// The subscriber `billing.refund_failed`: the money is ours to keep for the customer again, once per refund.
pub(crate) async fn on_refund_failed(tx: &mut Tx, refund: RefundFailed) -> Result<(), Fault> {
    let amount = Money::new(refund.amount_minor, refund.currency);
    if tx.exec(&store::FAIL_REFUND, params![refund.refund_id]).await? == 0 {
        // Not one of ours, or told before.
        let (id, payment) = (refund.refund_id, refund.payment_id.unwrap_or(0));
        let key = format!("refund:{id}");
        if write_row(tx, id, payment, refund.customer_id, amount, "failed", &key).await? == 0 {
            return Ok(());
        }
    }
    let on = tx.today();
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "refund_failed",
            on,
            source: ("refund", refund.refund_id),
            memo: refund.failure_code.clone(),
            postings: vec![(Account::UnappliedPayments, amount), (Account::CustomerCredit, amount.neg())],
        },
    )
    .await?;
    let source = ("refund", refund.refund_id);
    credit::give(tx, refund.customer_id, amount, "refund failed", source, entry).await.map(drop)
}

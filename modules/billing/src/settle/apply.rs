//! Payments that arrived: to the invoices they were meant for, the rest to credit. Once per payment.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_ids::Id;
use bursar_ledger::{Account, NewEntry};
use bursar_money::{Currency, Money};
use bursar_payments::{ManualPayment, PaymentCaptured, PaymentFailed, Purpose};
use bursar_time::Date;
use serde_json::json;

use super::allocate::{Source, allocate};
use super::{credit, delivery, store};
use crate::error::BillError;
use crate::invoices::InvoiceState;
use crate::invoices::store::{Document, find, find_many};
use crate::permissions;

/// Where a payment went, in minor units.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Received {
    /// The payment.
    pub payment_id: i64,
    /// Invoices and how much of each it settled.
    pub invoices: Vec<(i64, i64)>,
    /// What went to the customer's credit.
    pub credit_minor: i64,
}

/// Applies a captured payment: its purpose's invoices first, in their order, then what is left of the same invoices,
/// then credit. `None` when it was applied before.
///
/// An invoice of another customer or currency, or one that is not open (any more), takes nothing: the money is the
/// payer's credit then.
pub async fn apply_payment(tx: &mut Tx, payment: &PaymentCaptured) -> Result<Option<Received>, BillError> {
    let now = tx.now();
    let (id, customer, currency) = (payment.payment_id, payment.customer_id, payment.currency);
    tx.exec(&store::END_CHARGE, params![id]).await?;
    tx.exec(&delivery::END_HOLD, params![id]).await?;
    let claim = params![id, customer, currency, payment.amount_minor, now];
    if tx.exec(&store::CLAIM_PAYMENT, claim).await? == 0 {
        return Ok(None);
    }
    let (invoices, credit_minor) = split(tx, payment).await?;
    let on = tx.today();
    let applied: i64 = invoices.iter().map(|(_, minor)| minor).sum();
    let lines = [
        (Account::UnappliedPayments, payment.amount_minor),
        (Account::Receivable, -applied),
        (Account::CustomerCredit, -credit_minor),
    ];
    let postings = lines.into_iter().filter(|(_, minor)| *minor != 0);
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "payment_applied",
            on,
            source: ("payment", id),
            memo: payment.purpose.reason.clone(),
            postings: postings.map(|(account, minor)| (account, Money::new(minor, currency))).collect(),
        },
    )
    .await?;
    for (invoice, minor) in &invoices {
        allocate(tx, invoice, Source::Payment(id), *minor, entry).await?;
    }
    if credit_minor > 0 {
        let amount = Money::new(credit_minor, currency);
        let why = if payment.purpose.invoices.is_empty() { "deposit" } else { "overpayment" };
        credit::give(tx, customer, amount, why, ("payment", id), entry).await?;
    }
    let invoices = invoices.into_iter().map(|(invoice, minor)| (invoice.id, minor)).collect();
    Ok(Some(Received { payment_id: id, invoices, credit_minor }))
}

/// How a payment divides over the invoices it is meant for; what is left is credit.
async fn split(tx: &mut Tx, payment: &PaymentCaptured) -> Result<(Vec<(Document, i64)>, i64), Fault> {
    let ids: Vec<i64> = payment.purpose.invoices.iter().map(|(id, _)| *id).collect();
    let found = if ids.is_empty() { Vec::new() } else { find_many(tx, &ids).await? };
    let mut left = payment.amount_minor;
    let mut parts: Vec<(Document, i64)> = Vec::new();
    // What was meant first; then, when more arrived than was meant, the rest of the same invoices.
    for is_meant in [true, false] {
        for (id, meant) in &payment.purpose.invoices {
            let Some(invoice) = found.iter().find(|d| d.id == *id && belongs(d, payment)) else { continue };
            let position = parts.iter().position(|(d, _)| d.id == *id);
            let already = position.map_or(0, |at| parts[at].1);
            let wanted = if is_meant { *meant } else { i64::MAX };
            let minor = wanted.min(invoice.open_minor() - already).min(left);
            if minor <= 0 {
                continue;
            }
            left -= minor;
            match position {
                Some(at) => parts[at].1 += minor,
                None => parts.push((invoice.clone(), minor)),
            }
        }
    }
    Ok((parts, left))
}

fn belongs(invoice: &Document, payment: &PaymentCaptured) -> bool {
    invoice.state == InvoiceState::Open
        && invoice.customer_id == payment.customer_id
        && invoice.currency == payment.currency
}

/// The subscriber `billing.allocate_payment`.
pub(crate) async fn on_captured(tx: &mut Tx, payment: PaymentCaptured) -> Result<(), Fault> {
    apply_payment(tx, &payment).await.map(drop).map_err(BillError::into_fault)
}

/// The subscriber `billing.release_charge`: a charge ended without money, so the next may begin.
pub(crate) async fn on_failed(tx: &mut Tx, payment: PaymentFailed) -> Result<(), Fault> {
    tx.exec(&store::END_CHARGE, params![payment.payment_id]).await?;
    delivery::lost(tx, &payment).await
}

/// As staff: records money that was received (bank transfer, cash, cheque) and applies it at once. The same form key
/// again records nothing more.
pub async fn record_payment(cx: &Cx, payment: ManualPayment) -> Result<Received, BillError> {
    cx.require(permissions::PAYMENT_RECORD)?;
    let wrong = problems(&payment, cx.today());
    if !wrong.is_empty() {
        return Err(BillError::Invalid(wrong));
    }
    cx.write(async move |tx: &mut Tx| record(tx, &payment).await).await
}

async fn record(tx: &mut Tx, payment: &ManualPayment) -> Result<Received, BillError> {
    let id = bursar_payments::record_manual(tx, payment.clone()).await?;
    if tx.query_opt(&store::IS_APPLIED, params![id], |row| row.get::<i64>(0)).await?.is_some() {
        return applied_before(tx, id).await;
    }
    check_purpose(tx, payment.customer, payment.amount.currency(), &payment.purpose).await?;
    let captured = PaymentCaptured {
        payment_id: id.get(),
        customer_id: payment.customer,
        amount_minor: payment.amount.minor(),
        currency: payment.amount.currency(),
        purpose: payment.purpose.clone(),
    };
    // The event comes too, later, and finds it applied.
    let Some(received) = apply_payment(tx, &captured).await? else {
        return applied_before(tx, id).await;
    };
    let subject = format!("payment:{id}", id = id.get());
    let after = json!({
        "customer_id": payment.customer,
        "amount": payment.amount.to_string(),
        "gateway": payment.gateway,
        "reference": payment.reference,
        "received_on": payment.received_on.to_string(),
        "invoices": received.invoices,
        "credit_minor": received.credit_minor,
    });
    let audit =
        Audit { action: permissions::PAYMENT_RECORD, subject: &subject, before: None, after: Some(after) };
    bursar_audit::record(tx, audit).await?;
    Ok(received)
}

/// The same form, sent twice.
async fn applied_before(tx: &mut Tx, id: Id<bursar_payments::Payment>) -> Result<Received, BillError> {
    let payment = bursar_payments::find(tx, id).await?.ok_or(BillError::NotFound("payment"))?;
    let allocations = store::allocations_of_payment(tx, id.get()).await?;
    let invoices: Vec<(i64, i64)> = allocations
        .iter()
        .filter(|a| a.reversed_at.is_none())
        .map(|a| (a.invoice_id, a.amount_minor))
        .collect();
    let applied: i64 = invoices.iter().map(|(_, minor)| minor).sum();
    Ok(Received { payment_id: id.get(), invoices, credit_minor: payment.amount.minor() - applied })
}

/// Staff may only name open invoices of this customer, each at most with what is open.
async fn check_purpose(
    tx: &mut Tx,
    customer: i64,
    currency: Currency,
    purpose: &Purpose,
) -> Result<(), BillError> {
    for (index, (id, minor)) in purpose.invoices.iter().enumerate() {
        let wrong = |why: String| BillError::field(format!("invoices[{index}]"), why);
        let invoice = find(tx, *id).await?.filter(|d| d.customer_id == customer);
        let invoice =
            invoice.ok_or_else(|| wrong("This invoice is not one of this customer's.".to_owned()))?;
        if invoice.currency != currency {
            return Err(wrong(format!("This invoice is in {}.", invoice.currency)));
        }
        let open = Money::new(invoice.open_minor(), currency);
        if *minor <= 0 || *minor > open.minor() {
            return Err(wrong(format!(
                "Enter an amount above zero and at most {open}, which is what is open."
            )));
        }
    }
    Ok(())
}

fn problems(payment: &ManualPayment, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !payment.amount.is_positive() {
        wrong.push(FieldError::new("amount", "Enter the amount received, above zero."));
    }
    if payment.fee.currency() != payment.amount.currency()
        || payment.fee.is_negative()
        || payment.fee.minor() > payment.amount.minor()
    {
        wrong.push(FieldError::new("fee", "The fee is between zero and the amount."));
    }
    if payment.received_on > today {
        wrong.push(FieldError::new("received_on", "The date of receipt cannot be in the future."));
    }
    if payment.gateway.trim().is_empty() {
        wrong.push(FieldError::new("gateway", "Choose how the payment was received."));
    }
    let meant: i128 = payment.purpose.invoices.iter().map(|(_, minor)| i128::from(*minor)).sum();
    if meant > i128::from(payment.amount.minor()) {
        wrong.push(FieldError::new("invoices", "More is put on invoices than was received."));
    }
    wrong
}

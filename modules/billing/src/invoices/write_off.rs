//! Writing off: what is still open will never be paid. The document stays; the loss is booked as bad debt.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_ledger::{Account, NewEntry};
use bursar_money::Money;
use serde_json::json;

use super::InvoiceState;
use super::store::{self, find};
use crate::error::BillError;
use crate::events::InvoiceWrittenOff;
use crate::permissions;
use crate::settle::{Source, allocate};

/// As staff: writes off what is open on an invoice. Revenue and tax stay as invoiced; a payment that comes after all
/// becomes the customer's credit.
pub async fn write_off_invoice(cx: &Cx, id: i64, why: String) -> Result<(), BillError> {
    cx.require(permissions::INVOICE_WRITE_OFF)?;
    if why.trim().is_empty() {
        return Err(BillError::field("reason", "Say why this debt is given up."));
    }
    cx.write(async move |tx: &mut Tx| write_off(tx, id, why.trim()).await).await
}

async fn write_off(tx: &mut Tx, id: i64, why: &str) -> Result<(), BillError> {
    let invoice = find(tx, id).await?.ok_or(BillError::NotFound("invoice"))?;
    let open = Money::new(invoice.open_minor(), invoice.currency);
    if invoice.state != InvoiceState::Open || !open.is_positive() {
        return Err(BillError::refused("Only an open invoice can be written off."));
    }
    if allocate::deposits(tx, id).await? != 0 {
        return Err(BillError::refused(
            "A deposit that was never paid is no debt: void it, or make a credit note for the rest.",
        ));
    }
    let (now, on) = (tx.now(), tx.today());
    let entry = bursar_ledger::post(
        tx,
        NewEntry {
            kind: "invoice_written_off",
            on,
            source: ("invoice", id),
            memo: why.to_owned(),
            postings: vec![(Account::BadDebt, open), (Account::Receivable, open.neg())],
        },
    )
    .await?;
    allocate::allocate(tx, &invoice, Source::WriteOff, open.minor(), entry).await?;
    tx.exec_one(&store::CLOSE, params![id, now, why]).await?;
    let event =
        InvoiceWrittenOff { invoice_id: id, customer_id: invoice.customer_id, amount_minor: open.minor() };
    bursar_events::emit(tx, &event).await?;
    let subject = format!("invoice:{id}");
    let after = Some(json!({ "state": "uncollectible", "amount": open.to_string(), "reason": why }));
    let audit = Audit { action: permissions::INVOICE_WRITE_OFF, subject: &subject, before: None, after };
    Ok(bursar_audit::record(tx, audit).await?)
}

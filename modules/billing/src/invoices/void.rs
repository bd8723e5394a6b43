//! Voiding: an invoice that should never have existed, and of which nothing was settled.
//!
//! The document keeps its number and its content; its entry is reversed and the periods on it may be billed again. The
//! subscriptions are not moved back: their next period stays what it was, so staff who want the period billed again
//! shift the subscription (or charge it by hand). Discounts and set-up fees that the invoice used stay used.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_ids::Id;
use bursar_money::Money;
use serde_json::json;

use super::store::{self, corrections, find};
use super::{DocumentKind, InvoiceState};
use crate::error::BillError;
use crate::events::InvoiceVoided;
use crate::figures::{days, owed};
use crate::permissions;

/// As staff: voids an open, unsettled invoice.
///
/// # Errors
/// [`BillError::Refused`] for anything else, with what to do instead.
pub async fn void_invoice(cx: &Cx, id: i64, why: String) -> Result<(), BillError> {
    cx.require(permissions::INVOICE_VOID)?;
    if why.trim().is_empty() {
        return Err(BillError::field("reason", "Say why this invoice should never have existed."));
    }
    cx.write(async move |tx: &mut Tx| void(tx, id, why.trim()).await).await
}

/// Voids in the caller's transaction.
pub(crate) async fn void(tx: &mut Tx, id: i64, why: &str) -> Result<(), BillError> {
    let invoice = find(tx, id).await?.ok_or(BillError::NotFound("invoice"))?;
    if invoice.kind != DocumentKind::Invoice {
        return Err(BillError::refused("A credit note is not voided; invoice what it gave back again."));
    }
    match invoice.state {
        InvoiceState::Open => {}
        InvoiceState::Draft => return Err(BillError::refused("This is a draft: delete it.")),
        InvoiceState::Paid => {
            return Err(BillError::refused(
                "This invoice is paid. Make a credit note, then refund the credit.",
            ));
        }
        InvoiceState::Void => return Err(BillError::refused("This invoice is void already.")),
        InvoiceState::Uncollectible => return Err(BillError::refused("This invoice was written off.")),
    }
    if invoice.settled_minor != 0 || !corrections(tx, id).await?.is_empty() {
        let settled = Money::new(invoice.settled_minor, invoice.currency);
        return Err(BillError::refused(format!(
            "{settled} of this invoice are settled already. Make a credit note for the rest instead."
        )));
    }
    let (now, on) = (tx.now(), tx.today());
    if tx.exec(&store::VOID, params![id, now, why, invoice.version]).await? != 1 {
        return Err(BillError::Changed);
    }
    if let Some(entry) = invoice.entry_id {
        bursar_ledger::reverse(tx, Id::new(entry), on, why).await?;
    }
    owed::voided(tx, &invoice).await?;
    if let Some(issued_on) = invoice.issued_on {
        let turnover = days::turnover(&store::lines(tx, id).await?);
        let mut sums = days::Sums::default();
        sums.add(issued_on, Money::new(-turnover, invoice.currency))?;
        sums.write(tx).await?;
    }
    tx.exec(&store::FREE_PERIODS, params![id]).await?;
    bursar_events::emit(tx, &InvoiceVoided { invoice_id: id, customer_id: invoice.customer_id }).await?;
    let subject = format!("invoice:{id}");
    let before = Some(json!({ "state": "open", "total_minor": invoice.totals.total_minor }));
    let after = Some(json!({ "state": "void", "reason": why }));
    let audit = Audit { action: permissions::INVOICE_VOID, subject: &subject, before, after };
    Ok(bursar_audit::record(tx, audit).await?)
}

//! An order whose money is held: it goes on as if it were paid, and comes back when what was held is lost before anybody
//! accepted it.

use bursar_billing::events::{InvoiceSecured, InvoiceUnsecured};
use bursar_db::Tx;
use bursar_fault::Fault;

use super::decide::accept;
use super::states::OrderStatus;
use super::{Order, expire, store};
use crate::error::OrderError;
use crate::events::OrderSecured;
use crate::mails;
use crate::settings::OrderSettings;

const SECONDS_A_DAY: i64 = 86_400;

/// The subscriber `ordering.order_secured`.
pub(crate) async fn on_secured(tx: &mut Tx, invoice: InvoiceSecured) -> Result<(), Fault> {
    let Some(mut order) = store::by_invoice(tx, invoice.invoice_id).await? else { return Ok(()) };
    if order.paid_at.is_some() || order.status.is_over() {
        return Ok(());
    }
    secured(tx, &mut order).await.map_err(OrderError::into_fault)
}

/// The money for all of it is held. Where nobody has to look it is accepted.
async fn secured(tx: &mut Tx, order: &mut Order) -> Result<(), OrderError> {
    let (order_id, customer_id) = (order.id, order.customer_id);
    bursar_events::emit(tx, &OrderSecured { order_id, customer_id }).await?;
    store::note(tx, order.id, "secured", "").await?;
    if order.status != OrderStatus::PendingPayment {
        // Accepted before any money was there, or looked at already.
        return Ok(());
    }
    order.expires_at = None;
    if order.review.is_empty() {
        return accept(tx, order, "its money is held, and no rule asks for a review").await;
    }
    order.status.check_move(OrderStatus::PendingReview)?;
    order.status = OrderStatus::PendingReview;
    store::save(tx, order).await?;
    mails::waits_for_review(tx, order).await
}

/// The subscriber `ordering.order_unsecured`. What is accepted goes on and is owed for; what is looked at waits for its
/// payment again.
pub(crate) async fn on_unsecured(tx: &mut Tx, invoice: InvoiceUnsecured) -> Result<(), Fault> {
    let Some(mut order) = store::by_invoice(tx, invoice.invoice_id).await? else { return Ok(()) };
    if order.paid_at.is_some() || order.status.is_over() {
        return Ok(());
    }
    store::note(tx, order.id, "unsecured", &invoice.state).await?;
    if order.status != OrderStatus::PendingReview {
        return Ok(());
    }
    unsecured(tx, &mut order).await.map_err(OrderError::into_fault)
}

async fn unsecured(tx: &mut Tx, order: &mut Order) -> Result<(), OrderError> {
    order.status.check_move(OrderStatus::PendingPayment)?;
    order.status = OrderStatus::PendingPayment;
    let days = OrderSettings::load(tx).await?.unpaid_days;
    order.expires_at = Some(tx.now().plus_seconds(days * SECONDS_A_DAY));
    store::save(tx, order).await?;
    Ok(expire::watch(tx, order).await?)
}

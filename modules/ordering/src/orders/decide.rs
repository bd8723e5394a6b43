//! What becomes of an order: paid, accepted, rejected, cancelled, found to be fraud.

use bursar_audit::Audit;
use bursar_billing::changes::{Credit, When};
use bursar_billing::events::InvoicePaid;
use bursar_billing::settle::take_back::{PaidBack, TakenBack, invoices_of, take_back};
use bursar_billing::subscriptions::{detail, lifecycle, release, stock};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::Money;
use serde_json::json;

use super::states::OrderStatus;
use super::{Order, store};
use crate::error::OrderError;
use crate::events::{OrderAccepted, OrderCancelled, OrderPaid, OrderRejected};
use crate::{mails, permissions};

const LONGEST_REASON: usize = 1_000;

/// How an order ends without being delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// Why; the customer reads it.
    pub reason: String,
    /// Where what was paid goes.
    pub paid: PaidBack,
}

impl Ending {
    fn checked(&self) -> Result<Self, OrderError> {
        let reason = self.reason.trim().to_owned();
        if reason.is_empty() || reason.chars().count() > LONGEST_REASON {
            let why = format!("Say why, in 1 to {LONGEST_REASON} characters; the customer reads it.");
            return Err(OrderError::field("reason", why));
        }
        Ok(Self { reason, paid: self.paid })
    }
}

/// As staff: lets an order go, paid or not.
///
/// # Errors
/// [`OrderError::Refused`] when it stands where it cannot be accepted.
pub async fn accept_order(cx: &Cx, id: i64) -> Result<(), OrderError> {
    cx.require(permissions::ORDER_REVIEW)?;
    cx.write(async move |tx: &mut Tx| {
        let mut order = store::get(tx, id).await?;
        let before = order.status;
        accept(tx, &mut order, "").await?;
        record(tx, permissions::ORDER_REVIEW, before, &order, None).await
    })
    .await
}

/// As staff: does not want an order. What was paid goes back.
///
/// # Errors
/// As [`accept_order`]; also while a payment is under way.
pub async fn reject_order(cx: &Cx, id: i64, ending: Ending) -> Result<TakenBack, OrderError> {
    cx.require(permissions::ORDER_REVIEW)?;
    end_as_staff(cx, id, OrderStatus::Rejected, ending, permissions::ORDER_REVIEW).await
}

/// As staff: calls an order off, for the customer or because it cannot be delivered. What was delivered already ends.
///
/// # Errors
/// As [`reject_order`]; also when it was accepted and billed again since.
pub async fn cancel_order(cx: &Cx, id: i64, ending: Ending) -> Result<TakenBack, OrderError> {
    cx.require(permissions::ORDER_CANCEL)?;
    end_as_staff(cx, id, OrderStatus::Cancelled, ending, permissions::ORDER_CANCEL).await
}

/// As staff: an order was no honest one. Services that were delivered already end at once. What was paid stays as
/// credit: whose money it is has to be found out first.
///
/// # Errors
/// As [`reject_order`].
pub async fn mark_fraud(cx: &Cx, id: i64, reason: String) -> Result<TakenBack, OrderError> {
    cx.require(permissions::ORDER_FRAUD)?;
    let ending = Ending { reason, paid: PaidBack::Credit };
    end_as_staff(cx, id, OrderStatus::Fraud, ending, permissions::ORDER_FRAUD).await
}

/// As the customer: takes back an order that is not paid yet, or whose money is only held while somebody looks at it.
///
/// Checks no permission: the surface has found the order to be the customer's own.
///
/// # Errors
/// [`OrderError::Refused`] for an order that is paid.
pub async fn withdraw_order(cx: &Cx, id: i64, customer_id: i64) -> Result<(), OrderError> {
    cx.write(async move |tx: &mut Tx| {
        let mut order = store::get(tx, id).await?;
        if order.customer_id != customer_id {
            return Err(OrderError::NotFound("order"));
        }
        let is_only_held = order.status == OrderStatus::PendingReview && order.paid_at.is_none();
        if order.status != OrderStatus::PendingPayment && !is_only_held {
            return Err(OrderError::refused(
                "This order is paid already. Ask us to cancel it, and we shall give the money back.",
            ));
        }
        let ending = Ending { reason: "Withdrawn by the customer".to_owned(), paid: PaidBack::Credit };
        end(tx, &mut order, OrderStatus::Cancelled, &ending).await.map(drop)
    })
    .await
}

async fn end_as_staff(
    cx: &Cx,
    id: i64,
    to: OrderStatus,
    ending: Ending,
    action: &'static str,
) -> Result<TakenBack, OrderError> {
    let ending = ending.checked()?;
    cx.write(async move |tx: &mut Tx| {
        let mut order = store::get(tx, id).await?;
        let before = order.status;
        let back = end(tx, &mut order, to, &ending).await?;
        record(tx, action, before, &order, Some(&back)).await?;
        Ok(back)
    })
    .await
}

async fn record(
    tx: &mut Tx,
    action: &'static str,
    before: OrderStatus,
    order: &Order,
    back: Option<&TakenBack>,
) -> Result<(), OrderError> {
    let subject = format!("order:{}", order.id);
    let after = Some(json!({
        "status": order.status.code(),
        "reason": &order.decided_why,
        "credited_minor": back.map(|back| back.to_credit_minor),
        "refunded_minor": back.map(|back| back.refunded_minor),
    }));
    let before = Some(json!({ "status": before.code() }));
    Ok(bursar_audit::record(tx, Audit { action, subject: &subject, before, after }).await?)
}

/// Everything that an order asked for has arrived, or it asked for nothing. Where nobody has to look it is accepted.
pub(crate) async fn paid(tx: &mut Tx, order: &mut Order) -> Result<(), OrderError> {
    let now = tx.now();
    order.paid_at = Some(now);
    order.expires_at = None;
    let (order_id, customer_id) = (order.id, order.customer_id);
    bursar_events::emit(tx, &OrderPaid { order_id, customer_id }).await?;
    store::note(tx, order.id, "paid", "").await?;
    if order.status != OrderStatus::PendingPayment {
        // Accepted before the money was there.
        return store::save(tx, order).await;
    }
    if order.review.is_empty() {
        return accept(tx, order, "no rule asks for a review").await;
    }
    order.status.check_move(OrderStatus::PendingReview)?;
    order.status = OrderStatus::PendingReview;
    store::save(tx, order).await?;
    mails::waits_for_review(tx, order).await
}

/// The subscriber `ordering.order_paid`.
pub(crate) async fn on_invoice_paid(tx: &mut Tx, invoice: InvoicePaid) -> Result<(), Fault> {
    let Some(mut order) = store::by_invoice(tx, invoice.invoice_id).await? else { return Ok(()) };
    // An invoice that a credit note closed is told as paid too, when its order has ended already.
    if order.paid_at.is_some() || order.status.is_over() {
        return Ok(());
    }
    paid(tx, &mut order).await.map_err(OrderError::into_fault)
}

pub(crate) async fn accept(tx: &mut Tx, order: &mut Order, note: &str) -> Result<(), OrderError> {
    order.status.check_move(OrderStatus::Accepted)?;
    for item in store::items(tx, order.id).await? {
        if !release::release(tx, item.subscription_id).await? {
            return Err(OrderError::refused(format!(
                "{} was cancelled meanwhile. Cancel the order and make a new one.",
                item.label
            )));
        }
    }
    let now = tx.now();
    order.status = OrderStatus::Accepted;
    order.decided_at = Some(now);
    order.expires_at = None;
    store::save(tx, order).await?;
    store::note(tx, order.id, "accepted", note).await?;
    let (order_id, customer_id) = (order.id, order.customer_id);
    bursar_events::emit(tx, &OrderAccepted { order_id, customer_id }).await?;
    mails::accepted(tx, order).await
}

/// Ends an order that is not delivered: nothing of it is billed, and everything it held goes back.
pub(crate) async fn end(
    tx: &mut Tx,
    order: &mut Order,
    to: OrderStatus,
    ending: &Ending,
) -> Result<TakenBack, OrderError> {
    order.status.check_move(to)?;
    let was_accepted = order.status == OrderStatus::Accepted;
    if was_accepted && to == OrderStatus::Cancelled {
        refuse_when_renewed(tx, order).await?;
    }
    let back = match order.invoice_id {
        Some(invoice) => {
            let key = format!("order:{}", order.id);
            take_back(tx, invoice, &ending.reason, ending.paid, &key).await?
        }
        None => TakenBack::default(),
    };
    for item in store::items(tx, order.id).await? {
        let subscription = detail::get(tx, item.subscription_id).await?;
        if !subscription.core.status.is_over() {
            lifecycle::cancel(tx, item.subscription_id, When::Now, &ending.reason, Credit::Forfeit).await?;
        }
        if !was_accepted {
            stock::give_back(tx, item.subscription_id).await?;
        }
    }
    if !was_accepted {
        for used in &order.coupons {
            bursar_catalog::return_coupon(tx, used.coupon_id, used.subscription_id).await?;
        }
    }
    let now = tx.now();
    order.status = to;
    order.decided_at = Some(now);
    order.expires_at = None;
    order.decided_why.clone_from(&ending.reason);
    store::save(tx, order).await?;
    store::note(tx, order.id, to.code(), &told(order, ending, &back)).await?;
    announce_end(tx, order, to).await?;
    mails::ended(tx, order, &back).await?;
    Ok(back)
}

/// Calling off gives back what the order's own invoice brought. What was billed later was used, at least in part: a person
/// decides about each of those.
async fn refuse_when_renewed(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    for item in store::items(tx, order.id).await? {
        let invoices = invoices_of(tx, item.subscription_id).await?;
        if invoices.iter().any(|invoice| Some(*invoice) != order.invoice_id) {
            return Err(OrderError::refused(format!(
                "{} was billed again since it was ordered. End its subscription instead, and refund what is to go back.",
                item.label
            )));
        }
    }
    Ok(())
}

fn told(order: &Order, ending: &Ending, back: &TakenBack) -> String {
    let money = |minor| Money::new(minor, order.currency());
    let mut text = ending.reason.clone();
    let credited = back.to_credit_minor - back.refunded_minor;
    if credited > 0 {
        text.push_str(&format!(" ({} to credit)", money(credited)));
    }
    if back.released_minor > 0 {
        text.push_str(&format!(" ({} was held and is let go)", money(back.released_minor)));
    }
    if back.refunded_minor > 0 {
        text.push_str(&format!(" ({} on its way back)", money(back.refunded_minor)));
    }
    text
}

async fn announce_end(tx: &mut Tx, order: &Order, to: OrderStatus) -> Result<(), Fault> {
    let (order_id, customer_id, reason) = (order.id, order.customer_id, order.decided_why.clone());
    if to == OrderStatus::Cancelled {
        return bursar_events::emit(tx, &OrderCancelled { order_id, customer_id, reason }).await;
    }
    let is_fraud = to == OrderStatus::Fraud;
    bursar_events::emit(tx, &OrderRejected { order_id, customer_id, reason, is_fraud }).await
}

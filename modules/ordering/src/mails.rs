//! What customers and staff are told about orders.

use bursar_billing::settle::take_back::TakenBack;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_messaging::{NewMessage, queue};
use bursar_money::Money;

use crate::error::OrderError;
use crate::orders::Order;
use crate::orders::states::OrderStatus;

/// The order has arrived, and what happens next.
pub(crate) async fn received(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    let next = if order.total.is_zero() {
        "Nothing is owed for it now.".to_owned()
    } else {
        format!("Its total is {}. We begin as soon as it is paid.", order.total)
    };
    to_customer(
        tx,
        order,
        "ordering.received",
        "Your order",
        &format!("Thank you for your order {}.\n\n{next}", order.number),
    )
    .await
}

/// Somebody looks at it first.
pub(crate) async fn waits_for_review(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    let text = format!(
        "Your order {} is paid. One of us has a look at it before it begins, which usually takes less than a working \
         day. You need not do anything.",
        order.number
    );
    to_customer(tx, order, "ordering.in_review", "We are looking at your order", &text).await
}

/// It is delivered.
pub(crate) async fn accepted(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    let text = format!("Your order {} is accepted and is being set up.", order.number);
    to_customer(tx, order, "ordering.accepted", "Your order is accepted", &text).await
}

/// It is not delivered, and where the money is.
pub(crate) async fn ended(tx: &mut Tx, order: &Order, back: &TakenBack) -> Result<(), OrderError> {
    // Whoever ordered with somebody else's card is not told what gave them away.
    if order.status == OrderStatus::Fraud {
        return Ok(());
    }
    let money = |minor| Money::new(minor, order.currency());
    let mut text = format!("Your order {} will not be delivered: {}.", order.number, order.decided_why);
    let credited = back.to_credit_minor - back.refunded_minor;
    if back.refunded_minor > 0 {
        text.push_str(&format!("\n\n{} are on their way back to you.", money(back.refunded_minor)));
    }
    if credited > 0 {
        text.push_str(&format!("\n\n{} are credit on your account.", money(credited)));
    }
    to_customer(tx, order, "ordering.ended", "Your order is cancelled", &text).await
}

/// Staff are told of a large order at once.
pub(crate) async fn high_value(tx: &mut Tx, order: &Order, to: &str) -> Result<(), Fault> {
    let message = NewMessage {
        to_email: to.to_owned(),
        subject: format!("Large order {}: {}", order.number, order.total),
        body_text: format!("Order {} over {} was placed just now.", order.number, order.total),
        kind: "ordering.high_value",
        customer_id: Some(order.customer_id),
    };
    queue(tx, &message).await.map(drop)
}

async fn to_customer(
    tx: &mut Tx,
    order: &Order,
    kind: &'static str,
    subject: &str,
    text: &str,
) -> Result<(), OrderError> {
    let customer = bursar_customers::find(tx, Id::new(order.customer_id)).await?;
    let Some(customer) = customer.filter(|customer| !customer.details.postal.email.is_empty()) else {
        return Ok(());
    };
    let message = NewMessage {
        to_email: customer.details.postal.email.clone(),
        subject: format!("{subject} {}", order.number),
        body_text: format!("Hello {},\n\n{text}\n", customer.details.postal.display_name()),
        kind,
        customer_id: Some(order.customer_id),
    };
    queue(tx, &message).await?;
    Ok(())
}

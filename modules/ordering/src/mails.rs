//! What customers and staff are told about orders.

use bursar_billing::settle::take_back::TakenBack;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_ids::Id;
use bursar_mail::MailTemplate;
use bursar_messaging::notices::{Audience, NewNotice, raise};
use bursar_messaging::{Mail, NewMessage, Recipient, post, public_address, queue};
use bursar_money::{Currency, Money};
use bursar_web::{NoticeKind, Severity};
use serde_json::{Value, json};

use crate::error::OrderError;
use crate::orders::Order;
use crate::orders::states::OrderStatus;
use crate::permissions;

const RECEIVED: &str = "ordering.received";
const IN_REVIEW: &str = "ordering.in_review";
const ACCEPTED: &str = "ordering.accepted";
const ENDED: &str = "ordering.ended";

/// Whoever ordered hears of it whatever they prefer: their money is in it.
const fn template(
    name: &'static str,
    label: &'static str,
    sources: [(Locale, &'static str); 6],
    samples: fn() -> Vec<Value>,
) -> MailTemplate {
    MailTemplate { name, label, is_essential: true, is_secret: false, sources, samples }
}

/// The mails about orders.
pub(crate) const TEMPLATES: &[MailTemplate] = &[
    template(RECEIVED, "Order received", bursar_mail::sources!("../mails/received"), || {
        let free = json!({ "is_free": true, "total": euros(0) });
        vec![sample(json!({ "is_free": false, "total": euros(11_900) })), sample(free)]
    }),
    template(IN_REVIEW, "Order in review", bursar_mail::sources!("../mails/in_review"), || {
        vec![sample(json!({ "is_paid": true })), sample(json!({ "is_paid": false }))]
    }),
    template(ACCEPTED, "Order accepted", bursar_mail::sources!("../mails/accepted"), || {
        vec![sample(json!({}))]
    }),
    template(ENDED, "Order not delivered", bursar_mail::sources!("../mails/ended"), || {
        let nothing = json!({ "why": "", "refunded": null, "credited": null, "released": null });
        let all = json!({ "why": "out of stock", "refunded": euros(11_900), "credited": euros(100), "released": null });
        let held = json!({ "why": "", "refunded": null, "credited": null, "released": euros(11_900) });
        vec![sample(nothing), sample(all), sample(held)]
    }),
];

const fn euros(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

fn sample(mut values: Value) -> Value {
    values["name"] = Value::from("Ann Becker");
    values["number"] = Value::from("ORD-2026-000012");
    values["url"] = Value::from("https://office.example/portal/orders/12");
    values
}

/// The order has arrived, and what happens next.
pub(crate) async fn received(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    let values = json!({ "is_free": order.total.is_zero(), "total": order.total });
    to_customer(tx, order, RECEIVED, values).await
}

/// An order that a person has to look at.
pub(crate) const REVIEW: NoticeKind = NoticeKind::staff(
    "ordering.in_review",
    "Orders in review",
    "Order {number} waits for review.",
    permissions::ORDER_REVIEW,
)
.values(&["number"])
.severity(Severity::Warning);

/// Somebody looks at it first.
pub(crate) async fn waits_for_review(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    let notice = NewNotice {
        to: Audience::Staff,
        about: format!("order:{}", order.id),
        said: vec![order.number.clone().into()],
        href: format!("/admin/orders/{}", order.id),
    };
    raise(tx, &REVIEW, notice).await?;
    to_customer(tx, order, IN_REVIEW, json!({ "is_paid": order.paid_at.is_some() })).await
}

/// It is delivered.
pub(crate) async fn accepted(tx: &mut Tx, order: &Order) -> Result<(), OrderError> {
    to_customer(tx, order, ACCEPTED, json!({})).await
}

/// It is not delivered, and where the money is.
pub(crate) async fn ended(tx: &mut Tx, order: &Order, back: &TakenBack) -> Result<(), OrderError> {
    // Whoever ordered with somebody else's card is not told what gave them away.
    if order.status == OrderStatus::Fraud {
        return Ok(());
    }
    let some = |minor: i64| (minor > 0).then(|| Money::new(minor, order.currency()));
    let values = json!({
        "why": order.decided_why,
        "refunded": some(back.refunded_minor),
        "credited": some(back.to_credit_minor - back.refunded_minor),
        "released": some(back.released_minor),
    });
    to_customer(tx, order, ENDED, values).await
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
    template: &'static str,
    mut values: Value,
) -> Result<(), OrderError> {
    let customer = bursar_customers::find(tx, Id::new(order.customer_id)).await?;
    let Some(customer) = customer.filter(|customer| !customer.details.postal.email.is_empty()) else {
        return Ok(());
    };
    let postal = &customer.details.postal;
    values["name"] = Value::from(postal.display_name());
    values["number"] = Value::from(order.number.clone());
    values["url"] = Value::from(format!("{}/portal/orders/{}", public_address(tx), order.id));
    let to = Recipient {
        email: postal.email.clone(),
        name: postal.full_name(),
        locale: Locale::parse(&customer.details.language).unwrap_or_default(),
        customer_id: Some(order.customer_id),
    };
    post(tx, &Mail { template, to, values, attachments: Vec::new() }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use bursar_mail::MailBook;

    use super::*;

    #[test]
    fn every_mail_is_written_in_every_language_with_every_sample() {
        let book = MailBook::new(TEMPLATES.to_vec(), Vec::new()).unwrap();
        assert_eq!(book.write_samples().unwrap(), 8 * 6, "eight samples in six languages");
    }
}

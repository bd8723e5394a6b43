//! The lists of payments and refunds.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_web::{Column, Filter, Lens, Reading, Resource, Sort, paths};

use crate::permissions;
use crate::store::waiting;

const WAITING: &str = waiting!("p.");
/// The condition of its index, as it is written there.
const FAILED: &str = "(p.state = 'declined' OR p.state = 'failed' OR p.state = 'cancelled' OR p.state = 'released' \
                      OR p.state = 'expired')";
/// The condition of its index, as it is written there.
const HELD: &str = "(p.state = 'held' OR p.state = 'capturing' OR p.state = 'releasing')";
const REFUND_WAITING: &str = "r.state IN ('created', 'sent', 'pending', 'unknown')";
/// What was captured has its instant; the table says so.
const CAPTURED: &str = "COALESCE(p.captured_at, 0)";

bursar_db::statements! {
    /// Whether an id is a payment's, or a vendor's reference begins so.
    pub(crate) BY_REFERENCE = "SELECT id FROM payments_payments
        WHERE gateway_reference <> '' AND gateway_reference >= $1 AND gateway_reference < $2 LIMIT $3";
    /// Whether an id is a payment's.
    pub(crate) IS_PAYMENT = "SELECT id FROM payments_payments WHERE id = $1";
    /// The payments of some customers, newest first.
    pub(crate) OF_CUSTOMERS = "SELECT id FROM payments_payments WHERE customer_id {any:$1}
        ORDER BY id + 0 DESC LIMIT $2";
}

pub(crate) fn payments() -> Resource {
    Resource::new("payments", "Payments", paths!("/admin/payments"), permissions::PAYMENT_VIEW)
        .described("credit-card", "Money that came, and money that was asked for.")
        .in_nav("Money", 210)
        .from("payments_payments AS p", "p.id")
        .opens("/admin/payments/")
        .columns(vec![
            Column::number("number", "Payment", "p.id").opens(),
            Column::instant("created", "Started", "p.created_at").sorts("newest"),
            Column::named("customer", "Customer", "p.customer_id", customers).to("/admin/customers/"),
            Column::word("gateway", "Through", "p.gateway"),
            Column::badge("state", "State", "p.state"),
            Column::money("amount", "Amount", "p.amount_minor", "p.currency"),
            Column::instant("captured", "Received", "p.captured_at").extra(),
            Column::money("fee", "Fee", "p.fee_minor", "p.currency").extra(),
            Column::money("refunded", "Refunded", "p.refunded_minor", "p.currency").extra(),
            Column::text("reference", "Reference", "p.reference").extra(),
            Column::text("vendor", "The gateway's reference", "p.gateway_reference").extra(),
            Column::text("decline", "Declined with", "p.decline_code").extra(),
            Column::word("kind", "Kind", "p.kind").extra(),
        ])
        .filters(vec![
            Filter::id("customer", "Customer number", "p.customer_id"),
            Filter::exact("gateway", "Through", "p.gateway"),
            Filter::amounts("amount", "Amount", "p.amount_minor", "p.currency"),
        ])
        .sorts(vec![
            Sort::instant("captured", "Received", CAPTURED).falling(),
            Sort::instant("updated", "Last news", "p.updated_at"),
        ])
        .lenses(vec![
            Lens::new("", "All", "", &["newest"]),
            Lens::new("captured", "Received", "p.state = 'captured'", &["captured"]),
            Lens::new("waiting", "Under way", WAITING, &["updated"]).counted(),
            Lens::new("held", "Held", HELD, &["newest"]).counted(),
            Lens::new("failed", "Failed", FAILED, &["newest"]),
        ])
        .search("Number, the gateway's reference, or customer", find)
        .search_owners(bursar_customers::owners(&OF_CUSTOMERS))
        .empty(
            "No payments yet",
            "Payments appear when customers pay, or when you record one on the page of an invoice.",
        )
}

pub(crate) fn refunds() -> Resource {
    Resource::new("refunds", "Refunds", paths!("/admin/refunds"), permissions::PAYMENT_VIEW)
        .described("receipt-refund", "Money on its way back.")
        .in_nav("Money", 212)
        .from("payments_refunds AS r", "r.id")
        .columns(vec![
            Column::number("number", "Refund", "r.id"),
            Column::number("payment", "Of payment", "r.payment_id").to("/admin/payments/"),
            Column::named("customer", "Customer", "r.customer_id", customers).to("/admin/customers/"),
            Column::instant("created", "Started", "r.created_at").sorts("newest"),
            Column::word("destination", "Goes to", "r.destination"),
            Column::badge("state", "State", "r.state"),
            Column::money("amount", "Amount", "r.amount_minor", "r.currency"),
            Column::text("reason", "Reason", "r.reason").extra(),
            Column::instant("settled", "Settled", "r.settled_at").extra(),
            Column::text("failure", "Failed with", "r.failure_code").extra(),
        ])
        .filters(vec![
            Filter::id("customer", "Customer number", "r.customer_id"),
            Filter::id("payment", "Payment number", "r.payment_id"),
        ])
        .sorts(vec![Sort::instant("updated", "Last news", "r.updated_at")])
        .lenses(vec![
            Lens::new("", "All", "", &["newest"]),
            Lens::new("waiting", "Under way", REFUND_WAITING, &["updated"]).counted(),
            Lens::new("failed", "Failed", "r.state = 'failed'", &["newest"]),
        ])
        .empty("No refunds yet", "A refund is made on the page of the payment that it gives back.")
}

fn customers(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { bursar_customers::names(tx, &ids).await })
}

fn find(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let text = text.trim();
        let mut found: Vec<i64> = Vec::new();
        if let Ok(id) = text.parse::<i64>() {
            found = tx.query(&IS_PAYMENT, params![id], |row| row.get(0)).await?;
        }
        let end = format!("{text}\u{10ffff}");
        let more: Vec<i64> = tx.query(&BY_REFERENCE, params![text, &end, limit], |row| row.get(0)).await?;
        found.extend(more);
        Ok(found)
    })
}

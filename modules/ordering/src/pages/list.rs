//! The list of orders, and what is decided over several at once.

use std::collections::BTreeMap;
use std::pin::Pin;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_web::{BulkAction, Button, Column, Done, Filter, Lens, Reading, Resource, paths};

use crate::orders::decide::accept_order;
use crate::permissions::{ORDER_CREATE, ORDER_REVIEW, ORDER_VIEW};

bursar_db::statements! {
    /// The orders whose number begins so.
    pub(crate) BY_NUMBER = "SELECT id FROM ordering_orders WHERE number >= $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    /// The orders of some customers, newest first.
    pub(crate) OF_CUSTOMERS = "SELECT id FROM ordering_orders WHERE customer_id {any:$1}
        ORDER BY id + 0 DESC LIMIT $2";
}

pub(super) fn orders() -> Resource {
    let lens = |key, label, condition| Lens::new(key, label, condition, &["newest"]);
    Resource::new("orders", "Orders", paths!("/admin/orders"), ORDER_VIEW)
        .described("list-details", "What was bought. Some orders wait until a person has looked at them.")
        .in_nav("Shop", 280)
        .from("ordering_orders AS o", "o.id")
        .opens("/admin/orders/")
        .columns(vec![
            Column::text("number", "Number", "o.number").opens(),
            Column::named("customer", "Customer", "o.customer_id", customers).to("/admin/customers/"),
            Column::instant("placed", "Placed", "o.placed_at").sorts("newest"),
            Column::badge("status", "Status", "o.status"),
            Column::money("total", "Total", "o.total_minor", "o.currency"),
            Column::word("source", "Through", "o.source").extra(),
            Column::number("invoice", "Invoice", "o.invoice_id").to("/admin/invoices/").extra(),
            Column::instant("paid", "Paid", "o.paid_at").extra(),
            Column::instant("decided", "Decided", "o.decided_at").extra(),
            Column::text("address", "From the address", "o.from_address").extra(),
        ])
        .filters(vec![
            Filter::id("customer", "Customer number", "o.customer_id"),
            Filter::amounts("total", "Total", "o.total_minor", "o.currency"),
        ])
        .lenses(vec![
            lens("", "All", ""),
            lens("review", "To look at", "o.status = 'pending_review'").counted(),
            lens("unpaid", "Waiting for payment", "o.status = 'pending_payment'"),
            lens("accepted", "Accepted", "o.status = 'accepted'"),
            lens("rejected", "Rejected", "o.status = 'rejected'"),
            lens("cancelled", "Cancelled", "o.status = 'cancelled'"),
            lens("fraud", "Fraud", "o.status = 'fraud'"),
        ])
        .search("Number or customer", find)
        .search_owners(bursar_customers::owners(&OF_CUSTOMERS))
        .actions(vec![
            BulkAction::new(
                "accept",
                "Accept",
                ORDER_REVIEW,
                "These orders are accepted, and what was bought begins now.",
                accept,
            )
            .applies("o.status = 'pending_review'")
            .sums("o.total_minor", "o.currency"),
        ])
        .button(Button {
            label: "New order",
            icon: "plus",
            href: "/admin/orders/new",
            permission: ORDER_CREATE,
        })
        .empty(
            "No orders yet",
            "Orders appear when customers order in the shop, or when staff order for them.",
        )
}

fn customers(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { bursar_customers::names(tx, &ids).await })
}

fn find(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let from = text.trim().to_uppercase();
        let to = format!("{from}\u{10ffff}");
        tx.query(&BY_NUMBER, params![&from, &to, limit], |row| row.get(0)).await
    })
}

/// Each order by itself: one that somebody else decided meanwhile does not keep the others back.
fn accept(cx: Cx, ids: Vec<i64>) -> Pin<Box<dyn Future<Output = Result<Done, Fault>> + Send>> {
    Box::pin(async move {
        let mut done = Done::default();
        for id in ids {
            match accept_order(&cx, id).await {
                Ok(()) => done.done += 1,
                Err(error) => match error.kind() {
                    ErrorKind::Fault | ErrorKind::Unavailable => {
                        return Err(Fault::wrap("accepting orders", error));
                    }
                    ErrorKind::NotFound
                    | ErrorKind::Invalid(_)
                    | ErrorKind::Conflict
                    | ErrorKind::Forbidden => done.refused.push((id, error.message())),
                },
            }
        }
        Ok(done)
    })
}

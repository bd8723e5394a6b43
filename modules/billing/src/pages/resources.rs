//! The lists of billing: invoices, credit notes, subscriptions.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_web::{Column, Filter, Lens, Reading, Resource, Sort, paths};

use crate::figures::running::PRICE;
use crate::permissions;

/// Customers whose documents a search by name looks at.
const MOST_CUSTOMERS: i64 = 200;
/// Drafts have no date of issue; they stand behind the last.
const ISSUED: &str = "COALESCE(i.issued_on, '9999-12-31')";
/// Imported documents may not know when they were paid.
const PAID: &str = "COALESCE(i.paid_at, 0)";
const NUMBER: &str = "COALESCE(i.number, 'Draft ' || CAST(i.id AS TEXT))";
const STATUS: &str = "CASE WHEN i.kind = 'credit_note' AND i.state <> 'draft' THEN 'issued'
    WHEN i.state = 'open' AND i.due_on < {today} THEN 'overdue'
    WHEN i.state = 'open' AND i.settled_minor > 0 THEN 'partially_paid' ELSE i.state END";
const OPEN: &str = "CASE WHEN i.state = 'open' THEN i.total_minor - i.settled_minor ELSE 0 END";
// The few documents that are neither open nor paid share an index, and its condition must be said to be used.
const DRAFTS: &str = "i.state NOT IN ('open', 'paid') AND i.state = 'draft'";
const VOID: &str = "i.state NOT IN ('open', 'paid') AND i.state = 'void'";
const WRITTEN_OFF: &str = "i.state NOT IN ('open', 'paid') AND i.state = 'uncollectible'";

bursar_db::statements! {
    /// The documents of some customers, newest first.
    pub(crate) OF_CUSTOMERS = "SELECT id FROM billing_invoices WHERE customer_id {any:$1} ORDER BY id DESC LIMIT $2";
    /// The documents whose number begins so.
    pub(crate) BY_NUMBER = "SELECT id FROM billing_invoices WHERE number >= $1 AND number < $2
        ORDER BY number DESC LIMIT $3";
    /// The documents with a number in any series, or with an id.
    pub(crate) BY_SEQUENCE = "SELECT id FROM billing_invoices
        WHERE series IN (SELECT name FROM billing_series) AND sequence = $1
        UNION SELECT id FROM billing_invoices WHERE id = $1 ORDER BY id DESC LIMIT $2";
    /// The subscriptions of some customers, newest first.
    pub(crate) SUBSCRIPTIONS_OF = "SELECT id FROM billing_subscriptions WHERE customer_id {any:$1}
        ORDER BY id DESC LIMIT $2";
    /// The subscriptions whose name begins so.
    pub(crate) BY_LABEL = "SELECT id FROM billing_subscriptions WHERE LOWER(label) >= $1 AND LOWER(label) < $2
        ORDER BY LOWER(label), id LIMIT $3";
    /// Whether an id is a subscription's.
    pub(crate) IS_SUBSCRIPTION = "SELECT id FROM billing_subscriptions WHERE id = $1";
}

fn document_columns() -> Vec<Column> {
    vec![
        Column::text("number", "Number", NUMBER).opens(),
        Column::named("customer", "Customer", "i.customer_id", customers).to("/admin/customers/"),
        Column::date("issued", "Issued", "i.issued_on"),
        Column::date("due", "Due", "i.due_on"),
        Column::badge("status", "Status", STATUS),
        Column::money("open", "Open", OPEN, "i.currency"),
        Column::money("total", "Total", "i.total_minor", "i.currency"),
        Column::money("subtotal", "Without tax", "i.subtotal_minor", "i.currency").extra(),
        Column::money("tax", "Tax", "i.tax1_minor + i.tax2_minor", "i.currency").extra(),
        Column::money("settled", "Settled", "i.settled_minor", "i.currency").extra(),
        Column::instant("paid", "Paid", "i.paid_at").extra(),
        Column::word("kind", "Kind", "i.kind").extra(),
        Column::word("source", "Made by", "i.source").extra(),
    ]
}

fn document_filters() -> Vec<Filter> {
    vec![
        Filter::id("customer", "Customer number", "i.customer_id"),
        Filter::dates("issued", "Issued", ISSUED).sorted_by("issued"),
        Filter::dates("due", "Due", "i.due_on").sorted_by("due"),
        Filter::amounts("total", "Total", "i.total_minor", "i.currency"),
    ]
}

pub(crate) fn invoices() -> Resource {
    Resource::new("invoices", "Invoices", paths!("/admin/invoices"), permissions::INVOICE_VIEW)
        .described("file-invoice", "Everything that was asked for.")
        .in_nav("Money", 200)
        .from("billing_invoices AS i", "i.id")
        .opens("/admin/invoices/")
        .columns(document_columns())
        .filters(document_filters())
        .sorts(vec![
            Sort::date("issued", "Issued", ISSUED).falling(),
            // An invoice that is open has been issued, and with that it got its due date.
            Sort::date("due", "Due", "i.due_on"),
            Sort::instant("paid", "Paid", PAID).falling(),
        ])
        .lenses(vec![
            Lens::new("", "All", "", &["newest", "issued"]),
            Lens::new("open", "Open", "i.state = 'open' AND i.kind = 'invoice'", &["due"]),
            Lens::new(
                "overdue",
                "Overdue",
                "i.state = 'open' AND i.kind = 'invoice' AND i.due_on < {today}",
                &["due"],
            )
            .counted(),
            Lens::new("paid", "Paid", "i.state = 'paid' AND i.kind = 'invoice'", &["paid"]),
            Lens::new("draft", "Drafts", DRAFTS, &["newest"]).counted(),
            Lens::new("void", "Void", VOID, &["newest"]),
            Lens::new("uncollectible", "Written off", WRITTEN_OFF, &["newest"]),
            Lens::new("credit_notes", "Credit notes", "i.kind = 'credit_note'", &["newest"]),
        ])
        .search("Number or customer", find_documents)
        .actions(super::bulk::actions())
        .empty(
            "No invoices yet",
            "Invoices appear when the billing run issues them, or when staff write one.",
        )
}

pub(crate) fn credit_notes() -> Resource {
    let columns = document_columns().into_iter().filter(|column| !["due", "open"].contains(&column.key()));
    Resource::new("credit_notes", "Credit notes", paths!("/admin/credit-notes"), permissions::INVOICE_VIEW)
        .described("receipt-refund", "What corrects an issued invoice.")
        .in_nav("Money", 205)
        .from("billing_invoices AS i", "i.id")
        .opens("/admin/invoices/")
        .columns(columns.collect())
        .filters(vec![
            Filter::id("customer", "Customer number", "i.customer_id"),
            Filter::amounts("total", "Total", "i.total_minor", "i.currency"),
        ])
        .lenses(vec![Lens::new("", "All", "i.kind = 'credit_note'", &["newest"])])
        .search("Number or customer", find_documents)
        .empty("No credit notes yet", "A credit note is made on the page of the invoice that it corrects.")
}

pub(crate) fn subscriptions() -> Resource {
    let ids = "s.id";
    let lens = |key, label, condition| Lens::new(key, label, condition, &["newest"]);
    Resource::new(
        "subscriptions",
        "Subscriptions",
        paths!("/admin/subscriptions"),
        permissions::SUBSCRIPTION_VIEW,
    )
    .described("repeat", "What is billed again and again.")
    .in_nav("Customers", 110)
    .from("billing_subscriptions AS s", ids)
    .opens("/admin/subscriptions/")
    .columns(vec![
        Column::text("label", "Subscription", "s.label").opens(),
        Column::named("customer", "Customer", "s.customer_id", customers).to("/admin/customers/"),
        Column::word("cycle", "Cycle", "s.cycle"),
        Column::badge("status", "Status", "s.status"),
        Column::date("next", "Next invoice", "s.next_bill_on"),
        Column::money("price", "Price", PRICE, "s.currency"),
        Column::number("number", "Number", ids).opens().extra(),
        Column::date("started", "Since", "s.started_on").extra(),
        Column::date("cancel", "Cancelled to", "s.cancel_on").extra(),
        Column::word("mode", "Paid", "s.mode").extra(),
        Column::word("gateway", "Through", "s.gateway").extra(),
    ])
    .filters(vec![
        Filter::id("customer", "Customer number", "s.customer_id"),
        Filter::id("product", "Product number", "s.product_id"),
        Filter::dates("next", "Next invoice", "s.next_bill_on"),
    ])
    .sorts(vec![Sort::date("cancel", "Cancelled to", "s.cancel_on")])
    .lenses(vec![
        lens("", "All", ""),
        lens("active", "Active", "s.status = 'active'"),
        lens("trial", "Trial", "s.status = 'trial'"),
        lens("past_due", "Past due", "s.status = 'past_due'").counted(),
        lens("paused", "Paused", "s.status = 'paused'"),
        Lens::new(
            "cancelling",
            "About to end",
            "s.cancel_on IS NOT NULL AND s.ended_on IS NULL",
            &["cancel"],
        ),
        lens("cancelled", "Cancelled", "s.status = 'cancelled'"),
        lens("ended", "Ended", "s.status = 'ended'"),
    ])
    .search("Name of the subscription, or customer", find_subscriptions)
    .empty("No subscriptions yet", "Subscriptions begin with an order or an import.")
}

fn customers(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { bursar_customers::names(tx, &ids).await })
}

fn find_documents(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let mut found = Vec::new();
        if let Ok(number) = text.trim().parse::<i64>() {
            merge(&mut found, tx.query(&BY_SEQUENCE, params![number, limit], |row| row.get(0)).await?);
        }
        let (from, to) = beginning(&text.trim().to_uppercase());
        merge(&mut found, tx.query(&BY_NUMBER, params![&from, &to, limit], |row| row.get(0)).await?);
        let customers = bursar_customers::find_by_words(tx, &text, MOST_CUSTOMERS).await?;
        merge(&mut found, of(tx, &OF_CUSTOMERS, &customers, limit).await?);
        Ok(cut(found, limit))
    })
}

fn find_subscriptions(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let mut found = Vec::new();
        if let Ok(id) = text.trim().parse::<i64>() {
            merge(&mut found, tx.query(&IS_SUBSCRIPTION, params![id], |row| row.get(0)).await?);
        }
        let (from, to) = beginning(&text.trim().to_lowercase());
        merge(&mut found, tx.query(&BY_LABEL, params![&from, &to, limit], |row| row.get(0)).await?);
        let customers = bursar_customers::find_by_words(tx, &text, MOST_CUSTOMERS).await?;
        merge(&mut found, of(tx, &SUBSCRIPTIONS_OF, &customers, limit).await?);
        Ok(cut(found, limit))
    })
}

async fn of(
    tx: &mut Tx,
    statement: &'static bursar_db::Statement,
    customers: &[i64],
    limit: i64,
) -> Result<Vec<i64>, Fault> {
    if customers.is_empty() {
        return Ok(Vec::new());
    }
    tx.query(statement, params![customers, limit], |row| row.get(0)).await
}

/// The range of texts that begin so.
fn beginning(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10ffff}"))
}

/// Adds what is not there yet.
fn merge(found: &mut Vec<i64>, more: Vec<i64>) {
    let known: std::collections::BTreeSet<i64> = found.iter().copied().collect();
    found.extend(more.into_iter().filter(|id| !known.contains(id)));
}

fn cut(mut found: Vec<i64>, limit: i64) -> Vec<i64> {
    found.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    found
}

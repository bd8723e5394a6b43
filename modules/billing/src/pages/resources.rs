//! The lists of billing: invoices, credit notes, subscriptions.

use std::collections::BTreeMap;

use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;
use bursar_web::{Column, Filter, Lens, Reading, Resource, Sort, paths};

use crate::figures::running::PRICE;
use crate::permissions;
use crate::settle::delivery::money_is_held;

/// Drafts have no date of issue; they stand behind the last.
const ISSUED: &str = "COALESCE(i.issued_on, '9999-12-31')";
/// Imported documents may not know when they were paid.
const PAID: &str = "COALESCE(i.paid_at, 0)";
const NUMBER: &str = "COALESCE(i.number, 'Draft ' || CAST(i.id AS TEXT))";
const STATUS: &str = concat!(
    "CASE WHEN i.kind = 'credit_note' AND i.state <> 'draft' THEN 'issued' WHEN i.state = 'open' AND ",
    money_is_held!("i.id"),
    " THEN 'held' WHEN i.state = 'open' AND i.due_on < {today} THEN 'overdue'
    WHEN i.state = 'open' AND i.settled_minor > 0 THEN 'partially_paid' ELSE i.state END"
);
const OPEN: &str = "CASE WHEN i.state = 'open' THEN i.total_minor - i.settled_minor ELSE 0 END";
// The few documents that are neither open nor paid share an index, and its condition must be said to be used.
const DRAFTS: &str = "i.state NOT IN ('open', 'paid') AND i.state = 'draft'";
const VOID: &str = "i.state NOT IN ('open', 'paid') AND i.state = 'void'";
const WRITTEN_OFF: &str = "i.state NOT IN ('open', 'paid') AND i.state = 'uncollectible'";

bursar_db::statements! {
    /// The documents of some customers, newest first. The sum keeps PostgreSQL from walking all documents in their order.
    pub(crate) OF_CUSTOMERS = "SELECT id FROM billing_invoices WHERE customer_id {any:$1}
        ORDER BY id + 0 DESC LIMIT $2";
    /// Their credit notes.
    pub(crate) CREDIT_NOTES_OF = "SELECT id FROM billing_invoices WHERE customer_id {any:$1} AND kind = 'credit_note'
        ORDER BY id + 0 DESC LIMIT $2";
    /// The documents whose number begins so. A beginning that is asked for in a question of its own is not looked up in
    /// PostgreSQL's statistics, so the plan is kept.
    pub(crate) BY_NUMBER = "SELECT id FROM billing_invoices WHERE number >= (SELECT $1) AND number < (SELECT $2)
        ORDER BY number DESC";
    /// The credit notes whose number begins so.
    pub(crate) CREDIT_NOTES_BY_NUMBER = "SELECT id FROM billing_invoices
        WHERE number >= (SELECT $1) AND number < (SELECT $2) AND kind = 'credit_note' ORDER BY number DESC";
    /// The documents with a number in any series, or with an id.
    pub(crate) BY_SEQUENCE = "SELECT id FROM billing_invoices
        WHERE series IN (SELECT name FROM billing_series) AND sequence = $1
        UNION SELECT id FROM billing_invoices WHERE id = $1 ORDER BY id DESC LIMIT $2";
    /// The credit notes with a number in any series, or with an id.
    pub(crate) CREDIT_NOTES_BY_SEQUENCE = "SELECT id FROM billing_invoices
        WHERE series IN (SELECT name FROM billing_series) AND sequence = $1 AND kind = 'credit_note'
        UNION SELECT id FROM billing_invoices WHERE id = $1 AND kind = 'credit_note' ORDER BY id DESC LIMIT $2";
    /// The subscriptions of some customers, newest first.
    pub(crate) SUBSCRIPTIONS_OF = "SELECT id FROM billing_subscriptions WHERE customer_id {any:$1}
        ORDER BY id + 0 DESC LIMIT $2";
    /// The subscriptions whose name begins so.
    pub(crate) BY_LABEL = "SELECT id FROM billing_subscriptions WHERE LOWER(label) >= (SELECT $1) AND LOWER(label) < (SELECT $2)
        ORDER BY LOWER(label), id";
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
        .search_owners(bursar_customers::owners(&OF_CUSTOMERS))
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
        .search("Number or customer", find_credit_notes)
        .search_owners(bursar_customers::owners(&CREDIT_NOTES_OF))
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
    .search_owners(bursar_customers::owners(&SUBSCRIPTIONS_OF))
    .empty("No subscriptions yet", "Subscriptions begin with an order or an import.")
}

fn customers(tx: &mut Tx, ids: Vec<i64>) -> Reading<'_, BTreeMap<i64, String>> {
    Box::pin(async move { bursar_customers::names(tx, &ids).await })
}

fn find_documents(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move { numbered(tx, &BY_SEQUENCE, &BY_NUMBER, &text, limit).await })
}

fn find_credit_notes(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(
        async move { numbered(tx, &CREDIT_NOTES_BY_SEQUENCE, &CREDIT_NOTES_BY_NUMBER, &text, limit).await },
    )
}

/// The documents that a number means: the one with it in its series, then those whose printed number begins with it.
async fn numbered(
    tx: &mut Tx,
    by_sequence: &'static Statement,
    by_number: &'static Statement,
    text: &str,
    limit: i64,
) -> Result<Vec<i64>, Fault> {
    let sequence = async |tx: &mut Tx| match text.trim().parse::<i64>() {
        Ok(number) => tx.query(by_sequence, params![number, limit], |row| row.get(0)).await,
        Err(_) => Ok(Vec::new()),
    };
    let (from, to) = beginning(&text.trim().to_uppercase());
    let printed = async |tx: &mut Tx| {
        tx.query_first(by_number, params![&from, &to], limit, |row| row.get::<i64>(0)).await
    };
    let (mut found, more) = tx.both(sequence, printed).await?;
    found.extend(more);
    Ok(found)
}

fn find_subscriptions(tx: &mut Tx, text: String, limit: i64) -> Reading<'_, Vec<i64>> {
    Box::pin(async move {
        let mut found: Vec<i64> = Vec::new();
        if let Ok(id) = text.trim().parse::<i64>() {
            found = tx.query(&IS_SUBSCRIPTION, params![id], |row| row.get(0)).await?;
        }
        let (from, to) = beginning(&text.trim().to_lowercase());
        let more: Vec<i64> = tx.query_first(&BY_LABEL, params![&from, &to], limit, |row| row.get(0)).await?;
        found.extend(more);
        Ok(found)
    })
}

/// The range of texts that begin so.
fn beginning(text: &str) -> (String, String) {
    (text.to_owned(), format!("{text}\u{10ffff}"))
}

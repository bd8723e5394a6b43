//! Lists of documents for pages.

use bursar_db::{Param, Tx};
use bursar_fault::Fault;
use bursar_time::Date;

use super::store::{DOCUMENT_COLUMNS, Document, read_document};
use super::{DocumentKind, InvoiceState};

/// Which documents to list; what is not set does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceFilter {
    /// Invoices or credit notes.
    pub kind: Option<DocumentKind>,
    /// In one state.
    pub state: Option<InvoiceState>,
    /// Open and due before this date.
    pub overdue_on: Option<Date>,
    /// Of one customer.
    pub customer_id: Option<i64>,
    /// The number contains this, in small or large letters.
    pub number: Option<String>,
    /// Drafts are not shown to customers.
    pub hide_drafts: bool,
}

/// Documents, newest first, older than the id `before`, at most `limit`.
pub async fn list_invoices(
    tx: &mut Tx,
    filter: &InvoiceFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Document>, Fault> {
    let pattern = filter.number.as_deref().map(str::trim).filter(|t| !t.is_empty()).map(contains);
    let mut values: Vec<Param<'_>> = Vec::new();
    let mut conditions: Vec<String> = Vec::new();
    let mut narrow = |condition: &str, value: Param<'static>| {
        values.push(value);
        conditions.push(condition.replace('?', &format!("${}", values.len())));
    };
    narrow("id < ?", before.unwrap_or(i64::MAX).into());
    if let Some(kind) = filter.kind {
        narrow("kind = ?", kind.code().into());
    }
    if let Some(state) = filter.state {
        narrow("state = ?", state.code().into());
    }
    if let Some(on) = filter.overdue_on {
        narrow("state = 'open' AND due_on < ?", on.into());
    }
    if let Some(customer) = filter.customer_id {
        narrow("customer_id = ?", customer.into());
    }
    if filter.hide_drafts {
        conditions.push("state <> 'draft'".to_owned());
    }
    if let Some(pattern) = &pattern {
        values.push(pattern.into());
        conditions.push(format!("number {{like}} ${} ESCAPE '!'", values.len()));
    }
    values.push(limit.into());
    let text = format!(
        "SELECT {DOCUMENT_COLUMNS} FROM billing_invoices WHERE {} ORDER BY id DESC LIMIT ${}",
        conditions.join(" AND "),
        values.len()
    );
    tx.query_text(&text, &values, read_document).await
}

/// A pattern that finds the text anywhere; its own wildcards are plain letters.
fn contains(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for letter in text.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}

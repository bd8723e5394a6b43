//! What always holds of billing, checked over the whole database, in constant memory.
//!
//! Nothing here believes a stored sum: lines are priced again from their inputs, documents are hashed again from their
//! rows, and the control accounts of the ledger are compared with what documents, credit and payments say.

mod documents;
mod figures;
mod money;
mod periods;

use bursar_context::Cx;
use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;
pub use bursar_ledger::Check;

bursar_db::statements! {
    /// How many subscriptions there are.
    pub(crate) COUNT_SUBSCRIPTIONS = "SELECT COUNT(*) FROM billing_subscriptions";
    /// How many documents are issued.
    pub(crate) COUNT_DOCUMENTS = "SELECT COUNT(*) FROM billing_invoices WHERE state <> 'draft'";
    /// How many lines there are.
    pub(crate) COUNT_LINES = "SELECT COUNT(*) FROM billing_lines";
}

/// How much there is, for the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Subscriptions.
    pub subscriptions: i64,
    /// Issued documents.
    pub invoices: i64,
    /// Lines, those of drafts too.
    pub lines: i64,
}

/// Checks everything on one consistent snapshot.
pub async fn verify(cx: &Cx) -> Result<Vec<Check>, Fault> {
    cx.read(async |tx: &mut Tx| verify_in(tx).await).await
}

/// As [`verify`], in the caller's transaction.
pub async fn verify_in(tx: &mut Tx) -> Result<Vec<Check>, Fault> {
    let mut checks = periods::verify(tx).await?;
    checks.extend(documents::verify(tx).await?);
    checks.extend(money::verify(tx).await?);
    checks.extend(figures::verify(tx).await?);
    Ok(checks)
}

/// How much there is.
pub async fn counts(tx: &mut Tx) -> Result<Counts, Fault> {
    Ok(Counts {
        subscriptions: count(tx, &COUNT_SUBSCRIPTIONS).await?,
        invoices: count(tx, &COUNT_DOCUMENTS).await?,
        lines: count(tx, &COUNT_LINES).await?,
    })
}

async fn count(tx: &mut Tx, statement: &'static Statement) -> Result<i64, Fault> {
    tx.query_one(statement, params![], |row| row.get(0)).await
}

/// The statements of all checks.
pub(crate) fn statements() -> Vec<&'static Statement> {
    [STATEMENTS, documents::STATEMENTS, figures::STATEMENTS, money::STATEMENTS, periods::STATEMENTS].concat()
}

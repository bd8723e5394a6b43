//! Append-only, chained record of who did what to which subject.
//!
//! [`record`] writes one row in the caller's transaction, so an act and its record exist both or not at all. Rows are
//! numbered without a gap and each hash covers the one before; the last number and hash stand in a row of their own,
//! updated in the same transaction. A changed, inserted or removed row, at the end too, is found by [`verify_chain`].
//!
//! All writers of a tenant meet at that one row: record as the last thing in a unit of work, so that it is held only
//! briefly, and use [`record_all`] for an act on many subjects.
//!
//! Deliberately absent: changing or deleting a row; knowing what an action means.

mod chain;
mod redact;
mod store;

use bursar_db::{Bulk, Migrations, Statement, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use serde_json::Value;

pub use chain::{BrokenLink, ChainReport, verify_chain};

/// One act to be recorded.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit<'a> {
    /// `billing.invoice.void`: usually the permission's name.
    pub action: &'a str,
    /// `invoice:12`.
    pub subject: &'a str,
    /// The subject before, or the part of it that changed.
    pub before: Option<Value>,
    /// The same part after.
    pub after: Option<Value>,
}

/// One recorded act.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the chain, counted from 1 without a gap.
    pub id: i64,
    /// When.
    pub at: Instant,
    /// `staff`, `user`, `api_key` or `system`.
    pub actor_kind: String,
    /// Which person or key; none for the system.
    pub actor_id: Option<i64>,
    /// The actor in words, with the reason for the system's.
    pub actor_name: String,
    /// What was done.
    pub action: String,
    /// To what.
    pub subject: String,
    /// JSON of the changed part before.
    pub before: Option<String>,
    /// JSON of the changed part after.
    pub after: Option<String>,
    /// Ties it to the request and its log lines.
    pub request_id: String,
    /// The hash of the row before, 64 hexadecimal digits.
    pub previous_hash: String,
    /// The hash of this row.
    pub hash: String,
}

/// Records one act in the caller's transaction.
///
/// Values under keys that name a secret (password, token, secret, key material) are replaced before anything is
/// written.
///
/// # Errors
/// Faults of the database.
pub async fn record(tx: &mut Tx, audit: Audit<'_>) -> Result<(), Fault> {
    record_all(tx, vec![audit]).await
}

/// Records many acts with one hold of the chain's end.
///
/// # Errors
/// Faults of the database.
pub async fn record_all(tx: &mut Tx, audits: Vec<Audit<'_>>) -> Result<(), Fault> {
    if audits.is_empty() {
        return Ok(());
    }
    let (first_id, first_hash) = store::lock_head(tx).await?;
    let (mut last_id, mut last_hash) = (first_id, first_hash);
    let mut entries = Vec::with_capacity(audits.len());
    for audit in audits {
        let mut entry = Entry {
            id: last_id + 1,
            at: tx.now(),
            actor_kind: tx.actor().kind().to_owned(),
            actor_id: tx.actor().id(),
            actor_name: tx.actor().to_string(),
            action: audit.action.to_owned(),
            subject: audit.subject.to_owned(),
            before: audit.before.map(redact::to_text),
            after: audit.after.map(redact::to_text),
            request_id: tx.request_id().to_owned(),
            previous_hash: last_hash,
            hash: String::new(),
        };
        entry.hash = chain::hash(&entry);
        last_id = entry.id;
        last_hash = entry.hash.clone();
        entries.push(entry);
    }
    let mut writer = tx.bulk(&store::INSERT)?;
    for entry in &entries {
        writer.row(params![
            entry.id,
            entry.at,
            &entry.actor_kind,
            entry.actor_id,
            &entry.actor_name,
            &entry.action,
            &entry.subject,
            &entry.before,
            &entry.after,
            &entry.request_id,
            &entry.previous_hash,
            &entry.hash
        ])?;
    }
    writer.finish().await?;
    tx.exec_one(&store::MOVE_HEAD, params![last_id, &last_hash, first_id]).await
}

/// The newest acts first, on one subject or on all; `before_id` is the last id of the page before.
///
/// # Errors
/// Faults of the database.
pub async fn list(
    tx: &mut Tx,
    subject: Option<&str>,
    before_id: Option<i64>,
    limit: u32,
) -> Result<Vec<Entry>, Fault> {
    let before = before_id.unwrap_or(i64::MAX);
    match subject {
        Some(subject) => {
            tx.query(&store::LIST_OF_SUBJECT, params![subject, before, limit], store::entry).await
        }
        None => tx.query(&store::LIST, params![before, limit], store::entry).await,
    }
}

/// One act.
///
/// # Errors
/// Faults of the database.
pub async fn find(tx: &mut Tx, id: i64) -> Result<Option<Entry>, Fault> {
    tx.query_opt(&store::FIND, params![id], store::entry).await
}

/// The tables of the log.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "audit",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_actions" => "../migrations/0002_actions.sql",
    )
}

/// Every statement, for the test that prepares them.
pub fn statements() -> &'static [&'static Statement] {
    store::STATEMENTS
}

/// Every bulk statement, for the test that prepares them.
pub fn bulks() -> &'static [&'static Bulk] {
    store::BULKS
}

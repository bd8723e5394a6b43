//! What staff write about a customer. Customers never see it.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Instant;
use serde_json::json;

use crate::customer::Customer;
use crate::error::CustomerError;
use crate::{permissions, store};

const LONGEST: usize = 20_000;

bursar_db::statements! {
    /// The notes of one customer, pinned ones first.
    pub(crate) LIST = "SELECT id, body, sticky, author, created_at FROM customers_notes
        WHERE customer_id = $1 ORDER BY sticky DESC, id DESC LIMIT 200";
    /// The pinned notes of one customer.
    pub(crate) PINNED = "SELECT id, body, sticky, author, created_at FROM customers_notes
        WHERE customer_id = $1 AND sticky = 1 ORDER BY id DESC LIMIT 50";
    /// A page of the others, newest first.
    pub(crate) UNPINNED = "SELECT id, body, sticky, author, created_at FROM customers_notes
        WHERE customer_id = $1 AND sticky = 0 AND id < $2 ORDER BY id DESC LIMIT $3";
    /// A new note.
    pub(crate) INSERT = "INSERT INTO customers_notes (id, customer_id, body, sticky, author, created_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Removes a note of that customer.
    pub(crate) DELETE = "DELETE FROM customers_notes WHERE id = $1 AND customer_id = $2";
}

/// One note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Identity.
    pub id: i64,
    /// Plain text.
    pub body: String,
    /// Shown above the others.
    pub sticky: bool,
    /// Who wrote it, in words.
    pub author: String,
    /// When.
    pub created_at: Instant,
}

/// Adds a note in the name of the actor.
///
/// # Errors
/// [`CustomerError`].
pub async fn add_note(
    cx: &Cx,
    customer: Id<Customer>,
    body: String,
    sticky: bool,
) -> Result<i64, CustomerError> {
    cx.require(permissions::CUSTOMER_EDIT)?;
    let body = body.trim().to_owned();
    if body.is_empty() {
        return Err(CustomerError::field("body", "Write something first."));
    }
    if body.chars().count() > LONGEST {
        return Err(CustomerError::field(
            "body",
            format!("Shorten the note to at most {LONGEST} characters."),
        ));
    }
    cx.write(async move |tx| {
        store::find(tx, customer).await?.ok_or(CustomerError::NotFound("customer"))?;
        let note = Note {
            id: tx.new_raw_id()?,
            body: body.clone(),
            sticky,
            author: tx.actor().to_string(),
            created_at: tx.now(),
        };
        import_note(tx, customer, &note).await?;
        record(tx, customer, json!({"note_added": note.id})).await?;
        Ok(note.id)
    })
    .await
}

/// Removes a note.
///
/// # Errors
/// [`CustomerError`].
pub async fn remove_note(cx: &Cx, customer: Id<Customer>, id: i64) -> Result<(), CustomerError> {
    cx.require(permissions::CUSTOMER_EDIT)?;
    cx.write(async move |tx| {
        if tx.exec(&DELETE, params![id, customer]).await? == 0 {
            return Err(CustomerError::NotFound("note"));
        }
        record(tx, customer, json!({"note_removed": id})).await?;
        Ok(())
    })
    .await
}

/// The newest 200 notes, pinned ones first.
///
/// # Errors
/// Faults of the database.
pub async fn notes_of(tx: &mut Tx, customer: Id<Customer>) -> Result<Vec<Note>, Fault> {
    tx.query(&LIST, params![customer], note).await
}

/// The pinned notes, newest first.
pub(crate) async fn pinned(tx: &mut Tx, customer: Id<Customer>) -> Result<Vec<Note>, Fault> {
    tx.query(&PINNED, params![customer], note).await
}

/// A page of the others, newest first, older than `before`.
pub(crate) async fn unpinned(
    tx: &mut Tx,
    customer: Id<Customer>,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Note>, Fault> {
    tx.query(&UNPINNED, params![customer, before.unwrap_or(i64::MAX), limit], note).await
}

fn note(row: &Row<'_>) -> Result<Note, Fault> {
    Ok(Note {
        id: row.get(0)?,
        body: row.get(1)?,
        sticky: row.get(2)?,
        author: row.get(3)?,
        created_at: row.get(4)?,
    })
}

/// Writes a note as it is.
///
/// # Errors
/// A fault of class `UniqueViolation` when the id is taken.
pub async fn import_note(tx: &mut Tx, customer: Id<Customer>, note: &Note) -> Result<(), Fault> {
    tx.exec_one(&INSERT, params![note.id, customer, &note.body, note.sticky, &note.author, note.created_at])
        .await
}

async fn record(tx: &mut Tx, customer: Id<Customer>, after: serde_json::Value) -> Result<(), Fault> {
    let subject = format!("customer:{customer}");
    let audit =
        Audit { action: permissions::CUSTOMER_EDIT, subject: &subject, before: None, after: Some(after) };
    bursar_audit::record(tx, audit).await
}

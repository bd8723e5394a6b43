use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::{Entity, Id};
use bursar_time::Instant;
use serde::Serialize;

bursar_db::statements! {
    /// A new message.
    pub(crate) INSERT = "INSERT INTO messaging_messages
            (id, to_email, subject, body_text, kind, state, customer_id, created_at)
        VALUES ($1, $2, $3, $4, $5, 'held', $6, $7)";
    /// One message.
    pub(crate) FIND = "SELECT id, to_email, subject, body_text, kind, state, customer_id, created_at
        FROM messaging_messages WHERE id = $1";
    /// Newest first.
    pub(crate) LIST = "SELECT id, to_email, subject, body_text, kind, state, customer_id, created_at
        FROM messaging_messages WHERE id < $1 ORDER BY id DESC LIMIT $2";
}

/// A message to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Address.
    pub to_email: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
    /// What it is: `identity.sign_in_link`.
    pub kind: &'static str,
    /// The customer it concerns.
    pub customer_id: Option<i64>,
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Identity.
    pub id: Id<Self>,
    /// Address.
    pub to_email: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
    /// What it is.
    pub kind: String,
    /// `held` or `sent`.
    pub state: String,
    /// The customer it concerns.
    pub customer_id: Option<i64>,
    /// When it was written.
    pub created_at: Instant,
}

impl Entity for Message {
    const PREFIX: &'static str = "msg";
}

/// Writes a message in the caller's transaction.
pub async fn queue(tx: &mut Tx, new: &NewMessage) -> Result<Id<Message>, Fault> {
    let (id, now) = (tx.new_id::<Message>()?, tx.now());
    let row = params![id, &new.to_email, &new.subject, &new.body_text, new.kind, new.customer_id, now];
    tx.exec_one(&INSERT, row).await?;
    Ok(id)
}

/// One message.
pub async fn find(tx: &mut Tx, id: Id<Message>) -> Result<Option<Message>, Fault> {
    tx.query_opt(&FIND, params![id], message).await
}

/// Newest first, older than `before` when that is given.
pub async fn list(tx: &mut Tx, before: Option<Id<Message>>, limit: i64) -> Result<Vec<Message>, Fault> {
    let before = before.map_or(i64::MAX, Id::get);
    tx.query(&LIST, params![before, limit], message).await
}

fn message(row: &Row<'_>) -> Result<Message, Fault> {
    Ok(Message {
        id: row.get(0)?,
        to_email: row.get(1)?,
        subject: row.get(2)?,
        body_text: row.get(3)?,
        kind: row.get(4)?,
        state: row.get(5)?,
        customer_id: row.get(6)?,
        created_at: row.get(7)?,
    })
}

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Instant;

use super::{Message, MessageState};

bursar_db::statements! {
    /// A new message.
    pub(crate) INSERT = "INSERT INTO messaging_messages (id, kind, locale, to_email, to_name, subject, body_text,
            body_html, attachments, preferences_url, customer_id, state, attempts, last_error, message_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0, '', $13, $14)";
    /// One message.
    pub(crate) FIND = "SELECT id, kind, locale, to_email, to_name, subject, body_text, body_html, attachments,
            preferences_url, customer_id, state, attempts, last_error, message_id, created_at, sent_at
        FROM messaging_messages WHERE id = $1";
    /// Newest first.
    pub(crate) LIST = "SELECT id, kind, locale, to_email, to_name, subject, body_text, body_html, attachments,
            preferences_url, customer_id, state, attempts, last_error, message_id, created_at, sent_at
        FROM messaging_messages WHERE id < $1 ORDER BY id DESC LIMIT $2";
    /// A customer's, newest first, without what they say.
    pub(crate) OF_CUSTOMER = "SELECT id, subject, to_email, state, created_at FROM messaging_messages
        WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
    /// Begins an attempt. Another worker that holds the same message finds another count and changes nothing.
    pub(crate) CLAIM = "UPDATE messaging_messages SET state = 'sending', attempts = attempts + 1
        WHERE id = $1 AND attempts = $2 AND state IN ('queued', 'sending')";
    /// The content leaves now.
    pub(crate) HAND_OVER = "UPDATE messaging_messages SET state = 'handed_over'
        WHERE id = $1 AND attempts = $2 AND state = 'sending'";
    /// How the attempt ended.
    pub(crate) END = "UPDATE messaging_messages SET state = $3, last_error = $4, sent_at = $5
        WHERE id = $1 AND attempts = $2 AND state IN ('sending', 'handed_over')";
    /// To be sent again.
    pub(crate) REQUEUE = "UPDATE messaging_messages SET state = 'queued', attempts = 0, last_error = '', message_id = $3
        WHERE id = $1 AND state = $2";
    /// Not to be sent.
    pub(crate) DROP = "UPDATE messaging_messages SET state = 'dropped' WHERE id = $1 AND state = $2";
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

/// A mail to a customer, without what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailLine {
    /// Its id.
    pub id: i64,
    /// One line.
    pub subject: String,
    /// Address.
    pub to_email: String,
    /// Where it stands.
    pub state: String,
    /// When it was written.
    pub created_at: Instant,
}

/// What was written to a customer, newest first, older than `before` when that is given.
pub async fn of_customer(
    tx: &mut Tx,
    customer: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<MailLine>, Fault> {
    tx.query(&OF_CUSTOMER, params![customer, before.unwrap_or(i64::MAX), limit], |row| {
        Ok(MailLine {
            id: row.get(0)?,
            subject: row.get(1)?,
            to_email: row.get(2)?,
            state: row.get(3)?,
            created_at: row.get(4)?,
        })
    })
    .await
}

pub(crate) async fn insert(tx: &mut Tx, new: &Message) -> Result<(), Fault> {
    let values = params![
        new.id,
        &new.kind,
        &new.locale,
        &new.to_email,
        &new.to_name,
        &new.subject,
        &new.body_text,
        &new.body_html,
        &new.attachments,
        &new.preferences_url,
        new.customer_id,
        new.state.code(),
        &new.message_id,
        new.created_at,
    ];
    tx.exec_one(&INSERT, values).await
}

pub(crate) async fn requeue(tx: &mut Tx, message: &Message, message_id: &str) -> Result<(), Fault> {
    tx.exec_one(&REQUEUE, params![message.id, message.state.code(), message_id]).await
}

pub(crate) async fn drop_it(tx: &mut Tx, message: &Message) -> Result<bool, Fault> {
    Ok(tx.exec(&DROP, params![message.id, message.state.code()]).await? == 1)
}

/// The number of the attempt that has begun; `None` when somebody else has it.
pub(crate) async fn claim(tx: &mut Tx, message: &Message) -> Result<Option<i64>, Fault> {
    let begun = tx.exec(&CLAIM, params![message.id, message.attempts]).await? == 1;
    Ok(begun.then_some(message.attempts + 1))
}

pub(crate) async fn hand_over(tx: &mut Tx, id: Id<Message>, attempt: i64) -> Result<bool, Fault> {
    Ok(tx.exec(&HAND_OVER, params![id, attempt]).await? == 1)
}

pub(crate) async fn end(
    tx: &mut Tx,
    id: Id<Message>,
    attempt: i64,
    state: MessageState,
    error: &str,
) -> Result<(), Fault> {
    let sent_at = (state == MessageState::Sent).then(|| tx.now());
    let error: String = error.chars().take(500).collect();
    tx.exec(&END, params![id, attempt, state.code(), &error, sent_at]).await.map(drop)
}

fn message(row: &Row<'_>) -> Result<Message, Fault> {
    let state = row.get::<String>(11)?;
    Ok(Message {
        id: row.get(0)?,
        kind: row.get(1)?,
        locale: row.get(2)?,
        to_email: row.get(3)?,
        to_name: row.get(4)?,
        subject: row.get(5)?,
        body_text: row.get(6)?,
        body_html: row.get(7)?,
        attachments: row.get(8)?,
        preferences_url: row.get(9)?,
        customer_id: row.get(10)?,
        state: MessageState::parse(&state)
            .ok_or_else(|| Fault::corrupt(format!("messaging_messages.state is {state}")))?,
        attempts: row.get(12)?,
        last_error: row.get(13)?,
        message_id: row.get(14)?,
        created_at: row.get(15)?,
        sent_at: row.get(16)?,
    })
}

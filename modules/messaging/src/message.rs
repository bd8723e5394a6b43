use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};
use bursar_time::Instant;

use crate::module::MESSAGE_VIEW;

bursar_db::statements! {
    /// A new message.
    pub(crate) INSERT = "INSERT INTO messaging_messages (id, to_email, subject, body_text, body_html, kind, state,
        customer_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, 'held', $7, $8)";
    /// One message.
    pub(crate) FIND = "SELECT id, to_email, subject, body_text, body_html, kind, state, customer_id, created_at
        FROM messaging_messages WHERE id = $1";
    /// A page, newest first.
    pub(crate) LIST = "SELECT id, to_email, subject, body_text, body_html, kind, state, customer_id, created_at
        FROM messaging_messages WHERE id < $1 ORDER BY id DESC LIMIT $2";
    /// A page of one customer's, newest first.
    pub(crate) LIST_OF_CUSTOMER = "SELECT id, to_email, subject, body_text, body_html, kind, state, customer_id,
        created_at FROM messaging_messages WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MessageState {
    /// In the outbox; nobody sends yet.
    Held,
    /// Given to a sender.
    Sent,
}

/// A message to be queued.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewMessage {
    /// One address.
    pub to_email: String,
    /// One line.
    pub subject: String,
    /// Plain text; always there.
    pub body_text: String,
    /// The same as HTML.
    pub body_html: Option<String>,
    /// What it is about, such as `identity.sign_in_link`.
    pub kind: String,
    /// The customer it belongs to.
    pub customer_id: Option<i64>,
}

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Identity, and the cursor of the next page.
    pub id: i64,
    /// What was queued.
    pub content: NewMessage,
    /// Where it is.
    pub state: MessageState,
    /// When it was queued.
    pub created_at: Instant,
}

/// Why a message was refused.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// There is no such message.
    #[error("message not found")]
    NotFound,
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for MessageError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound => "This message does not exist.".to_owned(),
            Self::Invalid(_) => "Please mend the marked fields.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

/// Queues a message in the caller's transaction.
///
/// # Errors
/// [`MessageError::Invalid`] for an address or subject that could forge a header, or an empty body.
pub async fn queue(tx: &mut Tx, new: &NewMessage) -> Result<i64, MessageError> {
    new.check()?;
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let values = params![
        id,
        new.to_email.trim(),
        new.subject.trim(),
        &new.body_text,
        &new.body_html,
        &new.kind,
        new.customer_id,
        now
    ];
    tx.exec_one(&INSERT, values).await?;
    Ok(id)
}

/// A page of the outbox, newest first; `after` is the last id of the page before.
///
/// # Errors
/// [`MessageError`].
pub async fn list_messages(cx: &Cx, after: Option<i64>, limit: u32) -> Result<Vec<Message>, MessageError> {
    cx.require(MESSAGE_VIEW)?;
    let values = (after.unwrap_or(i64::MAX), limit.min(200));
    cx.read(async move |tx| Ok(tx.query(&LIST, params![values.0, values.1], message).await?)).await
}

/// One message.
///
/// # Errors
/// [`MessageError`].
pub async fn get_message(cx: &Cx, id: i64) -> Result<Message, MessageError> {
    cx.require(MESSAGE_VIEW)?;
    cx.read(async move |tx| tx.query_opt(&FIND, params![id], message).await?.ok_or(MessageError::NotFound))
        .await
}

/// A page of one customer's messages, newest first.
///
/// # Errors
/// Faults of the database.
pub async fn messages_to(
    tx: &mut Tx,
    customer: i64,
    after: Option<i64>,
    limit: u32,
) -> Result<Vec<Message>, Fault> {
    tx.query(&LIST_OF_CUSTOMER, params![customer, after.unwrap_or(i64::MAX), limit.min(200)], message).await
}

impl NewMessage {
    fn check(&self) -> Result<(), MessageError> {
        let mut faults = Vec::new();
        let (to, subject) = (self.to_email.trim(), self.subject.trim());
        let forged = |text: &str| text.chars().any(char::is_control);
        let one_address = to.matches('@').count() == 1 && !to.contains([',', ';', '<', '>', ' ']);
        if to.len() < 3 || to.len() > 254 || !one_address || forged(to) {
            faults.push(FieldError::new("to_email", "Enter one e-mail address such as ann@example.com."));
        }
        if subject.is_empty() || subject.chars().count() > 300 || forged(subject) {
            faults.push(FieldError::new("subject", "Enter one line of 1 to 300 characters."));
        }
        if self.body_text.trim().is_empty() {
            faults.push(FieldError::new("body_text", "Write the message first."));
        }
        if faults.is_empty() { Ok(()) } else { Err(MessageError::Invalid(faults)) }
    }
}

fn message(row: &Row<'_>) -> Result<Message, Fault> {
    Ok(Message {
        id: row.get(0)?,
        content: NewMessage {
            to_email: row.get(1)?,
            subject: row.get(2)?,
            body_text: row.get(3)?,
            body_html: row.get(4)?,
            kind: row.get(5)?,
            customer_id: row.get(7)?,
        },
        state: match row.text(6)? {
            "held" => MessageState::Held,
            "sent" => MessageState::Sent,
            other => return Err(Fault::corrupt(format!("a message is in the unknown state {other:?}"))),
        },
        created_at: row.get(8)?,
    })
}

//! A message and its states.

pub mod post;
pub mod send;
pub mod store;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_ids::{Entity, Id};
use bursar_time::Instant;
use serde::Serialize;

use crate::error::MessageError;
use crate::permissions;
use crate::sender::SenderSettings;

/// A message as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Identity.
    pub id: Id<Self>,
    /// The template it was written from: `billing.invoice_issued`.
    pub kind: String,
    /// The language's code.
    pub locale: String,
    /// Address.
    pub to_email: String,
    /// Name; may be empty.
    pub to_name: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
    /// The same as a whole HTML document; empty when there is none.
    pub body_html: String,
    /// What is attached, as JSON.
    pub attachments: String,
    /// Where the recipient can refuse such mails; empty on essential ones.
    pub preferences_url: String,
    /// The customer it concerns.
    pub customer_id: Option<i64>,
    /// Where it stands.
    pub state: MessageState,
    /// How often it was tried.
    pub attempts: i64,
    /// Why the last try did not work; empty otherwise.
    pub last_error: String,
    /// The mail's own id, the same on every attempt.
    pub message_id: String,
    /// When it was written.
    pub created_at: Instant,
    /// When a server took it.
    pub sent_at: Option<Instant>,
}

impl Entity for Message {
    const PREFIX: &'static str = "msg";
}

/// Where a message stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MessageState {
    /// No sender was set up when it was written: people read it in the outbox.
    Held,
    /// A job is going to send it.
    Queued,
    /// A job talks to the server; the content has not left.
    Sending,
    /// The content is on its way and the answer is awaited.
    HandedOver,
    /// A server took it.
    Sent,
    /// It was refused for good, or too often.
    Failed,
    /// The answer to the content never came: it may have arrived. A person decides.
    Unknown,
    /// A person decided that it is not to be sent.
    Dropped,
}

impl MessageState {
    /// Every state.
    pub const ALL: [Self; 8] = [
        Self::Held,
        Self::Queued,
        Self::Sending,
        Self::HandedOver,
        Self::Sent,
        Self::Failed,
        Self::Unknown,
        Self::Dropped,
    ];

    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::HandedOver => "handed_over",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Unknown => "unknown",
            Self::Dropped => "dropped",
        }
    }

    /// The state of a stored word.
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.code() == code)
    }

    /// Whether a person may have it sent (again). What is under way is left alone.
    pub const fn can_send_again(self) -> bool {
        match self {
            Self::Held | Self::Sent | Self::Failed | Self::Unknown | Self::Dropped => true,
            Self::Queued | Self::Sending | Self::HandedOver => false,
        }
    }

    /// Whether a person may decide that it is not to be sent.
    pub const fn can_drop(self) -> bool {
        match self {
            Self::Held | Self::Queued | Self::Failed | Self::Unknown => true,
            Self::Sending | Self::HandedOver | Self::Sent | Self::Dropped => false,
        }
    }
}

/// Sends a message that is not under way. One that was sent before goes out as a mail of its own, or programs would hide
/// it as a double; any other keeps its mail id, so that a server which has it already can tell.
///
/// # Errors
/// [`MessageError`].
pub async fn send_again(cx: &Cx, id: Id<Message>) -> Result<(), MessageError> {
    cx.require(permissions::MESSAGE_SEND)?;
    cx.write(async move |tx: &mut Tx| {
        let message = store::find(tx, id).await?.ok_or(MessageError::NotFound)?;
        if !message.state.can_send_again() {
            return Err(MessageError::NotNow);
        }
        let sender = SenderSettings::load(tx).await?;
        if sender.smtp.is_none() {
            return Err(MessageError::NoSender);
        }
        let mail_id = match message.state {
            MessageState::Sent => sender.new_message_id(&tx.random_token(18)),
            _ if message.message_id.is_empty() => sender.new_message_id(&tx.random_token(18)),
            _ => message.message_id.clone(),
        };
        store::requeue(tx, &message, &mail_id).await?;
        bursar_jobs::enqueue(tx, &send::SendMessage { message_id: id.get() }).await?;
        record(tx, "messaging.message.send_again", id).await
    })
    .await
}

/// Decides that a message is not to be sent.
///
/// # Errors
/// [`MessageError`].
pub async fn drop_message(cx: &Cx, id: Id<Message>) -> Result<(), MessageError> {
    cx.require(permissions::MESSAGE_SEND)?;
    cx.write(async move |tx: &mut Tx| {
        let message = store::find(tx, id).await?.ok_or(MessageError::NotFound)?;
        if !message.state.can_drop() || !store::drop_it(tx, &message).await? {
            return Err(MessageError::NotNow);
        }
        record(tx, "messaging.message.drop", id).await
    })
    .await
}

async fn record(tx: &mut Tx, action: &'static str, id: Id<Message>) -> Result<(), MessageError> {
    let subject = format!("message:{id}");
    bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after: None }).await?;
    Ok(())
}

#[cfg(test)]
mod tests;

//! Sending a message.
//!
//! SMTP has no idempotency key. Until the server has accepted the `DATA` command, nothing of the mail has left and an
//! attempt may be repeated. From then on until the server's answer, it may or may not have the mail: that is recorded
//! *before* the content leaves. If the answer is lost, or this process dies, the message becomes `unknown` and is not
//! sent again by itself; a person decides. What cannot be promised: that a mail the server took reaches its reader, and
//! that a server which took it did not answer with a refusal. Every attempt carries the same `Message-ID`, by which many
//! programs show a double once.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_jobs::{Job, JobOutcome};
use bursar_mail::{Attached, MailBook};
use bursar_vault::Vault;
use serde::{Deserialize, Serialize};

use super::post::AttachmentRef;
use super::{Message, MessageState, store};
use crate::compose;
use crate::sender::SenderSettings;
use crate::smtp::{self, Delivery};

/// After so many tries a message has failed. The pauses between them grow to some hours, so that is more than two days.
const MOST_ATTEMPTS: i64 = 18;

/// Sends one message. Safe twice: the state and the number of the attempt are checked when it begins and when the
/// content leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SendMessage {
    /// The message.
    pub message_id: i64,
}

impl Job for SendMessage {
    const KIND: &'static str = "messaging.send";
}

pub(crate) async fn handle(cx: Cx, vault: Vault, job: SendMessage) -> JobOutcome {
    match attempt(&cx, &vault, Id::new(job.message_id)).await {
        Ok(outcome) => outcome,
        Err(fault) => fault.into(),
    }
}

/// What an attempt needs.
struct Begun {
    message: Message,
    attempt: i64,
    sender: SenderSettings,
}

async fn attempt(cx: &Cx, vault: &Vault, id: Id<Message>) -> Result<JobOutcome, Fault> {
    let begun = cx.write(async move |tx: &mut Tx| begin(tx, id).await).await?;
    let Some(Begun { message, attempt, sender }) = begun else { return Ok(JobOutcome::Done) };
    let attached = match attach(cx, &message).await {
        Ok(attached) => attached,
        // Not the server's doing, and nothing has left: try again like everything that we failed at.
        Err(fault) => {
            let delivery = Delivery::NotNow(format!("an attachment could not be made: {}", fault.chain()));
            return end(cx, &message, attempt, delivery).await;
        }
    };
    let delivery = match (compose::mail(&message, &sender, attached, cx.now()), sender.server(vault)) {
        (Ok(mail), Ok(Some(server))) => {
            let fence =
                async || cx.write(async move |tx: &mut Tx| store::hand_over(tx, id, attempt).await).await;
            match smtp::deliver(&server, &mail, fence).await? {
                Some(delivery) => delivery,
                // Somebody else has the message by now: what they record counts.
                None => return Ok(JobOutcome::Done),
            }
        }
        (Err(why), _) => Delivery::Never(why),
        (_, Ok(None)) => Delivery::NotNow("no mail server is set".to_owned()),
        (_, Err(fault)) => Delivery::NotNow(format!("the mail server's password cannot be read: {fault}")),
    };
    end(cx, &message, attempt, delivery).await
}

/// Begins an attempt, unless there is nothing to do. A message whose content left under a worker that is gone is settled
/// as unknown.
async fn begin(tx: &mut Tx, id: Id<Message>) -> Result<Option<Begun>, Fault> {
    let Some(message) = store::find(tx, id).await? else { return Ok(None) };
    match message.state {
        MessageState::Queued | MessageState::Sending => {}
        MessageState::HandedOver => {
            let why = "The process ended while the server's answer was awaited. It may have arrived.";
            store::end(tx, id, message.attempts, MessageState::Unknown, why).await?;
            return Ok(None);
        }
        MessageState::Held
        | MessageState::Sent
        | MessageState::Failed
        | MessageState::Unknown
        | MessageState::Dropped => return Ok(None),
    }
    let Some(attempt) = store::claim(tx, &message).await? else { return Ok(None) };
    let sender = SenderSettings::named(tx).await?;
    Ok(Some(Begun { message, attempt, sender }))
}

async fn attach(cx: &Cx, message: &Message) -> Result<Vec<Attached>, Fault> {
    let refs: Vec<AttachmentRef> = serde_json::from_str(&message.attachments)
        .map_err(|e| Fault::wrap(format!("the attachments of message {} cannot be read", message.id), e))?;
    let mut attached = Vec::with_capacity(refs.len());
    for wanted in refs {
        let source = cx.foundation().attachments.get::<MailBook>().and_then(|book| book.source(&wanted.kind));
        let source =
            source.ok_or_else(|| Fault::new(format!("nobody makes attachments of {}", wanted.kind)))?;
        attached.push(source.attach(cx, wanted.id).await?);
    }
    Ok(attached)
}

/// Records how an attempt ended, and says whether there is to be another.
async fn end(cx: &Cx, message: &Message, attempt: i64, delivery: Delivery) -> Result<JobOutcome, Fault> {
    let (state, why, outcome) = after(attempt, delivery);
    let id = message.id;
    cx.write(async move |tx: &mut Tx| store::end(tx, id, attempt, state, &why).await).await?;
    Ok(outcome)
}

/// What becomes of a message after an attempt.
fn after(attempt: i64, delivery: Delivery) -> (MessageState, String, JobOutcome) {
    match delivery {
        Delivery::Accepted => (MessageState::Sent, String::new(), JobOutcome::Done),
        Delivery::NotNow(why) if attempt < MOST_ATTEMPTS => {
            (MessageState::Queued, why.clone(), JobOutcome::Retry { why })
        }
        Delivery::NotNow(why) | Delivery::Never(why) => (MessageState::Failed, why, JobOutcome::Done),
        Delivery::Unknown(why) => (MessageState::Unknown, why, JobOutcome::Done),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attempt_is_repeated_only_while_nothing_can_have_left() {
        let next = |attempt, delivery| after(attempt, delivery).0;
        assert_eq!(next(1, Delivery::Accepted), MessageState::Sent);
        assert_eq!(next(1, Delivery::NotNow("450".into())), MessageState::Queued);
        assert_eq!(next(MOST_ATTEMPTS, Delivery::NotNow("450".into())), MessageState::Failed);
        assert_eq!(next(1, Delivery::Never("550".into())), MessageState::Failed);
        assert_eq!(next(1, Delivery::Unknown("gone".into())), MessageState::Unknown);
        assert_eq!(after(1, Delivery::Unknown("gone".into())).2, JobOutcome::Done, "never blindly again");
    }
}

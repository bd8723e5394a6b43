//! What identity writes to people: worded here, sent by messaging.

use async_trait::async_trait;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_identity::events::{NewDeviceUsed, SecurityChanged};
use bursar_identity::mail::{IdentityMail, Letter, Recipient};
use bursar_messaging::NewMessage;

/// Writes letters with links to this address.
pub(super) struct Letters {
    pub(super) base: String,
}

#[async_trait(?Send)]
impl IdentityMail for Letters {
    async fn write(&self, tx: &mut Tx, to: &Recipient, letter: &Letter) -> Result<(), Fault> {
        let base = &self.base;
        let (kind, subject, text) = match letter {
            Letter::ResetPassword { path, minutes } => (
                "identity.reset",
                "Choose a new password".to_owned(),
                format!(
                    "with this link you choose a new password, once and within {minutes} minutes:\n\n{base}{path}\n\n\
                     If you did not ask for it, do nothing: your password stays as it is."
                ),
            ),
            Letter::VerifyAddress { path } => (
                "identity.verify",
                "Is this address yours?".to_owned(),
                format!("please confirm that this address is yours:\n\n{base}{path}"),
            ),
            Letter::Invitation { path, customer_name, inviter, days } => (
                "identity.invitation",
                format!("{inviter} invites you to {customer_name}"),
                format!(
                    "{inviter} invites you to act for {customer_name} here. Accept within {days} days:\n\n{base}{path}"
                ),
            ),
        };
        queue(tx, to, kind, subject, &text).await
    }
}

async fn queue(
    tx: &mut Tx,
    to: &Recipient,
    kind: &'static str,
    subject: String,
    text: &str,
) -> Result<(), Fault> {
    let greeting = if to.name.is_empty() { "Hello".to_owned() } else { format!("Hello {}", to.name) };
    let message = NewMessage {
        to_email: to.email.clone(),
        subject,
        body_text: format!("{greeting},\n\n{text}\n"),
        kind,
        customer_id: None,
    };
    bursar_messaging::queue(tx, &message).await.map(drop)
}

/// Tells somebody that they, or somebody else as them, came with a new browser.
pub(super) async fn on_new_device(tx: &mut Tx, event: NewDeviceUsed) -> Result<(), Fault> {
    let to = Recipient { email: event.email, name: event.name };
    let text = format!(
        "you signed in with a browser we have not seen before:\n\n  {}\n  from {}\n\n\
         If that was not you, change your password now and end the session on the page Security.",
        event.agent, event.address
    );
    queue(tx, &to, "identity.new_device", "A new browser signed in".to_owned(), &text).await
}

/// Tells somebody that what lets them in has changed.
pub(super) async fn on_security_changed(tx: &mut Tx, event: SecurityChanged) -> Result<(), Fault> {
    let to = Recipient { email: event.email, name: event.name };
    let what = match event.what.as_str() {
        "password" => "Your password was changed",
        "totp_added" => "A code app was set up",
        "totp_removed" => "The code app was removed",
        "passkey_added" => "A passkey was added",
        "passkey_removed" => "A passkey was removed",
        "recovery_codes" => "New recovery codes were made",
        "api_token" => "An API token was made",
        _ => "Your sign-in was changed",
    };
    let text = format!("{what}. If that was not you, choose a new password now and tell us.");
    queue(tx, &to, "identity.security_changed", what.to_owned(), &text).await
}

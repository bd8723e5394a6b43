//! Who mails come from and through which server they go: settings in the database, the password sealed.

use std::net::IpAddr;
use std::time::Duration;

use bursar_audit::Audit;
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_i18n::Locale;
use bursar_ids::Id;
use bursar_mail::Letterhead;
use bursar_vault::{Secret, Vault};
use bursar_web::{Colour, Reading};
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::error::MessageError;
use crate::messages::post::{Mail, Recipient, post};
use crate::messages::{Message, MessageState};
use crate::{compose, permissions, smtp};

/// Where the settings lie.
pub const KEY: &str = "messaging.sender";
/// The place the password is sealed for.
const PASSWORD_PLACE: &str = "messaging.sender:password";
/// How long one step of a conversation may take.
const PATIENCE: Duration = Duration::from_secs(20);
const DEFAULT_COLOUR: &str = "#1d4ed8";

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Encrypted from the first byte, usually on port 465.
    Tls,
    /// Encrypted before anything is said, usually on port 587.
    #[default]
    StartTls,
    /// Not at all: only to this machine itself.
    Plain,
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpSettings {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in; empty for nobody.
    pub username: String,
    /// The sealed password; empty when there is none.
    pub password_sealed: String,
}

/// Finds what the business is called, for mails of whom no sender is named. Attached to every unit of work by whoever
/// knows; empty where nobody has said it yet.
#[derive(Debug, Clone, Copy)]
pub struct OfficeName(pub for<'t> fn(&'t mut Tx) -> Reading<'t, String>);

/// Who mails come from.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SenderSettings {
    /// The name in the address and on the letterhead; empty for the business's own.
    pub from_name: String,
    /// The address mails come from.
    pub from_email: String,
    /// Where answers go; empty for the same address.
    pub reply_to: String,
    /// The small print under every mail: address, register entry.
    pub footer: String,
    /// Colour of bar and buttons, `#rrggbb`; empty for ours.
    pub colour: String,
    /// The server; without one every mail is held in the outbox.
    pub smtp: Option<SmtpSettings>,
}

impl SenderSettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }

    /// The settings in force as mails show them: where no sender is named they come from the business itself.
    pub(crate) async fn named(tx: &mut Tx) -> Result<Self, Fault> {
        let mut settings = Self::load(tx).await?;
        if settings.from_name.trim().is_empty()
            && let Some(OfficeName(find)) = tx.attachment::<OfficeName>().copied()
        {
            settings.from_name = find(tx).await?;
        }
        Ok(settings)
    }

    /// Where a message stands that is written now.
    pub(crate) fn first_state(&self) -> MessageState {
        if self.smtp.is_some() { MessageState::Queued } else { MessageState::Held }
    }

    /// The paper mails are written on.
    pub(crate) fn letterhead(&self) -> Letterhead {
        let own = Colour::parse(&self.colour);
        let colour = own.unwrap_or_else(|| Colour::parse(DEFAULT_COLOUR).expect("our own colour is one"));
        let name = if self.from_name.is_empty() { "Bursar".to_owned() } else { self.from_name.clone() };
        Letterhead {
            name,
            primary: colour.to_string(),
            primary_text: colour.text_on_it().to_string(),
            footer: self.footer.clone(),
            preferences: None,
        }
    }

    /// A mail's own id from an unguessable token, in the domain we send from.
    pub(crate) fn new_message_id(&self, token: &str) -> String {
        format!("<{token}@{}>", self.domain())
    }

    fn domain(&self) -> &str {
        self.from_email.rsplit_once('@').map_or("localhost.localdomain", |(_, domain)| domain)
    }

    /// The server with its password in clear; `None` when none is set.
    pub(crate) fn server(&self, vault: &Vault) -> Result<Option<smtp::Server>, Fault> {
        let Some(settings) = &self.smtp else { return Ok(None) };
        let login = if settings.username.is_empty() {
            None
        } else {
            let password = if settings.password_sealed.is_empty() {
                Secret::default()
            } else {
                vault.open_text(&settings.password_sealed, PASSWORD_PLACE)?
            };
            Some((settings.username.clone(), password))
        };
        if settings.security == Security::Plain && !is_this_machine(&settings.host) {
            return Err(Fault::new("mail may leave this machine encrypted only"));
        }
        Ok(Some(smtp::Server {
            host: settings.host.clone(),
            port: settings.port,
            security: settings.security,
            login,
            hello: self.domain().to_owned(),
            patience: PATIENCE,
        }))
    }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Who signs in at the server.
#[derive(Debug, Clone, Default)]
pub enum Login {
    /// Nobody.
    #[default]
    None,
    /// This person, with the password that is stored.
    Keep(String),
    /// This person with this password.
    New(String, Secret<String>),
}

/// What a person may set.
#[derive(Debug, Clone, Default)]
pub struct SenderForm {
    /// See [`SenderSettings::from_name`].
    pub from_name: String,
    /// See [`SenderSettings::from_email`].
    pub from_email: String,
    /// See [`SenderSettings::reply_to`].
    pub reply_to: String,
    /// See [`SenderSettings::footer`].
    pub footer: String,
    /// See [`SenderSettings::colour`].
    pub colour: String,
    /// The server's name; empty to hold mails in the outbox.
    pub host: String,
    /// Its port.
    pub port: Option<u16>,
    /// How the connection is protected.
    pub security: Security,
    /// Who signs in.
    pub login: Login,
}

impl SenderForm {
    fn problems(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        let mut refuse = |field: &'static str, message: &str| wrong.push(FieldError::new(field, message));
        let sends = !self.host.is_empty();
        if (sends || !self.from_email.is_empty()) && !compose::is_address(&self.from_email) {
            refuse("from_email", "Enter the address mails come from, for example billing@example.com.");
        }
        if !self.reply_to.is_empty() && !compose::is_address(&self.reply_to) {
            refuse("reply_to", "Enter an address such as support@example.com, or nothing.");
        }
        if !self.colour.is_empty() && Colour::parse(&self.colour).is_none() {
            refuse("colour", "Enter a colour such as #1d4ed8, or nothing.");
        }
        let is_host = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | ':');
        if !self.host.chars().all(is_host) {
            refuse("host", "Enter the server's name only, for example mail.example.com.");
        }
        if sends && self.port.is_none_or(|port| port == 0) {
            refuse("port", "Enter the server's port: 465 for TLS, 587 for STARTTLS.");
        }
        if sends && self.security == Security::Plain && !is_this_machine(&self.host) {
            refuse(
                "security",
                "Without encryption mail may only go to a server on this machine (localhost).",
            );
        }
        wrong
    }
}

/// Sets sender and server. A password is sealed before it is stored and never shown again.
///
/// # Errors
/// [`MessageError`].
pub async fn save_sender(cx: &Cx, vault: &Vault, form: SenderForm) -> Result<(), MessageError> {
    cx.require(permissions::SENDER_EDIT)?;
    let problems = form.problems();
    if !problems.is_empty() {
        return Err(MessageError::Invalid(problems));
    }
    let sealed = match &form.login {
        Login::New(_, password) => {
            Some(cx.with_rng(|rng| vault.seal(password.expose().as_bytes(), PASSWORD_PLACE, rng)).to_string())
        }
        Login::None | Login::Keep(_) => None,
    };
    cx.write(async move |tx: &mut Tx| {
        let before = SenderSettings::load(tx).await?;
        let kept = before.smtp.as_ref().map(|smtp| smtp.password_sealed.clone()).unwrap_or_default();
        let (username, password_sealed) = match &form.login {
            Login::None => (String::new(), String::new()),
            Login::Keep(user) => (user.clone(), kept),
            Login::New(user, _) => (user.clone(), sealed.clone().unwrap_or_default()),
        };
        let after = SenderSettings {
            from_name: form.from_name.clone(),
            from_email: form.from_email.clone(),
            reply_to: form.reply_to.clone(),
            footer: form.footer.clone(),
            colour: form.colour.clone(),
            smtp: form.port.filter(|_| !form.host.is_empty()).map(|port| SmtpSettings {
                host: form.host.clone(),
                port,
                security: form.security,
                username,
                password_sealed,
            }),
        };
        settings::set(tx, KEY, &after).await?;
        let (before, after) = (shown(&before), shown(&after));
        let audit = Audit {
            action: permissions::SENDER_EDIT,
            subject: "messaging:sender",
            before: Some(before),
            after: Some(after),
        };
        bursar_audit::record(tx, audit).await?;
        Ok(())
    })
    .await
}

/// The settings as the audit log keeps them: whether there is a password, never which.
fn shown(settings: &SenderSettings) -> serde_json::Value {
    let smtp = settings.smtp.as_ref();
    json!({
        "from_name": settings.from_name, "from_email": settings.from_email, "reply_to": settings.reply_to,
        "colour": settings.colour, "footer": settings.footer,
        "host": smtp.map(|it| &it.host), "port": smtp.map(|it| it.port), "security": smtp.map(|it| it.security),
        "username": smtp.map(|it| &it.username), "signs_in": smtp.is_some_and(|it| !it.password_sealed.is_empty()),
    })
}

/// Writes a test mail; it goes the way of every other.
///
/// # Errors
/// [`MessageError`].
pub async fn send_test(cx: &Cx, to: String, locale: Locale) -> Result<Id<Message>, MessageError> {
    cx.require(permissions::SENDER_EDIT)?;
    if !compose::is_address(&to) {
        return Err(MessageError::field("to", "Enter an address such as you@example.com."));
    }
    cx.write(async move |tx: &mut Tx| {
        let sender = SenderSettings::load(tx).await?;
        let Some(smtp) = &sender.smtp else { return Err(MessageError::NoSender) };
        let mail = Mail {
            template: crate::module::TEST_MAIL,
            to: Recipient { email: to.clone(), name: String::new(), locale, customer_id: None },
            values: json!({ "host": smtp.host, "from": sender.from_email }),
            attachments: Vec::new(),
        };
        post(tx, &mail).await?.ok_or(MessageError::NotFound)
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(form: &SenderForm) -> Vec<String> {
        form.problems().into_iter().map(|it| it.field.into_owned()).collect()
    }

    #[test]
    fn mail_leaves_this_machine_encrypted_only() {
        let form = SenderForm {
            from_email: "a@b.example".into(),
            host: "mail.example.com".into(),
            port: Some(25),
            security: Security::Plain,
            ..SenderForm::default()
        };
        assert_eq!(fields(&form), ["security"]);
        for host in ["localhost", "127.0.0.1", "::1"] {
            assert!(fields(&SenderForm { host: host.into(), ..form.clone() }).is_empty(), "{host}");
        }
        assert!(fields(&SenderForm { security: Security::Tls, ..form }).is_empty());
        assert!(fields(&SenderForm::default()).is_empty(), "no server and no address: everything is held");
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        let form = SenderForm {
            from_email: "nobody".into(),
            reply_to: "a@b\r\nBcc: x@y".into(),
            colour: "red;}".into(),
            host: "mail.example.com/x".into(),
            port: None,
            ..SenderForm::default()
        };
        assert_eq!(fields(&form), ["from_email", "reply_to", "colour", "host", "port"]);
    }
}

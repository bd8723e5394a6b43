//! Writing a message.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_i18n::{Locale, Translator};
use bursar_ids::Id;
use bursar_mail::{Draft, MailBook, MailTemplate, PublicAddress, Rendered};
use serde::{Deserialize, Serialize};

use super::send::SendMessage;
use super::{Message, MessageState};
use crate::sender::SenderSettings;
use crate::{preferences, templates};

/// Who gets a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Address.
    pub email: String,
    /// Name; may be empty.
    pub name: String,
    /// The language they read.
    pub locale: Locale,
    /// The customer it concerns, if any.
    pub customer_id: Option<i64>,
}

/// A file that is made when the mail is sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttachmentRef {
    /// A kind that a module registered: `billing.document`.
    pub kind: String,
    /// Of what.
    pub id: i64,
}

/// A mail to be written.
#[derive(Debug, Clone, PartialEq)]
pub struct Mail {
    /// A template that a module registered: `billing.invoice_issued`.
    pub template: &'static str,
    /// Who gets it.
    pub to: Recipient,
    /// What the template is given.
    pub values: serde_json::Value,
    /// What is attached.
    pub attachments: Vec<AttachmentRef>,
}

/// Where people reach us, without a slash at the end: for the links of a mail.
pub fn public_address(tx: &Tx) -> String {
    tx.attachment::<PublicAddress>().map(|address| address.0.clone()).unwrap_or_default()
}

/// Writes a mail in the caller's transaction; a job sends it. `None` when the customer does not want such mails, or has
/// no address.
///
/// It is written here and not when it is sent, so that it tells of things as they were, and what staff see in the outbox
/// is what goes out. That takes microseconds: a template has a bound on its steps.
///
/// # Errors
/// A template that is not registered, or that fails with these values: a mistake in the program. A template of the
/// tenant's own that fails is passed over for ours.
pub async fn post(tx: &mut Tx, mail: &Mail) -> Result<Option<Id<Message>>, Fault> {
    let template = *book(tx)?
        .find(mail.template)
        .ok_or_else(|| Fault::new(format!("no module registered the mail {}", mail.template)))?;
    if mail.to.email.trim().is_empty() {
        return Ok(None);
    }
    let mut preferences_url = String::new();
    if let Some(customer) = mail.to.customer_id.filter(|_| !template.is_essential) {
        if preferences::refuses(tx, customer, template.name).await? {
            return Ok(None);
        }
        preferences_url = preferences::link(tx, customer).await?;
    }
    let sender = SenderSettings::named(tx).await?;
    let rendered = write(tx, &template, mail, &sender, &preferences_url).await?;
    let attachments = serde_json::to_string(&mail.attachments)
        .map_err(|e| Fault::wrap("encoding the attachments of a mail", e))?;
    let message = Message {
        id: tx.new_id()?,
        kind: template.name.to_owned(),
        locale: mail.to.locale.code().to_owned(),
        to_email: mail.to.email.trim().to_owned(),
        to_name: mail.to.name.clone(),
        subject: rendered.subject,
        body_text: rendered.text,
        body_html: rendered.html,
        attachments,
        preferences_url,
        customer_id: mail.to.customer_id,
        state: sender.first_state(),
        attempts: 0,
        last_error: String::new(),
        message_id: sender.new_message_id(&tx.random_token(18)),
        created_at: tx.now(),
        sent_at: None,
    };
    store(tx, &message).await?;
    Ok(Some(message.id))
}

/// A short message whose words the caller has chosen: for what has no template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMessage {
    /// Address.
    pub to_email: String,
    /// One line.
    pub subject: String,
    /// Plain text.
    pub body_text: String,
    /// What it is: `ordering.high_value`.
    pub kind: &'static str,
    /// The customer it concerns.
    pub customer_id: Option<i64>,
}

/// Writes a message without a template in the caller's transaction. It goes the way of every other.
pub async fn queue(tx: &mut Tx, new: &NewMessage) -> Result<Id<Message>, Fault> {
    let sender = SenderSettings::load(tx).await?;
    let message = Message {
        id: tx.new_id()?,
        kind: new.kind.to_owned(),
        locale: Locale::En.code().to_owned(),
        to_email: new.to_email.trim().to_owned(),
        to_name: String::new(),
        subject: new.subject.clone(),
        body_text: new.body_text.clone(),
        body_html: String::new(),
        attachments: "[]".to_owned(),
        preferences_url: String::new(),
        customer_id: new.customer_id,
        state: sender.first_state(),
        attempts: 0,
        last_error: String::new(),
        message_id: sender.new_message_id(&tx.random_token(18)),
        created_at: tx.now(),
        sent_at: None,
    };
    store(tx, &message).await?;
    Ok(message.id)
}

/// Stores it, and has it sent if there is a way.
async fn store(tx: &mut Tx, message: &Message) -> Result<(), Fault> {
    super::store::insert(tx, message).await?;
    if message.state == MessageState::Queued {
        bursar_jobs::enqueue(tx, &SendMessage { message_id: message.id.get() }).await?;
    }
    Ok(())
}

fn book(tx: &Tx) -> Result<&MailBook, Fault> {
    tx.attachment::<MailBook>().ok_or_else(|| Fault::new("this unit of work knows no mails"))
}

async fn write(
    tx: &mut Tx,
    template: &MailTemplate,
    mail: &Mail,
    sender: &SenderSettings,
    preferences_url: &str,
) -> Result<Rendered, Fault> {
    let locale = mail.to.locale;
    let mut head = sender.letterhead();
    if !preferences_url.is_empty() {
        let label = words(locale).t("messaging-preferences-link");
        head.preferences = Some(bursar_mail::Preferences { url: preferences_url.to_owned(), label });
    }
    if let Some(own) = templates::find(tx, template.name, locale).await? {
        match own.render(locale, &mail.values, &head) {
            Ok(rendered) => return Ok(rendered),
            Err(error) => {
                tracing::error!(mail = template.name, locale = locale.code(), %error,
                    "the tenant's own text of a mail cannot be used; ours was");
            }
        }
    }
    let built_in: Draft = template.built_in(locale);
    built_in
        .render(locale, &mail.values, &head)
        .map_err(|error| Fault::wrap(format!("writing the mail {}", template.name), error))
}

/// This module's own texts: a mail is written where no page is.
pub(crate) fn words(locale: Locale) -> Translator {
    use std::sync::{Arc, OnceLock};
    static CATALOGUE: OnceLock<Arc<bursar_i18n::Catalogue>> = OnceLock::new();
    let catalogue = CATALOGUE.get_or_init(|| {
        let mut texts = bursar_i18n::Texts::default();
        texts.add("messaging", bursar_i18n::texts!("../../locales"));
        Arc::new(texts.compile().expect("a test reads this module's texts"))
    });
    Translator::new(Arc::clone(catalogue), locale)
}

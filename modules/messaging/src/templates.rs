//! A tenant's own texts for mails, over those that come with the product.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_i18n::Locale;
use bursar_mail::{Draft, MailBook, MailTemplate};
use serde_json::json;

use crate::error::MessageError;
use crate::permissions;
use crate::sender::SenderSettings;

bursar_db::statements! {
    /// The tenant's text of a mail.
    pub(crate) FIND = "SELECT subject, body FROM messaging_templates WHERE name = $1 AND locale = $2";
    /// Which mails the tenant has texts for.
    pub(crate) LIST = "SELECT name, locale FROM messaging_templates ORDER BY name, locale";
    /// Writes it.
    pub(crate) PUT = "INSERT INTO messaging_templates (name, locale, subject, body, updated_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (name, locale) DO UPDATE SET subject = excluded.subject, body = excluded.body,
            updated_at = excluded.updated_at";
    /// Back to ours.
    pub(crate) DELETE = "DELETE FROM messaging_templates WHERE name = $1 AND locale = $2";
}

/// The tenant's own text of a mail.
pub(crate) async fn find(tx: &mut Tx, name: &str, locale: Locale) -> Result<Option<Draft>, Fault> {
    tx.query_opt(&FIND, params![name, locale.code()], |row| {
        Ok(Draft { subject: row.get(0)?, body: row.get(1)? })
    })
    .await
}

/// Which mails the tenant has texts for, with the languages' codes.
pub(crate) async fn list(tx: &mut Tx) -> Result<Vec<(String, String)>, Fault> {
    tx.query(&LIST, params![], |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// A registered template.
pub(crate) fn registered(cx: &Cx, name: &str) -> Result<MailTemplate, MessageError> {
    let book = cx.foundation().attachments.get::<MailBook>();
    book.and_then(|book| book.find(name)).copied().ok_or(MessageError::NotFound)
}

/// Refuses a text that fails with any of the template's samples: what is saved can be sent.
pub(crate) fn check(template: &MailTemplate, locale: Locale, draft: &Draft) -> Result<(), MessageError> {
    let head = SenderSettings::default().letterhead();
    for sample in (template.samples)() {
        draft.render(locale, &sample, &head).map_err(|error| {
            let field = match &error {
                bursar_mail::WriteError::NoSubject => "subject",
                bursar_mail::WriteError::Template { what, .. } => what,
                bursar_mail::WriteError::TooLong => "body",
            };
            MessageError::field(field, format!("This cannot be sent: {error}."))
        })?;
    }
    Ok(())
}

/// Saves the tenant's own text of a mail.
///
/// # Errors
/// [`MessageError`].
pub async fn save_template(cx: &Cx, name: &str, locale: Locale, draft: Draft) -> Result<(), MessageError> {
    cx.require(permissions::TEMPLATE_EDIT)?;
    let template = registered(cx, name)?;
    check(&template, locale, &draft)?;
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, template.name, locale).await?;
        let now = tx.now();
        tx.exec(&PUT, params![template.name, locale.code(), &draft.subject, &draft.body, now]).await?;
        record(tx, &template, locale, before, Some(&draft)).await
    })
    .await
}

/// Drops the tenant's own text, so that ours is used again.
///
/// # Errors
/// [`MessageError`].
pub async fn reset_template(cx: &Cx, name: &str, locale: Locale) -> Result<(), MessageError> {
    cx.require(permissions::TEMPLATE_EDIT)?;
    let template = registered(cx, name)?;
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, template.name, locale).await?;
        if tx.exec(&DELETE, params![template.name, locale.code()]).await? == 1 {
            record(tx, &template, locale, before, None).await?;
        }
        Ok(())
    })
    .await
}

async fn record(
    tx: &mut Tx,
    template: &MailTemplate,
    locale: Locale,
    before: Option<Draft>,
    after: Option<&Draft>,
) -> Result<(), MessageError> {
    let subject = format!("mail:{}:{}", template.name, locale.code());
    let shown = |draft: &Draft| json!({ "subject": draft.subject, "body": draft.body });
    let audit = Audit {
        action: permissions::TEMPLATE_EDIT,
        subject: &subject,
        before: before.as_ref().map(shown),
        after: after.map(shown),
    };
    bursar_audit::record(tx, audit).await?;
    Ok(())
}

//! Publishing a new version of a text.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};
use bursar_i18n::Locale;
use serde_json::json;
use sha2::{Digest as _, Sha256};

use super::{SiteText, TextName, store};
use crate::permissions;

const LONGEST_TITLE: usize = 200;
const LONGEST_BODY: usize = 200_000;

/// Why a text was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
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

impl Refusal for PublishError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Invalid(_) => "Please mend the marked fields.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

/// A text to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Which text.
    pub name: TextName,
    /// The language it is written in.
    pub locale: Locale,
    /// Its heading.
    pub title: String,
    /// Markdown.
    pub body_md: String,
}

/// Publishes a text, for somebody who may; gives the number of the version. What says the same as the newest version in
/// its language is not published again.
///
/// # Errors
/// [`PublishError`].
pub async fn publish_text(cx: &Cx, draft: Draft) -> Result<i64, PublishError> {
    cx.require(permissions::TEXT_EDIT)?;
    cx.write(async move |tx: &mut Tx| publish(tx, &draft).await).await
}

/// Publishes in the caller's transaction.
///
/// # Errors
/// [`PublishError::Invalid`].
pub async fn publish(tx: &mut Tx, draft: &Draft) -> Result<i64, PublishError> {
    let (title, body_md) = (draft.title.trim().to_owned(), draft.body_md.replace("\r\n", "\n"));
    let mut wrong = Vec::new();
    if title.is_empty() || title.chars().count() > LONGEST_TITLE {
        wrong.push(FieldError::new("title", format!("Use 1 to {LONGEST_TITLE} characters.")));
    }
    if body_md.trim().is_empty() || body_md.chars().count() > LONGEST_BODY {
        wrong.push(FieldError::new("body", format!("Write between 1 and {LONGEST_BODY} characters.")));
    }
    if !wrong.is_empty() {
        return Err(PublishError::Invalid(wrong));
    }
    let hash = hash(&title, &body_md);
    let locale = draft.locale.code();
    let newest = store::current(tx, draft.name, locale).await?.filter(|text| text.locale == locale);
    if let Some(same) = newest.filter(|text| text.hash == hash) {
        return Ok(same.version);
    }
    let now = tx.now();
    let text = SiteText {
        name: draft.name,
        locale: locale.to_owned(),
        version: 0,
        title,
        body_md,
        hash: hash.clone(),
        published_at: now,
    };
    let version = store::insert(tx, &text).await?;
    let subject = format!("text:{}", draft.name.code());
    let after = Some(json!({ "version": version, "locale": locale, "hash": hash }));
    let audit = Audit { action: permissions::TEXT_EDIT, subject: &subject, before: None, after };
    bursar_audit::record(tx, audit).await?;
    Ok(version)
}

/// What a version says, as one number that can be compared.
fn hash(title: &str, body_md: &str) -> String {
    let mut hasher = Sha256::new();
    hasher.update(title.as_bytes());
    hasher.update([0]);
    hasher.update(body_md.as_bytes());
    hex::encode(hasher.finalize())
}

//! Putting other settings in force: the one way, for pages, commands and tests.

use async_trait::async_trait;
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};
use serde_json::Value;

use super::declare::SettingsDocument;

/// Why settings were not saved.
#[derive(Debug, thiserror::Error)]
pub enum NotSaved {
    /// They could not work.
    #[error("some settings cannot be used as they are")]
    Invalid(Vec<FieldError>),
    /// Somebody may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for NotSaved {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Denied(_) => ErrorKind::Forbidden,
            Self::Fault(_) => ErrorKind::Fault,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::Invalid(_) => "Some settings cannot be used as they are.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => fault.message(),
        }
    }
}

/// Told when settings were saved on a page, for what the program keeps of them beside the database. The application
/// puts one among the extensions of its router, as `Arc<dyn SettingsWatch>`.
#[async_trait]
pub trait SettingsWatch: std::fmt::Debug + Send + Sync {
    /// Settings are saved.
    async fn saved(&self, cx: &Cx) -> Result<(), Fault>;
}

/// Puts other settings in force, for somebody who may, and records what they were.
///
/// # Errors
/// [`NotSaved`].
pub async fn save_settings<T: SettingsDocument>(cx: &Cx, new: T) -> Result<(), NotSaved> {
    cx.require(T::PERMISSION)?;
    cx.write(async move |tx: &mut Tx| replace(tx, &new).await).await
}

/// The same in the caller's transaction; who may was asked already. Settings that stay as they are leave no trace.
pub(super) async fn replace<T: SettingsDocument>(tx: &mut Tx, new: &T) -> Result<(), NotSaved> {
    let wrong = new.wrong();
    if !wrong.is_empty() {
        return Err(NotSaved::Invalid(wrong));
    }
    let (before, after) = (as_value(&T::load(tx).await?)?, as_value(new)?);
    if before == after {
        return Ok(());
    }
    new.store(tx).await?;
    let subject = format!("settings:{}", T::KEY);
    let audit = Audit { action: T::PERMISSION, subject: &subject, before: Some(before), after: Some(after) };
    Ok(bursar_audit::record(tx, audit).await?)
}

pub(super) fn as_value<T: SettingsDocument>(document: &T) -> Result<Value, Fault> {
    serde_json::to_value(document).map_err(|e| Fault::wrap(format!("writing {}", T::KEY), e))
}

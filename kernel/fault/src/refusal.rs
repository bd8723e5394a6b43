//! What a caller may be told: the kinds every surface knows how to answer.

use std::borrow::Cow;

use crate::{Fault, FaultClass, Text};

/// One thing wrong with one field of what somebody sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field's name as in the form or the JSON body.
    pub field: Cow<'static, str>,
    /// What is wrong, in words for people; in English where `text` says it in every language.
    pub message: String,
    /// The same as a text, where the reader may have another language.
    pub text: Option<Text>,
}

impl FieldError {
    /// An error of one field.
    pub fn new(field: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { field: field.into(), message: message.into(), text: None }
    }

    /// The same error, to be shown in the reader's language.
    #[must_use]
    pub fn in_words(mut self, text: Text) -> Self {
        self.text = Some(text);
        self
    }
}

/// The kinds of refusal. `kernel/web` maps them to status and page in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// It is not there, or the caller may not know of it.
    NotFound,
    /// What was sent cannot be used as it is.
    Invalid(Vec<FieldError>),
    /// It was fine to ask, but not in the state things are in.
    Conflict,
    /// The caller lacks the permission.
    Forbidden,
    /// It may work later.
    Unavailable,
    /// We failed.
    Fault,
}

/// What every error that reaches a surface can say about itself.
pub trait Refusal {
    /// Which kind it is.
    fn kind(&self) -> ErrorKind;
    /// What people read. Says nothing about our insides.
    fn message(&self) -> String;
    /// The same as a text, for refusals that customers meet: they read their own language.
    fn text(&self) -> Option<Text> {
        None
    }
}

/// The actor lacks a permission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("permission {permission} is needed")]
pub struct Denied {
    /// The permission that was asked for, `billing.invoice.void`.
    pub permission: &'static str,
}

impl Denied {
    /// The actor lacks this permission.
    pub const fn new(permission: &'static str) -> Self {
        Self { permission }
    }
}

impl Refusal for Denied {
    fn kind(&self) -> ErrorKind {
        ErrorKind::Forbidden
    }

    fn message(&self) -> String {
        format!("You are not allowed to do this (it needs the permission {}).", self.permission)
    }

    fn text(&self) -> Option<Text> {
        Some(Text::new("shell-problem-denied").with("permission", self.permission))
    }
}

impl Refusal for Fault {
    fn kind(&self) -> ErrorKind {
        match self.class() {
            FaultClass::Unavailable | FaultClass::Serialization | FaultClass::DiskFull => {
                ErrorKind::Unavailable
            }
            FaultClass::Bug
            | FaultClass::Corrupt
            | FaultClass::UniqueViolation
            | FaultClass::ForeignKeyViolation
            | FaultClass::CheckViolation => ErrorKind::Fault,
        }
    }

    fn message(&self) -> String {
        match self.kind() {
            ErrorKind::Unavailable => {
                "This is not available right now. Please try again in a moment.".to_owned()
            }
            _ => "Something went wrong on our side. Nothing was changed.".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_names_the_permission() {
        let denied = Denied::new("billing.invoice.void");
        assert_eq!(denied.to_string(), "permission billing.invoice.void is needed");
        assert_eq!(denied.kind(), ErrorKind::Forbidden);
    }

    #[test]
    fn a_fault_tells_people_nothing_about_our_insides() {
        let fault = Fault::corrupt("billing_invoices.total is -3");
        assert_eq!(fault.kind(), ErrorKind::Fault);
        assert!(!Refusal::message(&fault).contains("billing_invoices"));
        assert_eq!(Fault::unavailable("pool is closed").kind(), ErrorKind::Unavailable);
    }

    #[test]
    fn field_names_may_be_made_at_run_time() {
        let error = FieldError::new(format!("lines[{}].quantity", 2), "must be at least 1");
        assert_eq!(error.field, "lines[2].quantity");
    }
}

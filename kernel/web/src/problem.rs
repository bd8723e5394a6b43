//! Refusals and faults on their way to a page. This is the one place where an error's kind becomes a status.

use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::response::IntoResponse;
use bursar_fault::{ErrorKind, FieldError, Refusal, Text};
use bursar_i18n::Translator;

use crate::words;

/// What a handler returns instead of a page. Made by `?` from every refusal and from every fault.
#[derive(Debug, Clone)]
pub struct Problem(Box<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    status: StatusCode,
    message: String,
    /// The same in every language, where there is one.
    text: Option<Text>,
    fields: Vec<FieldError>,
    /// The whole chain for the log; only for what a person should look at.
    log: Option<String>,
}

/// The result of a handler.
pub type PageResult<T = Response<Body>> = Result<T, Problem>;

impl Problem {
    /// A problem with a status and a text of the shell.
    pub(crate) fn new(status: StatusCode, key: &'static str) -> Self {
        let message = words::english().t(key);
        Self(Box::new(Inner { status, message, text: Some(Text::new(key)), fields: Vec::new(), log: None }))
    }

    /// The same, with what the log should say.
    pub(crate) fn logged(status: StatusCode, key: &'static str, log: impl Into<String>) -> Self {
        let mut problem = Self::new(status, key);
        problem.0.log = Some(log.into());
        problem
    }

    /// It is not there, or the visitor may not know of it.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "shell-problem-not-found")
    }

    /// The request holds the character zero, which is part of no text.
    pub(crate) fn zero() -> Self {
        Self::new(StatusCode::BAD_REQUEST, "shell-problem-zero")
    }

    /// The request cannot be read at all.
    pub fn bad_request(message: impl Into<String>) -> Self {
        let (status, message) = (StatusCode::BAD_REQUEST, message.into());
        Self(Box::new(Inner { status, message, text: None, fields: Vec::new(), log: None }))
    }

    /// The status it is answered with.
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What people read, in English.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What people read, in their own language where that is known.
    pub(crate) fn message_in(&self, translator: &Translator) -> String {
        let said = self.0.text.as_ref().and_then(|text| translator.try_say(text).ok());
        said.unwrap_or_else(|| self.0.message.clone())
    }

    /// What is wrong field by field, if it was a form.
    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    pub(crate) fn log_text(&self) -> Option<&str> {
        self.0.log.as_deref()
    }

    /// The heading of the error page.
    pub(crate) fn title(&self) -> Text {
        Text::new("shell-problem-title").with("status", i64::from(self.0.status.as_u16()))
    }
}

/// The status of each kind.
fn status_of(kind: &ErrorKind) -> StatusCode {
    match kind {
        ErrorKind::NotFound => StatusCode::NOT_FOUND,
        ErrorKind::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
        ErrorKind::Conflict => StatusCode::CONFLICT,
        ErrorKind::Forbidden => StatusCode::FORBIDDEN,
        ErrorKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        ErrorKind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What is said of faults in every language: the same as their own message.
fn generic(kind: &ErrorKind) -> Option<Text> {
    match kind {
        ErrorKind::Unavailable => Some(Text::new("shell-problem-unavailable")),
        ErrorKind::Fault => Some(Text::new("shell-problem-fault")),
        ErrorKind::NotFound | ErrorKind::Invalid(_) | ErrorKind::Conflict | ErrorKind::Forbidden => None,
    }
}

impl<E: Refusal + std::error::Error + Send + Sync + 'static> From<E> for Problem {
    fn from(error: E) -> Self {
        let kind = error.kind();
        let status = status_of(&kind);
        let log = status.is_server_error().then(|| {
            let mut chain = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                chain.push_str(": ");
                chain.push_str(&cause.to_string());
                source = cause.source();
            }
            chain
        });
        let text = error.text().or_else(|| generic(&kind));
        let fields = match kind {
            ErrorKind::Invalid(fields) => fields,
            _ => Vec::new(),
        };
        Self(Box::new(Inner { status, message: error.message(), text, fields, log }))
    }
}

impl IntoResponse for Problem {
    /// Leaves the page to the shell's middleware, which knows who asks and how the tenant looks.
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = self.0.status;
        response.extensions_mut().insert(self);
        response
    }
}

#[cfg(test)]
mod tests {
    use bursar_fault::{Denied, Fault};

    use super::*;

    #[test]
    fn every_kind_has_its_status() {
        let table = [
            (ErrorKind::NotFound, 404),
            (ErrorKind::Invalid(Vec::new()), 422),
            (ErrorKind::Conflict, 409),
            (ErrorKind::Forbidden, 403),
            (ErrorKind::Unavailable, 503),
            (ErrorKind::Fault, 500),
        ];
        for (kind, status) in table {
            assert_eq!(status_of(&kind).as_u16(), status, "{kind:?}");
        }
    }

    #[test]
    fn a_fault_is_logged_with_its_causes_and_a_refusal_is_not_logged() {
        let fault = Problem::from(Fault::wrap("reading the invoice", std::io::Error::other("disk")));
        assert_eq!(fault.status(), StatusCode::INTERNAL_SERVER_ERROR);
        assert!(fault.log_text().unwrap().contains("disk"));
        assert!(!fault.message().contains("disk"));
        assert_eq!(Problem::from(Denied::new("billing.invoice.void")).log_text(), None);
    }
}

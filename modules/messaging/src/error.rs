use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};

/// Why something about messages was refused.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// There is no such thing.
    #[error("not found")]
    NotFound,
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// The message is on its way or gone already.
    #[error("the message cannot be changed in its state")]
    NotNow,
    /// Nothing can be sent before a mail server is set.
    #[error("no mail server is set")]
    NoSender,
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl MessageError {
    pub(crate) fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }
}

impl Refusal for MessageError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::NotNow | Self::NoSender => ErrorKind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound => "There is no such message or template.".to_owned(),
            Self::Invalid(_) => "Please mend the marked fields.".to_owned(),
            Self::NotNow => "This message is being sent or was dealt with already. Look again.".to_owned(),
            Self::NoSender => "Set a mail server in the mail settings first.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

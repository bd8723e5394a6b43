//! Refusals of provisioning.

use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};

/// Why something about a service was refused.
#[derive(Debug, thiserror::Error)]
pub enum ProvisionError {
    /// There is no such thing.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// Not as things stand; says why and what to do instead.
    #[error("{0}")]
    Refused(String),
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl ProvisionError {
    /// One field that cannot be used.
    pub fn field(field: &'static str, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// Not as things stand.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }
}

impl Refusal for ProvisionError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Refused(_) => ErrorKind::Conflict,
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound(what) => format!("This {what} does not exist."),
            Self::Invalid(fields) => fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "),
            Self::Refused(why) => why.clone(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

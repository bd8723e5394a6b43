//! Refusals of ordering.

use bursar_billing::BillError;
use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};

/// Why something about carts and orders was refused.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is no such thing.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// Not as things stand; says why and what to do instead.
    #[error("{0}")]
    Refused(String),
    /// Somebody else changed it meanwhile.
    #[error("it was changed meanwhile")]
    Changed,
    /// Billing's refusal, in its words.
    #[error(transparent)]
    Bill(BillError),
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl OrderError {
    /// One field that cannot be used.
    pub fn field(field: impl Into<std::borrow::Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// Not as things stand.
    pub fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    /// The fault itself, where only faults may pass: in subscribers everything else is a fault too.
    pub(crate) fn into_fault(self) -> Fault {
        match self {
            Self::Fault(fault) => fault,
            other => Fault::new(other.to_string()),
        }
    }
}

impl From<BillError> for OrderError {
    fn from(error: BillError) -> Self {
        match error {
            BillError::Fault(fault) => Self::Fault(fault),
            BillError::Denied(denied) => Self::Denied(denied),
            other => Self::Bill(other),
        }
    }
}

impl Refusal for OrderError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Refused(_) | Self::Changed => ErrorKind::Conflict,
            Self::Bill(error) => error.kind(),
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound(what) => format!("This {what} does not exist."),
            Self::Invalid(fields) => fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "),
            Self::Refused(why) => why.clone(),
            Self::Changed => {
                "Somebody else changed this meanwhile. Load it again and repeat your change.".to_owned()
            }
            Self::Bill(error) => error.message(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

//! Refusals of billing.

use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal, Text};
use bursar_money::MoneyError;
use bursar_payments::RefundRefused;

/// Why something about invoices and money was refused.
#[derive(Debug, thiserror::Error)]
pub enum BillError {
    /// There is no such thing.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Fields that cannot be used as they are.
    #[error("{} fields are not usable", .0.len())]
    Invalid(Vec<FieldError>),
    /// Not as things stand; says why and what to do instead.
    #[error("{0}")]
    Refused(String),
    /// The same, where customers meet it: in English, and as a text in every language.
    #[error("{0}")]
    Told(String, Text),
    /// Nothing may be invoiced before the seller is known.
    #[error("the seller's name and address are not set")]
    NoSeller,
    /// Somebody else changed it meanwhile.
    #[error("it was changed meanwhile")]
    Changed,
    /// An amount that cannot be computed.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// The payment cannot be refunded so.
    #[error(transparent)]
    Refund(RefundRefused),
    /// The actor may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl BillError {
    /// One field that cannot be used.
    pub(crate) fn field(
        field: impl Into<std::borrow::Cow<'static, str>>,
        message: impl Into<String>,
    ) -> Self {
        Self::Invalid(vec![FieldError::new(field, message)])
    }

    /// Not as things stand.
    pub(crate) fn refused(why: impl Into<String>) -> Self {
        Self::Refused(why.into())
    }

    /// Not as things stand, said to a customer.
    pub(crate) fn told(english: impl Into<String>, text: Text) -> Self {
        Self::Told(english.into(), text)
    }

    /// The fault itself, where only faults may pass: in subscribers and jobs everything else is a fault too.
    pub(crate) fn into_fault(self) -> Fault {
        match self {
            Self::Fault(fault) | Self::Refund(RefundRefused::Fault(fault)) => fault,
            other => Fault::new(other.to_string()),
        }
    }
}

impl From<RefundRefused> for BillError {
    fn from(refused: RefundRefused) -> Self {
        match refused {
            RefundRefused::Fault(fault) => Self::Fault(fault),
            other => Self::Refund(other),
        }
    }
}

impl Refusal for BillError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound(_) => ErrorKind::NotFound,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Refused(_) | Self::Told(..) | Self::NoSeller | Self::Changed | Self::Money(_) => {
                ErrorKind::Conflict
            }
            Self::Refund(refused) => refused.kind(),
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound(what) => format!("This {what} does not exist."),
            Self::Invalid(fields) => fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "),
            Self::Refused(why) | Self::Told(why, _) => why.clone(),
            Self::NoSeller => {
                "Set your company's name and address in the settings before you issue invoices.".to_owned()
            }
            Self::Changed => {
                "Somebody else changed this meanwhile. Load it again and repeat your change.".to_owned()
            }
            Self::Money(error) => format!("The amount cannot be computed: {error}."),
            Self::Refund(refused) => refused.message(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }

    fn text(&self) -> Option<Text> {
        match self {
            Self::Told(_, text) => Some(text.clone()),
            Self::Denied(denied) => denied.text(),
            Self::NotFound(_)
            | Self::Invalid(_)
            | Self::Refused(_)
            | Self::NoSeller
            | Self::Changed
            | Self::Money(_)
            | Self::Refund(_)
            | Self::Fault(_) => None,
        }
    }
}

//! Refusals of this module.

use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};
use bursar_money::Money;

/// Why a payment or method cannot be used so.
#[derive(Debug, thiserror::Error)]
pub enum PayError {
    /// There is no such payment, refund, method or webhook.
    #[error("not found")]
    NotFound,
    /// No gateway of this name is set up, or it cannot do this.
    #[error("the gateway {0} cannot do this here")]
    NoGateway(String),
    /// The gateway said no, or nothing can be known now.
    #[error("the gateway call did not work: {0}")]
    Gateway(#[from] bursar_outbound::CallError),
    /// Something typed cannot be used.
    #[error("a field cannot be used")]
    Invalid(Vec<FieldError>),
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for PayError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::NoGateway(_) => ErrorKind::Conflict,
            Self::Gateway(error) if error.is_passing() => ErrorKind::Unavailable,
            Self::Gateway(_) => ErrorKind::Conflict,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound => "It was not found.".to_owned(),
            Self::NoGateway(gateway) => format!("The payment gateway “{gateway}” cannot be used for this."),
            Self::Gateway(error) if error.is_passing() => {
                "The payment gateway does not answer at the moment. Please try again in a few minutes."
                    .to_owned()
            }
            Self::Gateway(_) => "The payment gateway refused this.".to_owned(),
            Self::Invalid(fields) => fields.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => fault.message(),
        }
    }
}

/// Why a refund cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum RefundRefused {
    /// There is no such payment.
    #[error("payment not found")]
    NotFound,
    /// Nothing was captured that could be given back.
    #[error("the payment is not captured")]
    NotCaptured,
    /// The amount is zero or negative.
    #[error("a refund must be more than zero")]
    NotPositive,
    /// Only the currency of the payment can be refunded.
    #[error("the payment is in another currency")]
    OtherCurrency,
    /// More than what is left of the payment.
    #[error("only {left} of the payment are left to refund")]
    TooMuch {
        /// What could still be refunded.
        left: Money,
    },
    /// The key was used for another refund.
    #[error("the refund's key belongs to another refund")]
    KeyReused,
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for RefundRefused {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NotFound => ErrorKind::NotFound,
            Self::NotCaptured | Self::KeyReused => ErrorKind::Conflict,
            Self::NotPositive | Self::OtherCurrency | Self::TooMuch { .. } => {
                ErrorKind::Invalid(vec![FieldError::new("amount", self.message())])
            }
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotFound => "The payment was not found.".to_owned(),
            Self::NotCaptured => {
                "Nothing was received for this payment, so nothing can be refunded.".to_owned()
            }
            Self::NotPositive => "Enter an amount above zero.".to_owned(),
            Self::OtherCurrency => "A refund is made in the currency of its payment.".to_owned(),
            Self::TooMuch { left } => format!("At most {left} of this payment can still be refunded."),
            Self::KeyReused => "This refund was already made with another amount.".to_owned(),
            Self::Fault(fault) => fault.message(),
        }
    }
}

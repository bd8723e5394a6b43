use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal};

/// Why somebody was not let in or not made.
#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    /// Address or password is wrong, or the person is blocked: which of them is not said.
    #[error("the sign-in does not match")]
    NoMatch,
    /// Too many tries in a short time.
    #[error("too many attempts")]
    TooMany,
    /// The link was used, is too old or never existed.
    #[error("the link is not valid")]
    LinkNotValid,
    /// There is an owner already.
    #[error("the installation is set up already")]
    SetUpAlready,
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

impl Refusal for IdentityError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::NoMatch | Self::TooMany => ErrorKind::Forbidden,
            Self::LinkNotValid => ErrorKind::NotFound,
            Self::SetUpAlready => ErrorKind::Conflict,
            Self::Invalid(fields) => ErrorKind::Invalid(fields.clone()),
            Self::Denied(denied) => denied.kind(),
            Self::Fault(fault) => fault.kind(),
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NoMatch => "E-mail address or password is not right.".to_owned(),
            Self::TooMany => "Too many attempts. Wait a quarter of an hour and try again.".to_owned(),
            Self::LinkNotValid => {
                "This link was used already or is too old. Ask for a new one on the sign-in page.".to_owned()
            }
            Self::SetUpAlready => "This installation has an owner already. Sign in instead.".to_owned(),
            Self::Invalid(_) => "Please mend the marked fields.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }
}

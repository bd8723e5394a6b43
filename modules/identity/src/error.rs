use bursar_fault::{Denied, ErrorKind, Fault, FieldError, Refusal, Text};

/// Why somebody was not let in, not made or not changed.
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
    /// Somebody signs in with the address already.
    #[error("the address is taken")]
    AddressTaken,
    /// It is not there.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// Somebody else saved meanwhile.
    #[error("it was changed meanwhile")]
    Changed,
    /// Neither a code of the app nor a recovery code that is left.
    #[error("the code is wrong")]
    WrongCode,
    /// Not the password of the person who is signed in.
    #[error("the password is wrong")]
    WrongPassword,
    /// There is one already, or as many as there can be.
    #[error("the factor is there already")]
    FactorAlready,
    /// The browser did not sign what it was asked to.
    #[error("the passkey was refused")]
    PasskeyRefused,
    /// Too old, tried too often or finished.
    #[error("what was begun cannot be finished any more")]
    ChallengeOver,
    /// Somebody holds the role.
    #[error("the role is in use")]
    RoleInUse,
    /// More rights than the actor has.
    #[error("the actor lacks {0} and cannot give it")]
    BeyondOwn(String),
    /// Without them nobody could do everything.
    #[error("the last owner stays")]
    LastOwner,
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
            Self::NoMatch
            | Self::TooMany
            | Self::BeyondOwn(_)
            | Self::WrongCode
            | Self::WrongPassword
            | Self::PasskeyRefused
            | Self::ChallengeOver => ErrorKind::Forbidden,
            Self::LinkNotValid | Self::NotFound(_) => ErrorKind::NotFound,
            Self::SetUpAlready
            | Self::AddressTaken
            | Self::Changed
            | Self::FactorAlready
            | Self::RoleInUse
            | Self::LastOwner => ErrorKind::Conflict,
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
            Self::AddressTaken => "Somebody signs in with this address already.".to_owned(),
            Self::NotFound(what) => format!("There is no such {what}, or it is not yours to see."),
            Self::Changed => "Somebody else changed this meanwhile. Look at it again, then save.".to_owned(),
            Self::WrongCode => "This code is not right. Take the newest one; each works once.".to_owned(),
            Self::WrongPassword => "This is not your password.".to_owned(),
            Self::FactorAlready => "There is one already. Remove it first to set up another.".to_owned(),
            Self::PasskeyRefused => {
                "The passkey did not work. It may belong to another account or have been removed here.".to_owned()
            }
            Self::ChallengeOver => "This took too long or was tried too often. Please begin again.".to_owned(),
            Self::RoleInUse => "Somebody holds this role. Give them another one first.".to_owned(),
            Self::BeyondOwn(name) => {
                format!("You can only give what you may do yourself, and you lack the permission {name}.")
            }
            Self::LastOwner => {
                "This is the last owner. Make somebody else an owner first: without one, nobody could change roles."
                    .to_owned()
            }
            Self::Invalid(_) => "Please mend the marked fields.".to_owned(),
            Self::Denied(denied) => denied.message(),
            Self::Fault(fault) => Refusal::message(fault),
        }
    }

    fn text(&self) -> Option<Text> {
        match self {
            Self::LinkNotValid => Some(Text::new("identity-link-not-valid")),
            Self::Denied(denied) => denied.text(),
            Self::NoMatch => Some(Text::new("identity-no-match")),
            Self::TooMany => Some(Text::new("identity-too-many")),
            Self::WrongCode => Some(Text::new("identity-wrong-code")),
            Self::PasskeyRefused => Some(Text::new("identity-passkey-refused")),
            Self::ChallengeOver => Some(Text::new("identity-challenge-over")),
            Self::WrongPassword => Some(Text::new("identity-wrong-password")),
            Self::FactorAlready => Some(Text::new("identity-factor-already")),
            Self::SetUpAlready
            | Self::AddressTaken
            | Self::NotFound(_)
            | Self::Changed
            | Self::RoleInUse
            | Self::BeyondOwn(_)
            | Self::LastOwner
            | Self::Invalid(_)
            | Self::Fault(_) => None,
        }
    }
}

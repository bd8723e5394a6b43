use bursar_fault::{ErrorKind, Fault, Refusal, Text};

/// Why a provider's word let nobody in.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Outside {
    /// It did not answer, or what it said is not believed. The log says more than the person needs.
    #[error("the provider's answer is not believed: {0}")]
    NotBelieved(String),
    /// The person said no there, or took too long.
    #[error("the sign-in was not finished there")]
    NotFinished,
    /// It has not seen the address confirmed.
    #[error("the provider does not vouch for the address")]
    Unverified,
    /// The business lets others in by this provider.
    #[error("the address is of another domain")]
    OtherDomain,
    /// Nobody is known by the address, and nobody may be made.
    #[error("nobody is known by the address")]
    Unknown,
    /// Who has the address must sign in once and connect the provider.
    #[error("the provider must be connected first")]
    ConnectFirst,
    /// Somebody else is known by this account of the provider's.
    #[error("the account is connected with somebody else")]
    Taken,
    /// Too many tries from one network.
    #[error("too many attempts")]
    TooMany,
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl Refusal for Outside {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::Fault(fault) => fault.kind(),
            Self::Taken => ErrorKind::Conflict,
            Self::NotBelieved(_)
            | Self::NotFinished
            | Self::Unverified
            | Self::OtherDomain
            | Self::Unknown
            | Self::ConnectFirst
            | Self::TooMany => ErrorKind::Forbidden,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::NotBelieved(_) => "That service did not answer as it should. Try again, or sign in another way.",
            Self::NotFinished => "The sign-in there was not finished. Try again, or sign in another way.",
            Self::Unverified => {
                "That service has not confirmed your e-mail address. Confirm it there, or sign in another way."
            }
            Self::OtherDomain => "With an address of this domain you cannot sign in by that service.",
            Self::Unknown => "Nobody is known here by that address. Sign up first, or sign in another way.",
            Self::ConnectFirst => {
                "You have an account here. Sign in as you used to, then connect that service on the page Security."
            }
            Self::Taken => "That account is connected with somebody else here.",
            Self::TooMany => "Too many attempts. Wait a quarter of an hour and try again.",
            Self::Fault(fault) => return Refusal::message(fault),
        }
        .to_owned()
    }

    fn text(&self) -> Option<Text> {
        Some(Text::new(match self {
            Self::NotBelieved(_) => "identity-outside-not-believed",
            Self::NotFinished => "identity-outside-not-finished",
            Self::Unverified => "identity-outside-unverified",
            Self::OtherDomain => "identity-outside-domain",
            Self::Unknown => "identity-outside-unknown",
            Self::ConnectFirst => "identity-outside-connect-first",
            Self::Taken => "identity-outside-taken",
            Self::TooMany => "identity-too-many",
            Self::Fault(_) => return None,
        }))
    }
}

//! What this module writes to people. How a mail is worded and sent is not known here: the application implements the
//! port with what knows mail. A letter holds a secret path, so it goes through the port and never into an event.

use async_trait::async_trait;
use bursar_db::Tx;
use bursar_fault::Fault;

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// The address.
    pub email: String,
    /// The name; empty when only the address is known.
    pub name: String,
}

/// What a mail says. Paths are on this host and work once.
#[derive(Clone, PartialEq, Eq)]
pub enum Letter {
    /// Choose a new password, within so many minutes.
    ResetPassword {
        /// `/portal/reset/…`
        path: String,
        /// How long it works.
        minutes: i64,
    },
    /// Show that the address is yours.
    VerifyAddress {
        /// `/portal/verify/…`
        path: String,
    },
    /// Somebody signed up with the address, which has an account already.
    AddressKnown {
        /// `/portal/sign-in`
        path: String,
    },
    /// Join a customer's team, within so many days.
    Invitation {
        /// `/portal/invitation/…`
        path: String,
        /// Whose team.
        customer_name: String,
        /// Who invites.
        inviter: String,
        /// How long it works.
        days: i64,
    },
}

impl std::fmt::Debug for Letter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ResetPassword { .. } => "ResetPassword(…)",
            Self::VerifyAddress { .. } => "VerifyAddress(…)",
            Self::AddressKnown { .. } => "AddressKnown",
            Self::Invitation { .. } => "Invitation(…)",
        })
    }
}

/// Writes a mail in the caller's transaction, to be sent after it commits.
#[async_trait(?Send)]
pub trait IdentityMail: Send + Sync {
    /// Queues the letter.
    async fn write(&self, tx: &mut Tx, to: &Recipient, letter: &Letter) -> Result<(), Fault>;
}

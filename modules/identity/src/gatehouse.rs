//! What the handlers of this module work with beside the database.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bursar_context::Cx;
use bursar_outbound::{Call, Credentials, Outbound};
use bursar_vault::Vault;

use crate::factors::passkeys::Passkeys;
use crate::mail::IdentityMail;
use crate::roles::RoleBook;

/// Roles, keys and ports. The application makes one and layers it over the router.
#[derive(Clone)]
pub struct Gatehouse {
    /// What every role may do.
    pub book: Arc<RoleBook>,
    /// Seals the secrets of code apps.
    pub vault: Vault,
    /// Writes to people.
    pub mail: Arc<dyn IdentityMail>,
    /// Where people reach us, without a slash at the end: what apps know us by.
    pub base: String,
    /// None where people reach us by a bare address: passkeys belong to a name.
    pub passkeys: Option<Arc<Passkeys>>,
    /// The way out to services that vouch for people.
    pub outbound: Outbound,
    /// How long such a service may take: a person waits.
    pub patience: Duration,
}

impl Gatehouse {
    /// How long a person waits for another service before they are told that it does not answer.
    pub const PATIENCE: Duration = Duration::from_secs(8);

    pub(crate) fn call(&self, cx: &Cx, credentials: Credentials) -> Call {
        Call::new(cx.now(), self.patience, credentials).through(&self.outbound)
    }
}

impl fmt::Debug for Gatehouse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gatehouse(…)")
    }
}

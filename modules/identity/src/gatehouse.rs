//! What the handlers of this module work with beside the database.

use std::fmt;
use std::sync::Arc;

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
}

impl fmt::Debug for Gatehouse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Gatehouse(…)")
    }
}

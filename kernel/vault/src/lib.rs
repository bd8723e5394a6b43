//! Secrets sealed at rest.
//!
//! A [`Vault`] holds a ring of keys, each with an id. [`Vault::seal`] writes with the active key and names it in the
//! text, [`Vault::open`] reads with whichever key is named, so a key can be replaced while old values stay readable.
//! What a value belongs to (its table, row and column) is bound in as associated data: a sealed text copied to
//! another row does not open there. Clear text lives in [`Secret`], which never prints and is wiped when dropped.
//!
//! Deliberately absent: storing anything. The vault does not know the database, and the keys are never in it.

mod keyring;
mod seal;
mod secret;

pub use keyring::{KeyFileError, KeyRing};
pub use seal::{OpenError, Sealed, Vault};
pub use secret::Secret;

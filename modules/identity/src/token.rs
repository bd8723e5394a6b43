//! Secret tokens: 32 random bytes, shown once, stored as their hash.

use sha2::{Digest as _, Sha256};

/// Bytes of randomness in a token.
pub(crate) const BYTES: usize = 32;

/// The hash under which a token is stored. A plain hash is enough: the token cannot be guessed, so nothing is gained
/// by making each guess slow.
pub(crate) fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The same as text, for the database.
pub(crate) fn stored(token: &str) -> String {
    hex::encode(hash(token))
}

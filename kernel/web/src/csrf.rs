//! Proof that a form came from one of our own pages.
//!
//! The token is a keyed hash of the session (or of the visitor cookie before sign-in), so nothing is stored and a token
//! of one session is worthless in another. Every page carries it under a fresh mask: equal text on a compressed page
//! could otherwise be guessed byte by byte from the lengths of answers.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

/// The name of the hidden field in every form.
pub const CSRF_FIELD: &str = "_csrf";
/// The header scripts send instead.
pub const CSRF_HEADER: &str = "x-csrf-token";

/// The installation's key for tokens and signed cookies. Does not print.
#[derive(Clone)]
pub struct ShellKey([u8; 32]);

impl std::fmt::Debug for ShellKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ShellKey(…)")
    }
}

impl ShellKey {
    /// A key of 32 random bytes; all nodes of an installation share it.
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The keyed hash of a message. `purpose` keeps a value made for one use from being taken for another.
    pub(crate) fn sign(&self, purpose: &str, message: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    /// The token for a page, under `mask`.
    pub(crate) fn csrf_token(&self, binding: &[u8], mask: [u8; 32]) -> String {
        let secret = self.sign("csrf", binding);
        let mut out = [0; 64];
        for (index, byte) in mask.iter().enumerate() {
            out[index] = *byte;
            out[index + 32] = byte ^ secret[index];
        }
        URL_SAFE_NO_PAD.encode(out)
    }

    /// Whether a token belongs to `binding`. Takes the same time wherever it differs.
    pub(crate) fn accepts_csrf(&self, binding: &[u8], token: &str) -> bool {
        let Ok(bytes) = URL_SAFE_NO_PAD.decode(token) else { return false };
        let Ok(bytes) = <[u8; 64]>::try_from(bytes) else { return false };
        let mut given = [0; 32];
        for (index, byte) in given.iter_mut().enumerate() {
            *byte = bytes[index] ^ bytes[index + 32];
        }
        self.sign("csrf", binding).ct_eq(&given).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_good_for_its_session_only_and_never_looks_the_same() {
        let key = ShellKey::new([7; 32]);
        let one = key.csrf_token(b"session a", [1; 32]);
        let two = key.csrf_token(b"session a", [2; 32]);
        assert_ne!(one, two);
        assert!(key.accepts_csrf(b"session a", &one));
        assert!(key.accepts_csrf(b"session a", &two));
        assert!(!key.accepts_csrf(b"session b", &one));
        assert!(!ShellKey::new([8; 32]).accepts_csrf(b"session a", &one));
        for nonsense in ["", "AAAA", "not base64!", &one[..one.len() - 2]] {
            assert!(!key.accepts_csrf(b"session a", nonsense));
        }
    }
}

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_fault::{Fault, FaultClass};
use bursar_ids::Rng;
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};

use crate::keyring::{KeyRing, is_key_id};
use crate::secret::Secret;

/// Version of the text form; a change of algorithm gets another one.
const FORMAT: &str = "v1";
const NONCE_BYTES: usize = 24;
const TAG_BYTES: usize = 16;

/// A sealed value as it is stored: `v1.<key id>.<base64url of nonce and ciphertext>`. Safe to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    key_id: String,
    nonce: [u8; NONCE_BYTES],
    ciphertext: Vec<u8>,
}

/// Why a sealed value could not be opened. None of them says anything about the clear text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The stored text is not a sealed value.
    #[error("the stored text is not a sealed value")]
    Unreadable,
    /// The key that sealed it is not in the key ring.
    #[error("the value was sealed with key {0}, which is not in the key ring; restore that key")]
    UnknownKey(String),
    /// Altered, sealed for another place, or sealed with another key under the same id.
    #[error("the sealed value was altered or belongs to another place")]
    Altered,
}

impl From<OpenError> for Fault {
    fn from(error: OpenError) -> Self {
        Self::with_class(FaultClass::Corrupt, "a stored secret cannot be opened").caused_by(error)
    }
}

impl Sealed {
    /// Reads the stored text.
    ///
    /// # Errors
    /// [`OpenError::Unreadable`] when it is not of the form `v1.<key id>.<base64url>`.
    pub fn parse(text: &str) -> Result<Self, OpenError> {
        let mut parts = text.split('.');
        let (Some(FORMAT), Some(key_id), Some(body), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(OpenError::Unreadable);
        };
        let bytes = URL_SAFE_NO_PAD.decode(body).map_err(|_| OpenError::Unreadable)?;
        let Some((nonce, ciphertext)) = bytes.split_first_chunk::<NONCE_BYTES>() else {
            return Err(OpenError::Unreadable);
        };
        if !is_key_id(key_id) || ciphertext.len() < TAG_BYTES {
            return Err(OpenError::Unreadable);
        }
        Ok(Self { key_id: key_id.to_owned(), nonce: *nonce, ciphertext: ciphertext.to_vec() })
    }

    /// Which key sealed it.
    pub fn key_id(&self) -> &str {
        &self.key_id
    }
}

impl fmt::Display for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = Vec::with_capacity(NONCE_BYTES + self.ciphertext.len());
        body.extend_from_slice(&self.nonce);
        body.extend_from_slice(&self.ciphertext);
        write!(f, "{FORMAT}.{}.{}", self.key_id, URL_SAFE_NO_PAD.encode(body))
    }
}

/// Seals and opens with the keys of one ring.
#[derive(Debug, Clone)]
pub struct Vault {
    ring: KeyRing,
}

impl Vault {
    /// A vault over these keys.
    pub const fn new(ring: KeyRing) -> Self {
        Self { ring }
    }

    /// The keys' ids, oldest first; for `doctor`.
    pub fn key_ids(&self) -> impl Iterator<Item = &str> {
        self.ring.ids()
    }

    /// Seals with the active key.
    ///
    /// `aad` names the place the value belongs to, for example `payments_methods:12:token`; opening needs the same.
    /// The nonce is 24 random bytes, so two sealings of one value differ and none repeats in practice.
    pub fn seal(&self, plain: &[u8], aad: &str, rng: &mut Rng) -> Sealed {
        let (key_id, key) = self.ring.active();
        let nonce = rng.bytes::<NONCE_BYTES>();
        let ciphertext = cipher(key)
            .encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &bind(key_id, aad) })
            .expect("XChaCha20-Poly1305 seals any text under 256 GiB");
        Sealed { key_id: key_id.to_owned(), nonce, ciphertext }
    }

    /// Opens what [`Vault::seal`] made for the same place.
    ///
    /// # Errors
    /// [`OpenError::UnknownKey`] when its key is gone, [`OpenError::Altered`] for everything else.
    pub fn open(&self, sealed: &Sealed, aad: &str) -> Result<Secret<Vec<u8>>, OpenError> {
        let key =
            self.ring.find(&sealed.key_id).ok_or_else(|| OpenError::UnknownKey(sealed.key_id.clone()))?;
        cipher(key)
            .decrypt(
                &XNonce::from(sealed.nonce),
                Payload { msg: &sealed.ciphertext, aad: &bind(&sealed.key_id, aad) },
            )
            .map(Secret::new)
            .map_err(|_| OpenError::Altered)
    }

    /// Opens a stored text as UTF-8.
    ///
    /// # Errors
    /// As [`Sealed::parse`] and [`Vault::open`]; [`OpenError::Altered`] when the clear text is not UTF-8.
    pub fn open_text(&self, stored: &str, aad: &str) -> Result<Secret<String>, OpenError> {
        let bytes = self.open(&Sealed::parse(stored)?, aad)?;
        String::from_utf8(bytes.expose().clone()).map(Secret::new).map_err(|_| OpenError::Altered)
    }

    /// Seals again with the active key when an older one was used; `None` when it is up to date.
    ///
    /// # Errors
    /// As [`Vault::open`].
    pub fn reseal(&self, sealed: &Sealed, aad: &str, rng: &mut Rng) -> Result<Option<Sealed>, OpenError> {
        if sealed.key_id == self.ring.active().0 {
            return Ok(None);
        }
        let plain = self.open(sealed, aad)?;
        Ok(Some(self.seal(plain.expose(), aad, rng)))
    }
}

fn cipher(key: &[u8; 32]) -> XChaCha20Poly1305 {
    XChaCha20Poly1305::new(key.into())
}

/// Format and key id are bound in too, so that neither can be rewritten in the stored text. A key id has no dot,
/// so two different pairs never give the same bytes.
fn bind(key_id: &str, aad: &str) -> Vec<u8> {
    format!("{FORMAT}.{key_id}.{aad}").into_bytes()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop, prop_assert_eq, proptest};

    use super::*;

    fn vault() -> (Vault, Rng) {
        let mut rng = Rng::from_seed(1);
        (Vault::new(KeyRing::generate(&mut rng)), rng)
    }

    #[test]
    fn what_was_sealed_opens_in_its_own_place_only() {
        let (vault, mut rng) = vault();
        let stored = vault.seal(b"sk_live_1", "payments_methods:7:token", &mut rng).to_string();
        assert!(stored.starts_with("v1.k1."));
        assert!(!stored.contains("sk_live"));
        assert_eq!(vault.open_text(&stored, "payments_methods:7:token").unwrap().expose(), "sk_live_1");
        assert_eq!(vault.open_text(&stored, "payments_methods:8:token").unwrap_err(), OpenError::Altered);
    }

    #[test]
    fn two_sealings_of_one_value_differ() {
        let (vault, mut rng) = vault();
        assert_ne!(vault.seal(b"x", "a", &mut rng), vault.seal(b"x", "a", &mut rng));
    }

    #[test]
    fn after_rotation_old_values_open_and_are_resealed_with_the_new_key() {
        let mut rng = Rng::from_seed(1);
        let ring = KeyRing::generate(&mut rng);
        let old = Vault::new(ring.clone()).seal(b"s", "a", &mut rng);
        let rotated = Vault::new(ring.with_new_key(&mut rng));
        assert_eq!(rotated.open(&old, "a").unwrap().expose(), b"s");
        let new = rotated.reseal(&old, "a", &mut rng).unwrap().unwrap();
        assert_eq!(new.key_id(), "k2");
        assert_eq!(rotated.open(&new, "a").unwrap().expose(), b"s");
        assert_eq!(rotated.reseal(&new, "a", &mut rng).unwrap(), None);
    }

    #[test]
    fn a_lost_key_is_named() {
        let (vault, mut rng) = vault();
        let sealed = Sealed { key_id: "k9".to_owned(), ..vault.seal(b"s", "a", &mut rng) };
        assert_eq!(vault.open(&sealed, "a").unwrap_err(), OpenError::UnknownKey("k9".to_owned()));
    }

    #[test]
    fn text_that_is_not_sealed_is_refused() {
        for text in
            ["", "v1", "v1.k1", "v1.k1.", "v1.k1.AAAA", "v2.k1.AAAA", "v1.k1.!!!", "v1..AAAA", "a.b.c.d"]
        {
            assert_eq!(Sealed::parse(text), Err(OpenError::Unreadable), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_survive_and_any_flipped_bit_is_noticed(
            plain in proptest::collection::vec(any::<u8>(), 0..200), at in any::<prop::sample::Index>(), bit in 0..8_u8,
        ) {
            let (vault, mut rng) = vault();
            let sealed = vault.seal(&plain, "p", &mut rng);
            let read = Sealed::parse(&sealed.to_string()).unwrap();
            let opened = vault.open(&read, "p").unwrap();
            prop_assert_eq!(opened.expose(), &plain);
            let mut broken = sealed;
            let place = at.index(broken.ciphertext.len());
            broken.ciphertext[place] ^= 1 << bit;
            prop_assert_eq!(vault.open(&broken, "p").unwrap_err(), OpenError::Altered);
        }
    }
}

//! Signed tokens of others: read, and checked against their makers' public keys.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_time::Instant;
use ring::signature::{self, RsaPublicKeyComponents, UnparsedPublicKey};
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// Clocks differ a little.
pub(crate) const LEEWAY_SECONDS: i64 = 60;

/// Somebody's public keys.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct KeySet {
    keys: Vec<Key>,
}

/// A public key; which fields it has depends on its type.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Key {
    kid: String,
    kty: String,
    #[serde(rename = "use")]
    purpose: String,
    n: String,
    e: String,
    crv: String,
    x: String,
    y: String,
}

#[derive(Debug, Deserialize)]
struct Head {
    alg: String,
    #[serde(default)]
    kid: String,
}

/// For whom a token is: one name or several.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(crate) enum Audience {
    /// One.
    One(String),
    /// Several.
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is for this one, perhaps among others.
    pub(crate) fn includes(&self, name: &str) -> bool {
        match self {
            Self::One(one) => one == name,
            Self::Many(many) => many.iter().any(|it| it == name),
        }
    }
}

/// Why a token is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unbelieved {
    /// Not a signed token at all.
    #[error("it is no signed token")]
    Unreadable,
    /// Perhaps its maker has new keys.
    #[error("its key is not among the public keys")]
    UnknownKey,
    /// Altered, or signed by somebody else or in a way that the key does not allow.
    #[error("its signature is wrong")]
    WrongSignature,
}

impl KeySet {
    /// Reads a JSON Web Key Set.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// Whether anything could be checked with it.
    pub(crate) fn is_usable(&self) -> bool {
        self.count() > 0
    }

    /// How many of the keys are of a kind we can check.
    pub(crate) fn count(&self) -> usize {
        self.keys.iter().filter(|key| key.kty == "RSA" || key.kty == "EC" && key.crv == "P-256").count()
    }

    /// The claims of a token that one of these keys has signed. Nothing is said yet about whom it is for, and when.
    pub(crate) fn open<T: DeserializeOwned>(&self, token: &str) -> Result<T, Unbelieved> {
        let (signed, signature) = token.rsplit_once('.').ok_or(Unbelieved::Unreadable)?;
        let (head, body) = signed.split_once('.').ok_or(Unbelieved::Unreadable)?;
        let head: Head = decoded(head).ok_or(Unbelieved::Unreadable)?;
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| Unbelieved::Unreadable)?;
        // A token without a key's name may be of any of them.
        let mut named = self
            .keys
            .iter()
            .filter(|key| key.purpose != "enc" && (head.kid.is_empty() || key.kid == head.kid))
            .peekable();
        named.peek().ok_or(Unbelieved::UnknownKey)?;
        named
            .find_map(|key| key.verify(&head.alg, signed.as_bytes(), &signature))
            .ok_or(Unbelieved::WrongSignature)?;
        decoded(body).ok_or(Unbelieved::Unreadable)
    }
}

impl Key {
    /// The algorithm must be the one that belongs to the key's type: a token does not choose how it is checked.
    fn verify(&self, alg: &str, message: &[u8], signature: &[u8]) -> Option<()> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).ok();
        match (alg, self.kty.as_str()) {
            ("RS256", "RSA") => {
                let key = RsaPublicKeyComponents { n: bytes(&self.n)?, e: bytes(&self.e)? };
                key.verify(&signature::RSA_PKCS1_2048_8192_SHA256, message, signature).ok()
            }
            ("ES256", "EC") if self.crv == "P-256" => {
                let point = [vec![4], bytes(&self.x)?, bytes(&self.y)?].concat();
                UnparsedPublicKey::new(&signature::ECDSA_P256_SHA256_FIXED, point)
                    .verify(message, signature)
                    .ok()
            }
            _ => None,
        }
    }
}

fn decoded<T: DeserializeOwned>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

/// Seconds since 1970, as tokens count.
pub(crate) const fn seconds(instant: Instant) -> i64 {
    instant.micros().div_euclid(1_000_000)
}

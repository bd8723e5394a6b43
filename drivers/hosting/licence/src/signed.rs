//! Licences of our own: a payload in JSON and its Ed25519 signature, each in URL-safe base64, with a dot between.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bursar_hosting::{Tag, server};
use bursar_outbound::{Call, CallError};
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use serde::{Deserialize, Serialize};

use crate::book::Entry;
use crate::settings;

const DAY: i64 = 86_400;

/// What a licence says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    /// Our name of it.
    pub id: String,
    /// For which product.
    pub product: String,
    /// Our number of the customer.
    pub customer: i64,
    /// For how many; without limit when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seats: Option<i64>,
    /// When it ends, in Unix seconds; never when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<i64>,
}

pub(crate) struct Signer(Ed25519KeyPair);

impl Signer {
    pub(crate) fn open(call: &Call) -> Result<Self, CallError> {
        let text = server::secret(call, settings::SIGNING_KEY, "signing key")?;
        let malformed =
            || CallError::BadCredentials("the signing key is not 64 hexadecimal digits".to_owned());
        let seed = hex::decode(text).map_err(|_| malformed())?;
        Ok(Self(Ed25519KeyPair::from_seed_unchecked(&seed).map_err(|_| malformed())?))
    }

    /// What products check with.
    pub(crate) fn public_key(&self) -> String {
        STANDARD.encode(self.0.public_key().as_ref())
    }

    /// The licence as of today. It is the same all day.
    pub(crate) fn licence(&self, call: &Call, tag: &Tag, entry: &Entry) -> String {
        let number = |name: &str| entry.plan.get(name).and_then(|text| text.trim().parse::<i64>().ok());
        let days = number(settings::DAYS).filter(|days| *days > 0);
        let today = call.now().micros().div_euclid(1_000_000 * DAY);
        let licence = Licence {
            id: tag.to_string(),
            product: entry.plan.get(settings::PRODUCT).cloned().unwrap_or_default(),
            customer: entry.customer,
            seats: number(settings::SEATS),
            ends: days.map(|days| today.saturating_add(days).saturating_mul(DAY)),
        };
        let payload = serde_json::to_vec(&licence).expect("a licence of texts is JSON");
        let signature = self.0.sign(&payload);
        format!("{}.{}", URL_SAFE_NO_PAD.encode(&payload), URL_SAFE_NO_PAD.encode(signature.as_ref()))
    }
}

/// What a licence says, when the signature is the public key's. What a product does, here for tests and as an example.
pub fn read(public_key: &str, licence: &str) -> Option<Licence> {
    let key = STANDARD.decode(public_key).ok()?;
    let (payload, signature) = licence.trim().split_once('.')?;
    let payload = URL_SAFE_NO_PAD.decode(payload).ok()?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    UnparsedPublicKey::new(&ED25519, key).verify(&payload, &signature).ok()?;
    serde_json::from_slice(&payload).ok()
}

//! Names and references that cross the contract.

use std::fmt;

use bursar_time::Instant;

/// Names one intent towards a vendor, for ever. At most 255 visible ASCII characters, which every vendor accepts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(String);

/// The text cannot be an idempotency key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an idempotency key is 1 to 255 visible ASCII characters, not {0:?}")]
pub struct BadKey(pub String);

impl IdempotencyKey {
    /// Accepts 1 to 255 visible ASCII characters.
    pub fn new(text: impl Into<String>) -> Result<Self, BadKey> {
        let text = text.into();
        if (1..=255).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic()) {
            Ok(Self(text))
        } else {
            Err(BadKey(text))
        }
    }

    /// The key as sent.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for IdempotencyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The vendor's name of a charge or refund. Not secret.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GatewayReference(String);

impl GatewayReference {
    /// Takes the vendor's spelling as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The vendor's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for GatewayReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the vendor needs to charge a method. A secret: it never prints.
#[derive(Clone, PartialEq, Eq)]
pub struct MethodToken(String);

impl MethodToken {
    /// Takes the vendor's token as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The token, for the vendor's protocol and for sealing only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MethodToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MethodToken(…)")
    }
}

/// A method the vendor keeps for us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMethod {
    /// Charges it.
    pub token: MethodToken,
    /// "Visa", "PayPal", …
    pub brand: String,
    /// The last digits people know it by; empty where there are none.
    pub last4: String,
    /// "2030-08"; `None` when it does not expire.
    pub expires: Option<String>,
}

/// A webhook as it arrived. Header names are compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookRequest {
    /// Every header with its value.
    pub headers: Vec<(String, String)>,
    /// The raw body: signatures cover these bytes.
    pub body: Vec<u8>,
}

impl WebhookRequest {
    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }
}

/// A verified webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The vendor's id of the announcement; repeats carry the same one.
    pub id: String,
    /// When the vendor says that it happened. For people: order is not promised.
    pub created_at: Instant,
    /// What to look at.
    pub subject: WebhookSubject,
}

/// What a webhook is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookSubject {
    /// A charge changed.
    Charge {
        /// Our key, when the vendor repeats it.
        key: Option<IdempotencyKey>,
        /// The vendor's reference.
        reference: GatewayReference,
    },
    /// A refund changed.
    Refund {
        /// Our key, when the vendor repeats it.
        key: Option<IdempotencyKey>,
        /// The vendor's reference.
        reference: GatewayReference,
    },
    /// Something we do not act upon; kept, not followed.
    Other(String),
}

/// Why a webhook is not accepted. Nothing of its body may be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WebhookRefused {
    /// Not signed, or not in a form we know.
    #[error("the webhook carries no usable signature")]
    NotSigned,
    /// Forged or altered.
    #[error("the webhook's signature does not match")]
    BadSignature,
    /// Signed, but minutes ago: perhaps a replay.
    #[error("the webhook was signed too long ago or too far ahead")]
    Stale,
    /// The account has no secret to check with.
    #[error("no webhook secret is set for this gateway")]
    NoSecret,
    /// Signed by the vendor and still not readable.
    #[error("the webhook cannot be read: {0}")]
    Unreadable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_visible_ascii_of_at_most_255_characters() {
        assert!(IdempotencyKey::new("pay:inv-1:1").is_ok());
        assert!(IdempotencyKey::new("k".repeat(255)).is_ok());
        for bad in [String::new(), "a b".into(), "é".into(), "k".repeat(256), "a\n".into()] {
            assert_eq!(IdempotencyKey::new(bad.clone()), Err(BadKey(bad)));
        }
    }

    #[test]
    fn a_token_does_not_print() {
        assert!(!format!("{:?}", MethodToken::new("tok_4242")).contains("4242"));
    }

    #[test]
    fn header_names_have_no_case() {
        let request = WebhookRequest { headers: vec![("Sig".into(), "1".into())], body: Vec::new() };
        assert_eq!(request.header("sIG"), Some("1"));
        assert_eq!(request.header("other"), None);
    }
}

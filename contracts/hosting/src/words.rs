//! Names and references that cross the contract.

use std::fmt;

use zeroize::Zeroizing;

/// Our name of a resource, written on the vendor's object. The caller MUST make it unique over everything that shares
/// the server (other tenants too), MUST store it before the first call and MUST NOT use it for another resource.
///
/// 2 to 32 characters: small letters, digits and single hyphens, a letter first and no hyphen last, which most vendors
/// take in some field. A vendor that has none gets a digest of it as the object's own name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tag(String);

/// The text cannot be a tag.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a tag is 2 to 32 small letters, digits and single hyphens, beginning with a letter, not {0:?}")]
pub struct BadTag(pub String);

impl Tag {
    /// Accepts what the type's documentation says.
    pub fn new(text: impl Into<String>) -> Result<Self, BadTag> {
        let text = text.into();
        let spelled = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        let starts = text.bytes().next().is_some_and(|b| b.is_ascii_lowercase());
        if (2..=32).contains(&text.len()) && spelled && starts && !text.ends_with('-') && !text.contains("--")
        {
            Ok(Self(text))
        } else {
            Err(BadTag(text))
        }
    }

    /// The tag as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The vendor's name of a resource. Not secret. Only its driver reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference(String);

impl Reference {
    /// Takes the vendor's spelling as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The vendor's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The vendor's name of work under way. Only its driver reads it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TaskReference(String);

impl TaskReference {
    /// Takes the vendor's spelling as it is.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The vendor's spelling.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

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

/// A password on its way to a vendor. It never prints and is wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Takes a password.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The password, for the vendor's protocol only.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
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

/// A verified webhook: a hint that something changed, never what it became.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookEvent {
    /// The vendor's id of the announcement; repeats carry the same one.
    pub id: String,
    /// Our tag, when the vendor repeats it.
    pub tag: Option<Tag>,
    /// The vendor's reference, when it names one. With neither, everything on the server is to be looked at.
    pub reference: Option<Reference>,
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
    /// The server has no secret to check with.
    #[error("no webhook secret is set for this server")]
    NoSecret,
    /// Signed by the vendor and still not readable.
    #[error("the webhook cannot be read: {0}")]
    Unreadable(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_fit_every_vendor() {
        for good in ["b7", "b7k2demo", "acme-4711", &format!("a{}", "1".repeat(31))] {
            assert_eq!(Tag::new(good).map(|tag| tag.to_string()).as_deref(), Ok(good));
        }
        for bad in ["", "b", "7b", "B7", "b_7", "b--7", "b7-", "-b7", "b 7", "bé", &"b".repeat(33)] {
            assert_eq!(Tag::new(bad), Err(BadTag(bad.to_owned())));
        }
    }

    #[test]
    fn keys_are_visible_ascii_of_at_most_255_characters() {
        assert!(IdempotencyKey::new("resource-1:create:1").is_ok());
        for bad in [String::new(), "a b".into(), "é".into(), "k".repeat(256)] {
            assert_eq!(IdempotencyKey::new(bad.clone()), Err(BadKey(bad)));
        }
    }

    #[test]
    fn a_password_does_not_print() {
        assert!(!format!("{:?}", Password::new("hunter2")).contains("hunter2"));
    }
}

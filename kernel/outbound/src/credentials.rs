//! What opens a vendor's account. Never printed.

use std::collections::BTreeMap;

use zeroize::Zeroizing;

/// Secret settings of one vendor account by name ("api_key", "webhook_secret"). `Debug` shows the names only.
#[derive(Clone, Default)]
pub struct Credentials(BTreeMap<&'static str, Zeroizing<String>>);

impl Credentials {
    /// For a vendor that needs none.
    pub fn none() -> Self {
        Self::default()
    }

    /// Adds or replaces one.
    #[must_use]
    pub fn with(mut self, name: &'static str, secret: impl Into<String>) -> Self {
        self.0.insert(name, Zeroizing::new(secret.into()));
        self
    }

    /// The secret of a name. Hand it to the vendor's protocol only.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(|secret| secret.as_str())
    }

    /// Every secret, for redaction.
    pub(crate) fn secrets(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(|secret| secret.as_str())
    }
}

impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

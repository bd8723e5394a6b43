//! What this module announces. Nothing secret travels in an event.

use bursar_events::Event;
use serde::{Deserialize, Serialize};

/// Somebody signed in with a browser they had not used before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewDeviceUsed {
    /// `staff` or `user`.
    pub kind: String,
    /// Who.
    pub subject_id: i64,
    /// Where to write.
    pub email: String,
    /// Whom to address.
    pub name: String,
    /// From where.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

impl Event for NewDeviceUsed {
    const NAME: &'static str = "identity.device.used_first";

    fn subject(&self) -> String {
        format!("{}:{}", self.kind, self.subject_id)
    }
}

/// Something changed that decides who can sign in as a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecurityChanged {
    /// `staff` or `user`.
    pub kind: String,
    /// Who.
    pub subject_id: i64,
    /// Where to write.
    pub email: String,
    /// Whom to address.
    pub name: String,
    /// `password`, `totp_added`, `totp_removed`, `passkey_added`, `passkey_removed`, `recovery_codes`, `api_token`,
    /// `provider_added`, `provider_removed`: another service by which they sign in;
    /// `taken_over`: the owner of the address came, and what somebody else had set up with it ended.
    pub what: String,
}

impl Event for SecurityChanged {
    const NAME: &'static str = "identity.security.changed";

    fn subject(&self) -> String {
        format!("{}:{}", self.kind, self.subject_id)
    }
}

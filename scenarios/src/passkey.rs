//! A virtual authenticator: the key, the finger and the consent of whoever walks.

use serde_json::{Value, json};

use crate::Browser;

/// An authenticator plugged into one browser. It goes when the browser is given back.
#[derive(Debug)]
pub struct Authenticator {
    id: String,
}

impl Browser<'_> {
    /// Plugs in an authenticator like the one built into a laptop: it keeps passkeys and knows its owner.
    pub fn plug_in_authenticator(&mut self) -> Authenticator {
        let kind = json!({
            "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
            "hasUserVerification": true, "isUserConsenting": true, "isUserVerified": true,
        });
        let id = self.command("/webauthn/authenticator", &kind);
        let authenticator = Authenticator { id: id.as_str().expect("an authenticator has an id").to_owned() };
        self.remember_authenticator(&authenticator.id);
        authenticator
    }

    /// The passkeys it keeps.
    pub fn passkeys(&mut self, authenticator: &Authenticator) -> Vec<Value> {
        let path = format!("/webauthn/authenticator/{}/credentials", authenticator.id);
        self.ask(&path).as_array().cloned().unwrap_or_default()
    }

    /// From now on its owner is, or is not, recognised.
    pub fn set_recognised(&mut self, authenticator: &Authenticator, recognised: bool) {
        let path = format!("/webauthn/authenticator/{}/uv", authenticator.id);
        self.command(&path, &json!({ "isUserVerified": recognised }));
    }
}

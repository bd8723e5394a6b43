//! What most drivers are told about a server, and how they read it from the call. The forms share names and words, so
//! that staff fill in the same field the same way for every panel.

use bursar_outbound::{BadFingerprint, Call, CallError, Endpoint, Fingerprint, Trust};

use crate::{Operation, Origin, Setting, SettingKind};

/// The name of the panel's address.
pub const URL: &str = "url";
/// The name of the certificate's fingerprint.
pub const FINGERPRINT: &str = "fingerprint";
/// The name of the authority's certificate.
pub const AUTHORITY: &str = "authority";

/// The field for [`URL`]; the help says what it looks like at this vendor.
pub const fn url_setting(help: &'static str) -> Setting {
    Setting::required(URL, "Address", SettingKind::Url, help)
}

/// The field for [`FINGERPRINT`].
pub const FINGERPRINT_SETTING: Setting = Setting::optional(
    FINGERPRINT,
    "Certificate fingerprint",
    SettingKind::Fingerprint,
    "SHA-256 of the panel's certificate, when no public authority signed it.",
);

/// Where the call's server listens and how its certificate is checked.
pub fn endpoint(call: &Call) -> Result<Endpoint, CallError> {
    let url = setting(call, URL, "address")?;
    let endpoint = Endpoint::parse(url).map_err(|error| CallError::Refused(error.to_string()))?;
    if let Some(text) = call.settings().text(FINGERPRINT) {
        let pin = text.parse::<Fingerprint>().map_err(|error: BadFingerprint| {
            CallError::Refused(format!("the fingerprint is malformed: {error}"))
        })?;
        return Ok(endpoint.trusting(Trust::Pinned(pin)));
    }
    Ok(match call.settings().text(AUTHORITY) {
        Some(pem) => endpoint.trusting(Trust::Authority(pem.to_owned())),
        None => endpoint,
    })
}

/// A setting of the server that nothing works without; `what` names it in the message.
pub fn setting<'a>(call: &'a Call, name: &str, what: &str) -> Result<&'a str, CallError> {
    call.settings().text(name).ok_or_else(|| missing(what))
}

/// A secret of the server that nothing works without. Secrets are pasted with line ends, which are cut off.
pub fn secret<'a>(call: &'a Call, name: &str, what: &str) -> Result<&'a str, CallError> {
    optional_secret(call, name).ok_or_else(|| missing(what))
}

/// A secret that may be absent.
pub fn optional_secret<'a>(call: &'a Call, name: &str) -> Option<&'a str> {
    call.credentials().get(name).map(str::trim).filter(|secret| !secret.is_empty())
}

fn missing(what: &str) -> CallError {
    CallError::Refused(format!("the server's {what} is not set"))
}

/// Refuses to make what staff linked to an object that was there before: it is gone, and another one in its place would
/// not be what the customer had.
pub fn may_be_made(operation: &Operation) -> Result<(), CallError> {
    match operation.resource.origin {
        Origin::Made => Ok(()),
        Origin::Adopted => {
            Err(CallError::Refused("what was taken over is gone, and is not made again".to_owned()))
        }
    }
}

//! Signed webhooks with a time stamp, the scheme several vendors share: `t=<unix seconds>,v1=<hex HMAC-SHA256>` over
//! `<t>.<raw body>`. Several `v1` may stand side by side while a secret is being rolled.

use bursar_time::Instant;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How far the stamp may be from now, in both directions, in seconds.
pub const TOLERANCE_SECONDS: i64 = 300;

/// Why a signature is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// No stamp or no `v1` in the header.
    #[error("the signature header is missing or malformed")]
    Malformed,
    /// No `v1` matches: forged, altered, or signed with another secret.
    #[error("the signature does not match")]
    Mismatch,
    /// Signed correctly but too long ago or too far ahead: a replay, or a wrong clock.
    #[error("the signature's time is more than five minutes away")]
    Stale,
}

/// The header value for a body signed at `at`.
pub fn sign(secret: &str, at: Instant, body: &[u8]) -> String {
    let stamp = at.micros().div_euclid(1_000_000).to_string();
    format!("t={stamp},v1={}", hex::encode(digest(secret, &stamp, body)))
}

/// Accepts a header when one `v1` matches and the stamp is near `now`. The signature is checked before the time, so
/// that `Stale` is only ever said about something the vendor did sign.
pub fn verify(secret: &str, now: Instant, header: &str, body: &[u8]) -> Result<(), SignatureError> {
    let mut stamp = None;
    let mut candidates = Vec::new();
    for part in header.split(',') {
        match part.trim().split_once('=') {
            Some(("t", value)) => stamp = Some(value),
            Some(("v1", value)) => candidates.push(value),
            // Other schemes ("v0") are test noise of the vendors and never accepted.
            _ => {}
        }
    }
    let stamp = stamp.ok_or(SignatureError::Malformed)?;
    let seconds: i64 = stamp.parse().map_err(|_| SignatureError::Malformed)?;
    if candidates.is_empty() {
        return Err(SignatureError::Malformed);
    }
    let expected = hex::encode(digest(secret, stamp, body));
    let matches = candidates.iter().any(|found| bool::from(found.as_bytes().ct_eq(expected.as_bytes())));
    if !matches {
        return Err(SignatureError::Mismatch);
    }
    let age = now.micros().div_euclid(1_000_000).saturating_sub(seconds);
    if age.checked_abs().is_none_or(|distance| distance > TOLERANCE_SECONDS) {
        return Err(SignatureError::Stale);
    }
    Ok(())
}

fn digest(secret: &str, stamp: &str, body: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(stamp.as_bytes());
    mac.update(b".");
    mac.update(body);
    mac.finalize().into_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_bursar_test_secret";
    const BODY: &[u8] = br#"{"id":"evt_1BursarTest","object":"event","type":"payment_intent.succeeded"}"#;
    /// Computed with a vendor's official client for this secret, body and time.
    const HEADER: &str = "t=1700000000,v1=e3a3f904d870e8eeb231cc0e4e85d0debf83fb9088d0b8f07d1cfe18f956d4ff";

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(seconds * 1_000_000)
    }

    #[test]
    fn the_published_vector_is_made_and_accepted() {
        assert_eq!(sign(SECRET, at(1_700_000_000), BODY), HEADER);
        assert_eq!(verify(SECRET, at(1_700_000_000), HEADER, BODY), Ok(()));
    }

    #[test]
    fn either_of_two_signatures_is_enough_while_a_secret_is_rolled() {
        let rolled =
            format!("t=1700000000,v1={},v0=ff,{}", "0".repeat(64), HEADER.split_once(',').unwrap().1);
        assert_eq!(verify(SECRET, at(1_700_000_000), &rolled, BODY), Ok(()));
    }

    #[test]
    fn altered_forged_old_and_malformed_are_refused() {
        let now = at(1_700_000_000);
        let altered = String::from_utf8(BODY.to_vec()).unwrap().replace("evt_1", "evt_2");
        assert_eq!(verify(SECRET, now, HEADER, altered.as_bytes()), Err(SignatureError::Mismatch));
        assert_eq!(verify("another", now, HEADER, BODY), Err(SignatureError::Mismatch));
        let later_stamp = HEADER.replace("1700000000", "1700000001");
        assert_eq!(verify(SECRET, now, &later_stamp, BODY), Err(SignatureError::Mismatch));
        assert_eq!(verify(SECRET, at(1_700_000_300), HEADER, BODY), Ok(()));
        assert_eq!(verify(SECRET, at(1_700_000_301), HEADER, BODY), Err(SignatureError::Stale));
        assert_eq!(verify(SECRET, at(1_699_999_699), HEADER, BODY), Err(SignatureError::Stale));
        for bad in ["", "t=1700000000", "v1=00", "t=x,v1=00", "t=1700000000,v0=00"] {
            assert_eq!(verify(SECRET, now, bad, BODY), Err(SignatureError::Malformed), "{bad:?}");
        }
    }
}

//! Links that end, in the two forms that web servers check by themselves. Pure.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_outbound::path_part;
use bursar_time::Instant;
use hmac::{Hmac, KeyInit, Mac};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::settings;

/// The path of a file as it stands in a link. What leads upwards or has an empty part is refused.
pub(crate) fn path(file: &str) -> Result<String, String> {
    let parts: Vec<&str> = file.trim_start_matches('/').split('/').collect();
    if parts.iter().any(|part| matches!(*part, "" | "." | "..") || part.chars().any(char::is_control)) {
        return Err(format!("{file:?} is no file like releases/gizmo-2.1.zip"));
    }
    Ok(parts.iter().map(|part| format!("/{}", path_part(part))).collect())
}

/// The address with its signature behind it. Both schemes sign the path as the server sees it, after the host.
pub(crate) fn signed(base: &str, path: &str, scheme: &str, secret: &str, expires_at: Instant) -> String {
    let expires = expires_at.micros().div_euclid(1_000_000);
    // The base may have a path of its own, which the server sees too.
    let after_scheme = base.split_once("://").map_or(base, |(_, rest)| rest);
    let own_path = after_scheme.find('/').map_or("", |at| &after_scheme[at..]);
    let seen = format!("{own_path}{path}");
    if scheme == settings::NGINX {
        // secure_link_md5 "$secure_link_expires$uri <secret>": nginx compares the decoded path.
        let decoded = percent_decoded(&seen);
        let digest = Md5::digest(format!("{expires}{decoded} {secret}").as_bytes());
        return format!("{base}{path}?md5={}&expires={expires}", URL_SAFE_NO_PAD.encode(digest));
    }
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
    mac.update(format!("{seen}\n{expires}").as_bytes());
    format!("{base}{path}?expires={expires}&signature={}", hex::encode(mac.finalize().into_bytes()))
}

fn percent_decoded(path: &str) -> String {
    let mut out = Vec::new();
    let bytes = path.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], path.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 3;
            }
            (byte, _) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_files_have_a_path() {
        assert_eq!(path("releases/gizmo 2.zip"), Ok("/releases/gizmo%202.zip".to_owned()));
        assert_eq!(path("/a.zip?x=1"), Ok("/a.zip%3Fx%3D1".to_owned()));
        for bad in ["", "/", "..", "a/../b", "a//b", "a/./b", "a\nb", "a/"] {
            assert!(path(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn signatures_are_those_that_servers_compute() {
        let at = Instant::EPOCH.plus_seconds(2_147_483_647);
        // Each digest was made by openssl:
        // echo -n '2147483647/s/link secret' | openssl md5 -binary | openssl base64 | tr +/ -_ | tr -d =
        assert_eq!(
            signed("https://files.example", "/s/link", "nginx", "secret", at),
            "https://files.example/s/link?md5=0Xgm37lo5nFEuHMDKl_vQg&expires=2147483647"
        );
        // printf '/files/s/link\n2147483647' | openssl dgst -sha256 -hmac secret
        assert_eq!(
            signed("https://files.example/files", "/s/link", "hmac", "secret", at),
            "https://files.example/files/s/link?expires=2147483647&signature=1ce434fcc47ee42f7c3e435c3dd07346592524855e09a680a2eb229b7eed06a4"
        );
        let spaced = signed("https://files.example", "/a%20b", "nginx", "secret", at);
        // echo -n '2147483647/a b secret'
        assert_eq!(spaced, "https://files.example/a%20b?md5=kNTPcoyR0JBlviXqyInx8g&expires=2147483647");
    }
}

//! Password hashes that other systems made: WHMCS through its ages. They can be checked, and are never made.
//!
//! | stored | made by |
//! | --- | --- |
//! | `$2y$…` | bcrypt, since 6.3 |
//! | 32 hex digits, `:`, salt | md5 of salt and password, 4.2.1 to 6.2 |
//! | 64 hex digits, `:`, key | HMAC-SHA256 under the key, where PHP had no bcrypt |
//! | 32 hex digits | md5 of the password, the oldest |

use hmac::{Hmac, KeyInit as _, Mac as _};
use md5::{Digest as _, Md5};
use sha2::Sha256;
use subtle::ConstantTimeEq as _;

enum Foreign<'s> {
    Bcrypt(&'s str),
    SaltedMd5(Vec<u8>, &'s str),
    KeyedSha256(Vec<u8>, &'s str),
    Md5(Vec<u8>),
}

fn parse(stored: &str) -> Option<Foreign<'_>> {
    if ["$2y$", "$2a$", "$2b$"].iter().any(|start| stored.starts_with(start)) && stored.len() == 60 {
        return Some(Foreign::Bcrypt(stored));
    }
    let (digits, rest) = match stored.split_once(':') {
        Some((digits, rest)) => (digits, Some(rest)),
        None => (stored, None),
    };
    let digest = hex::decode(digits).ok()?;
    match (digest.len(), rest) {
        (16, Some(salt)) => Some(Foreign::SaltedMd5(digest, salt)),
        (32, Some(key)) => Some(Foreign::KeyedSha256(digest, key)),
        (16, None) => Some(Foreign::Md5(digest)),
        _ => None,
    }
}

/// Whether this is a password hash of another system that we can check.
pub fn is_foreign_hash(stored: &str) -> bool {
    parse(stored).is_some()
}

/// Whether a password belongs to a hash of another system; `None` when the hash is none of theirs.
pub(super) fn matches(stored: &str, password: &str) -> Option<bool> {
    let foreign = parse(stored)?;
    // Old versions hashed what the form's entities made of the password.
    Some(fits(&foreign, password) || encoded(password).is_some_and(|encoded| fits(&foreign, &encoded)))
}

fn fits(foreign: &Foreign<'_>, password: &str) -> bool {
    match foreign {
        Foreign::Bcrypt(stored) => bcrypt::verify(password, stored).unwrap_or(false),
        Foreign::SaltedMd5(digest, salt) => same(&Md5::digest(format!("{salt}{password}")), digest),
        Foreign::KeyedSha256(digest, key) => Hmac::<Sha256>::new_from_slice(key.as_bytes())
            .is_ok_and(|mac| same(&mac.chain_update(password).finalize().into_bytes(), digest)),
        Foreign::Md5(digest) => same(&Md5::digest(password), digest),
    }
}

fn same(one: &[u8], other: &[u8]) -> bool {
    one.ct_eq(other).into()
}

/// The password as PHP's `htmlspecialchars` writes it, when that differs.
fn encoded(password: &str) -> Option<String> {
    let text = password
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#039;");
    (text != password).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_old_hash_knows_its_password_and_no_other() {
        let hashes = [
            // Made with PHP's own functions.
            "62497ec27fd56edd5fc92c206f4b3086:x7Kq2",
            "7aa967f04cf052fd26f28d2404089fb195ae582dce9c1ae9aff91d0915f5aa2c:s3cr3tsalt",
            &hex::encode(Md5::digest("Hunter2!")),
            &bcrypt::hash("Hunter2!", 4).unwrap().replace("$2b$", "$2y$"),
        ];
        for hash in hashes {
            assert!(is_foreign_hash(hash), "{hash}");
            assert_eq!(matches(hash, "Hunter2!"), Some(true), "{hash}");
            assert_eq!(matches(hash, "hunter2!"), Some(false), "{hash}");
        }
    }

    #[test]
    fn a_password_that_was_hashed_with_its_entities_still_works() {
        let stored = hex::encode(Md5::digest("a&lt;b&amp;c"));
        assert_eq!(matches(&stored, "a<b&c"), Some(true));
    }

    #[test]
    fn what_is_no_hash_of_theirs_is_left_alone() {
        for stored in ["", "$argon2id$v=19$m=19456,t=2,p=1$AAAA$AAAA", "$2y$10$short", "zz:salt", "abcd"] {
            assert_eq!(matches(stored, "x"), None, "{stored}");
        }
    }
}

//! Opening the tokens of stored payment methods, which WHMCS encrypts with the `$cc_encryption_hash` of its
//! `configuration.php`: hexadecimal AES-256-CBC without an initialisation vector, under the MD5 of the hash and the client.

use aes::Aes256;
use aes::cipher::{Array, BlockCipherDecrypt as _, KeyInit as _};
use bursar_vault::Secret;
use md5::{Digest as _, Md5};
use serde_json::Value;

const BLOCK: usize = 16;

/// Why a token cannot be taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum TokenError {
    /// Nobody gave the key.
    #[error("its token is encrypted: give the old configuration.php with --configuration to take it over")]
    NoKey,
    /// Rubbish comes out.
    #[error("its token does not open with the key of the configuration.php that was given")]
    WrongKey,
    /// A number of a card or account, which the old system kept itself.
    #[error("it holds a card or account number and no token of a gateway; ask the customer for it again")]
    NoToken,
}

/// The token of a client's stored method.
pub(super) fn token(
    hash: Option<&Secret<String>>,
    client: i64,
    data: &str,
) -> Result<Secret<String>, TokenError> {
    let hash = hash.ok_or(TokenError::NoKey)?;
    let clear = decrypt(hash, client, data).ok_or(TokenError::WrongKey)?;
    // Padding differs between versions; the text ends with its last bracket.
    let end = clear.expose().iter().rposition(|b| *b == b'}').ok_or(TokenError::WrongKey)?;
    let held: Value = serde_json::from_slice(&clear.expose()[..=end]).map_err(|_| TokenError::WrongKey)?;
    match held.get("remoteToken") {
        Some(Value::String(token)) if !token.trim().is_empty() => Ok(Secret::new(token.clone())),
        Some(_) | None => Err(TokenError::NoToken),
    }
}

fn decrypt(hash: &Secret<String>, client: i64, data: &str) -> Option<Secret<Vec<u8>>> {
    let mut bytes = hex::decode(data.trim()).ok()?;
    if bytes.is_empty() || bytes.len() % BLOCK != 0 {
        return None;
    }
    let key = Secret::new(hex::encode(Md5::digest(format!("{}{client}", hash.expose()))));
    let cipher = Aes256::new_from_slice(key.expose().as_bytes()).expect("32 letters are a key");
    let mut before = [0; BLOCK];
    for block in bytes.chunks_exact_mut(BLOCK) {
        let sealed: [u8; BLOCK] = (&*block).try_into().expect("a chunk is a block");
        let mut opened = Array::from(sealed);
        cipher.decrypt_block(&mut opened);
        for ((out, clear), mask) in block.iter_mut().zip(opened).zip(before) {
            *out = clear ^ mask;
        }
        before = sealed;
    }
    Some(Secret::new(bytes))
}

/// The hash in the text of a `configuration.php`.
pub fn encryption_hash(configuration: &str) -> Option<Secret<String>> {
    let (_, rest) = configuration.split_once("$cc_encryption_hash")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '\'' | '"'))?;
    let (hash, _) = rest[1..].split_once(quote)?;
    (!hash.is_empty()).then(|| Secret::new(hash.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "5f4dcc3b5aa765d61d8327deb882cf99c0ffee00c0ffee00c0ffee00c0ffee00";
    /// Made apart from this code: `{"cardNumber":null,"remoteToken":"{\"customer\":\"cus_1\",\"method\":\"pm_1\"}"}` of
    /// client 42.
    const DATA: &str = "ddda1c0df2ee9503b4da67140f93b3996b30e4bef58717450a0ce1ba2bd57c58ffd672d5e0c2e846dbd89180a6dc52edbbdc2a6c994bd204862f940b1d713f1ef2a3b90e9d2d19770b1ec3c6b66f8322dc9991f8317c63f75a8dd3f271aed7d7";

    #[test]
    fn a_token_opens_with_the_hash_and_its_client_and_nothing_else() {
        let hash = Secret::new(HASH.to_owned());
        let open = |client, data| token(Some(&hash), client, data).map(|token| token.expose().clone());
        assert_eq!(open(42, DATA), Ok(r#"{"customer":"cus_1","method":"pm_1"}"#.to_owned()));
        assert_eq!(open(43, DATA), Err(TokenError::WrongKey));
        assert_eq!(open(42, "abc"), Err(TokenError::WrongKey));
        assert_eq!(open(42, ""), Err(TokenError::WrongKey));
        assert_eq!(token(None, 42, DATA).err(), Some(TokenError::NoKey));
    }

    #[test]
    fn the_hash_is_found_in_the_old_configuration() {
        let found = |text: &str| encryption_hash(text).map(|hash| hash.expose().clone());
        assert_eq!(found("<?php\n$cc_encryption_hash = 'abc';\n"), Some("abc".to_owned()));
        assert_eq!(found("$cc_encryption_hash=\"a'c\";"), Some("a'c".to_owned()));
        assert_eq!(found("$cc_encryption_hash = '';"), None);
        assert_eq!(found("$db_password = 'x';"), None);
    }
}

//! One message carried over a redirect to the next page.

use axum::http::HeaderValue;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq as _;

use crate::cookies::{FLASH_COOKIE, Transport};
use crate::csrf::ShellKey;

/// How a message is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FlashLevel {
    /// It was done.
    Success,
    /// Something to know.
    Info,
    /// Done, but look at this.
    Warning,
    /// It was not done.
    Danger,
}

/// A message for the next page. Signed, so that nobody can plant a text in somebody else's browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Flash {
    /// How it is meant.
    pub level: FlashLevel,
    /// Plain text; escaped when shown.
    pub text: String,
}

impl Flash {
    /// It was done.
    pub fn success(text: impl Into<String>) -> Self {
        Self { level: FlashLevel::Success, text: text.into() }
    }

    /// Something to know.
    pub fn info(text: impl Into<String>) -> Self {
        Self { level: FlashLevel::Info, text: text.into() }
    }

    /// Done, but look at this.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { level: FlashLevel::Warning, text: text.into() }
    }

    /// It was not done.
    pub fn danger(text: impl Into<String>) -> Self {
        Self { level: FlashLevel::Danger, text: text.into() }
    }

    /// The cookie that carries it; a text too long for a cookie is cut.
    pub(crate) fn store(&self, key: &ShellKey, transport: Transport) -> HeaderValue {
        let short = Self { level: self.level, text: self.text.chars().take(500).collect() };
        let body = serde_json::to_vec(&short).expect("a message of text and level is valid JSON");
        let signature = key.sign("flash", &body);
        let value = format!("{}.{}", URL_SAFE_NO_PAD.encode(body), URL_SAFE_NO_PAD.encode(signature));
        FLASH_COOKIE.store(transport, &value, Some(120))
    }

    /// The message of a cookie's value, if we made it.
    pub(crate) fn read(key: &ShellKey, value: &str) -> Option<Self> {
        let (body, signature) = value.split_once('.')?;
        let body = URL_SAFE_NO_PAD.decode(body).ok()?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        if !bool::from(key.sign("flash", &body).ct_eq(signature.as_slice())) {
            return None;
        }
        serde_json::from_slice(&body).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_cookie_and_a_forged_one_does_not() {
        let key = ShellKey::new([3; 32]);
        let flash = Flash::success("Invoice INV-2026-000012 was voided; „ü“ & <b>");
        let header = flash.store(&key, Transport::Plain);
        let value = header.to_str().unwrap().split(['=', ';']).nth(1).unwrap().to_owned();
        assert_eq!(Flash::read(&key, &value), Some(flash));
        assert_eq!(Flash::read(&ShellKey::new([4; 32]), &value), None);
        assert_eq!(Flash::read(&key, &value.replacen('e', "f", 1)), None);
    }
}

//! Takes secrets out of what is recorded, by value and by name.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use zeroize::Zeroizing;

use crate::redact::HIDDEN;
use crate::{Credentials, redact};

/// Fields that are hidden whatever their value: names that contain one of these.
const SECRET_NAMES: &[&str] = &[
    "passw",
    "secret",
    "token",
    "apikey",
    "api_key",
    "private",
    "authorization",
    "cookie",
    "ticket",
    "session",
    "otp",
];
/// Fields that are hidden when they are called exactly so.
const SECRET_WORDS: &[&str] = &["pass", "key", "jwt"];

/// Knows the account's secrets and those of one request.
#[derive(Clone)]
pub(crate) struct Hider {
    credentials: Credentials,
    spellings: Vec<Zeroizing<String>>,
}

impl Hider {
    pub(crate) fn new(credentials: &Credentials, more: &[Zeroizing<String>]) -> Self {
        let secrets: Vec<&str> = credentials
            .secrets()
            .chain(more.iter().map(|secret| secret.as_str()))
            .filter(|s| s.len() >= 4)
            .collect();
        let mut spellings: Vec<Zeroizing<String>> = secrets.into_iter().flat_map(spellings_of).collect();
        // One that contains another goes first, so that no rest of it stays.
        spellings.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
        Self { credentials: credentials.clone(), spellings }
    }

    /// A text of any kind, without the secrets in any of the spellings that protocols use.
    pub(crate) fn text(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for spelling in &self.spellings {
            if out.contains(spelling.as_str()) {
                out = out.replace(spelling.as_str(), HIDDEN);
            }
        }
        redact(&out, &self.credentials)
    }

    /// A body: JSON and forms also lose the fields that are secret by their name.
    pub(crate) fn body(&self, body: &[u8]) -> String {
        let text = String::from_utf8_lossy(body);
        let trimmed = text.trim_start();
        if trimmed.starts_with(['{', '['])
            && let Ok(mut value) = serde_json::from_str::<Value>(trimmed)
        {
            hide_fields(&mut value);
            return self.text(&value.to_string());
        }
        if text.contains('=') && !text.contains(['\n', '<', '{', ' ']) {
            return self.text(&hide_pairs(&text));
        }
        self.text(&text)
    }

    /// A path with its query.
    pub(crate) fn path(&self, path: &str) -> String {
        match path.split_once('?') {
            Some((path, query)) => self.text(&format!("{path}?{}", hide_pairs(query))),
            None => self.text(path),
        }
    }
}

/// How a secret looks in JSON, in a form, in a path and in a basic authorisation.
fn spellings_of(secret: &str) -> Vec<Zeroizing<String>> {
    let json = Value::String(secret.to_owned()).to_string();
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut all = vec![
        secret.to_owned(),
        json.trim_matches('"').to_owned(),
        utf8_percent_encode(&percent, NON_ALPHANUMERIC).to_string(),
        percent,
        form,
        STANDARD.encode(secret),
    ];
    all.dedup();
    all.into_iter().map(Zeroizing::new).collect()
}

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_WORDS.contains(&name.as_str()) || SECRET_NAMES.iter().any(|part| name.contains(part))
}

fn hide_fields(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::Object(_) | Value::Array(_) => hide_fields(value),
                    Value::Null => {}
                    Value::String(_) | Value::Number(_) | Value::Bool(_) if is_secret_name(name) => {
                        *value = Value::String(HIDDEN.to_owned());
                    }
                    Value::String(_) | Value::Number(_) | Value::Bool(_) => {}
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(hide_fields),
        Value::Null | Value::String(_) | Value::Number(_) | Value::Bool(_) => {}
    }
}

fn hide_pairs(text: &str) -> String {
    text.split('&')
        .map(|pair| match pair.split_once('=') {
            Some((name, _)) if is_secret_name(&percent_decode_str(name).decode_utf8_lossy()) => {
                format!("{name}={HIDDEN}")
            }
            _ => pair.to_owned(),
        })
        .collect::<Vec<_>>()
        .join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hider() -> Hider {
        let credentials = Credentials::none().with("api", "tok&en 1");
        Hider::new(&credentials, &[Zeroizing::new("p\"ss w/rd".to_owned())])
    }

    #[test]
    fn secrets_are_hidden_in_every_spelling() {
        let hider = hider();
        for text in [
            "tok&en 1",
            "tok%26en%201",
            "tok%26en+1",
            "tok%2526en%25201",
            "dG9rJmVuIDE=",
            r#"p\"ss w/rd"#,
            "p%22ss+w%2Frd",
        ] {
            assert_eq!(hider.text(&format!("a {text} b")), "a [hidden] b", "{text}");
        }
    }

    #[test]
    fn fields_with_secret_names_are_hidden_whatever_they_hold() {
        let hider = hider();
        let json = br#"{"data":[{"ticket":"PVE:x","user":"ann","cp_security_token":7,"Key":"k"}],"tokens":{"id":1}}"#;
        assert_eq!(
            hider.body(json),
            r#"{"data":[{"Key":"[hidden]","cp_security_token":"[hidden]","ticket":"[hidden]","user":"ann"}],"tokens":{"id":1}}"#
        );
        assert_eq!(
            hider.body(b"user=ann&cipassword=x%20y&plan=small"),
            "user=ann&cipassword=[hidden]&plan=small"
        );
        assert_eq!(hider.path("/a/b?user=ann&session=1"), "/a/b?user=ann&session=[hidden]");
        assert_eq!(hider.body(b"<html>tok&en 1</html>"), "<html>[hidden]</html>");
        assert_eq!(hider.body(&[0xff, b'a']), "\u{fffd}a");
    }
}

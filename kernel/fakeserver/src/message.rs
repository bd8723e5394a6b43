//! Requests and answers as a fake sees them.

use serde_json::Value;

/// A request, read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// "GET", "POST", …
    pub method: String,
    /// The path as sent, still encoded.
    pub path: String,
    /// What stands behind the path, decoded.
    pub query: Vec<(String, String)>,
    /// Every header; names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Asked {
    /// The path's parts, decoded.
    pub fn parts(&self) -> Vec<String> {
        self.path.split('/').filter(|part| !part.is_empty()).map(decode).collect()
    }

    /// The first value of a header; the name in small letters.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The first value of a name behind the path.
    pub fn query(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as a form.
    pub fn form(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(&self.body).into_owned().collect()
    }

    /// A value of the form, or of the query when the form has none: several vendors take both.
    pub fn value(&self, name: &str) -> Option<String> {
        let of_form = self.form().into_iter().find(|(key, _)| key == name).map(|(_, value)| value);
        of_form.or_else(|| self.query(name).map(str::to_owned))
    }

    /// The body as JSON; `Null` when it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }
}

/// One part of a path. A plus is a plus there, unlike in a form.
fn decode(part: &str) -> String {
    let bytes = part.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = part.get(at + 1..at + 3).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match (bytes[at], code) {
            (b'%', Some(code)) => {
                out.push(code);
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

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The words beside it, where the vendor has its own.
    pub reason: Option<String>,
    /// Headers.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// JSON.
    pub fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            reason: None,
            headers: vec![("content-type", "application/json".to_owned())],
            body: value.to_string().into_bytes(),
        }
    }

    /// Text.
    pub fn text(status: u16, text: &str) -> Self {
        Self {
            status,
            reason: None,
            headers: vec![("content-type", "text/plain".to_owned())],
            body: text.as_bytes().to_vec(),
        }
    }

    /// No body.
    pub fn empty(status: u16) -> Self {
        Self { status, reason: None, headers: Vec::new(), body: Vec::new() }
    }

    /// With the vendor's own words beside the status. Control characters would end the line and are left out.
    #[must_use]
    pub fn with_reason(mut self, reason: &str) -> Self {
        self.reason = Some(reason.chars().filter(|c| !c.is_control()).collect());
        self
    }

    /// With a header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_forms_are_decoded() {
        let asked = Asked {
            method: "POST".to_owned(),
            path: "/a%2Fb/c+d/%zz%".to_owned(),
            query: vec![("x".to_owned(), "1".to_owned()), ("y".to_owned(), "2".to_owned())],
            headers: Vec::new(),
            body: b"x=a+b%26&z=%C3%A9".to_vec(),
        };
        assert_eq!(asked.parts(), ["a/b", "c+d", "%zz%"]);
        assert_eq!(asked.value("x").as_deref(), Some("a b&"), "the form goes first");
        assert_eq!(asked.value("y").as_deref(), Some("2"));
        assert_eq!(asked.value("z").as_deref(), Some("é"));
        assert_eq!(asked.json(), Value::Null);
    }
}

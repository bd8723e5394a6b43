//! Addresses on our own host: the only ones we ever send a browser to because a request said so.

use std::fmt;

/// A path with optional query on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// Accepts `/admin/invoices?page=2`; refuses everything a browser could take for another host (`//evil`, `/\evil`,
    /// `https:…`, control characters that it would drop before reading the address).
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let ours = bytes.first() == Some(&b'/')
            && bytes.get(1) != Some(&b'/')
            && bytes.len() <= 2000
            && bytes.iter().all(|byte| byte.is_ascii_graphic() && *byte != b'\\');
        ours.then(|| Self(text.to_owned()))
    }

    /// The path a request asked to come back to, or the other one.
    pub fn parse_or(text: Option<&str>, otherwise: &'static str) -> Self {
        text.and_then(Self::parse).unwrap_or_else(|| Self(otherwise.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for LocalPath {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_host_are_kept() {
        for path in ["/", "/admin", "/admin/invoices?status=open&after=12", "/portal/invoices/1#lines"] {
            assert_eq!(LocalPath::parse(path).unwrap().as_str(), path);
        }
    }

    #[test]
    fn whatever_could_lead_to_another_host_is_refused() {
        for path in [
            "",
            "admin",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=1",
            " //evil.example",
            "/a b",
            "/é",
        ] {
            assert_eq!(LocalPath::parse(path), None, "{path:?}");
        }
        assert_eq!(LocalPath::parse_or(Some("//evil.example"), "/admin").as_str(), "/admin");
    }
}

//! Cookies: names, flags, reading and writing.

use axum::http::{HeaderMap, HeaderValue, header};

/// Whether people reach us over TLS. It decides the cookies' names and flags: a `__Host-` cookie is refused by browsers
/// over plain http, and a plain one must never be accepted over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Transport {
    /// Behind TLS, ours or a proxy's.
    Tls,
    /// Plain http, for trying things out on one machine.
    Plain,
}

/// A cookie by its short name, for instance `session`.
///
/// Always HttpOnly, `SameSite=Lax`, for the whole host and never for a domain; `Secure` and prefixed `__Host-` over TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CookieName(&'static str);

/// The session cookie; `identity` gives it its value.
pub const SESSION_COOKIE: CookieName = CookieName("session");
/// Binds the forms of somebody who is not signed in.
pub(crate) const VISITOR_COOKIE: CookieName = CookieName("visitor");
/// One message for the next page.
pub(crate) const FLASH_COOKIE: CookieName = CookieName("flash");
/// The language the visitor chose, or the customer's.
pub(crate) const LANGUAGE_COOKIE: CookieName = CookieName("language");
/// Light, dark or system.
pub(crate) const SCHEME_COOKIE: CookieName = CookieName("scheme");

impl CookieName {
    /// A module's own cookie.
    pub const fn new(short: &'static str) -> Self {
        Self(short)
    }

    /// The name as sent.
    pub fn full(self, transport: Transport) -> String {
        match transport {
            Transport::Tls => format!("__Host-bursar_{}", self.0),
            Transport::Plain => format!("bursar_{}", self.0),
        }
    }

    /// The cookie's value in a request. When it was sent twice nobody can say which one is ours: neither is used.
    pub fn read(self, transport: Transport, headers: &HeaderMap) -> Option<String> {
        let name = self.full(transport);
        let mut found = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(key, _)| *key == name)
            .map(|(_, value)| value.to_owned());
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }

    /// The `Set-Cookie` value that stores `value`; without a lifetime it ends with the browser session.
    ///
    /// # Panics
    /// When `value` has characters a cookie cannot carry: values are our own tokens, base64url.
    pub fn store(self, transport: Transport, value: &str, max_age_seconds: Option<u32>) -> HeaderValue {
        let mut text = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", self.full(transport));
        if transport == Transport::Tls {
            text.push_str("; Secure");
        }
        if let Some(seconds) = max_age_seconds {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        HeaderValue::from_str(&text).expect("our cookie values are base64url")
    }

    /// The `Set-Cookie` value that removes the cookie.
    pub fn clear(self, transport: Transport) -> HeaderValue {
        self.store(transport, "", Some(0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn over_tls_a_cookie_is_bound_to_the_host_and_secure() {
        assert_eq!(
            SESSION_COOKIE.store(Transport::Tls, "abc", Some(60)),
            "__Host-bursar_session=abc; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=60"
        );
        assert_eq!(
            SESSION_COOKIE.store(Transport::Plain, "abc", None),
            "bursar_session=abc; Path=/; HttpOnly; SameSite=Lax"
        );
    }

    #[test]
    fn a_plain_cookie_is_not_accepted_over_tls() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("bursar_session=planted; other=1"));
        assert_eq!(SESSION_COOKIE.read(Transport::Tls, &headers), None);
        assert_eq!(SESSION_COOKIE.read(Transport::Plain, &headers).as_deref(), Some("planted"));
    }

    #[test]
    fn of_two_cookies_with_one_name_none_is_used() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("bursar_session=a; bursar_session=b"));
        assert_eq!(SESSION_COOKIE.read(Transport::Plain, &headers), None);
    }
}

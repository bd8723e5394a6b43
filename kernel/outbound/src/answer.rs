//! What came back, and what its status means for the caller.

use std::time::Duration;

use bursar_time::Instant;
use serde::de::DeserializeOwned;

use crate::CallError;
use crate::hide::Hider;

/// An answer of HTTP, of whatever status.
pub struct Answer {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) hider: Hider,
    pub(crate) at: Instant,
}

/// What 401 and 403 mean at a vendor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Forbidden {
    /// Both say that the credentials are not accepted.
    IsCredentials,
    /// Only 401 does; 403 refuses this request.
    IsRefusal,
}

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer")
            .field("status", &self.status)
            .field("bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

impl Answer {
    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The words beside the status. Some panels put the whole reason there.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Whether the status is one of success.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The first value of a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as JSON. What cannot be read is `Unreadable`, which is treated like an unknown outcome.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, CallError> {
        serde_json::from_slice(&self.body)
            .map_err(|error| CallError::Unreadable(format!("{error}: {}", self.excerpt())))
    }

    /// The answer when its status is one of success, and otherwise what it means.
    pub fn success(self, forbidden: Forbidden) -> Result<Self, CallError> {
        if self.is_success() { Ok(self) } else { Err(self.failure(forbidden)) }
    }

    /// What a status that is no success means, with the vendor's words.
    pub fn failure(&self, forbidden: Forbidden) -> CallError {
        self.failure_saying(forbidden, &self.excerpt())
    }

    /// The same with a message that the driver found in the body. It is redacted here.
    pub fn failure_saying(&self, forbidden: Forbidden, message: &str) -> CallError {
        let said = format!("HTTP {}: {}", self.status, self.hider.text(message));
        match self.status {
            401 => CallError::BadCredentials(said),
            403 if forbidden == Forbidden::IsCredentials => CallError::BadCredentials(said),
            // Request Timeout: the server gave up on reading, and may have acted on what it read.
            408 | 500..=599 => CallError::Unknown(said),
            429 => CallError::RateLimited { retry_after: self.retry_after() },
            300..=399 => CallError::Refused(format!(
                "HTTP {}: the panel points elsewhere ({}); is the address right?",
                self.status,
                self.hider.text(self.header("location").unwrap_or("nowhere"))
            )),
            400..=499 => CallError::Refused(said),
            _ => CallError::Unreadable(said),
        }
    }

    /// A text of the vendor without secrets, for messages.
    pub fn redact(&self, text: &str) -> String {
        self.hider.text(text)
    }

    /// The reason phrase and the beginning of the body, redacted.
    pub fn excerpt(&self) -> String {
        const MOST: usize = 300;
        let body = self.hider.body(&self.body);
        let short: String = body.chars().filter(|c| !c.is_control()).take(MOST).collect();
        let text = format!("{} {short}", self.hider.text(&self.reason));
        text.trim().to_owned()
    }

    /// How long to wait, as a number of seconds or as a date.
    fn retry_after(&self) -> Option<Duration> {
        let value = self.header("retry-after")?.trim();
        if let Ok(seconds) = value.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = httpdate::parse_http_date(value).ok()?;
        let since = date.duration_since(std::time::SystemTime::UNIX_EPOCH).ok()?;
        let now = Duration::from_micros(u64::try_from(self.at.micros()).ok()?);
        Some(since.saturating_sub(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Credentials;

    fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Answer {
        Answer {
            status,
            reason: "Because".to_owned(),
            headers: headers.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            body: body.as_bytes().to_vec(),
            hider: Hider::new(&Credentials::none().with("key", "very-secret"), &[]),
            at: Instant::from_micros(784_111_777_000_000),
        }
    }

    #[test]
    fn a_status_says_what_the_caller_may_do() {
        let failure = |status| answer(status, &[], "why very-secret").failure(Forbidden::IsRefusal);
        let said = |status: u16| format!("HTTP {status}: Because why [hidden]");
        for (status, error) in [
            (400, CallError::Refused(said(400))),
            (401, CallError::BadCredentials(said(401))),
            (403, CallError::Refused(said(403))),
            (404, CallError::Refused(said(404))),
            (408, CallError::Unknown(said(408))),
            (429, CallError::RateLimited { retry_after: None }),
            (500, CallError::Unknown(said(500))),
            (503, CallError::Unknown(said(503))),
            (599, CallError::Unknown(said(599))),
            (700, CallError::Unreadable(said(700))),
        ] {
            assert_eq!(failure(status), error);
        }
        let answer = answer(403, &[], "");
        assert!(matches!(answer.failure(Forbidden::IsCredentials), CallError::BadCredentials(_)));
    }

    #[test]
    fn a_redirect_is_not_followed_and_says_where_it_led() {
        let elsewhere = answer(302, &[("Location", "https://else.example/?key=very-secret")], "");
        let CallError::Refused(text) = elsewhere.failure(Forbidden::IsRefusal) else { panic!("refused") };
        assert!(text.contains("https://else.example/") && !text.contains("very-secret"), "{text}");
    }

    #[test]
    fn a_vendor_says_how_long_to_wait_in_seconds_or_until_a_date() {
        // 1994-11-06T08:49:37Z, the example date of RFC 9110, is 784111777.
        let after =
            |value: &str| match answer(429, &[("Retry-After", value)], "").failure(Forbidden::IsRefusal) {
                CallError::RateLimited { retry_after } => retry_after,
                other => panic!("{other:?}"),
            };
        assert_eq!(after("17"), Some(Duration::from_secs(17)));
        assert_eq!(after("Sun, 06 Nov 1994 08:50:07 GMT"), Some(Duration::from_secs(30)));
        assert_eq!(after("Sun, 06 Nov 1994 08:00:00 GMT"), Some(Duration::ZERO));
        assert_eq!(after("soon"), None);
    }

    #[test]
    fn what_is_not_json_is_unreadable_and_shows_no_secret() {
        let error = answer(200, &[], "<html>very-secret</html>").json::<i64>().unwrap_err();
        assert!(matches!(&error, CallError::Unreadable(text) if text.contains("[hidden]")), "{error}");
    }
}

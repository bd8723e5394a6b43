//! Requests over HTTP: built by a driver, sent within a call.

use std::error::Error as _;
use std::time::Duration;

use reqwest::Method;
use zeroize::Zeroizing;

use crate::answer::Answer;
use crate::endpoint::Endpoint;
use crate::hide::Hider;
use crate::record::{Exchange, cut};
use crate::{Call, CallError};

/// The largest answer that is read when the driver does not say otherwise.
pub const MOST_ANSWER: usize = 8 * 1024 * 1024;

/// One request. Nothing is sent before [`send`](Self::send).
#[must_use = "a request is sent by `send`"]
pub struct Request<'a> {
    endpoint: &'a Endpoint,
    method: Method,
    path: String,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    secrets: Vec<Zeroizing<String>>,
    answer_is_secret: bool,
    most_answer: usize,
}

impl<'a> Request<'a> {
    /// Asks. `path` begins with a slash and follows the endpoint's base; its parts must be encoded already.
    pub fn get(endpoint: &'a Endpoint, path: impl Into<String>) -> Self {
        Self::new(endpoint, Method::GET, path)
    }

    /// Posts.
    pub fn post(endpoint: &'a Endpoint, path: impl Into<String>) -> Self {
        Self::new(endpoint, Method::POST, path)
    }

    /// Puts.
    pub fn put(endpoint: &'a Endpoint, path: impl Into<String>) -> Self {
        Self::new(endpoint, Method::PUT, path)
    }

    /// Patches.
    pub fn patch(endpoint: &'a Endpoint, path: impl Into<String>) -> Self {
        Self::new(endpoint, Method::PATCH, path)
    }

    /// Deletes.
    pub fn delete(endpoint: &'a Endpoint, path: impl Into<String>) -> Self {
        Self::new(endpoint, Method::DELETE, path)
    }

    fn new(endpoint: &'a Endpoint, method: Method, path: impl Into<String>) -> Self {
        Self {
            endpoint,
            method,
            path: path.into(),
            headers: Vec::new(),
            body: Vec::new(),
            secrets: Vec::new(),
            answer_is_secret: false,
            most_answer: MOST_ANSWER,
        }
    }

    /// With a header. Headers are not recorded.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// With these pairs behind the path.
    pub fn query(mut self, pairs: &[(&str, &str)]) -> Self {
        let separator = if self.path.contains('?') { '&' } else { '?' };
        self.path = format!("{}{separator}{}", self.path, encode(pairs));
        self
    }

    /// With a form as body.
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        self.body = encode(pairs).into_bytes();
        self.header("content-type", "application/x-www-form-urlencoded")
    }

    /// With JSON as body.
    pub fn json(mut self, value: &serde_json::Value) -> Self {
        self.body = value.to_string().into_bytes();
        self.header("content-type", "application/json")
    }

    /// With any body.
    pub fn body(mut self, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self.header("content-type", content_type)
    }

    /// Hides one more secret from the record and from messages: a password that is being set.
    pub fn hiding(mut self, secret: &str) -> Self {
        self.secrets.push(Zeroizing::new(secret.to_owned()));
        self
    }

    /// Records nothing of the answer's body: it is a link that lets in whoever opens it.
    pub fn with_secret_answer(mut self) -> Self {
        self.answer_is_secret = true;
        self
    }

    /// Reads answers up to so many bytes; longer ones are `Unreadable`.
    pub fn reading_at_most(mut self, bytes: usize) -> Self {
        self.most_answer = bytes;
        self
    }

    /// Sends it within the call's time and gives whatever was answered. No answer is `NotSent` when the vendor
    /// certainly never saw the request, and `Unknown` in every other case.
    pub async fn send(self, call: &Call) -> Result<Answer, CallError> {
        let hider = Hider::new(call.credentials(), &self.secrets);
        let at = call.now();
        let before = call.elapsed();
        let outcome = match call.remaining() {
            Some(left) => match tokio::time::timeout(left, self.exchange(call, &hider)).await {
                Ok(outcome) => outcome,
                Err(_) => Err(CallError::Unknown(format!("no answer within {} s", call.timeout().as_secs()))),
            },
            None => Err(CallError::NotSent("the time for this call was over before it was sent".to_owned())),
        };
        if let Some(recorder) = call.recorder() {
            let (status, answer, failure) = match &outcome {
                Ok(answer) if self.answer_is_secret && answer.is_success() => {
                    (Some(u32::from(answer.status)), format!("({} bytes, not kept)", answer.body.len()), None)
                }
                Ok(answer) => (Some(u32::from(answer.status)), hider.body(&answer.body), None),
                Err(error) => (None, String::new(), Some(error.to_string())),
            };
            recorder.record(Exchange {
                at,
                method: self.method.to_string(),
                host: self.endpoint.host(),
                path: cut(&hider.path(&self.path)),
                status,
                duration: call.elapsed().saturating_sub(before),
                request: cut(&hider.body(&self.body)),
                answer: cut(&answer),
                failure,
            });
        }
        outcome
    }

    async fn exchange(&self, call: &Call, hider: &Hider) -> Result<Answer, CallError> {
        let not_sent = |why: String| CallError::NotSent(hider.text(&why));
        let outbound = call.outbound().ok_or_else(|| not_sent("this call has no way out".to_owned()))?;
        let client = outbound.client(self.endpoint.trust()).map_err(|error| not_sent(error.to_string()))?;
        let mut request = client
            .request(self.method.clone(), format!("{}{}", self.endpoint.base(), self.path))
            .header("accept", "application/json");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if !self.body.is_empty() {
            request = request.body(self.body.clone());
        }
        let response = request.send().await.map_err(|error| {
            let text = hider.text(&chain(&error));
            // A builder's error is ours; everything else after connecting may have reached the vendor.
            if error.is_connect() || error.is_builder() {
                CallError::NotSent(text)
            } else {
                CallError::Unknown(text)
            }
        })?;
        self.read(call, response, hider).await
    }

    async fn read(
        &self,
        call: &Call,
        mut response: reqwest::Response,
        hider: &Hider,
    ) -> Result<Answer, CallError> {
        let status = response.status();
        let reason = response
            .extensions()
            .get::<hyper::ext::ReasonPhrase>()
            .map(|phrase| String::from_utf8_lossy(phrase.as_bytes()).into_owned())
            .or_else(|| status.canonical_reason().map(str::to_owned))
            .unwrap_or_default();
        let headers = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()))
            .collect();
        let mut body = Vec::new();
        while let Some(part) =
            response.chunk().await.map_err(|error| CallError::Unknown(hider.text(&chain(&error))))?
        {
            if body.len() + part.len() > self.most_answer {
                let message = format!("the answer is longer than {} bytes", self.most_answer);
                return Err(CallError::Unreadable(message));
            }
            body.extend_from_slice(&part);
        }
        Ok(Answer { status: status.as_u16(), reason, headers, body, hider: hider.clone(), at: call.now() })
    }
}

/// Pairs as in a form or behind a path.
fn encode(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// One part of a path, so that no value can become another path.
pub fn path_part(text: &str) -> String {
    use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
    const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
    utf8_percent_encode(text, KEPT).to_string()
}

/// An error with its sources: the outermost alone only says that sending failed.
fn chain(error: &reqwest::Error) -> String {
    // The address is in the record already, and may hold more than should be in a message.
    let mut text = if error.is_timeout() { "timed out".to_owned() } else { String::new() };
    let mut source = error.source();
    while let Some(next) = source {
        if source_says_more(&text, &next.to_string()) {
            if !text.is_empty() {
                text.push_str(": ");
            }
            text.push_str(&next.to_string());
        }
        source = next.source();
    }
    if text.is_empty() { "the request failed".to_owned() } else { text }
}

fn source_says_more(text: &str, next: &str) -> bool {
    !next.is_empty() && !text.contains(next)
}

impl std::fmt::Debug for Request<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("method", &self.method)
            .field("host", &self.endpoint.host())
            .finish_non_exhaustive()
    }
}

/// How much of the time of a call is left, for waits between polls.
pub(crate) fn left_of(timeout: Duration, elapsed: Duration) -> Option<Duration> {
    timeout.checked_sub(elapsed).filter(|left| !left.is_zero())
}

//! Calls that leave the process: what a driver may use, how a call can end, and what must never be shown.
//!
//! A driver gets a [`Call`] and nothing else: the time, how long it may take, credentials and settings of the account,
//! the way out, and a [`Notebook`] where it has no vendor. It sends a [`Request`], a command over [`ssh`] or runs a
//! [`Program`], and answers with an outcome of its contract or with a [`CallError`], whose
//! variants say what the caller may do next. Every exchange can be recorded, redacted. Nothing here retries: whether a
//! second attempt is safe is known only by the module that wrote the intent down.
//!
//! Deliberately absent: accepting any certificate, following redirects, and any vendor's word.

mod answer;
mod credentials;
mod endpoint;
mod error;
mod hide;
mod http;
mod limits;
pub mod loose;
mod notebook;
mod outbound;
mod program;
mod record;
mod redact;
mod settings;
pub mod signature;
pub mod ssh;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use bursar_time::Instant;

pub use answer::{Answer, Forbidden};
pub use credentials::Credentials;
pub use endpoint::{BadEndpoint, BadFingerprint, Endpoint, Fingerprint, Trust};
pub use error::CallError;
pub use http::{MOST_ANSWER, Request, path_part};
pub use limits::{Limiter, Limits, Pacing, Permit};
pub use notebook::{Jotter, Notebook, Noted};
pub use outbound::Outbound;
pub use program::{Program, ProgramEnd};
pub use record::{Exchange, MOST_RECORDED, Recorder, Recording};
pub use redact::redact;
pub use settings::Settings;

/// How long a call may take when nobody says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The permission to make one call: when it starts, how long it may take, in whose name, and the way out.
#[derive(Clone)]
pub struct Call {
    started_at: Instant,
    /// The machine's steady clock at the start: how long is left must not depend on a simulated or corrected time.
    began: tokio::time::Instant,
    timeout: Duration,
    credentials: Credentials,
    settings: Settings,
    outbound: Option<Outbound>,
    recorder: Option<Arc<dyn Recorder>>,
    notebook: Option<Arc<dyn Notebook>>,
}

impl std::fmt::Debug for Call {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Call")
            .field("started_at", &self.started_at)
            .field("timeout", &self.timeout)
            .field("credentials", &self.credentials)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl Call {
    /// Starts a call. The whole of it, connecting included, must end within `timeout`.
    ///
    /// # Panics
    /// In debug builds, when the thread is inside a unit of work (see [`bursar_unit`]): a vendor's answer must
    /// never be waited for while a transaction is open, and what the vendor did cannot be rolled back.
    pub fn new(now: Instant, timeout: Duration, credentials: Credentials) -> Self {
        if cfg!(debug_assertions) {
            assert!(!bursar_unit::is_inside(), "a call to the outside was started inside a unit of work");
        }
        Self {
            started_at: now,
            began: tokio::time::Instant::now(),
            timeout,
            credentials,
            settings: Settings::none(),
            outbound: None,
            recorder: None,
            notebook: None,
        }
    }

    /// With what is set about the account and is not secret.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// With a way out. A call without one cannot send anything, which suits vendors inside the process.
    #[must_use]
    pub fn through(mut self, outbound: &Outbound) -> Self {
        self.outbound = Some(outbound.clone());
        self
    }

    /// With somebody who takes down what is said.
    #[must_use]
    pub fn recorded_by(mut self, recorder: Arc<dyn Recorder>) -> Self {
        self.recorder = Some(recorder);
        self
    }

    /// With a place to write things down, for a driver without a vendor.
    #[must_use]
    pub fn with_notebook(mut self, notebook: Arc<dyn Notebook>) -> Self {
        self.notebook = Some(notebook);
        self
    }

    /// When the call started.
    pub fn started_at(&self) -> Instant {
        self.started_at
    }

    /// The time now: the start and what has passed since.
    pub fn now(&self) -> Instant {
        plus(self.started_at, self.elapsed())
    }

    /// How long it may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// How long it has taken.
    pub fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    /// How long it may still take; `None` when its time is over.
    pub fn remaining(&self) -> Option<Duration> {
        http::left_of(self.timeout, self.elapsed())
    }

    /// When it must have ended.
    pub fn deadline(&self) -> Instant {
        plus(self.started_at, self.timeout)
    }

    /// The account's credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// What is set about the account and is not secret.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The place to write things down; without one nothing was done.
    pub fn notebook(&self) -> Result<&dyn Notebook, CallError> {
        let none = || CallError::NotSent("this call has no place to write things down".to_owned());
        self.notebook.as_deref().ok_or_else(none)
    }

    pub(crate) fn outbound(&self) -> Option<&Outbound> {
        self.outbound.as_ref()
    }

    pub(crate) fn recorder(&self) -> Option<&dyn Recorder> {
        self.recorder.as_deref()
    }
}

fn plus(start: Instant, duration: Duration) -> Instant {
    let micros = i64::try_from(duration.as_micros()).unwrap_or(i64::MAX);
    Instant::from_micros(start.micros().saturating_add(micros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_deadline_is_the_start_plus_the_timeout() {
        let call = Call::new(Instant::from_micros(5), Duration::from_millis(2), Credentials::none());
        assert_eq!(call.deadline(), Instant::from_micros(2_005));
    }

    #[test]
    fn a_call_does_not_print_its_credentials() {
        let credentials = Credentials::none().with("api_key", "sk_live_verysecret");
        let call = Call::new(Instant::from_micros(0), DEFAULT_TIMEOUT, credentials);
        let printed = format!("{call:?}");
        assert!(printed.contains("api_key") && !printed.contains("verysecret"), "{printed}");
    }
}

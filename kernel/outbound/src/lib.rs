//! Calls that leave the process: what a driver may use, how a call can end, and what must never be shown.
//!
//! A driver gets a [`Call`] and nothing else: the time, how long it may take and the credentials of the account.
//! It answers with an outcome of its contract or with a [`CallError`], whose variants say what the caller may do next.
//! Nothing here retries: whether a second attempt is safe is known only by the module that wrote the intent down.
//!
//! Deliberately absent: an HTTP client (it comes with the first driver that speaks HTTP), and any vendor's word.

mod credentials;
mod error;
mod redact;
mod settings;
pub mod signature;
mod unit;

use std::time::Duration;

use bursar_time::Instant;

pub use credentials::Credentials;
pub use error::CallError;
pub use redact::redact;
pub use settings::Settings;
pub use unit::{UnitOfWork, enter_unit_of_work};

/// How long a call may take when nobody says otherwise.
pub const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// The permission to make one call: when it starts, how long it may take, in whose name.
#[derive(Debug, Clone)]
pub struct Call {
    started_at: Instant,
    timeout: Duration,
    credentials: Credentials,
    settings: Settings,
}

impl Call {
    /// Starts a call. The whole of it, connecting included, must end within `timeout`.
    ///
    /// # Panics
    /// In debug builds, when the thread is inside a unit of work (see [`enter_unit_of_work`]): a vendor's answer must
    /// never be waited for while a transaction is open, and what the vendor did cannot be rolled back.
    pub fn new(now: Instant, timeout: Duration, credentials: Credentials) -> Self {
        unit::refuse_inside();
        Self { started_at: now, timeout, credentials, settings: Settings::none() }
    }

    /// With what is set about the account and is not secret.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// When the call started.
    pub fn started_at(&self) -> Instant {
        self.started_at
    }

    /// How long it may take.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// When it must have ended.
    pub fn deadline(&self) -> Instant {
        let micros = i64::try_from(self.timeout.as_micros()).unwrap_or(i64::MAX);
        Instant::from_micros(self.started_at.micros().saturating_add(micros))
    }

    /// The account's credentials.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    /// What is set about the account and is not secret.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }
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

    #[test]
    #[should_panic(expected = "inside a unit of work")]
    fn a_call_inside_a_unit_of_work_panics() {
        let _mark = enter_unit_of_work();
        Call::new(Instant::from_micros(0), DEFAULT_TIMEOUT, Credentials::none());
    }

    #[test]
    fn the_mark_ends_with_the_outermost_unit() {
        {
            let _outer = enter_unit_of_work();
            let _inner = enter_unit_of_work();
        }
        Call::new(Instant::from_micros(0), DEFAULT_TIMEOUT, Credentials::none());
    }
}

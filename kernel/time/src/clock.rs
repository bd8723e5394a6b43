//! What time it is: asked of a clock that is passed in, never of the machine.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use crate::Instant;

/// Tells the time. The context carries one; nothing else may ask the machine.
pub trait Clock: Send + Sync {
    /// The time now.
    fn now(&self) -> Instant;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Instant {
        (**self).now()
    }
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
    fn now(&self) -> Instant {
        Instant::from_micros(jiff::Timestamp::now().as_microsecond())
    }
}

/// A clock that stands still until it is moved, for tests and simulation. Clones share the time.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl ManualClock {
    /// A clock that shows this time.
    pub fn at(instant: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(instant.micros())))
    }

    /// Shows this time from now on; going back is allowed, as real clocks do it too.
    pub fn set(&self, instant: Instant) {
        self.0.store(instant.micros(), Ordering::SeqCst);
    }

    /// Moves on by so many seconds.
    pub fn advance_seconds(&self, seconds: i64) {
        self.advance(|now| now.plus_seconds(seconds));
    }

    /// Moves on by so many times 24 hours.
    pub fn advance_days(&self, days: i64) {
        self.advance(|now| now.plus_days(days));
    }

    fn advance(&self, later: impl Fn(Instant) -> Instant) {
        self.0
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, |micros| {
                Some(later(Instant::from_micros(micros)).micros())
            })
            .expect("the closure always gives a time");
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        Instant::from_micros(self.0.load(Ordering::SeqCst))
    }
}

/// Measures how long something takes, for progress lines and figures. Never decides anything: what depends on time
/// asks the [`Clock`].
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(std::time::Instant);

impl Stopwatch {
    /// Starts measuring.
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the monotonic clock")]
    pub fn start() -> Self {
        Self(std::time::Instant::now())
    }

    /// The time since the start.
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// The time since the start in whole microseconds.
    pub fn elapsed_micros(&self) -> i64 {
        i64::try_from(self.elapsed().as_micros()).unwrap_or(i64::MAX)
    }

    /// The time since the start in seconds.
    pub fn elapsed_seconds(&self) -> f64 {
        self.elapsed().as_secs_f64()
    }
}

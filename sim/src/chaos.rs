//! Crashes drawn from the seed, between any two commits.

use std::sync::{Mutex, PoisonError};

use bursar_db::{CommitHook, Fate};
use bursar_ids::Rng;

/// Ends the application now and then, before a commit or after it.
pub(crate) struct Chaos(Mutex<Inner>);

struct Inner {
    rng: Rng,
    /// How often, in parts per million of the moments around commits.
    ppm: u32,
    struck: bool,
    crashes: u32,
}

impl Chaos {
    pub(crate) fn new(rng: Rng) -> Self {
        Self(Mutex::new(Inner { rng, ppm: 0, struck: false, crashes: 0 }))
    }

    /// How often it crashes from now on.
    pub(crate) fn set_rate(&self, ppm: u32) {
        self.with(|inner| inner.ppm = ppm);
    }

    /// Whether the application is down.
    pub(crate) fn has_struck(&self) -> bool {
        self.with(|inner| inner.struck)
    }

    /// The application is up again.
    pub(crate) fn restarted(&self) {
        self.with(|inner| inner.struck = false);
    }

    /// How often it has crashed.
    pub(crate) fn crashes(&self) -> u32 {
        self.with(|inner| inner.crashes)
    }

    fn draw(&self) -> Fate {
        self.with(|inner| {
            if inner.ppm == 0 || !inner.rng.chance_ppm(inner.ppm) {
                return Fate::LivesOn;
            }
            inner.struck = true;
            inner.crashes += 1;
            Fate::Crashes
        })
    }

    fn with<T>(&self, f: impl FnOnce(&mut Inner) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl CommitHook for Chaos {
    fn before_commit(&self) -> Fate {
        self.draw()
    }

    fn after_commit(&self) -> Fate {
        self.draw()
    }
}

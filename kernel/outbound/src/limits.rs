//! How fast one vendor account may be asked: a pure decision, and its keeper in this process.
//!
//! Nothing here waits for a rate: a caller that is too fast is told how long to stay away, and its job comes back then.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bursar_time::Instant;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::CallError;

/// What an account allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Calls under way at once.
    pub at_once: u32,
    /// Calls a minute; `None` for no limit.
    pub per_minute: Option<u32>,
}

/// How much of a minute's calls has been used, as a bucket that fills up evenly.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pacing {
    /// The time at which the bucket will be, or was, full again.
    full_at: Instant,
}

impl Pacing {
    /// A full bucket.
    pub const FRESH: Self = Self { full_at: Instant::EPOCH };

    /// A bucket that is remembered elsewhere, for accounts that several processes share.
    pub const fn full_at(full_at: Instant) -> Self {
        Self { full_at }
    }

    /// When it will be, or was, full: what is to be remembered of it.
    pub const fn is_full_at(self) -> Instant {
        self.full_at
    }

    /// Takes one call out of the bucket, or says how long to wait until there is one.
    pub fn decide(self, per_minute: u32, now: Instant) -> Result<Self, Duration> {
        const MINUTE: i64 = 60_000_000;
        let one = MINUTE / i64::from(per_minute.max(1));
        let full_at = self.full_at.max(now).micros().saturating_add(one);
        // An empty bucket needs a minute to fill.
        let ahead = full_at.saturating_sub(now.micros());
        if ahead <= MINUTE {
            Ok(Self { full_at: Instant::from_micros(full_at) })
        } else {
            Err(Duration::from_micros(u64::try_from(ahead - MINUTE).unwrap_or_default()))
        }
    }
}

/// Keeps the limits of every account in this process. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Limiter(Arc<Mutex<BTreeMap<String, Lane>>>);

#[derive(Debug)]
struct Lane {
    at_once: u32,
    slots: Arc<Semaphore>,
    pacing: Pacing,
}

/// The right to make calls until it is dropped.
#[derive(Debug)]
pub struct Permit(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Limiter {
    /// Without any account yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a place in the account's lane. Without a free place, or when the account was asked too often, it is
    /// `RateLimited`, and nothing was sent. Limits that were changed hold for calls from now on.
    pub fn enter(&self, account: &str, limits: Limits, now: Instant) -> Result<Permit, CallError> {
        let mut lanes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let lane = lanes.entry(account.to_owned()).or_insert_with(|| Lane::new(limits));
        if lane.at_once != limits.at_once {
            let pacing = lane.pacing;
            *lane = Lane { pacing, ..Lane::new(limits) };
        }
        let permit = lane
            .slots
            .clone()
            .try_acquire_owned()
            .map_err(|_| CallError::RateLimited { retry_after: Some(Duration::from_secs(1)) })?;
        if let Some(per_minute) = limits.per_minute {
            lane.pacing = lane
                .pacing
                .decide(per_minute, now)
                .map_err(|wait| CallError::RateLimited { retry_after: Some(wait) })?;
        }
        Ok(Permit(permit))
    }
}

impl Lane {
    fn new(limits: Limits) -> Self {
        let places = usize::try_from(limits.at_once.max(1)).unwrap_or(1);
        Self { at_once: limits.at_once, slots: Arc::new(Semaphore::new(places)), pacing: Pacing::FRESH }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000 + seconds * 1_000_000)
    }

    #[test]
    fn a_minute_s_calls_may_come_at_once_and_then_one_by_one() {
        // Four a minute: four at once, then one every 15 seconds.
        let mut pacing = Pacing::FRESH;
        for _ in 0..4 {
            pacing = pacing.decide(4, at(0)).unwrap();
        }
        assert_eq!(pacing.decide(4, at(0)), Err(Duration::from_secs(15)));
        assert_eq!(pacing.decide(4, at(10)), Err(Duration::from_secs(5)));
        pacing = pacing.decide(4, at(15)).unwrap();
        assert_eq!(pacing.decide(4, at(15)), Err(Duration::from_secs(15)));
        // After a quiet minute all four are there again, and no more.
        for _ in 0..4 {
            pacing = pacing.decide(4, at(200)).unwrap();
        }
        assert!(pacing.decide(4, at(200)).is_err());
    }

    #[test]
    fn places_are_counted_per_account_and_come_back() {
        let limiter = Limiter::new();
        let limits = Limits { at_once: 2, per_minute: None };
        let first = limiter.enter("a", limits, at(0)).unwrap();
        let second = limiter.enter("a", limits, at(0)).unwrap();
        assert!(matches!(limiter.enter("a", limits, at(0)), Err(CallError::RateLimited { .. })));
        assert!(limiter.enter("b", limits, at(0)).is_ok(), "another account has its own");
        drop(first);
        assert!(limiter.enter("a", limits, at(0)).is_ok());
        let wider = Limits { at_once: 3, per_minute: None };
        let _more: Vec<_> = (0..3).map(|_| limiter.enter("a", wider, at(0)).unwrap()).collect();
        drop(second);
        assert!(limiter.enter("a", wider, at(0)).is_err());
    }

    #[test]
    fn an_account_asked_too_often_is_told_when_to_come_back() {
        let limiter = Limiter::new();
        let limits = Limits { at_once: 10, per_minute: Some(1) };
        assert!(limiter.enter("a", limits, at(0)).is_ok());
        let refused = limiter.enter("a", limits, at(20)).map(|_| ());
        assert_eq!(refused, Err(CallError::RateLimited { retry_after: Some(Duration::from_secs(40)) }));
        assert!(limiter.enter("a", limits, at(60)).is_ok());
    }
}

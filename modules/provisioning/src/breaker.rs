//! When a server is left alone because it fails, and when it is tried again: pure.
//!
//! After five failures in a row, or at the first refusal of our credentials, nobody asks the server any more except for
//! one operation on trial after a pause, which doubles up to a quarter of an hour. The first success lets everything
//! through again. Staff are told once when it opens and once when it closes.

use std::time::Duration;

use bursar_outbound::CallError;
use bursar_time::Instant;

use crate::verdict::Answer;

/// Failures in a row that open it.
pub(crate) const MOST_FAILURES: i64 = 5;
const FIRST_PAUSE_SECONDS: i64 = 30;
const LONGEST_PAUSE_SECONDS: i64 = 900;

/// What is remembered of a server.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breaker {
    /// Failures in a row.
    pub failures: i64,
    /// Since when it is left alone.
    pub opened_at: Option<Instant>,
    /// How often a trial failed since then.
    pub trials: i64,
    /// What it said last.
    pub why: String,
}

/// What an answer says about the server itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ServerNews {
    /// It answered.
    Fine,
    /// It does not answer, or nonsense.
    Failing(String),
    /// It does not let us in.
    Locked(String),
    /// It wants to be left alone for a while, and is well.
    Busy(Duration),
}

/// What staff are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Alert {
    Opened,
    Closed,
}

impl ServerNews {
    pub(crate) fn of(answer: &Answer) -> Self {
        match answer {
            Answer::Failed(CallError::BadCredentials(why)) => Self::Locked(why.clone()),
            Answer::Failed(CallError::RateLimited { retry_after }) => {
                Self::Busy(retry_after.unwrap_or(Duration::from_secs(2)))
            }
            Answer::Failed(
                error @ (CallError::NotSent(_) | CallError::Unknown(_) | CallError::Unreadable(_)),
            ) => Self::Failing(error.to_string()),
            Answer::Failed(CallError::Refused(_))
            | Answer::Made(_)
            | Answer::Done
            | Answer::Working(_)
            | Answer::Missing
            | Answer::Full(_)
            | Answer::NoPlace(_)
            | Answer::VendorFailed(_) => Self::Fine,
        }
    }
}

impl Breaker {
    /// The breaker after news, until when nobody asks, and what staff are told.
    pub(crate) fn after(&self, now: Instant, news: &ServerNews) -> (Self, Option<Instant>, Option<Alert>) {
        let (why, opens) = match news {
            ServerNews::Fine => {
                return (Self::default(), None, self.opened_at.map(|_| Alert::Closed));
            }
            ServerNews::Busy(wait) => {
                let micros = i64::try_from(wait.as_micros()).unwrap_or(i64::MAX);
                return (self.clone(), Some(now.plus_micros(micros)), None);
            }
            ServerNews::Failing(why) => (why.clone(), self.failures + 1 >= MOST_FAILURES),
            ServerNews::Locked(why) => (why.clone(), true),
        };
        let failures = self.failures + 1;
        if self.opened_at.is_none() && !opens {
            return (Self { failures, opened_at: None, trials: 0, why }, None, None);
        }
        let trials = if self.opened_at.is_some() { self.trials + 1 } else { 0 };
        let pause = (FIRST_PAUSE_SECONDS << trials.clamp(0, 10)).min(LONGEST_PAUSE_SECONDS);
        let alert = if self.opened_at.is_some() { None } else { Some(Alert::Opened) };
        let next = Self { failures, opened_at: Some(self.opened_at.unwrap_or(now)), trials, why };
        (next, Some(now.plus_seconds(pause)), alert)
    }

    /// How many operations may be under way at once, of as many as its pace allows.
    pub(crate) fn admits(&self, at_once: u32) -> u32 {
        if self.opened_at.is_some() { 1 } else { at_once.max(1) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Instant {
        Instant::from_micros(1_700_000_000_000_000).plus_seconds(seconds)
    }

    fn failing() -> ServerNews {
        ServerNews::Failing("no route".to_owned())
    }

    #[test]
    fn five_failures_in_a_row_open_it_and_one_success_closes_it() {
        let mut breaker = Breaker::default();
        for _ in 0..4 {
            let (next, rests, alert) = breaker.after(at(0), &failing());
            assert_eq!((rests, alert), (None, None));
            breaker = next;
        }
        let (open, rests, alert) = breaker.after(at(1), &failing());
        assert_eq!((rests, alert), (Some(at(31)), Some(Alert::Opened)));
        assert_eq!((open.admits(50), breaker.admits(50)), (1, 50));
        let (closed, rests, alert) = open.after(at(40), &ServerNews::Fine);
        assert_eq!((closed, rests, alert), (Breaker::default(), None, Some(Alert::Closed)));
    }

    #[test]
    fn a_success_in_between_starts_the_count_anew() {
        let mut breaker = Breaker::default();
        for _ in 0..20 {
            breaker = breaker.after(at(0), &failing()).0;
            breaker = breaker.after(at(0), &failing()).0;
            breaker = breaker.after(at(0), &ServerNews::Fine).0;
        }
        assert_eq!(breaker, Breaker::default());
    }

    /// An hour of wrong credentials: opened at the first call, tried after 30 s, then after 60, 120, 240, 480, 900 and 900
    /// seconds, which is seven trials; staff hear of it once, and once more when it is right.
    #[test]
    fn an_hour_of_wrong_credentials_is_one_alert_and_few_trials() {
        let locked = ServerNews::Locked("401".to_owned());
        let (mut breaker, mut rests, alert) = Breaker::default().after(at(0), &locked);
        assert_eq!((rests, alert), (Some(at(30)), Some(Alert::Opened)));
        let mut trials = 0;
        while let Some(next) = rests.filter(|next| *next < at(3_600)) {
            let (after, again, alert) = breaker.after(next, &locked);
            assert_eq!(alert, None);
            (breaker, rests) = (after, again);
            trials += 1;
        }
        assert_eq!((trials, breaker.trials), (7, 7));
        assert_eq!(breaker.opened_at, Some(at(0)));
        assert_eq!(breaker.after(at(4_000), &ServerNews::Fine).2, Some(Alert::Closed));
    }

    #[test]
    fn a_busy_server_rests_and_is_not_blamed() {
        let (breaker, rests, alert) =
            Breaker::default().after(at(0), &ServerNews::Busy(Duration::from_secs(9)));
        assert_eq!((breaker, rests, alert), (Breaker::default(), Some(at(9)), None));
    }
}

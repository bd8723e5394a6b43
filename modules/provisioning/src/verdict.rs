//! What an answer of a vendor means for the operation that asked: pure.

use std::time::Duration;

use bursar_hosting::{Observed, Working};
use bursar_outbound::CallError;

use crate::policy::Action;
use crate::words::words;

words! {
    /// Why an operation waits or was given up.
    pub enum Class {
        /// It was not tried yet, or nothing is wrong.
        None = "none",
        /// The vendor is at work.
        Working = "working",
        /// The call did not get through, and nothing was done.
        Retry = "retry",
        /// Nobody knows whether it was done: it is looked at first.
        Unknown = "unknown",
        /// The vendor asked to slow down.
        Slow = "slow",
        /// There is no room for it.
        Capacity = "capacity",
        /// The server does not accept our credentials.
        Credentials = "credentials",
        /// The vendor tried and gave up.
        Vendor = "vendor",
        /// Refused for a reason that will not change.
        Permanent = "permanent",
        /// The vendor has no such thing.
        Missing = "missing",
    }
}

words! {
    /// Which part of an operation is to be done.
    pub enum Step {
        /// What it is for.
        Do = "do",
        /// What a vendor left half made has to go first.
        Clean = "clean",
    }
}

/// How a turn ended, in our words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It is there.
    Made(Box<Observed>),
    /// It is as asked for.
    Done,
    /// The vendor is at work.
    Working(Working),
    /// There is no such thing.
    Missing,
    /// The server has no room; nothing was made.
    Full(String),
    /// No server has room.
    NoPlace(String),
    /// The vendor tried and gave up.
    VendorFailed(String),
    /// No outcome.
    Failed(CallError),
}

/// How often the vendor may give up making something before a person looks.
pub(crate) const MOST_VENDOR_FAILURES: i64 = 3;
/// The first pause, doubled up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(600);
/// What has no room is looked at less often: room comes by the hour.
const FIRST_ROOM_PAUSE: Duration = Duration::from_secs(60);
const LONGEST_ROOM_PAUSE: Duration = Duration::from_secs(1_800);
/// The longest time between two questions how far the vendor is.
const LONGEST_POLL: Duration = Duration::from_secs(60);

/// How far an operation has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    pub(crate) action: Action,
    pub(crate) step: Step,
    /// Turns that failed in a way that counts.
    pub(crate) attempts: i64,
    /// Answers that the vendor was still at work.
    pub(crate) polls: i64,
    pub(crate) vendor_failures: i64,
    /// How long it has been tried.
    pub(crate) tried_for: Duration,
    /// After how long it is given up.
    pub(crate) give_up_after: Duration,
}

/// What becomes of the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is done.
    Succeed,
    /// It goes on.
    Again(Again),
    /// A person has to look.
    Dead(Class),
}

/// How an operation goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Again {
    pub(crate) class: Class,
    /// Before jitter.
    pub(crate) pause: Duration,
    pub(crate) step: Step,
    /// Whether the call may have had an effect.
    pub(crate) is_unsure: bool,
    /// It leaves its server and asks for another place.
    pub(crate) leaves_server: bool,
}

/// Decides.
pub(crate) fn judge(progress: &Progress, answer: &Answer) -> Verdict {
    let step = progress.step;
    let again = |class, pause| Again { class, pause, step, is_unsure: false, leaves_server: false };
    let retry = || doubled(FIRST_PAUSE, progress.attempts, LONGEST_PAUSE);
    let next = match answer {
        Answer::Done if step == Step::Clean => Again { step: Step::Do, ..again(Class::Vendor, retry()) },
        Answer::Made(_) | Answer::Done => return Verdict::Succeed,
        Answer::Missing if matches!(progress.action, Action::Create | Action::Terminate | Action::Leave) => {
            return Verdict::Succeed;
        }
        Answer::Missing => return Verdict::Dead(Class::Missing),
        // Waiting for a vendor that works is no failure, however long it takes.
        Answer::Working(working) => {
            return Verdict::Again(again(Class::Working, poll(working, progress.polls)));
        }
        // Another server may have room, and is asked at once.
        Answer::Full(_) if progress.action == Action::Create => {
            Again { leaves_server: true, ..again(Class::Capacity, Duration::ZERO) }
        }
        // A person chose this server, and may choose another.
        Answer::Full(_) if progress.action == Action::Move => return Verdict::Dead(Class::Capacity),
        Answer::Full(_) | Answer::NoPlace(_) => {
            again(Class::Capacity, doubled(FIRST_ROOM_PAUSE, progress.attempts, LONGEST_ROOM_PAUSE))
        }
        Answer::VendorFailed(_) if matches!(progress.action, Action::Create | Action::Move) => {
            if progress.vendor_failures + 1 >= MOST_VENDOR_FAILURES {
                return Verdict::Dead(Class::Vendor);
            }
            Again { step: Step::Clean, ..again(Class::Vendor, Duration::ZERO) }
        }
        // A change that the vendor will never make is not asked for again.
        Answer::VendorFailed(_) => return Verdict::Dead(Class::Vendor),
        Answer::Failed(error) => match error {
            CallError::NotSent(_) => again(Class::Retry, retry()),
            CallError::Unknown(_) | CallError::Unreadable(_) => {
                Again { is_unsure: true, ..again(Class::Unknown, retry()) }
            }
            CallError::RateLimited { retry_after } => {
                return Verdict::Again(again(Class::Slow, retry_after.unwrap_or(FIRST_PAUSE)));
            }
            // The server's breaker says when it is tried again; no operation is lost over a password.
            CallError::BadCredentials(_) => return Verdict::Again(again(Class::Credentials, FIRST_PAUSE)),
            CallError::Refused(_) => return Verdict::Dead(Class::Permanent),
        },
    };
    if progress.tried_for >= progress.give_up_after {
        return Verdict::Dead(next.class);
    }
    Verdict::Again(next)
}

/// No sooner than the vendor said, and ever less often, up to a minute.
fn poll(working: &Working, polls: i64) -> Duration {
    working.again_after.max(doubled(Duration::from_secs(1), polls / 4, LONGEST_POLL))
}

/// `first`, doubled once for each time, up to `longest`.
fn doubled(first: Duration, times: i64, longest: Duration) -> Duration {
    let times = u32::try_from(times.clamp(0, 20)).unwrap_or(20);
    first.saturating_mul(2_u32.saturating_pow(times)).min(longest)
}

/// With up to a quarter more, drawn as parts per million, so that what failed together does not come back together.
pub(crate) fn with_jitter(pause: Duration, drawn_ppm: u32) -> Duration {
    let quarter = pause / 4;
    pause + quarter.mul_by_ppm(drawn_ppm.min(1_000_000))
}

/// A part of a duration.
trait PartOf {
    fn mul_by_ppm(self, ppm: u32) -> Duration;
}

impl PartOf for Duration {
    fn mul_by_ppm(self, ppm: u32) -> Duration {
        let micros = self.as_micros().saturating_mul(u128::from(ppm)) / 1_000_000;
        Self::from_micros(u64::try_from(micros).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_secs(3_600);

    fn progress(action: Action) -> Progress {
        Progress {
            action,
            step: Step::Do,
            attempts: 0,
            polls: 0,
            vendor_failures: 0,
            tried_for: Duration::ZERO,
            give_up_after: 24 * HOUR,
        }
    }

    fn failed(error: CallError) -> Answer {
        Answer::Failed(error)
    }

    fn again(verdict: Verdict) -> Again {
        match verdict {
            Verdict::Again(again) => again,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_way_to_fail_has_its_own_consequence() {
        let create = progress(Action::Create);
        let unknown = again(judge(&create, &failed(CallError::Unknown(String::new()))));
        assert_eq!((unknown.class, unknown.is_unsure), (Class::Unknown, true));
        let unreadable = again(judge(&create, &failed(CallError::Unreadable(String::new()))));
        assert!(unreadable.is_unsure);
        let unsent = again(judge(&create, &failed(CallError::NotSent(String::new()))));
        assert_eq!((unsent.class, unsent.is_unsure), (Class::Retry, false));
        let full = again(judge(&create, &Answer::Full(String::new())));
        assert_eq!((full.class, full.leaves_server, full.pause.as_secs()), (Class::Capacity, true, 0));
        let nowhere = again(judge(&create, &Answer::NoPlace(String::new())));
        assert_eq!(
            (nowhere.class, nowhere.leaves_server, nowhere.pause.as_secs()),
            (Class::Capacity, false, 60)
        );
        let full = again(judge(&progress(Action::Update), &Answer::Full(String::new())));
        assert!(!full.leaves_server, "what is there stays where it is");
        let refused = judge(&create, &failed(CallError::Refused(String::new())));
        assert_eq!(refused, Verdict::Dead(Class::Permanent));
    }

    #[test]
    fn pauses_double_up_to_ten_minutes() {
        // 2, 4, 8, 16, … 512, then 600 seconds.
        let pause = |attempts| {
            let progress = Progress { attempts, ..progress(Action::Suspend) };
            again(judge(&progress, &failed(CallError::NotSent(String::new())))).pause.as_secs()
        };
        assert_eq!([pause(0), pause(1), pause(3), pause(8), pause(9), pause(60)], [2, 4, 16, 512, 600, 600]);
        // Up to a quarter is added.
        let minute = Duration::from_secs(60);
        assert_eq!(with_jitter(minute, 0), minute);
        assert_eq!(with_jitter(minute, 1_000_000), Duration::from_secs(75));
        assert_eq!(with_jitter(minute, 500_000), Duration::from_millis(67_500));
    }

    #[test]
    fn a_vendor_at_work_is_asked_ever_less_often_and_never_given_up() {
        let poll = |polls, seconds| {
            let waits = Progress { polls, tried_for: 100 * HOUR, ..progress(Action::Create) };
            again(judge(&waits, &Answer::Working(Working::again_after_seconds(seconds)))).pause.as_secs()
        };
        // Every fourth answer doubles: 1, 2, 4, … 60 seconds, and no sooner than the vendor said.
        assert_eq!([poll(0, 1), poll(4, 1), poll(8, 1), poll(40, 1), poll(0, 30)], [1, 2, 4, 60, 30]);
    }

    #[test]
    fn what_a_vendor_left_half_made_is_removed_and_made_again_three_times() {
        let gave_up = Answer::VendorFailed(String::new());
        let first = again(judge(&progress(Action::Create), &gave_up));
        assert_eq!((first.step, first.pause), (Step::Clean, Duration::ZERO));
        let cleaning = Progress { step: Step::Clean, vendor_failures: 1, ..progress(Action::Create) };
        assert_eq!(again(judge(&cleaning, &Answer::Done)).step, Step::Do);
        let lost = again(judge(&cleaning, &failed(CallError::Unknown(String::new()))));
        assert_eq!(lost.step, Step::Clean, "it is not made again before it is gone");
        let third = Progress { vendor_failures: 2, ..progress(Action::Create) };
        assert_eq!(judge(&third, &gave_up), Verdict::Dead(Class::Vendor));
        assert_eq!(judge(&progress(Action::Update), &gave_up), Verdict::Dead(Class::Vendor));
    }

    #[test]
    fn a_move_stays_on_the_server_that_was_chosen() {
        let full = Answer::Full(String::new());
        assert_eq!(judge(&progress(Action::Move), &full), Verdict::Dead(Class::Capacity));
        let half = again(judge(&progress(Action::Move), &Answer::VendorFailed(String::new())));
        assert_eq!((half.step, half.leaves_server), (Step::Clean, false));
    }

    #[test]
    fn what_failed_for_too_long_is_given_up_but_not_for_a_wrong_password() {
        let late = Progress { tried_for: 24 * HOUR, ..progress(Action::Create) };
        assert_eq!(judge(&late, &failed(CallError::Unknown(String::new()))), Verdict::Dead(Class::Unknown));
        assert_eq!(judge(&late, &Answer::NoPlace(String::new())), Verdict::Dead(Class::Capacity));
        let wrong = again(judge(&late, &failed(CallError::BadCredentials(String::new()))));
        assert_eq!(wrong.class, Class::Credentials);
    }

    #[test]
    fn what_is_not_there_need_not_be_removed_and_cannot_be_suspended() {
        assert_eq!(judge(&progress(Action::Terminate), &Answer::Missing), Verdict::Succeed);
        assert_eq!(judge(&progress(Action::Leave), &Answer::Missing), Verdict::Succeed);
        assert_eq!(judge(&progress(Action::Suspend), &Answer::Missing), Verdict::Dead(Class::Missing));
    }
}

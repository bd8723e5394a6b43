//! What goes wrong between the caller and the fake.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bursar_ids::Rng;

/// What happens to one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The connection ends before anything is said.
    Refuse,
    /// The vendor asks to wait and does nothing.
    RateLimit,
    /// The vendor fails with a 503 and does nothing.
    Fail,
    /// The connection breaks before the vendor acts.
    LoseBefore,
    /// The vendor acts, and the connection breaks before it answers.
    LoseAfter,
    /// The vendor acts and answers something that nobody can read.
    Garble,
    /// The vendor acts and never answers; the connection stays open until the caller gives up.
    Stall,
}

impl Fault {
    /// Every one with its name on the command line.
    pub const ALL: [(&'static str, Self); 7] = [
        ("refuse", Self::Refuse),
        ("rate_limit", Self::RateLimit),
        ("fail", Self::Fail),
        ("lose_before", Self::LoseBefore),
        ("lose_after", Self::LoseAfter),
        ("garble", Self::Garble),
        ("stall", Self::Stall),
    ];
}

/// Which request a scripted fault waits for. [`Fault::Refuse`] happens before a request is read and takes any.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aim {
    /// The next.
    Any,
    /// The next that changes something.
    Change,
}

/// How often things go wrong by themselves, drawn from a seed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FaultPlan {
    /// Same seed and same order of requests: same faults.
    pub seed: u64,
    /// How many requests in a million meet a fault, each kind but [`Fault::Stall`] being as likely as another.
    pub ppm: u32,
    /// How long every answer takes.
    pub latency: Duration,
}

/// Tells the server what to do wrong. Clones share it.
#[derive(Clone)]
pub struct Faults(Arc<Mutex<Script>>);

struct Script {
    next: VecDeque<(Aim, Fault)>,
    plan: FaultPlan,
    rng: Rng,
    answered: u64,
}

impl std::fmt::Debug for Faults {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Faults").finish_non_exhaustive()
    }
}

impl Default for Faults {
    fn default() -> Self {
        let plan = FaultPlan::default();
        Self(Arc::new(Mutex::new(Script {
            next: VecDeque::new(),
            rng: Rng::from_seed(plan.seed),
            plan,
            answered: 0,
        })))
    }
}

impl Faults {
    /// Adds a fault for one of the next requests.
    pub fn next(&self, aim: Aim, fault: Fault) {
        self.lock().next.push_back((aim, fault));
    }

    /// Forgets the faults that no request has met.
    pub fn forget(&self) {
        self.lock().next.clear();
    }

    /// What goes wrong by itself from now on.
    pub fn set_plan(&self, plan: FaultPlan) {
        let mut script = self.lock();
        script.rng = Rng::from_seed(plan.seed);
        script.plan = plan;
    }

    /// How many requests were read so far.
    pub fn request_count(&self) -> u64 {
        self.lock().answered
    }

    /// Whether the connection that was just made ends at once.
    pub(crate) fn refuses(&self) -> bool {
        let mut script = self.lock();
        if matches!(script.next.front(), Some((_, Fault::Refuse))) {
            script.next.pop_front();
            return true;
        }
        false
    }

    /// The fault of a request that was read.
    pub(crate) fn draw(&self, changes: bool) -> Option<Fault> {
        const DRAWN: [Fault; 6] = [
            Fault::Refuse,
            Fault::RateLimit,
            Fault::Fail,
            Fault::LoseBefore,
            Fault::LoseAfter,
            Fault::Garble,
        ];
        let mut script = self.lock();
        script.answered += 1;
        match script.next.front() {
            Some((Aim::Any, _)) => return script.next.pop_front().map(|(_, fault)| fault),
            Some((Aim::Change, _)) if changes => return script.next.pop_front().map(|(_, fault)| fault),
            Some((Aim::Change, _)) | None => {}
        }
        let ppm = script.plan.ppm;
        if ppm > 0 && script.rng.chance_ppm(ppm) { script.rng.pick(&DRAWN).copied() } else { None }
    }

    pub(crate) fn latency(&self) -> Duration {
        self.lock().plan.latency
    }

    fn lock(&self) -> MutexGuard<'_, Script> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_waits_for_what_it_is_aimed_at() {
        let faults = Faults::default();
        faults.next(Aim::Change, Fault::LoseAfter);
        faults.next(Aim::Any, Fault::Garble);
        assert!(!faults.refuses());
        assert_eq!(faults.draw(false), None);
        assert_eq!(faults.draw(true), Some(Fault::LoseAfter));
        assert_eq!(faults.draw(false), Some(Fault::Garble));
        assert_eq!(faults.draw(true), None);
        assert_eq!(faults.request_count(), 4);
    }

    #[test]
    fn the_same_seed_draws_the_same_faults() {
        let drawn = |seed| {
            let faults = Faults::default();
            faults.set_plan(FaultPlan { seed, ppm: 500_000, ..FaultPlan::default() });
            (0..100).map(|_| faults.draw(true)).collect::<Vec<_>>()
        };
        assert_eq!(drawn(1), drawn(1));
        assert_ne!(drawn(1), drawn(2));
        let faults = drawn(1).into_iter().flatten().count();
        assert!((30..70).contains(&faults), "about half of a hundred: {faults}");
    }
}

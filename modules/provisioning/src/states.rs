//! Which state may follow which, and by what: data, so that a reader sees all of it and a test prints it.

use crate::words::words;

words! {
    /// What we have brought a service to.
    pub enum State {
        /// Sold; not to be made yet.
        Pending = "pending",
        /// To be made; no vendor was asked yet.
        Queued = "queued",
        /// Being made.
        Provisioning = "provisioning",
        /// The customer can use it.
        Active = "active",
        /// Being taken away from the customer.
        Suspending = "suspending",
        /// Taken away; nothing of it is lost.
        Suspended = "suspended",
        /// Being given back.
        Resuming = "resuming",
        /// Being changed to another plan.
        Updating = "updating",
        /// Being removed.
        Deprovisioning = "deprovisioning",
        /// Removed, or never made.
        Deprovisioned = "deprovisioned",
        /// A step was given up; a person has to look.
        Failed = "failed",
    }
}

words! {
    /// What moves a service.
    pub enum Event {
        /// It is to be made.
        Queue = "queue",
        /// Making begins, or begins again.
        Create = "create",
        /// Suspending begins, or begins again.
        Suspend = "suspend",
        /// Resuming begins, or begins again.
        Resume = "resume",
        /// A change of plan begins, or begins again.
        Update = "update",
        /// Removing begins, or begins again.
        Terminate = "terminate",
        /// What was begun is done.
        Succeed = "succeed",
        /// What was begun is given up.
        Fail = "fail",
        /// The vendor has no such thing any more.
        Vanish = "vanish",
        /// It was linked to what is there already.
        Adopt = "adopt",
        /// It is not wanted any more and was never begun.
        Drop = "drop",
    }
}

/// Every state with the events that move it, and where to.
///
/// What begins may begin again from its own working state: that is how a step goes on that was dropped for another one
/// and is wanted after all. Nothing leads out of `deprovisioned`: whoever comes back gets a new service.
pub const TRANSITIONS: [(State, &[(Event, State)]); 11] = [
    (
        State::Pending,
        &[(Event::Queue, State::Queued), (Event::Adopt, State::Active), (Event::Drop, State::Deprovisioned)],
    ),
    (
        State::Queued,
        &[
            (Event::Create, State::Provisioning),
            (Event::Fail, State::Failed),
            (Event::Adopt, State::Active),
            (Event::Drop, State::Deprovisioned),
        ],
    ),
    (
        State::Provisioning,
        &[
            (Event::Create, State::Provisioning),
            (Event::Terminate, State::Deprovisioning),
            (Event::Succeed, State::Active),
            (Event::Fail, State::Failed),
        ],
    ),
    (
        State::Active,
        &[
            (Event::Suspend, State::Suspending),
            (Event::Resume, State::Resuming),
            (Event::Update, State::Updating),
            (Event::Terminate, State::Deprovisioning),
            (Event::Vanish, State::Failed),
        ],
    ),
    (
        State::Suspending,
        &[
            (Event::Suspend, State::Suspending),
            (Event::Resume, State::Resuming),
            (Event::Terminate, State::Deprovisioning),
            (Event::Succeed, State::Suspended),
            (Event::Fail, State::Failed),
            (Event::Vanish, State::Failed),
        ],
    ),
    (
        State::Suspended,
        &[
            (Event::Suspend, State::Suspending),
            (Event::Resume, State::Resuming),
            (Event::Terminate, State::Deprovisioning),
            (Event::Vanish, State::Failed),
        ],
    ),
    (
        State::Resuming,
        &[
            (Event::Suspend, State::Suspending),
            (Event::Resume, State::Resuming),
            (Event::Terminate, State::Deprovisioning),
            (Event::Succeed, State::Active),
            (Event::Fail, State::Failed),
            (Event::Vanish, State::Failed),
        ],
    ),
    (
        State::Updating,
        &[
            (Event::Update, State::Updating),
            (Event::Terminate, State::Deprovisioning),
            (Event::Succeed, State::Active),
            (Event::Fail, State::Failed),
            (Event::Vanish, State::Failed),
        ],
    ),
    (
        State::Deprovisioning,
        &[
            (Event::Terminate, State::Deprovisioning),
            (Event::Succeed, State::Deprovisioned),
            (Event::Fail, State::Failed),
        ],
    ),
    (State::Deprovisioned, &[]),
    (
        State::Failed,
        &[
            (Event::Create, State::Provisioning),
            (Event::Suspend, State::Suspending),
            (Event::Resume, State::Resuming),
            (Event::Update, State::Updating),
            (Event::Terminate, State::Deprovisioning),
            (Event::Adopt, State::Active),
        ],
    ),
];

impl State {
    /// Where an event leads from here; `None` when it cannot happen here.
    pub fn after(self, event: Event) -> Option<Self> {
        let (_, moves) = TRANSITIONS.iter().find(|(from, _)| *from == self)?;
        moves.iter().find(|(by, _)| *by == event).map(|(_, to)| *to)
    }

    /// Whether nothing can happen to it any more.
    pub fn is_over(self) -> bool {
        self == Self::Deprovisioned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_the_one_that_was_agreed() {
        let table: Vec<String> = TRANSITIONS
            .iter()
            .map(|(from, moves)| {
                let moves: Vec<String> =
                    moves.iter().map(|(by, to)| format!("{}={}", by.code(), to.code())).collect();
                format!("{}: {}", from.code(), moves.join(" "))
            })
            .collect();
        let agreed = "\
pending: queue=queued adopt=active drop=deprovisioned
queued: create=provisioning fail=failed adopt=active drop=deprovisioned
provisioning: create=provisioning terminate=deprovisioning succeed=active fail=failed
active: suspend=suspending resume=resuming update=updating terminate=deprovisioning vanish=failed
suspending: suspend=suspending resume=resuming terminate=deprovisioning succeed=suspended fail=failed vanish=failed
suspended: suspend=suspending resume=resuming terminate=deprovisioning vanish=failed
resuming: suspend=suspending resume=resuming terminate=deprovisioning succeed=active fail=failed vanish=failed
updating: update=updating terminate=deprovisioning succeed=active fail=failed vanish=failed
deprovisioning: terminate=deprovisioning succeed=deprovisioned fail=failed
deprovisioned: 
failed: create=provisioning suspend=suspending resume=resuming update=updating terminate=deprovisioning adopt=active";
        assert_eq!(table.join("\n"), agreed);
    }

    /// Every state with every event: what the table does not name is refused, and only these pairs are named.
    #[test]
    fn every_pair_of_state_and_event_is_decided() {
        let mut allowed = 0;
        for state in State::ALL {
            for event in Event::ALL {
                let named = TRANSITIONS
                    .iter()
                    .filter(|(from, _)| from == state)
                    .flat_map(|(_, moves)| moves.iter())
                    .filter(|(by, _)| by == event)
                    .count();
                assert!(named <= 1, "{} is named twice under {}", event.code(), state.code());
                assert_eq!(state.after(*event).is_some(), named == 1);
                allowed += named;
            }
        }
        // 11 states × 11 events: 46 of the 121 pairs are moves.
        assert_eq!((State::ALL.len() * Event::ALL.len(), allowed), (121, 46));
    }

    #[test]
    fn every_state_has_its_row_and_its_word() {
        for (state, (from, moves)) in State::ALL.iter().zip(TRANSITIONS) {
            assert_eq!(*state, from);
            assert_eq!(State::parse(state.code()), Some(*state));
            assert_eq!(state.is_over(), moves.is_empty());
        }
        assert_eq!(State::parse("dreaming"), None);
    }

    #[test]
    fn every_working_state_may_fail_and_everything_that_was_begun_can_be_removed() {
        for state in State::ALL {
            let works = state.after(Event::Succeed).is_some();
            assert!(!works || state.after(Event::Fail) == Some(State::Failed), "{}", state.code());
            let untouched = matches!(state, State::Pending | State::Queued | State::Deprovisioned);
            assert_eq!(state.after(Event::Terminate).is_some(), !untouched, "{}", state.code());
        }
    }
}

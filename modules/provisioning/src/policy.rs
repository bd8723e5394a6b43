//! What a service should be, and what to do next to bring it there: pure.

use crate::states::{Event, State};
use crate::words::words;

words! {
    /// What a service should be.
    pub enum Desired {
        /// Nothing yet: it is sold and not to be made.
        Nothing = "nothing",
        /// Usable.
        Active = "active",
        /// Taken away, and kept.
        Suspended = "suspended",
        /// Removed.
        Gone = "gone",
    }
}

words! {
    /// What can be done to a service through its driver.
    pub enum Action {
        /// Make it.
        Create = "create",
        /// Take it away without losing anything.
        Suspend = "suspend",
        /// Give it back.
        Resume = "resume",
        /// Change it to the plan that is wanted.
        Update = "update",
        /// Remove it.
        Terminate = "terminate",
        /// Set a new password.
        Password = "password",
        /// Install it anew; what is on its disk is lost.
        Reinstall = "reinstall",
        /// Switch it on.
        Start = "start",
        /// Ask it to shut down.
        Stop = "stop",
        /// Off and on again.
        Restart = "restart",
        /// Pull the plug.
        Kill = "kill",
        /// Make it on another server.
        Move = "move",
        /// Remove what a move has left behind.
        Leave = "leave",
    }
}

impl Action {
    /// What it is to the state machine when it begins; errands such as switching move nothing.
    pub fn begins_with(self) -> Option<Event> {
        match self {
            Self::Create => Some(Event::Create),
            Self::Suspend => Some(Event::Suspend),
            Self::Resume => Some(Event::Resume),
            Self::Update => Some(Event::Update),
            Self::Terminate => Some(Event::Terminate),
            Self::Password
            | Self::Reinstall
            | Self::Start
            | Self::Stop
            | Self::Restart
            | Self::Kill
            | Self::Move
            | Self::Leave => None,
        }
    }

    /// Whether it leaves the service in the state in which it was.
    pub fn is_errand(self) -> bool {
        self.begins_with().is_none()
    }

    /// Whether whoever may operate a service may just ask for it.
    pub fn is_asked_for(self) -> bool {
        self.is_errand() && !matches!(self, Self::Move | Self::Leave)
    }
}

/// The facts that decide what a service should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// It is to be delivered.
    pub is_started: bool,
    /// Billing wants it taken away.
    pub is_held_by_billing: bool,
    /// Staff want it taken away; paying does not change that.
    pub is_held_by_staff: bool,
    /// What it was sold with is over.
    pub is_ended: bool,
}

impl Facts {
    /// What it should be. An end is final, and being held outlives being started.
    pub fn desired(self) -> Desired {
        if self.is_ended {
            Desired::Gone
        } else if !self.is_started {
            Desired::Nothing
        } else if self.is_held_by_billing || self.is_held_by_staff {
            Desired::Suspended
        } else {
            Desired::Active
        }
    }
}

/// What to do next when nothing is under way. What failed waits for a person, unless it is to be removed.
pub fn next_action(state: State, desired: Desired, plan_is_stale: bool) -> Option<Action> {
    match (desired, state) {
        (Desired::Nothing, _) | (_, State::Deprovisioned) => None,
        // What was never begun is dropped, not removed.
        (Desired::Gone, State::Pending | State::Queued) => None,
        (Desired::Gone, _) => Some(Action::Terminate),
        (_, State::Deprovisioning) => Some(Action::Terminate),
        (_, State::Failed) => None,
        // What is owed for is not begun; what is begun is made, and then suspended.
        (Desired::Suspended, State::Pending | State::Queued | State::Suspended) => None,
        (Desired::Active, State::Pending | State::Queued) => Some(Action::Create),
        (_, State::Provisioning) => Some(Action::Create),
        (Desired::Active, State::Suspending | State::Suspended | State::Resuming) => Some(Action::Resume),
        (Desired::Suspended, State::Active | State::Suspending | State::Resuming) => Some(Action::Suspend),
        (_, State::Updating) => Some(Action::Update),
        (Desired::Active, State::Active) => plan_is_stale.then_some(Action::Update),
    }
}

/// Whether what waits to be done is not wanted any more, so that something else is done instead.
pub fn is_overtaken(action: Action, desired: Desired) -> bool {
    match desired {
        Desired::Gone => action != Action::Terminate,
        Desired::Active => action == Action::Suspend,
        Desired::Suspended => action == Action::Resume || action.is_errand(),
        Desired::Nothing => false,
    }
}

/// Whether what waits makes room for what is wanted now. What is left of a move is removed when nothing else is to be done,
/// and not put off for nothing.
pub fn gives_way(waiting: Action, desired: Desired, next: Option<Action>) -> bool {
    is_overtaken(waiting, desired) && (waiting != Action::Leave || next.is_some())
}

/// What may be asked for by hand: only of what runs, and only one thing at a time.
pub fn takes_errands(state: State, desired: Desired) -> bool {
    state == State::Active && desired == Desired::Active
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_final_and_a_hold_of_staff_outlives_a_payment() {
        let facts = |started, billing, staff, ended| Facts {
            is_started: started,
            is_held_by_billing: billing,
            is_held_by_staff: staff,
            is_ended: ended,
        };
        for (given, desired) in [
            (facts(false, false, false, false), Desired::Nothing),
            (facts(false, true, false, false), Desired::Nothing),
            (facts(true, false, false, false), Desired::Active),
            (facts(true, true, false, false), Desired::Suspended),
            (facts(true, false, true, false), Desired::Suspended),
            (facts(true, true, true, true), Desired::Gone),
            (facts(false, false, false, true), Desired::Gone),
        ] {
            assert_eq!(given.desired(), desired, "{given:?}");
        }
    }

    /// From wherever a service stands, doing what is next and succeeding comes to what is desired, in at most three
    /// steps, through moves that the table has.
    #[test]
    fn from_every_state_the_next_actions_lead_to_what_is_desired() {
        for start in State::ALL {
            for desired in [Desired::Active, Desired::Suspended, Desired::Gone] {
                let mut state = *start;
                let mut steps = 0;
                while let Some(action) = next_action(state, desired, false) {
                    if state == State::Pending {
                        state = state.after(Event::Queue).unwrap();
                    }
                    let begins = action.begins_with().expect("a step of the machine");
                    state = state.after(begins).and_then(|s| s.after(Event::Succeed)).unwrap_or_else(|| {
                        panic!("{} cannot {} from {}", start.code(), action.code(), state.code())
                    });
                    steps += 1;
                    assert!(steps <= 3, "{} to {} takes for ever", start.code(), desired.code());
                }
                let ends_at: &[State] = match (desired, start) {
                    (_, State::Deprovisioned) | (_, State::Deprovisioning) => &[State::Deprovisioned],
                    (Desired::Gone, State::Pending | State::Queued) => &[State::Pending, State::Queued],
                    (Desired::Gone, _) => &[State::Deprovisioned],
                    (_, State::Failed) => &[State::Failed],
                    (Desired::Active, _) => &[State::Active],
                    (_, State::Pending | State::Queued) => &[State::Pending, State::Queued],
                    _ => &[State::Suspended],
                };
                assert!(ends_at.contains(&state), "{} to {}: {}", start.code(), desired.code(), state.code());
            }
        }
    }

    #[test]
    fn another_plan_is_made_only_of_what_runs() {
        assert_eq!(next_action(State::Active, Desired::Active, true), Some(Action::Update));
        assert_eq!(next_action(State::Active, Desired::Active, false), None);
        assert_eq!(next_action(State::Suspended, Desired::Suspended, true), None);
        assert_eq!(next_action(State::Suspended, Desired::Active, true), Some(Action::Resume));
    }

    #[test]
    fn a_move_is_not_among_what_customers_ask_for() {
        let asked: Vec<&str> =
            Action::ALL.iter().filter(|it| it.is_asked_for()).map(|it| it.code()).collect();
        assert_eq!(asked, ["password", "reinstall", "start", "stop", "restart", "kill"]);
    }

    #[test]
    fn what_waits_gives_way_to_what_is_wanted_now() {
        assert!(is_overtaken(Action::Suspend, Desired::Active), "they paid before it was suspended");
        assert!(is_overtaken(Action::Resume, Desired::Suspended));
        assert!(is_overtaken(Action::Restart, Desired::Suspended));
        assert!(!is_overtaken(Action::Create, Desired::Suspended), "what was begun is made first");
        assert!(is_overtaken(Action::Move, Desired::Suspended), "who owes is not given a new machine");
        assert!(gives_way(Action::Leave, Desired::Suspended, Some(Action::Suspend)));
        assert!(
            !gives_way(Action::Leave, Desired::Suspended, None)
                && !gives_way(Action::Leave, Desired::Gone, None)
        );
        for action in Action::ALL {
            assert_eq!(is_overtaken(*action, Desired::Gone), *action != Action::Terminate);
        }
    }
}

//! A service, what a driver made for it, and one thing to do to it: as they are stored.

use bursar_hosting::{Observed, Origin};
use bursar_ids::{Entity, Id};
use bursar_time::{Date, Instant};
use serde::{Deserialize, Serialize};

use crate::policy::{Action, Desired, Facts};
use crate::states::State;
use crate::verdict::{Class, Step};
use crate::words::words;

/// What was sold and is delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Identity.
    pub id: i64,
    /// Whose it is.
    pub customer_id: i64,
    /// What bills it; none for what staff made without one.
    pub subscription_id: Option<i64>,
    /// Which part of the subscription: `product`, or `addon:` and the add-on.
    pub slot: String,
    /// What it is made from.
    pub product_id: i64,
    /// The order it came with.
    pub order_id: Option<i64>,
    /// As shown.
    pub label: String,
    /// Host name or domain.
    pub name: Option<String>,
    /// The day on which it is to be made, where it waits for one.
    pub start_on: Option<Date>,
    /// Option, value and quantity.
    pub options: Vec<(i64, i64, i64)>,
    /// What decides what it should be.
    pub facts: Facts,
    /// Why it is held, as the customer may read it.
    pub hold_reason: String,
    /// What we have brought it to.
    pub state: State,
    /// What the vendor last showed, as the contract's word; empty for nothing yet.
    pub observed: String,
    /// When that was.
    pub observed_at: Option<Instant>,
    /// Counts what was decided to be done to it.
    pub generation: i64,
    /// Counts the plans that were wanted.
    pub plan_wanted: i64,
    /// Which of them the vendor has; 0 for none.
    pub plan_applied: i64,
    /// Until when it is kept, where it is over or was put away.
    pub archived_until: Option<Instant>,
    /// Why it waits or failed, for staff.
    pub why: String,
    /// When a step was given up.
    pub failed_at: Option<Instant>,
    /// When it was sold.
    pub created_at: Instant,
    /// When it last changed.
    pub updated_at: Instant,
    /// Counts changes.
    pub version: i64,
}

impl Entity for Service {
    const PREFIX: &'static str = "svc";
}

impl Service {
    /// What it should be.
    pub fn desired(&self) -> Desired {
        self.facts.desired()
    }

    /// Whether the vendor has another plan than the one that is wanted.
    pub fn plan_is_stale(&self) -> bool {
        self.plan_applied != self.plan_wanted
    }
}

words! {
    /// Whether what a driver made is there.
    pub enum ResourceState {
        /// To be made; perhaps it is there already.
        Wanted = "wanted",
        /// There.
        Live = "live",
        /// Not there any more.
        Gone = "gone",
    }
}

/// What the vendor last showed of a resource. Nothing in it is secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shown {
    /// Host name or domain there.
    pub name: Option<String>,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// How the customer gets in: the contract's word and the value.
    pub access: Vec<(String, String)>,
    /// The plan as the vendor shows it.
    pub plan: Vec<(String, String)>,
    /// Whether there is more to show that is asked for then: a licence.
    pub has_secrets: bool,
}

impl Shown {
    /// What is kept of an observation.
    pub fn of(observed: &Observed) -> Self {
        let pairs = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        Self {
            name: observed.name.clone(),
            addresses: observed.addresses.clone(),
            access: observed
                .access
                .iter()
                .filter(|fact| !fact.kind.is_secret())
                .map(|fact| pairs((fact.kind.code(), &fact.value)))
                .collect(),
            plan: observed.plan.iter().map(pairs).collect(),
            has_secrets: observed.access.iter().any(|fact| fact.kind.is_secret()),
        }
    }
}

words! {
    /// What a resource is to its service.
    pub enum Part {
        /// What the customer uses.
        Own = "own",
        /// What will be that, on another server.
        Coming = "coming",
        /// What was that, or was to be, and is to be removed.
        Leaving = "leaving",
        /// The same, and it could not be removed.
        Stuck = "stuck",
    }
}

/// What a driver made, or is to make, for a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// Identity.
    pub id: i64,
    /// For which service.
    pub service_id: i64,
    /// On which server; 0 until there is a place.
    pub server_id: i64,
    /// By which driver.
    pub driver: String,
    /// Our name of it at the vendor.
    pub tag: String,
    /// Whether we made it or took it over.
    pub origin: Origin,
    /// The vendor's name of it.
    pub reference: Option<String>,
    /// Whether it is there.
    pub state: ResourceState,
    /// What it is to its service.
    pub part: Part,
    /// What the vendor last showed.
    pub shown: Shown,
    /// The customer's password, sealed.
    pub password_sealed: Option<String>,
    /// When it was decided on.
    pub created_at: Instant,
}

words! {
    /// Where an operation stands.
    pub enum OperationState {
        /// For its time.
        Waiting = "waiting",
        /// A worker has it.
        Running = "running",
        /// It did what it was for.
        Done = "done",
        /// Given up; a person has to look.
        Dead = "dead",
        /// Not wanted any more.
        Dropped = "dropped",
    }
}

/// One thing to do to a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Operation {
    /// Identity.
    pub id: i64,
    /// To which service.
    pub service_id: i64,
    /// To which resource of it.
    pub resource_id: i64,
    /// At which server; 0 while there is none.
    pub server_id: i64,
    /// What.
    pub action: Action,
    /// Which part of it.
    pub step: Step,
    /// The idempotency key.
    pub key: String,
    /// Where it stands.
    pub state: OperationState,
    /// Why it waits or was given up.
    pub class: Class,
    /// The same in the vendor's words.
    pub why: String,
    /// When its next turn is.
    pub due_at: Instant,
    /// Until when a worker has it.
    pub lease_until: Option<Instant>,
    /// Counts its turns.
    pub fence: i64,
    /// The last call may have had an effect.
    pub is_unsure: bool,
    /// Turns that failed in a way that counts.
    pub attempts: i64,
    /// Answers that the vendor was still at work.
    pub polls: i64,
    /// How often the vendor gave up.
    pub vendor_failures: i64,
    /// Servers that had no room for it.
    pub tried: Vec<i64>,
    /// The vendor's name of its work.
    pub task: Option<String>,
    /// How far the vendor is.
    pub percent: Option<i64>,
    /// The plan that it brings about.
    pub plan_version: i64,
    /// When it was decided.
    pub created_at: Instant,
    /// When it was first tried.
    pub first_tried_at: Option<Instant>,
    /// When it ended.
    pub ended_at: Option<Instant>,
}

impl Operation {
    /// Its id, typed.
    pub fn typed_id(&self) -> Id<Self> {
        Id::new(self.id)
    }
}

impl Entity for Operation {
    const PREFIX: &'static str = "pop";
}

//! One machine of the panel, and how it changes. Pure.

use std::collections::BTreeMap;

use bursar_hosting::{PowerAction, Specification};
use bursar_time::Instant;
use serde::{Deserialize, Serialize};

/// A machine as the panel remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Machine {
    /// The panel's own name of it.
    pub reference: String,
    /// The node it is on: one server of the installation's.
    pub node: String,
    /// What its maker called it; empty for a machine that somebody else made.
    pub tag: String,
    /// Host name.
    pub name: Option<String>,
    /// The owner's mail address.
    pub email: String,
    /// The plan's settings.
    pub plan: BTreeMap<String, String>,
    /// Its addresses.
    pub addresses: Vec<String>,
    /// What it is doing.
    pub stage: Stage,
    /// Taken away from its owner.
    pub suspended: bool,
    /// When it was last switched on.
    pub started_at: Instant,
    /// How often its password was set. The password itself is not kept.
    pub password_count: u32,
    /// The key of the operation that last started it over.
    pub reinstalled_for: Option<String>,
    /// Copies to go back to.
    pub copies: Vec<Copy>,
}

/// A copy of a machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Copy {
    /// The panel's own name of it.
    pub reference: String,
    /// The key of the operation that asked for it, which is what makes it one.
    pub key: String,
    /// For people.
    pub name: String,
    /// When it was made.
    pub created_at: Instant,
}

/// What a machine is doing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stage {
    /// Being installed.
    Building {
        /// When that ends.
        until: Instant,
        /// Whether it ends badly.
        fails: bool,
    },
    /// Switched on.
    Running,
    /// Switched off.
    Stopped,
    /// The installation failed.
    Failed,
}

/// Names of the plan's settings.
pub(crate) const CORES: &str = "cores";
pub(crate) const MEMORY: &str = "memory_mib";
pub(crate) const DISK: &str = "disk_gib";
pub(crate) const IMAGE: &str = "image";
pub(crate) const REGION: &str = "region";
pub(crate) const BUILD: &str = "build_seconds";
pub(crate) const BEHAVIOUR: &str = "behaviour";
/// What the panel shows of a plan.
pub(crate) const SHOWN: [&str; 5] = [CORES, MEMORY, DISK, IMAGE, REGION];

impl Machine {
    pub(crate) fn ordered(reference: String, tag: &str, specification: &Specification, now: Instant) -> Self {
        let mut machine = Self {
            addresses: addresses_of(specification, &reference),
            reference,
            node: String::new(),
            tag: tag.to_owned(),
            name: specification.name.clone(),
            email: specification.customer.email.clone(),
            plan: BTreeMap::new(),
            stage: Stage::Running,
            suspended: false,
            started_at: now,
            password_count: 1,
            reinstalled_for: None,
            copies: Vec::new(),
        };
        machine.take_plan(specification);
        machine
    }

    pub(crate) fn take_plan(&mut self, specification: &Specification) {
        self.plan = SHOWN
            .iter()
            .filter_map(|name| Some(((*name).to_owned(), specification.plan.text(name)?.to_owned())))
            .collect();
    }

    /// Begins to install it.
    pub(crate) fn build(&mut self, specification: &Specification, now: Instant, fails: bool) {
        let seconds = specification.plan.number(BUILD).unwrap_or_default();
        let fails = fails || specification.plan.text(BEHAVIOUR) == Some("fails");
        self.stage = Stage::Building { until: now.plus_seconds(seconds), fails };
        self.settle(now);
    }

    /// Ends what has ended by now.
    pub(crate) fn settle(&mut self, now: Instant) {
        if let Stage::Building { until, fails } = self.stage
            && until <= now
        {
            self.stage = if fails { Stage::Failed } else { Stage::Running };
            self.started_at = until;
        }
    }

    pub(crate) fn disk_gib(&self) -> i64 {
        self.plan.get(DISK).and_then(|value| value.parse().ok()).unwrap_or_default()
    }

    pub(crate) fn switch(&mut self, action: PowerAction, now: Instant) {
        match action {
            PowerAction::Start if self.stage == Stage::Running => {}
            PowerAction::Start | PowerAction::Restart => {
                self.stage = Stage::Running;
                self.started_at = now;
            }
            PowerAction::Stop | PowerAction::Kill => self.stage = Stage::Stopped,
        }
    }

    /// Seconds since it was switched on; nought when it is off.
    pub(crate) fn uptime_seconds(&self, now: Instant) -> i64 {
        if self.stage == Stage::Running {
            (now.micros() - self.started_at.micros()).div_euclid(1_000_000).max(0)
        } else {
            0
        }
    }
}

/// Those it was given, or one made up from its name out of the block for documentation.
fn addresses_of(specification: &Specification, reference: &str) -> Vec<String> {
    if specification.addresses.is_empty() {
        let last = 1 + reference.bytes().fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 254);
        return vec![format!("198.51.100.{last}")];
    }
    specification.addresses.iter().map(|address| address.ip.clone()).collect()
}

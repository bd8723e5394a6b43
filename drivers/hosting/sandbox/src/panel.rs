//! The pretended vendor: what it knows, and what it does when asked.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use bursar_hosting::{Specification, WebhookRequest};
use bursar_ids::Rng;
use bursar_outbound::{CallError, Credentials};
use bursar_time::Instant;

use crate::journal::{Journal, Record};
use crate::machine::Machine;
use crate::plan::{CallTrouble, FaultPlan, chance};
use crate::webhook;

/// The vendor. Share it with `Arc`: the application may be taken down and built up again around it.
pub struct Panel {
    api_key: String,
    webhook_secret: String,
    inner: Mutex<Inner>,
}

pub(crate) struct Inner {
    pub(crate) machines: BTreeMap<String, Machine>,
    next_number: u64,
    journal: Journal,
    plan: FaultPlan,
    rng: Rng,
    script: VecDeque<CallTrouble>,
    /// Machines that changed and were not announced yet, with the number of the announcement.
    announcements: VecDeque<(u64, String)>,
}

impl std::fmt::Debug for Panel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Panel").finish_non_exhaustive()
    }
}

impl Panel {
    /// A panel that remembers as long as it lives.
    pub fn in_memory() -> Self {
        Self::with_journal(Journal::default(), Vec::new())
    }

    /// A panel that keeps its memory in a file, which is made when missing. One process at a time.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut records = Vec::new();
        let journal = Journal::open(path, |record| records.push(record))?;
        Ok(Self::with_journal(journal, records))
    }

    fn with_journal(journal: Journal, records: Vec<Record>) -> Self {
        let mut inner = Inner {
            machines: BTreeMap::new(),
            next_number: 1,
            journal,
            plan: FaultPlan::calm(),
            rng: Rng::from_seed(0),
            script: VecDeque::new(),
            announcements: VecDeque::new(),
        };
        records.into_iter().for_each(|record| inner.remember(record));
        Self {
            api_key: "sandbox-api-key".to_owned(),
            webhook_secret: "sandbox-webhook-secret".to_owned(),
            inner: Mutex::new(inner),
        }
    }

    /// Replaces the webhook secret, so that nobody who has read this source can forge one for an installation.
    #[must_use]
    pub fn with_webhook_secret(mut self, secret: impl Into<String>) -> Self {
        self.webhook_secret = secret.into();
        self
    }

    /// What the driver needs to be let in.
    pub fn credentials(&self) -> Credentials {
        Credentials::none().with("api_key", &*self.api_key).with(webhook::SECRET, &*self.webhook_secret)
    }

    /// What goes wrong from now on.
    pub fn set_plan(&self, plan: FaultPlan) {
        let mut inner = self.lock();
        inner.rng = Rng::from_seed(plan.seed);
        inner.plan = plan;
    }

    /// What goes wrong with the next calls, one each, before the plan is asked again.
    pub fn next_calls(&self, troubles: impl IntoIterator<Item = CallTrouble>) {
        self.lock().script.extend(troubles);
    }

    /// Forgets what was to go wrong with the next calls.
    pub fn forget_next_calls(&self) {
        self.lock().script.clear();
    }

    /// Every machine, for an auditor and for pages that show them.
    pub fn machines(&self, now: Instant) -> Vec<Machine> {
        let mut inner = self.lock();
        inner.machines.values_mut().for_each(|machine| machine.settle(now));
        inner.machines.values().cloned().collect()
    }

    /// Puts a machine on a node that was not made through the driver, and gives the panel's name of it.
    pub fn add_stranger(
        &self,
        now: Instant,
        node: &str,
        specification: &Specification,
    ) -> io::Result<String> {
        let mut inner = self.lock();
        let reference = format!("sbx-{}", inner.number()?);
        let mut machine = Machine::ordered(reference.clone(), "", specification, now);
        node.clone_into(&mut machine.node);
        inner.save(machine)?;
        Ok(reference)
    }

    /// Takes the webhooks of everything that changed, signed now.
    pub fn take_webhooks(&self, now: Instant) -> Vec<WebhookRequest> {
        let mut inner = self.lock();
        let due: Vec<_> = inner.announcements.drain(..).collect();
        let Inner { plan, rng, machines, .. } = &mut *inner;
        let mut out = Vec::new();
        for (number, reference) in due {
            if chance(rng, plan.webhook_lost_ppm) {
                continue;
            }
            let tag = machines.get(&reference).map(|machine| machine.tag.as_str());
            let hook = webhook::signed(&self.webhook_secret, now, number, &reference, tag);
            if chance(rng, plan.webhook_twice_ppm) {
                out.push(hook.clone());
            }
            out.push(hook);
        }
        out
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn accepts(&self, credentials: &Credentials) -> bool {
        credentials.get("api_key") == Some(self.api_key.as_str())
    }
}

impl Inner {
    fn remember(&mut self, record: Record) {
        match record {
            Record::Machine(machine) => {
                self.machines.insert(machine.reference.clone(), *machine);
            }
            Record::Gone { reference } => {
                self.machines.remove(&reference);
            }
            Record::Number { next } => self.next_number = next,
        }
    }

    fn write(&mut self, record: Record) -> io::Result<()> {
        self.journal.append(&record)?;
        self.remember(record);
        Ok(())
    }

    /// The trouble of the next call: the script's, or the plan's.
    pub(crate) fn trouble(&mut self) -> Option<CallTrouble> {
        self.script.pop_front().or_else(|| self.plan.draw_call(&mut self.rng))
    }

    /// A number that was never given out, not before a restart either.
    pub(crate) fn number(&mut self) -> io::Result<u64> {
        let number = self.next_number;
        self.write(Record::Number { next: number + 1 })?;
        Ok(number)
    }

    pub(crate) fn build_fails(&mut self) -> bool {
        let Self { plan, rng, .. } = self;
        chance(rng, plan.build_fails_ppm)
    }

    pub(crate) fn is_full(&mut self) -> bool {
        let Self { plan, rng, .. } = self;
        chance(rng, plan.full_ppm)
    }

    /// What is on a node.
    pub(crate) fn on(&mut self, node: &str, now: Instant) -> Vec<Machine> {
        let there = self.machines.values_mut().filter(|machine| machine.node == node);
        there
            .map(|machine| {
                machine.settle(now);
                machine.clone()
            })
            .collect()
    }

    pub(crate) fn save(&mut self, machine: Machine) -> io::Result<()> {
        let reference = machine.reference.clone();
        self.write(Record::Machine(Box::new(machine)))?;
        self.announce(reference)
    }

    pub(crate) fn remove(&mut self, reference: &str) -> io::Result<()> {
        self.write(Record::Gone { reference: reference.to_owned() })?;
        self.announce(reference.to_owned())
    }

    /// Announcements that nobody takes must not grow for ever.
    fn announce(&mut self, reference: String) -> io::Result<()> {
        const MOST: usize = 1_000;
        if self.announcements.len() == MOST {
            self.announcements.pop_front();
        }
        let number = self.number()?;
        self.announcements.push_back((number, reference));
        Ok(())
    }
}

/// A panel that cannot remember has failed: nobody knows how far it came.
pub(crate) fn forgetful(error: io::Error) -> CallError {
    CallError::Unknown(format!("the sandbox's file cannot be written: {error}"))
}

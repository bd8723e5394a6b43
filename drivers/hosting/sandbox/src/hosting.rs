//! The driver: the contract over the panel.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use bursar_hosting::{
    Access, AccessKind, Accounts, AddressUse, Backups, Change, Connection, Creation, Health, Hosting,
    Inventory, InventoryKind, Login, Manifest, NameUse, Observed, Operation, Origin, Pace, Passwords, Power,
    Reference, Reinstallation, Resizing, Resource, Setting, SettingKind, Sight, SignIn, Specification, State,
    Usage, Vendor, Webhooks, Working,
};
use bursar_outbound::{Call, CallError};
use bursar_time::Instant;

use crate::machine::{BEHAVIOUR, BUILD, CORES, DISK, IMAGE, MEMORY, Machine, REGION, Stage};
use crate::panel::{Inner, Panel, forgetful};
use crate::plan::CallTrouble;
use crate::{ID, webhook};

const SERVER_SETTINGS: &[Setting] = &[
    Setting::required("api_key", "API key", SettingKind::Secret, "The sandbox's own: sandbox-api-key."),
    Setting::optional(
        webhook::SECRET,
        "Webhook secret",
        SettingKind::Secret,
        "Made up by the sandbox; only needed to try webhooks.",
    ),
    Setting::optional("node", "Node", SettingKind::Text, "Servers with different nodes share nothing.")
        .starting_with("node1"),
    Setting::optional(
        "room",
        "Room",
        SettingKind::Number { least: 0, most: 1_000_000, unit: "machines" },
        "How many machines it takes; empty for any number.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        CORES,
        "Cores",
        SettingKind::Number { least: 1, most: 256, unit: "" },
        "Virtual processors.",
    ),
    Setting::required(
        MEMORY,
        "Memory",
        SettingKind::Number { least: 128, most: 4_194_304, unit: "MiB" },
        "Working memory.",
    ),
    Setting::required(
        DISK,
        "Disk",
        SettingKind::Number { least: 1, most: 65_536, unit: "GiB" },
        "It only grows.",
    ),
    Setting::required(IMAGE, "Image", SettingKind::Listed(InventoryKind::Images), "What is installed."),
    Setting::optional(REGION, "Region", SettingKind::Listed(InventoryKind::Regions), "Where it stands."),
    Setting::optional(
        BUILD,
        "Build time",
        SettingKind::Number { least: 0, most: 86_400, unit: "seconds" },
        "How long the installation takes.",
    )
    .starting_with("20"),
    Setting::optional(
        BEHAVIOUR,
        "Behaviour",
        SettingKind::Choice(&[("works", "Works"), ("fails", "Installation fails")]),
        "What becomes of the installation.",
    )
    .starting_with("works"),
];

static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Sandbox",
    summary: "Makes machines that do not exist, for trying Bursar out.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 50,
        per_minute: None,
        ask_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(30),
    },
};

/// The sandbox through the contract.
#[derive(Debug, Clone)]
pub struct SandboxHosting {
    panel: Arc<Panel>,
}

/// One request at the panel.
pub(crate) struct Request<'a> {
    pub(crate) inner: &'a mut Inner,
    pub(crate) now: Instant,
    pub(crate) node: &'a str,
    call: &'a Call,
}

impl SandboxHosting {
    /// The driver of a panel.
    pub fn new(panel: Arc<Panel>) -> Self {
        Self { panel }
    }

    /// Does `act` at the panel as the next trouble allows.
    pub(crate) fn ask<T>(
        &self,
        call: &Call,
        act: impl FnOnce(&mut Request<'_>) -> Result<T, CallError>,
    ) -> Result<T, CallError> {
        let lost = || CallError::Unknown("no answer before the deadline".to_owned());
        let mut inner = self.panel.lock();
        let trouble = inner.trouble();
        match trouble {
            Some(CallTrouble::Refuse) => return Err(CallError::NotSent("connection refused".to_owned())),
            Some(CallTrouble::RateLimit) => {
                return Err(CallError::RateLimited { retry_after: Some(Duration::from_secs(2)) });
            }
            Some(CallTrouble::Reject) => {
                return Err(CallError::Refused("the sandbox does not do that".to_owned()));
            }
            Some(CallTrouble::LoseBefore) => return Err(lost()),
            Some(CallTrouble::LoseAfter | CallTrouble::Garble) | None => {}
        }
        if !self.panel.accepts(call.credentials()) {
            return Err(CallError::BadCredentials("the API key is not the sandbox's".to_owned()));
        }
        let node = call.settings().text("node").unwrap_or("node1");
        let done = act(&mut Request { inner: &mut inner, now: call.started_at(), node, call })?;
        match trouble {
            Some(CallTrouble::LoseAfter) => Err(lost()),
            Some(CallTrouble::Garble) => Err(CallError::Unreadable("not JSON: <html>".to_owned())),
            Some(
                CallTrouble::Refuse | CallTrouble::RateLimit | CallTrouble::Reject | CallTrouble::LoseBefore,
            )
            | None => Ok(done),
        }
    }

    /// Changes the machine of an operation, if it is there.
    pub(crate) fn change(
        &self,
        call: &Call,
        operation: &Operation,
        change: impl FnOnce(&mut Machine, &mut Request<'_>) -> Result<Change, CallError>,
    ) -> Result<Change, CallError> {
        self.ask(call, |request| {
            let Some(mut machine) = request.find(&operation.resource) else { return Ok(Change::Missing) };
            let before = machine.clone();
            let outcome = change(&mut machine, request)?;
            if machine != before {
                request.inner.save(machine).map_err(forgetful)?;
            }
            Ok(outcome)
        })
    }
}

impl Request<'_> {
    /// The machine that carries the tag, or the one that was taken over under its name.
    pub(crate) fn find(&mut self, resource: &Resource) -> Option<Machine> {
        self.inner.on(self.node, self.now).into_iter().find(|machine| match resource.origin {
            Origin::Made => machine.tag == resource.tag.as_str(),
            Origin::Adopted => {
                resource.reference.as_ref().is_some_and(|reference| reference.as_str() == machine.reference)
            }
        })
    }

    fn has_room(&mut self) -> bool {
        if self.inner.is_full() {
            return false;
        }
        let there = i64::try_from(self.inner.on(self.node, self.now).len()).unwrap_or(i64::MAX);
        self.call.settings().number("room").is_none_or(|room| there < room)
    }

    fn make(&mut self, operation: &Operation, specification: &Specification) -> Result<Machine, CallError> {
        let reference = format!("sbx-{}", self.inner.number().map_err(forgetful)?);
        let tag = operation.resource.tag.as_str();
        let mut machine = Machine::ordered(reference, tag, specification, self.now);
        self.node.clone_into(&mut machine.node);
        let fails = self.inner.build_fails();
        machine.build(specification, self.now, fails);
        self.inner.save(machine.clone()).map_err(forgetful)?;
        Ok(machine)
    }
}

#[async_trait]
impl Hosting for SandboxHosting {
    fn manifest(&self) -> &Manifest {
        &MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        self.ask(call, |_| {
            Ok(Connection { version: Some(env!("CARGO_PKG_VERSION").to_owned()), problems: Vec::new() })
        })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        self.ask(call, |request| {
            let machine = match request.find(&operation.resource) {
                Some(machine) => machine,
                None if operation.resource.origin == Origin::Adopted => {
                    return Err(CallError::Refused("what was taken over is not made again".to_owned()));
                }
                None if !request.has_room() => {
                    return Ok(Creation::CapacityFull { why: format!("{} has no room left", request.node) });
                }
                None => request.make(operation, specification)?,
            };
            Ok(match machine.stage {
                Stage::Building { until, .. } => Creation::Working(until_then(until, request.now)),
                Stage::Failed => Creation::Failed { why: "The sandbox's installation failed.".to_owned() },
                Stage::Running | Stage::Stopped => Creation::Done(Box::new(observed(&machine))),
            })
        })
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        self.ask(call, |request| Ok(request.find(resource).map(|machine| observed(&machine))))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        self.change(call, operation, |machine, _| {
            machine.suspended = true;
            Ok(Change::Done)
        })
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        self.change(call, operation, |machine, _| {
            machine.suspended = false;
            Ok(Change::Done)
        })
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        self.ask(call, |request| {
            if let Some(machine) = request.find(&operation.resource) {
                request.inner.remove(&machine.reference).map_err(forgetful)?;
            }
            Ok(Change::Done)
        })
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn power(&self) -> Option<&dyn Power> {
        Some(self)
    }

    fn sign_in(&self) -> Option<&dyn SignIn> {
        Some(self)
    }

    fn passwords(&self) -> Option<&dyn Passwords> {
        Some(self)
    }

    fn usage(&self) -> Option<&dyn Usage> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }

    fn inventory(&self) -> Option<&dyn Inventory> {
        Some(self)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn backups(&self) -> Option<&dyn Backups> {
        Some(self)
    }

    fn webhooks(&self) -> Option<&dyn Webhooks> {
        Some(self)
    }

    fn reinstallation(&self) -> Option<&dyn Reinstallation> {
        Some(self)
    }
}

/// Work that ends at a known time.
pub(crate) fn until_then(until: Instant, now: Instant) -> Working {
    let left = (until.micros() - now.micros()).div_euclid(1_000_000) + 1;
    Working::again_after_seconds(u64::try_from(left).unwrap_or(1).clamp(1, 60))
}

pub(crate) fn observed(machine: &Machine) -> Observed {
    Observed {
        reference: Reference::new(&*machine.reference),
        state: state(machine),
        name: machine.name.clone(),
        plan: machine.plan.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        addresses: machine.addresses.clone(),
        access: vec![Access::new(AccessKind::Username, "root")],
    }
}

pub(crate) fn state(machine: &Machine) -> State {
    match &machine.stage {
        Stage::Failed => State::Failed("The sandbox's installation failed.".to_owned()),
        Stage::Building { .. } => State::Building,
        Stage::Running | Stage::Stopped if machine.suspended => State::Suspended,
        Stage::Running => State::Running,
        Stage::Stopped => State::Stopped,
    }
}

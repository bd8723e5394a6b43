//! What the sandbox offers beyond the lifecycle: everything the contract knows.

use async_trait::async_trait;
use bursar_hosting::{
    Account, AccountPage, Accounts, Backup, Backups, Change, Door, Health, Inventory, InventoryItem,
    InventoryKind, Link, Operation, Password, Passwords, Power, PowerAction, Reference, Reinstallation,
    Resizing, Resource, ServerHealth, SignIn, Specification, Tag, Traffic, TrafficMeter, Usage, UsageReading,
    WebhookEvent, WebhookRefused, WebhookRequest, Webhooks,
};
use bursar_outbound::{Call, CallError};

use crate::hosting::{SandboxHosting, observed, state, until_then};
use crate::machine::{Copy, DISK, MEMORY, Machine, Stage};
use crate::panel::forgetful;
use crate::webhook;

const MIB: i64 = 1_024 * 1_024;
const GIB: i64 = 1_024 * MIB;

#[async_trait]
impl Resizing for SandboxHosting {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        self.change(call, operation, |machine, _| {
            let wanted = specification.plan.number(DISK).unwrap_or_default();
            if wanted < machine.disk_gib() {
                return Ok(Change::Failed {
                    why: format!(
                        "The disk has {} GiB and cannot shrink to {wanted} GiB.",
                        machine.disk_gib()
                    ),
                });
            }
            machine.take_plan(specification);
            Ok(Change::Done)
        })
    }
}

#[async_trait]
impl Power for SandboxHosting {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart, PowerAction::Kill]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        self.change(call, operation, |machine, request| {
            if machine.suspended && matches!(action, PowerAction::Start | PowerAction::Restart) {
                return Ok(Change::Failed { why: "The machine is suspended.".to_owned() });
            }
            if matches!(machine.stage, Stage::Building { .. } | Stage::Failed) {
                return Ok(Change::Failed { why: "The machine is not installed.".to_owned() });
            }
            machine.switch(action, request.now);
            Ok(Change::Done)
        })
    }
}

#[async_trait]
impl SignIn for SandboxHosting {
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel, Door::Console]
    }

    async fn sign_in(&self, call: &Call, resource: &Resource, door: Door) -> Result<Option<Link>, CallError> {
        self.ask(call, |request| {
            let Some(machine) = request.find(resource).filter(|machine| !machine.suspended) else {
                return Ok(None);
            };
            let ticket = request.inner.number().map_err(forgetful)?;
            let url = format!(
                "/sandbox/panel/{}/{}?ticket={ticket:08x}{:08x}",
                machine.reference,
                door.code(),
                request.now.micros().unsigned_abs() % 0xffff_ffff
            );
            Ok(Some(Link::new(url, Some(request.now.plus_seconds(60)))))
        })
    }
}

#[async_trait]
impl Passwords for SandboxHosting {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        const LEAST: usize = 8;
        self.change(call, operation, |machine, _| {
            if password.expose().chars().count() < LEAST {
                return Err(CallError::Refused(format!("a password has at least {LEAST} characters")));
            }
            machine.password_count += 1;
            Ok(Change::Done)
        })
    }
}

#[async_trait]
impl Usage for SandboxHosting {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        self.ask(call, |request| Ok(request.find(resource).map(|machine| reading(&machine, request.now))))
    }
}

/// Figures that grow evenly: 2,000 bytes a second in, 5,000 out, a tenth of the memory and a quarter of the disk.
fn reading(machine: &Machine, now: bursar_time::Instant) -> UsageReading {
    let up = machine.uptime_seconds(now);
    let on = i64::from(machine.stage == Stage::Running);
    let memory = machine.plan.get(MEMORY).and_then(|value| value.parse::<i64>().ok()).unwrap_or_default();
    UsageReading {
        at: now,
        cpu_ppm: Some(on * (50_000 + up % 100_000)),
        memory_bytes: Some(on * memory * MIB / 10),
        disk_bytes: Some(machine.disk_gib() * GIB / 4),
        traffic: Some(Traffic {
            in_bytes: up * 2_000,
            out_bytes: up * 5_000,
            meter: TrafficMeter::SinceStart,
        }),
    }
}

#[async_trait]
impl Health for SandboxHosting {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        self.ask(call, |request| {
            let machines = request.inner.on(request.node, request.now);
            let sold: i64 = machines.iter().map(Machine::disk_gib).sum();
            let count = i64::try_from(machines.len()).unwrap_or(i64::MAX);
            Ok(ServerHealth {
                cpu_ppm: Some((count * 10_000).min(950_000)),
                memory_bytes: None,
                disk_bytes: Some((sold * GIB, (sold + 1_000) * GIB)),
                resource_count: Some(count),
                resource_limit: call.settings().number("room"),
                warnings: Vec::new(),
            })
        })
    }
}

#[async_trait]
impl Inventory for SandboxHosting {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Images, InventoryKind::Regions]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let items: &[(&str, &str)] = match kind {
            InventoryKind::Images => &[
                ("debian-13", "Debian 13"),
                ("ubuntu-24.04", "Ubuntu 24.04 LTS"),
                ("alma-10", "AlmaLinux 10"),
            ],
            InventoryKind::Regions => &[("fra", "Frankfurt"), ("dac", "Dhaka"), ("nyc", "New York")],
            InventoryKind::Plans | InventoryKind::Storages => &[],
        };
        self.ask(call, |_| {
            let item =
                |(id, label): &(&str, &str)| InventoryItem { id: (*id).into(), label: (*label).into() };
            Ok(items.iter().map(item).collect())
        })
    }
}

#[async_trait]
impl Accounts for SandboxHosting {
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        const PAGE: usize = 50;
        self.ask(call, |request| {
            let mut after = request.inner.on(request.node, request.now);
            after.retain(|machine| from.is_none_or(|from| machine.reference.as_str() > from));
            let more = after.len() > PAGE;
            after.truncate(PAGE);
            let next = after.last().filter(|_| more).map(|machine| machine.reference.clone());
            Ok(AccountPage { accounts: after.iter().map(account).collect(), next })
        })
    }
}

fn account(machine: &Machine) -> Account {
    let observed = observed(machine);
    Account {
        reference: observed.reference,
        tag: Tag::new(&*machine.tag).ok(),
        name: observed.name,
        email: Some(machine.email.clone()),
        state: state(machine),
        plan: observed.plan,
    }
}

#[async_trait]
impl Backups for SandboxHosting {
    async fn list_backups(&self, call: &Call, resource: &Resource) -> Result<Vec<Backup>, CallError> {
        self.ask(call, |request| {
            let copies = request.find(resource).map(|machine| machine.copies).unwrap_or_default();
            let backup = |copy: Copy| Backup {
                reference: Reference::new(copy.reference),
                name: copy.name,
                created_at: Some(copy.created_at),
                size_bytes: Some(GIB),
                is_complete: true,
            };
            Ok(copies.into_iter().rev().map(backup).collect())
        })
    }

    async fn create_backup(
        &self,
        call: &Call,
        operation: &Operation,
        name: &str,
    ) -> Result<Change, CallError> {
        self.change(call, operation, |machine, request| {
            let key = operation.key.as_str();
            if !machine.copies.iter().any(|copy| copy.key == key) {
                let number = request.inner.number().map_err(forgetful)?;
                machine.copies.push(Copy {
                    reference: format!("copy-{number}"),
                    key: key.to_owned(),
                    name: name.to_owned(),
                    created_at: request.now,
                });
            }
            Ok(Change::Done)
        })
    }

    async fn restore_backup(
        &self,
        call: &Call,
        operation: &Operation,
        backup: &Reference,
    ) -> Result<Change, CallError> {
        self.change(call, operation, |machine, request| {
            if !machine.copies.iter().any(|copy| copy.reference == backup.as_str()) {
                return Ok(Change::Failed { why: format!("There is no copy {backup}.") });
            }
            machine.stage = Stage::Running;
            machine.started_at = request.now;
            Ok(Change::Done)
        })
    }

    async fn delete_backup(
        &self,
        call: &Call,
        operation: &Operation,
        backup: &Reference,
    ) -> Result<Change, CallError> {
        self.change(call, operation, |machine, _| {
            machine.copies.retain(|copy| copy.reference != backup.as_str());
            Ok(Change::Done)
        })
    }
}

impl Webhooks for SandboxHosting {
    fn verify(&self, call: &Call, request: &WebhookRequest) -> Result<WebhookEvent, WebhookRefused> {
        webhook::verify(call, request)
    }
}

#[async_trait]
impl Reinstallation for SandboxHosting {
    async fn reinstall(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        self.change(call, operation, |machine, request| {
            // The panel remembers which operation it is busy with, so that a repetition does not begin again.
            let key = operation.key.as_str();
            if machine.reinstalled_for.as_deref() != Some(key) {
                machine.reinstalled_for = Some(key.to_owned());
                machine.take_plan(specification);
                machine.build(specification, request.now, false);
            }
            Ok(match machine.stage {
                Stage::Building { until, .. } => Change::Working(until_then(until, request.now)),
                Stage::Failed => Change::Failed { why: "The sandbox's installation failed.".to_owned() },
                Stage::Running | Stage::Stopped => Change::Done,
            })
        })
    }
}

//! What Proxmox offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    Account, AccountPage, Accounts, Change, Health, Inventory, InventoryItem, InventoryKind, Operation,
    Password, Passwords, Power, PowerAction, Resizing, Resource, ServerHealth, Specification, Traffic,
    TrafficMeter, Usage, UsageReading,
};
use bursar_outbound::{Call, CallError, Settings};

use crate::wire::{Api, Listed};
use crate::{Proxmox, change, guest, map, settings};

#[async_trait]
impl Resizing for Proxmox {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        change::resize(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl Power for Proxmox {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart, PowerAction::Kill]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        change::power(&Api::open(call)?, operation, action).await
    }
}

#[async_trait]
impl Passwords for Proxmox {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        change::set_password(&Api::open(call)?, operation, password).await
    }
}

#[async_trait]
impl Usage for Proxmox {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let api = Api::open(call)?;
        let guests = api.guests().await?;
        let Some(guest) = guest::find(&api, &guests, resource).await? else { return Ok(None) };
        let status = &guest.status;
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: Some(ppm(status.cpu)),
            memory_bytes: Some(status.mem),
            // The host cannot look into a machine's disk and always says nought.
            disk_bytes: guest.is_container().then_some(status.disk),
            traffic: Some(Traffic {
                in_bytes: status.netin,
                out_bytes: status.netout,
                meter: TrafficMeter::SinceStart,
            }),
        }))
    }
}

/// Proxmox gives loads as fractions of one.
fn ppm(fraction: f64) -> i64 {
    (fraction.clamp(0.0, 1_000.0) * 1_000_000.0) as i64
}

#[async_trait]
impl Health for Proxmox {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        let api = Api::open(call)?;
        let nodes = api.nodes().await?;
        let guests = api.guests().await?;
        let (online, away): (Vec<_>, Vec<_>) = nodes.iter().partition(|node| node.is_online());
        let processors: f64 = online.iter().map(|node| node.maxcpu).sum();
        let busy: f64 = online.iter().map(|node| node.cpu * node.maxcpu).sum();
        let mut disk = None;
        if let Some(node) = online.first() {
            // Shared storages would be counted once a node; one node's view is enough to see them fill up.
            let storages = api.storages(&node.node, "images").await?;
            let used: i64 = storages.iter().map(|storage| storage.used).sum();
            let total: i64 = storages.iter().map(|storage| storage.total).sum();
            disk = Some((used, total));
        }
        Ok(ServerHealth {
            cpu_ppm: (processors > 0.0).then(|| ppm(busy / processors)),
            memory_bytes: Some((
                online.iter().map(|node| node.mem).sum(),
                online.iter().map(|node| node.maxmem).sum(),
            )),
            disk_bytes: disk,
            resource_count: i64::try_from(guests.iter().filter(|guest| guest.template == 0).count()).ok(),
            resource_limit: None,
            warnings: away.iter().map(|node| format!("Node {} is {}.", node.node, node.status)).collect(),
        })
    }
}

#[async_trait]
impl Inventory for Proxmox {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Images, InventoryKind::Regions, InventoryKind::Storages]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let api = Api::open(call)?;
        match kind {
            InventoryKind::Images => images(&api).await,
            InventoryKind::Regions => Ok(api
                .nodes()
                .await?
                .into_iter()
                .map(|node| InventoryItem { label: node.node.clone(), id: node.node })
                .collect()),
            InventoryKind::Storages => storages(&api).await,
            InventoryKind::Plans => Ok(Vec::new()),
        }
    }
}

async fn images(api: &Api<'_>) -> Result<Vec<InventoryItem>, CallError> {
    let templates =
        api.guests().await?.into_iter().filter(|guest| guest.template == 1 && guest.kind == "qemu");
    let mut items: Vec<InventoryItem> = templates
        .map(|guest| InventoryItem {
            id: guest.vmid.to_string(),
            label: format!("{} (virtual machine)", guest.name.unwrap_or_else(|| guest.vmid.to_string())),
        })
        .collect();
    let nodes = api.nodes().await?;
    if let Some(node) = nodes.iter().find(|node| node.is_online()) {
        for storage in api.storages(&node.node, "vztmpl").await? {
            for volume in api.container_templates(&node.node, &storage.storage).await? {
                let label = format!("{} (container)", volume.volid.rsplit('/').next().unwrap_or_default());
                items.push(InventoryItem { id: volume.volid, label });
            }
        }
    }
    Ok(items)
}

async fn storages(api: &Api<'_>) -> Result<Vec<InventoryItem>, CallError> {
    let mut names = std::collections::BTreeSet::new();
    for node in api.nodes().await?.iter().filter(|node| node.is_online()) {
        for storage in api.storages(&node.node, "images").await? {
            names.insert(storage.storage);
        }
    }
    Ok(names.into_iter().map(|name| InventoryItem { id: name.clone(), label: name }).collect())
}

#[async_trait]
impl Accounts for Proxmox {
    /// The cluster gives all of its guests at once.
    async fn list_accounts(&self, call: &Call, _from: Option<&str>) -> Result<AccountPage, CallError> {
        let guests = Api::open(call)?.guests().await?;
        let accounts = guests.iter().filter(|guest| guest.template == 0).map(account).collect();
        Ok(AccountPage { accounts, next: None })
    }
}

fn account(listed: &Listed) -> Account {
    const MIB: i64 = 1 << 20;
    let words = map::words(&listed.tags);
    Account {
        reference: guest::reference(&listed.kind, listed.vmid),
        tag: map::tag_among(&words),
        name: listed.name.clone(),
        email: None,
        state: map::state(&listed.status, listed.lock.as_deref(), &words),
        plan: Settings::from_iter([
            (settings::KIND, listed.kind.clone()),
            (settings::CORES, (listed.maxcpu as i64).to_string()),
            (settings::MEMORY, (listed.maxmem / MIB).to_string()),
            (settings::DISK, map::gib(listed.maxdisk).to_string()),
        ]),
    }
}

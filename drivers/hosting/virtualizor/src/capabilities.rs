//! What the master offers beyond the lifecycle.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bursar_hosting::{
    AccountPage, Accounts, Change, Door, Health, Inventory, InventoryItem, InventoryKind, Link, Operation,
    Password, Passwords, Power, PowerAction, Resizing, Resource, ServerHealth, SignIn, Specification,
    Traffic, TrafficMeter, Usage, UsageReading, server,
};
use bursar_outbound::{Call, CallError, path_part};

use crate::wire::{Api, Group, Node, Template};
use crate::{Virtualizor, machines, map, settings};

const MIB: i64 = 1 << 20;

#[async_trait]
impl Resizing for Virtualizor {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        machines::resize(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl Power for Virtualizor {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart, PowerAction::Kill]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        machines::switch(&Api::open(call)?, operation, action).await
    }
}

#[async_trait]
impl SignIn for Virtualizor {
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel]
    }

    /// Asked at the customers' port: the administrators' would let the customer in as one.
    async fn sign_in(
        &self,
        call: &Call,
        resource: &Resource,
        _door: Door,
    ) -> Result<Option<Link>, CallError> {
        let api = Api::open(call)?;
        let Some((id, machine)) = machines::find(&api, resource).await? else { return Ok(None) };
        if machine.suspended {
            return Ok(None);
        }
        let customers = api.for_customers()?;
        let answer = api.sso(&customers, &id).await?;
        let (Some(token), Some(session)) = (answer["token_key"].as_str(), answer["sid"].as_str()) else {
            return Err(CallError::Unreadable("the answer has no key to sign in with".to_owned()));
        };
        let url = format!("{}/{}/?as={}&svs={id}", customers.base(), path_part(token), path_part(session));
        Ok(Some(Link::new(url, None)))
    }
}

#[async_trait]
impl Passwords for Virtualizor {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        machines::set_password(&Api::open(call)?, operation, password).await
    }
}

#[async_trait]
impl Usage for Virtualizor {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let api = Api::open(call)?;
        let Some((id, machine)) = machines::find(&api, resource).await? else { return Ok(None) };
        let status = api.status(&id).await?;
        // Both directions are counted as one.
        let traffic = machine.used_bandwidth.as_deref().and_then(map::gigabytes);
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: None,
            memory_bytes: status.used_ram.map(|mib| mib.saturating_mul(MIB)),
            disk_bytes: status.used_disk.as_deref().and_then(map::gigabytes),
            traffic: traffic.map(|bytes| Traffic {
                in_bytes: 0,
                out_bytes: bytes,
                meter: TrafficMeter::ThisMonth,
            }),
        }))
    }
}

#[async_trait]
impl Health for Virtualizor {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        let nodes: BTreeMap<String, Node> = Api::open(call)?.map("servers", &[], "servs").await?;
        let (mut free, mut all, mut count) = (0, 0, 0);
        let mut warnings = Vec::new();
        for node in nodes.values() {
            free += node.ram.unwrap_or_default();
            all += node.total_ram.unwrap_or_default();
            count += node.numvps.unwrap_or_default();
            if node.locked {
                warnings.push(format!("{} is locked.", node.server_name));
            }
        }
        // What is free is told beside what there is.
        let memory_bytes = (all > 0).then(|| ((all - free).clamp(0, all) * MIB, all * MIB));
        Ok(ServerHealth { memory_bytes, resource_count: Some(count), warnings, ..ServerHealth::default() })
    }
}

#[async_trait]
impl Inventory for Virtualizor {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Plans, InventoryKind::Images, InventoryKind::Regions]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let api = Api::open(call)?;
        Ok(match kind {
            InventoryKind::Plans => {
                let plan =
                    |plan: crate::wire::Plan| Some(InventoryItem { id: plan.plid?, label: plan.plan_name });
                api.plans().await?.into_iter().filter_map(plan).collect()
            }
            InventoryKind::Images => {
                let all: BTreeMap<String, Template> = api.map("ostemplates", &[], "ostemplates").await?;
                all.into_iter().map(|(id, template)| InventoryItem { id, label: template.name }).collect()
            }
            InventoryKind::Regions => {
                let all: BTreeMap<String, Group> = api.map("servergroups", &[], "servergroups").await?;
                all.into_iter().map(|(id, group)| InventoryItem { id, label: group.sg_name }).collect()
            }
            InventoryKind::Storages => Vec::new(),
        })
    }
}

#[async_trait]
impl Accounts for Virtualizor {
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let api = Api::open(call)?;
        let zone = server::setting(call, settings::ZONE, "zone of host names")?;
        let page: u32 = from.and_then(|from| from.parse().ok()).unwrap_or(1);
        let found = api.machines(&[("page", &page.to_string()), ("reslen", "50")]).await?;
        let is_last = found.len() < 50;
        let mut accounts = Vec::new();
        for (key, machine) in found {
            let id = machine.vpsid.clone().unwrap_or(key);
            let state = machines::state(&api, &id, &machine).await?;
            accounts.push(map::listed(&id, &machine, state, zone));
        }
        Ok(AccountPage { accounts, next: (!is_last).then(|| (page + 1).to_string()) })
    }
}

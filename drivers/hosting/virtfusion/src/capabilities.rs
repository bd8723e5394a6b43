//! What the panel offers beyond the lifecycle.

use std::collections::BTreeMap;

use async_trait::async_trait;
use bursar_hosting::{
    AccountPage, Accounts, Change, Door, Health, Inventory, InventoryItem, InventoryKind, Link, Operation,
    Power, PowerAction, Reinstallation, Resizing, Resource, ServerHealth, SignIn, Specification, Traffic,
    TrafficMeter, Usage, UsageReading,
};
use bursar_outbound::{Call, CallError, Endpoint};
use serde_json::{Value, json};

use crate::wire::{Api, Month};
use crate::{VirtFusion, map, servers};

#[async_trait]
impl Resizing for VirtFusion {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        servers::resize(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl Power for VirtFusion {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart, PowerAction::Kill]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        servers::switch(&Api::open(call)?, operation, action).await
    }
}

#[async_trait]
impl SignIn for VirtFusion {
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel]
    }

    async fn sign_in(
        &self,
        call: &Call,
        resource: &Resource,
        _door: Door,
    ) -> Result<Option<Link>, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, resource).await? else { return Ok(None) };
        if server.suspended {
            return Ok(None);
        }
        let relation = server.owner.as_ref().and_then(|owner| owner.ext_relation_id);
        let nobody =
            || CallError::Refused("the server's owner on the panel carries no customer number".to_owned());
        let path =
            format!("/users/{}/serverAuthenticationTokens/{}", relation.ok_or_else(nobody)?, server.id);
        let request = api.posting(&path).json(&json!({})).with_secret_answer();
        let answer = api.change(request).await.map_err(CallError::from)?;
        let way = answer["data"]["authentication"]["endpoint_complete"].as_str().unwrap_or_default();
        let url = format!("{}{way}", api.endpoint().base());
        // A browser is about to be sent there with a key in its hand.
        let leads_home = way.starts_with('/')
            && Endpoint::parse(&url).is_ok_and(|there| there.host() == api.endpoint().host());
        if !leads_home {
            return Err(CallError::Unreadable("the link does not lead to the panel".to_owned()));
        }
        Ok(Some(Link::new(url, Some(call.now().plus_seconds(60)))))
    }
}

#[async_trait]
impl Usage for VirtFusion {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, resource).await? else { return Ok(None) };
        let traffic: Value = api.get(&format!("/servers/{}/traffic", server.id)).await?;
        // The first is the current period, which begins on the server's own day.
        let month: Option<Month> = serde_json::from_value(traffic["monthly"][0].clone()).ok();
        let memory = &server.remote_state["memory"];
        let kib = |name: &str| memory[name].as_i64();
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: None,
            memory_bytes: kib("actual").zip(kib("unused")).map(|(all, unused)| (all - unused).max(0) * 1_024),
            disk_bytes: None,
            traffic: month.map(|month| Traffic {
                in_bytes: month.rx,
                out_bytes: month.tx,
                meter: TrafficMeter::ThisMonth,
            }),
        }))
    }
}

#[async_trait]
impl Health for VirtFusion {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        let api = Api::open(call)?;
        let mut health = ServerHealth::default();
        let (mut used, mut all, mut count) = (0, 0, 0);
        for group in api.groups().await? {
            let nodes: Vec<Value> =
                api.get(&format!("/compute/hypervisors/groups/{}/resources", group.id)).await?;
            for node in &nodes {
                let memory = &node["resources"]["memory"];
                used += memory["allocated"].as_i64().unwrap_or_default();
                all += memory["max"].as_i64().unwrap_or_default();
                count += node["resources"]["servers"]["allocated"].as_i64().unwrap_or_default();
                let name = node["hypervisor"]["name"].as_str().unwrap_or("A hypervisor");
                if node["hypervisor"]["enabled"] == false {
                    health.warnings.push(format!("{name} is disabled."));
                }
            }
        }
        const MIB: i64 = 1 << 20;
        // No limit is written as nought.
        health.memory_bytes = (all > 0).then(|| (used.min(all) * MIB, all * MIB));
        health.resource_count = Some(count);
        Ok(health)
    }
}

#[async_trait]
impl Inventory for VirtFusion {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Plans, InventoryKind::Images, InventoryKind::Regions]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let api = Api::open(call)?;
        let item = |id: i64, label: String| InventoryItem { id: id.to_string(), label };
        match kind {
            InventoryKind::Plans => {
                let enabled = api.packages().await?.into_iter().filter(|package| package.enabled);
                Ok(enabled.map(|package| item(package.id, package.name)).collect())
            }
            InventoryKind::Regions => {
                Ok(api.groups().await?.into_iter().map(|group| item(group.id, group.name)).collect())
            }
            InventoryKind::Images => {
                // Each package has its own; what fits one of them can be chosen.
                let mut found = BTreeMap::new();
                for package in api.packages().await?.into_iter().filter(|package| package.enabled) {
                    let categories = api.templates(package.id).await?;
                    for template in categories.into_iter().flat_map(|category| category.templates) {
                        let label = format!("{} {}", template.name, template.version.unwrap_or_default());
                        found.insert(template.id, label.trim().to_owned());
                    }
                }
                Ok(found.into_iter().map(|(id, label)| item(id, label)).collect())
            }
            InventoryKind::Storages => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Accounts for VirtFusion {
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let api = Api::open(call)?;
        let page = from.and_then(|from| from.parse().ok()).unwrap_or(1);
        let part = api.servers(page).await?;
        let is_last = part.data.is_empty() || part.current_page >= part.last_page;
        let mut accounts = Vec::new();
        for listed in &part.data {
            // The list says neither state nor size.
            let seen = api.server(&listed.id.to_string()).await?;
            accounts.push(map::listed(listed, seen.as_ref()));
        }
        Ok(AccountPage { accounts, next: (!is_last).then(|| (page + 1).to_string()) })
    }
}

#[async_trait]
impl Reinstallation for VirtFusion {
    async fn reinstall(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        servers::reinstall(&Api::open(call)?, operation, specification).await
    }
}

//! What the panel offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    Account, AccountPage, Accounts, Change, Health, Inventory, InventoryItem, InventoryKind, Operation,
    Password, Passwords, Power, PowerAction, Reinstallation, Resizing, Resource, ServerHealth, Specification,
    Tag, Traffic, TrafficMeter, Usage, UsageReading, Working,
};
use bursar_outbound::{Call, CallError};
use serde_json::{Value, json};

use crate::wire::{Api, Egg, Failure, Item, List, Location, Nest, Server, User};
use crate::{Pterodactyl, map, servers};

const MIB: i64 = 1 << 20;
/// A task that only says that the signal was sent.
const SENT: &str = "sent";

#[async_trait]
impl Resizing for Pterodactyl {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, &operation.resource).await? else {
            return Ok(Change::Missing);
        };
        let plan = &specification.plan;
        if map::plan(&server).text(crate::settings::EGG) != plan.text(crate::settings::EGG) {
            return Ok(Change::Failed { why: "Another egg needs another server.".to_owned() });
        }
        let (limits, features) = (map::limits(plan), map::feature_limits(plan));
        if server.limits == limits && server.feature_limits == features {
            return Ok(Change::Done);
        }
        let body = json!({
            "allocation": server.allocation,
            "limits": map::limits_body(&limits),
            "feature_limits": map::feature_limits_body(&features),
            "oom_disabled": false,
        });
        api.patch::<Value>(&format!("/servers/{}/build", server.id), &body).await?;
        Ok(Change::Done)
    }
}

#[async_trait]
impl Power for Pterodactyl {
    fn actions(&self) -> &'static [PowerAction] {
        &[PowerAction::Start, PowerAction::Stop, PowerAction::Restart, PowerAction::Kill]
    }

    async fn power(
        &self,
        call: &Call,
        operation: &Operation,
        action: PowerAction,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, &operation.resource).await? else {
            return Ok(Change::Missing);
        };
        if server.is_suspended() {
            let is_off = matches!(action, PowerAction::Stop | PowerAction::Kill);
            return Ok(if is_off {
                Change::Done
            } else {
                Change::Failed { why: "The server is suspended.".to_owned() }
            });
        }
        if server.status.is_some() {
            return Ok(Change::Failed { why: "The server is not installed.".to_owned() });
        }
        let state = api.stats(&server.identifier).await.map_err(CallError::from)?.current_state;
        let is_sent = operation.task.as_ref().is_some_and(|task| task.as_str() == SENT);
        let is_there = match action {
            PowerAction::Start => state == "running",
            // The state looks the same before and after.
            PowerAction::Restart => is_sent && state == "running",
            PowerAction::Stop | PowerAction::Kill => state == "offline",
        };
        if is_there {
            return Ok(Change::Done);
        }
        if !is_sent {
            api.signal(&server.identifier, action.code()).await.map_err(CallError::from)?;
        }
        Ok(Change::Working(Working::again_after_seconds(3).with_task(SENT)))
    }
}

#[async_trait]
impl Passwords for Pterodactyl {
    /// Sets the password of the customer's user: it is one for all of the customer's servers.
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, &operation.resource).await? else {
            return Ok(Change::Missing);
        };
        let Some(user) = api.user_by_id(server.user).await? else { return Ok(Change::Missing) };
        // All of these are needed even when only the password changes.
        let body = json!({
            "email": user.email,
            "username": user.username,
            "first_name": user.first_name.as_deref().unwrap_or("Customer"),
            "last_name": user.last_name.as_deref().unwrap_or("Customer"),
            "password": password.expose(),
        });
        api.patch::<Item<User>>(&format!("/users/{}", user.id), &body).await?;
        Ok(Change::Done)
    }
}

#[async_trait]
impl Usage for Pterodactyl {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, resource).await? else { return Ok(None) };
        let stats = match api.stats(&server.identifier).await {
            Ok(stats) => stats,
            // Suspended or being installed: there is nothing to measure.
            Err(Failure::Conflict) => return Ok(None),
            Err(failure) => return Err(failure.into()),
        };
        let used = stats.resources;
        // Percent of one core, of as many as were sold.
        let sold = if server.limits.cpu > 0 { server.limits.cpu as f64 } else { 100.0 };
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: Some((used.cpu_absolute.clamp(0.0, 100_000.0) / sold * 1_000_000.0) as i64),
            memory_bytes: Some(used.memory_bytes),
            disk_bytes: Some(used.disk_bytes),
            traffic: Some(Traffic {
                in_bytes: used.network_rx_bytes,
                out_bytes: used.network_tx_bytes,
                meter: TrafficMeter::SinceStart,
            }),
        }))
    }
}

#[async_trait]
impl Health for Pterodactyl {
    async fn health(&self, call: &Call) -> Result<ServerHealth, CallError> {
        let nodes = Api::open(call)?.nodes().await?;
        let sum = |of: fn(&crate::wire::Node) -> i64| nodes.iter().map(of).sum::<i64>().saturating_mul(MIB);
        let warnings = nodes.iter().filter(|node| node.maintenance_mode);
        let warnings = warnings.map(|node| format!("Node {} is under maintenance.", node.name)).collect();
        // What was sold: the panel does not know what is in use. More may be sold than there is.
        let sold = |sold: i64, all: i64| Some((sold.min(all), all));
        Ok(ServerHealth {
            memory_bytes: sold(sum(|node| node.allocated_resources.memory), sum(|node| node.memory)),
            disk_bytes: sold(sum(|node| node.allocated_resources.disk), sum(|node| node.disk)),
            warnings,
            ..ServerHealth::default()
        })
    }
}

#[async_trait]
impl Inventory for Pterodactyl {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Images, InventoryKind::Regions]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let api = Api::open(call)?;
        match kind {
            InventoryKind::Images if api.is_pelican() => {
                let eggs: List<Egg> = api.get("/eggs?per_page=100").await?;
                let item = |egg: Item<Egg>| InventoryItem {
                    id: egg.attributes.id.to_string(),
                    label: egg.attributes.name,
                };
                Ok(eggs.data.into_iter().map(item).collect())
            }
            InventoryKind::Images => {
                let nests: List<Nest> = api.get("/nests?per_page=100&include=eggs").await?;
                Ok(nests.data.into_iter().flat_map(|nest| eggs_of(nest.attributes)).collect())
            }
            // Pelican has tags of nodes instead, and lists them nowhere.
            InventoryKind::Regions if api.is_pelican() => Ok(Vec::new()),
            InventoryKind::Regions => {
                let locations: List<Location> = api.get("/locations?per_page=100").await?;
                let item = |location: Item<Location>| InventoryItem {
                    id: location.attributes.id.to_string(),
                    label: location.attributes.long.unwrap_or(location.attributes.short),
                };
                Ok(locations.data.into_iter().map(item).collect())
            }
            InventoryKind::Plans | InventoryKind::Storages => Ok(Vec::new()),
        }
    }
}

fn eggs_of(nest: Nest) -> Vec<InventoryItem> {
    let eggs = nest.relationships.eggs.map(|list| list.data).unwrap_or_default();
    eggs.into_iter()
        .map(|egg| InventoryItem {
            id: format!("{}:{}", nest.id, egg.attributes.id),
            label: format!("{} / {}", nest.name, egg.attributes.name),
        })
        .collect()
}

#[async_trait]
impl Accounts for Pterodactyl {
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let list = Api::open(call)?.servers(from.unwrap_or("1")).await?;
        let pages = &list.meta.pagination;
        let next = (pages.current_page < pages.total_pages).then(|| (pages.current_page + 1).to_string());
        Ok(AccountPage { accounts: list.data.iter().map(|item| account(&item.attributes)).collect(), next })
    }
}

fn account(server: &Server) -> Account {
    let user = server.relationships.user.as_ref();
    Account {
        reference: map::reference(server),
        tag: server.external_id.as_deref().and_then(|id| Tag::new(id).ok()),
        name: Some(server.name.clone()),
        email: user.and_then(|user| user["attributes"]["email"].as_str()).map(str::to_owned),
        state: map::state(server, None),
        plan: map::plan(server),
    }
}

#[async_trait]
impl Reinstallation for Pterodactyl {
    async fn reinstall(
        &self,
        call: &Call,
        operation: &Operation,
        _specification: &Specification,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(server) = servers::find(&api, &operation.resource).await? else {
            return Ok(Change::Missing);
        };
        let working = || Change::Working(Working::again_after_seconds(10).with_task(SENT));
        match server.status.as_deref() {
            // An answer that was lost, or another's: either way it is being installed.
            Some("installing") => Ok(working()),
            Some("suspended") => Ok(Change::Failed { why: "The server is suspended.".to_owned() }),
            Some("install_failed" | "reinstall_failed") if operation.task.is_some() => {
                Ok(Change::Failed { why: "The installation failed on the node.".to_owned() })
            }
            _ if operation.task.is_some() => Ok(Change::Done),
            _ => {
                api.post::<Value>(&format!("/servers/{}/reinstall", server.id), &json!({})).await?;
                Ok(working())
            }
        }
    }
}

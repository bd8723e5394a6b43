//! What the panel offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    AccountPage, Accounts, Change, Door, Inventory, InventoryItem, InventoryKind, Link, Operation, Resizing,
    Resource, SignIn, Specification, Traffic, TrafficMeter, Usage, UsageReading,
};
use bursar_outbound::{Call, CallError, path_part};
use serde_json::json;

use crate::wire::{Api, Machine, Page, Profile};
use crate::{SynergyCp, machines, map};

#[async_trait]
impl Resizing for SynergyCp {
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
impl SignIn for SynergyCp {
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
        let Some(machine) = machines::find(&api, resource).await? else { return Ok(None) };
        let Some(access) = machine.access.filter(|access| access.is_active) else { return Ok(None) };
        let nobody = || CallError::Refused("the machine is assigned to no client".to_owned());
        let client = access.client.ok_or_else(nobody)?;
        // A key of the client's own, for one visit; it is kept nowhere here.
        let body = json!({ "owner_id": client.id, "owner_type": "client" });
        let made = api.post_for_secret("/key", &body).await.map_err(CallError::from)?;
        let key = made["key"].as_str().filter(|key| !key.is_empty());
        let key =
            key.ok_or_else(|| CallError::Unreadable("the answer has no key to sign in with".to_owned()))?;
        let base = api.endpoint().base();
        let url = format!("{base}/auth/sso?key={}&view_type=server&view_id={}", path_part(key), machine.id);
        Ok(Some(Link::new(url, None)))
    }
}

#[async_trait]
impl Usage for SynergyCp {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let Some(machine) = machines::find(&Api::open(call)?, resource).await? else { return Ok(None) };
        // Bits of the machine's own billing cycle, both directions as the panel counts them.
        let bits = machine.usage.and_then(|usage| usage.used);
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: None,
            memory_bytes: None,
            disk_bytes: None,
            traffic: bits.map(|bits| Traffic {
                in_bytes: 0,
                out_bytes: bits.max(0) / 8,
                meter: TrafficMeter::ThisMonth,
            }),
        }))
    }
}

#[async_trait]
impl Inventory for SynergyCp {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Images]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        match kind {
            InventoryKind::Images => {
                let profiles: Page<Profile> =
                    Api::open(call)?.list("/pxe/profile", &[("page", "1"), ("per_page", "1000")]).await?;
                // One without a billing id cannot be ordered.
                let item =
                    |profile: Profile| Some(InventoryItem { id: profile.billing?.id?, label: profile.name });
                Ok(profiles.data.into_iter().filter_map(item).collect())
            }
            InventoryKind::Plans | InventoryKind::Regions | InventoryKind::Storages => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Accounts for SynergyCp {
    /// Machines that somebody has; the stock is nobody's account.
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let api = Api::open(call)?;
        let page: i64 = from.and_then(|from| from.parse().ok()).unwrap_or(1);
        let part: Page<Machine> =
            api.list("/server", &[("page", &page.to_string()), ("per_page", "100")]).await?;
        let is_last = part.data.is_empty() || part.current_page >= part.last_page;
        let mut accounts = Vec::new();
        for machine in part.data.iter().filter(|machine| machine.access.is_some()) {
            let rows = machines::installs(&api, machine).await?;
            accounts.push(map::listed(machine, &rows));
        }
        Ok(AccountPage { accounts, next: (!is_last).then(|| (page + 1).to_string()) })
    }
}

//! What the panel offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    AccountPage, Accounts, Change, Door, Inventory, InventoryItem, InventoryKind, Link, Operation, Password,
    Passwords, Resizing, Resource, SignIn, Specification, Traffic, TrafficMeter, Usage, UsageReading,
};
use bursar_outbound::{Call, CallError, Endpoint, path_part};

use crate::map::Held;
use crate::wire::{Api, Group, Org, PER_PAGE, Plan};
use crate::{Enhance, map, subscriptions};

#[async_trait]
impl Resizing for Enhance {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        subscriptions::resize(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl SignIn for Enhance {
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
        let Some(held) = subscriptions::find(&api, resource).await? else { return Ok(None) };
        if held.subscription.suspended_by.is_some() {
            return Ok(None);
        }
        let nobody = || CallError::Refused("the customer's organisation has no owner".to_owned());
        let owner = held.org.owner_id.as_deref().ok_or_else(nobody)?;
        let path = format!("/orgs/{}/members/{}/sso", path_part(&held.org.id), path_part(owner));
        let url = api.link(&path).await?;
        // A browser is about to be sent there with a key in its hand.
        if !Endpoint::parse(&url).is_ok_and(|there| there.host() == api.endpoint().host()) {
            return Err(CallError::Unreadable("the link leads to another host than the panel's".to_owned()));
        }
        Ok(Some(Link::new(url, None)))
    }
}

#[async_trait]
impl Passwords for Enhance {
    /// The password of the customer's login, for everything they have on the panel.
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(held) = subscriptions::find(&api, &operation.resource).await? else {
            return Ok(Change::Missing);
        };
        let nobody = || CallError::Refused("the customer's organisation has no owner".to_owned());
        let login = held.org.owner_login_id.as_deref().ok_or_else(nobody)?;
        api.put_password(&format!("/v2/logins/{}/password", path_part(login)), password.expose()).await?;
        Ok(Change::Done)
    }
}

#[async_trait]
impl Usage for Enhance {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let api = Api::open(call)?;
        let Some(held) = subscriptions::find(&api, resource).await? else { return Ok(None) };
        // The amounts stand in the subscription alone, not in a list of them.
        let path = format!("/orgs/{}/subscriptions/{}", path_part(&held.org.id), held.subscription.id);
        let whole: crate::wire::Subscription = api.get(&path).await.map_err(CallError::from)?;
        let of = |name: &str| {
            whole.resources.iter().find(|amount| amount.name == name).and_then(|amount| amount.usage)
        };
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: None,
            memory_bytes: None,
            disk_bytes: of("diskspace"),
            // Both directions are counted as one.
            traffic: of("transfer").map(|bytes| Traffic {
                in_bytes: 0,
                out_bytes: bytes,
                meter: TrafficMeter::ThisMonth,
            }),
        }))
    }
}

#[async_trait]
impl Inventory for Enhance {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Plans, InventoryKind::Regions]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        let api = Api::open(call)?;
        Ok(match kind {
            InventoryKind::Plans => {
                let plans: Vec<Plan> = api.all(&format!("/orgs/{}/plans", api.org)).await?;
                plans
                    .into_iter()
                    .map(|plan| InventoryItem { id: plan.id.to_string(), label: plan.name })
                    .collect()
            }
            // The master organisation's alone; a reseller's token is refused.
            InventoryKind::Regions => {
                let groups: Vec<Group> = api.all("/servers/groups").await?;
                groups.into_iter().map(|group| InventoryItem { id: group.id, label: group.name }).collect()
            }
            InventoryKind::Images | InventoryKind::Storages => Vec::new(),
        })
    }
}

#[async_trait]
impl Accounts for Enhance {
    /// A part is what one page of customers holds.
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let api = Api::open(call)?;
        let start: usize = from.and_then(|from| from.parse().ok()).unwrap_or_default();
        let orgs: Vec<Org> = api.part(&format!("/orgs/{}/customers", api.org), start).await?;
        let next = (orgs.len() == PER_PAGE).then(|| (start + PER_PAGE).to_string());
        let mut accounts = Vec::new();
        for org in orgs.into_iter().filter(|org| org.status != "deleted") {
            for subscription in subscriptions::of_org(&api, &org).await? {
                let held = Held { org: org.clone(), subscription };
                let website = subscriptions::website(&api, &held).await?;
                accounts.push(map::listed(&held, website.as_ref()));
            }
        }
        Ok(AccountPage { accounts, next })
    }
}

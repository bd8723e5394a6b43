//! What Kasm offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    AccountPage, Accounts, Change, Door, Inventory, InventoryItem, InventoryKind, Link, Operation, Password,
    Passwords, Resizing, Resource, SignIn, Specification,
};
use bursar_outbound::{Call, CallError, Endpoint};
use serde_json::json;

use crate::wire::Api;
use crate::{Kasm, map, seats};

const PAGE: usize = 100;

#[async_trait]
impl Resizing for Kasm {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        seats::resize(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl SignIn for Kasm {
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
        let Some(user) = seats::find(&api, resource).await? else { return Ok(None) };
        if user.disabled {
            return Ok(None);
        }
        let url = api.login(&user.user_id).await?;
        // A browser is about to be sent there with a key in its hand.
        if !Endpoint::parse(&url).is_ok_and(|there| there.host_name() == api.endpoint().host_name()) {
            return Err(CallError::Unreadable(
                "the link leads to another host than the deployment's".to_owned(),
            ));
        }
        Ok(Some(Link::new(url, None)))
    }
}

#[async_trait]
impl Passwords for Kasm {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(user) = seats::find(&api, &operation.resource).await? else { return Ok(Change::Missing) };
        let body = json!({ "target_user": { "user_id": user.user_id, "password": password.expose() } });
        api.change("update_user", &body).await?;
        Ok(Change::Done)
    }
}

#[async_trait]
impl Inventory for Kasm {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Plans]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        match kind {
            InventoryKind::Plans => {
                let groups = Api::open(call)?.groups().await?;
                let item =
                    |group: crate::wire::Group| InventoryItem { id: group.group_id, label: group.name };
                Ok(groups.into_iter().map(item).collect())
            }
            InventoryKind::Images | InventoryKind::Regions | InventoryKind::Storages => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Accounts for Kasm {
    async fn list_accounts(&self, call: &Call, from: Option<&str>) -> Result<AccountPage, CallError> {
        let page: usize = from.and_then(|from| from.parse().ok()).unwrap_or_default();
        let part = Api::open(call)?.users(page, PAGE).await?;
        let has_more = part.total.is_some_and(|total| (page + 1) * PAGE < total) && !part.users.is_empty();
        Ok(AccountPage {
            accounts: part.users.iter().map(map::listed).collect(),
            next: has_more.then(|| (page + 1).to_string()),
        })
    }
}

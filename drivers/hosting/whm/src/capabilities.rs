//! What WHM offers beyond the lifecycle.

use async_trait::async_trait;
use bursar_hosting::{
    AccountPage, Accounts, Change, Door, Inventory, InventoryItem, InventoryKind, Link, Operation, Password,
    Passwords, Resizing, Resource, SignIn, Specification, Traffic, TrafficMeter, Usage, UsageReading,
};
use bursar_outbound::{Call, CallError, Endpoint};
use bursar_time::Instant;

use crate::wire::{Api, Failure};
use crate::{Whm, accounts, map};

#[async_trait]
impl Resizing for Whm {
    async fn resize(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Change, CallError> {
        accounts::change_package(&Api::open(call)?, operation, specification).await
    }
}

#[async_trait]
impl SignIn for Whm {
    fn doors(&self) -> &'static [Door] {
        &[Door::Panel, Door::Webmail]
    }

    async fn sign_in(&self, call: &Call, resource: &Resource, door: Door) -> Result<Option<Link>, CallError> {
        let service = match door {
            Door::Panel => "cpaneld",
            Door::Webmail => "webmaild",
            Door::ResellerPanel => "whostmgrd",
            Door::Console => return Err(CallError::Refused("an account has no console".to_owned())),
        };
        let api = Api::open(call)?;
        let Some(account) = accounts::find(&api, resource).await? else { return Ok(None) };
        if account.suspended {
            return Ok(None);
        }
        let session = api.session(&account.user, service).await.map_err(CallError::from)?;
        // A browser is about to be sent there with a key in its hand.
        let leads_home = Endpoint::parse(&session.url).is_ok_and(|there| api.is_own_host(there.host_name()));
        if !leads_home {
            return Err(CallError::Unreadable("the link leads to another host than the server's".to_owned()));
        }
        let expires = session.expires.and_then(|seconds| seconds.parse::<i64>().ok());
        Ok(Some(Link::new(session.url, expires.map(|seconds| Instant::EPOCH.plus_seconds(seconds)))))
    }
}

#[async_trait]
impl Passwords for Whm {
    async fn set_password(
        &self,
        call: &Call,
        operation: &Operation,
        password: &Password,
    ) -> Result<Change, CallError> {
        let api = Api::open(call)?;
        let Some(account) = accounts::find(&api, &operation.resource).await? else {
            return Ok(Change::Missing);
        };
        let pairs = [("user", account.user.as_str()), ("password", password.expose())];
        match api.change("passwd", &pairs).await {
            Ok(()) => Ok(Change::Done),
            Err(failure @ (Failure::Reason(..) | Failure::Call(_))) => Err(failure.into()),
        }
    }
}

#[async_trait]
impl Usage for Whm {
    async fn usage(&self, call: &Call, resource: &Resource) -> Result<Option<UsageReading>, CallError> {
        let api = Api::open(call)?;
        let Some(account) = accounts::find(&api, resource).await? else { return Ok(None) };
        let traffic = api.bandwidth(&account.user).await?;
        let bytes = traffic.and_then(|traffic| traffic.totalbytes?.parse::<i64>().ok());
        Ok(Some(UsageReading {
            at: call.now(),
            cpu_ppm: None,
            memory_bytes: None,
            disk_bytes: account.diskused.as_deref().and_then(map::size_bytes),
            // Both directions are counted as one.
            traffic: bytes.map(|bytes| Traffic {
                in_bytes: 0,
                out_bytes: bytes,
                meter: TrafficMeter::ThisMonth,
            }),
        }))
    }
}

#[async_trait]
impl Inventory for Whm {
    fn kinds(&self) -> &'static [InventoryKind] {
        &[InventoryKind::Plans]
    }

    async fn list(&self, call: &Call, kind: InventoryKind) -> Result<Vec<InventoryItem>, CallError> {
        match kind {
            InventoryKind::Plans => {
                let packages = Api::open(call)?.packages().await?;
                Ok(packages
                    .into_iter()
                    .map(|package| InventoryItem { id: package.name.clone(), label: package.name })
                    .collect())
            }
            InventoryKind::Images | InventoryKind::Regions | InventoryKind::Storages => Ok(Vec::new()),
        }
    }
}

#[async_trait]
impl Accounts for Whm {
    /// The server gives all of them at once.
    async fn list_accounts(&self, call: &Call, _from: Option<&str>) -> Result<AccountPage, CallError> {
        let list = Api::open(call)?.list(&[]).await?;
        Ok(AccountPage { accounts: list.iter().map(map::listed).collect(), next: None })
    }
}

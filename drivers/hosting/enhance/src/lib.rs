//! Shared hosting on an Enhance panel, through its own interface (orchd 12).
//!
//! A resource is a subscription whose friendly name is the tag, with one website under it. A customer is an organisation
//! whose name ends with our number, because nothing else about one is unique. Everything is answered at once.
//!
//! Deliberately absent: switching on and off, which accounts have not, and removing a customer's organisation, which may
//! own what others sold to it.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod map;
mod settings;
mod subscriptions;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Hosting, Inventory, Manifest, Observed, Operation, Passwords,
    Resizing, Resource, SignIn, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::{Api, Org, Plan};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "enhance";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Enhance;

#[async_trait]
impl Hosting for Enhance {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let version: String = api.get("/version").await.map_err(CallError::from)?;
        let status: String = api.get("/status").await.map_err(CallError::from)?;
        let mut problems = Vec::new();
        if status != "ready" {
            problems.push(format!("The panel is {status}; wait until it is ready."));
        }
        let org: Org = api.get(&format!("/orgs/{}", api.org)).await.map_err(CallError::from)?;
        if org.status == "deleted" {
            problems.push("The organisation is deleted.".to_owned());
        }
        let plans: Vec<Plan> = api.all(&format!("/orgs/{}/plans", api.org)).await?;
        if plans.is_empty() {
            problems.push("The organisation has no plan; make one before anything is sold.".to_owned());
        }
        Ok(Connection { version: Some(version), problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        subscriptions::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let api = Api::open(call)?;
        match subscriptions::find(&api, resource).await? {
            Some(held) => Ok(Some(subscriptions::observed(&api, &held).await?)),
            None => Ok(None),
        }
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        subscriptions::set_suspended(&Api::open(call)?, operation, true).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        subscriptions::set_suspended(&Api::open(call)?, operation, false).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        subscriptions::terminate(&Api::open(call)?, operation).await
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
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

    fn inventory(&self) -> Option<&dyn Inventory> {
        Some(self)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }
}

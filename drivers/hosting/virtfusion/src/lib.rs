//! Virtual machines on a VirtFusion panel, through its global interface, version 1.
//!
//! A server is known by its name, `bursar-` and the tag: the panel keeps no other field of ours. A customer is one user
//! there, by our number.
//!
//! Deliberately absent: setting a password, which the panel only makes up itself, and its announcements, which are not
//! signed.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod map;
mod servers;
mod settings;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Health, Hosting, Inventory, Manifest, Observed, Operation, Power,
    Reinstallation, Resizing, Resource, SignIn, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::Api;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "virtfusion";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct VirtFusion;

#[async_trait]
impl Hosting for VirtFusion {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        api.change(bursar_outbound::Request::get(api.endpoint(), "/api/v1/connect")).await?;
        let mut problems = Vec::new();
        if api.packages().await?.iter().all(|package| !package.enabled) {
            problems.push("The panel has no enabled package; make one before anything is sold.".to_owned());
        }
        if api.groups().await?.is_empty() {
            problems.push("The panel has no hypervisor group; make one before anything is sold.".to_owned());
        }
        Ok(Connection { version: None, problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        servers::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let api = Api::open(call)?;
        match servers::find(&api, resource).await? {
            Some(server) => Ok(Some(servers::observed(&api, &server).await?)),
            None => Ok(None),
        }
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        servers::suspend(&Api::open(call)?, operation).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        servers::resume(&Api::open(call)?, operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        servers::terminate(&Api::open(call)?, operation).await
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn power(&self) -> Option<&dyn Power> {
        Some(self)
    }

    fn sign_in(&self) -> Option<&dyn SignIn> {
        Some(self)
    }

    fn usage(&self) -> Option<&dyn Usage> {
        Some(self)
    }

    fn health(&self) -> Option<&dyn Health> {
        Some(self)
    }

    fn inventory(&self) -> Option<&dyn Inventory> {
        Some(self)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }

    fn reinstallation(&self) -> Option<&dyn Reinstallation> {
        Some(self)
    }
}

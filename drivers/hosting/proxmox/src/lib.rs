//! Virtual machines (QEMU) and containers (LXC) on a Proxmox VE cluster, through its API2 in JSON.
//!
//! A guest of ours is known by its tag among Proxmox's tags (`bursar.<tag>`), and, while it is cloned and cannot carry
//! tags yet, by the first line of its description at one of a few numbers computed from the tag. Proxmox knows neither
//! plans nor suspension: a suspended guest is off, does not start with its node and carries `bursar-suspended`.
//!
//! Deliberately absent: signing the customer in (tokens cannot), and Proxmox's own `suspend`, which only freezes memory.

mod capabilities;
mod change;
mod create;
#[cfg(feature = "fake")]
pub mod fake;
mod guest;
mod map;
mod settings;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Health, Hosting, Inventory, Manifest, Observed, Operation,
    Passwords, Power, Resizing, Resource, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::Api;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "proxmox";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Proxmox;

#[async_trait]
impl Hosting for Proxmox {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let version = api.version().await?;
        let problems = map::missing_privileges(&api.permissions().await?);
        Ok(Connection { version: Some(version), problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        create::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let api = Api::open(call)?;
        let guests = api.guests().await?;
        Ok(guest::find(&api, &guests, resource).await?.map(|found| found.observed()))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        change::suspend(&Api::open(call)?, operation).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        change::resume(&Api::open(call)?, operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        change::terminate(&Api::open(call)?, operation).await
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn power(&self) -> Option<&dyn Power> {
        Some(self)
    }

    fn passwords(&self) -> Option<&dyn Passwords> {
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
}

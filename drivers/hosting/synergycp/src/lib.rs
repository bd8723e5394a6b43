//! Dedicated servers that stand in racks already, through a SynergyCP panel: a machine out of the stock is assigned to the
//! customer, addressed and installed.
//!
//! A machine is known by its billing id, which is the tag; a customer by theirs, which is our number.
//!
//! Deliberately absent: switching on and off, because the panel does not say whether a machine is on, and deletions, which
//! would take a machine out of the stock. Ending a service wipes the machine only where staff said so.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod machines;
mod map;
mod settings;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Hosting, Inventory, Manifest, Observed, Operation, Resizing,
    Resource, SignIn, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::{Api, Machine, Page};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "synergycp";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct SynergyCp;

#[async_trait]
impl Hosting for SynergyCp {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let mut problems = Vec::new();
        let machines: Page<Machine> = api.list("/server", &[("page", "1"), ("per_page", "1")]).await?;
        if machines.data.is_empty() {
            problems.push("The panel has no machine.".to_owned());
        }
        Ok(Connection { version: None, problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        machines::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let api = Api::open(call)?;
        match machines::find(&api, resource).await? {
            Some(machine) => Ok(Some(machines::observed(&api, &machine).await?)),
            None => Ok(None),
        }
    }

    async fn suspend(&self, call: &Call, operation: &Operation, reason: &str) -> Result<Change, CallError> {
        machines::suspend(&Api::open(call)?, operation, reason).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        machines::resume(&Api::open(call)?, operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        machines::terminate(&Api::open(call)?, operation, call.settings().is_on(settings::WIPE)).await
    }

    fn resizing(&self) -> Option<&dyn Resizing> {
        Some(self)
    }

    fn sign_in(&self) -> Option<&dyn SignIn> {
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

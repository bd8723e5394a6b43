//! Virtual machines on a Virtualizor master and its nodes, through the administrator's interface.
//!
//! A machine is known by its host name, which is the tag in a zone of ours: the master keeps no other field, and does not
//! refuse a name twice. Its record is there at once; the installation is a task.
//!
//! Deliberately absent: signing in as an administrator, which a link of the wrong port would be, and announcements, which
//! there are none of.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod machines;
mod map;
mod settings;
mod wire;

use std::collections::BTreeMap;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Health, Hosting, Inventory, Manifest, Observed, Operation,
    Passwords, Power, Resizing, Resource, SignIn, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::{Api, Node};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "virtualizor";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Virtualizor;

#[async_trait]
impl Hosting for Virtualizor {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let nodes: BTreeMap<String, Node> = api.map("servers", &[], "servs").await?;
        let mut problems = Vec::new();
        if nodes.is_empty() {
            problems.push("The master has no node.".to_owned());
        }
        if api.plans().await?.is_empty() {
            problems.push("The master has no plan; make one before anything is sold.".to_owned());
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
            Some(found) => Ok(Some(machines::observed(&api, &found).await?)),
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
        machines::terminate(&Api::open(call)?, operation).await
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

    fn passwords(&self) -> Option<&dyn Passwords> {
        Some(self)
    }
}

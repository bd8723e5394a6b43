//! Game servers on a Pterodactyl panel (1.11) or its fork Pelican, through the application interface and, for power and
//! usage, the client interface.
//!
//! A server is known by its `external_id`, which is the tag and which the panel keeps unique. A customer is one user of
//! the panel, found by `external_id` or mail address and made when there is none.
//!
//! Deliberately absent: a sign-in link, which neither interface has, and everything of the node's own daemon.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod map;
mod servers;
mod settings;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Health, Hosting, Inventory, Manifest, Observed, Operation,
    Passwords, Power, Reinstallation, Resizing, Resource, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::Api;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "pterodactyl";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Pterodactyl;

#[async_trait]
impl Hosting for Pterodactyl {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let nodes = api.node_count().await?;
        let mut problems = Vec::new();
        if nodes == 0 {
            problems.push("The panel has no node; make one before anything is sold.".to_owned());
        }
        if api.has_client_key() {
            api.check_client_key().await?;
        } else {
            problems.push("Without a client key there are no power buttons and no usage.".to_owned());
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

    fn reinstallation(&self) -> Option<&dyn Reinstallation> {
        Some(self)
    }
}

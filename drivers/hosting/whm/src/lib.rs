//! cPanel accounts on a WHM server, through WHM API 1.
//!
//! An account is known by its user name, which is a digest of the tag: cPanel keeps no field of ours, and a name that
//! nobody would choose cannot belong to somebody else. Everything is answered at once; creating takes up to minutes.
//!
//! Deliberately absent: the legacy API 0, passwords instead of tokens, and switching on and off, which accounts have not.

mod accounts;
mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod map;
mod settings;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Hosting, Inventory, Manifest, Observed, Operation, Passwords,
    Resizing, Resource, SignIn, Specification, Usage,
};
use bursar_outbound::{Call, CallError};

use crate::wire::Api;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "whm";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Whm;

#[async_trait]
impl Hosting for Whm {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let version = api.version().await?;
        let problems = map::missing_functions(&api.functions().await?);
        Ok(Connection { version: Some(version), problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        accounts::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let api = Api::open(call)?;
        Ok(accounts::find(&api, resource).await?.map(|account| map::observed(&account, api.panel_host())))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, reason: &str) -> Result<Change, CallError> {
        accounts::suspend(&Api::open(call)?, operation, reason).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        accounts::resume(&Api::open(call)?, operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        accounts::terminate(&Api::open(call)?, operation).await
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

//! Seats on Kasm Workspaces, through its developer interface: a user of the customer's in the group that carries the plan.
//! The customer starts and stops desktops by themselves.
//!
//! A seat is known by the user's name, `bursar-` and the tag, which is unique there. Everything is answered at once.
//!
//! Deliberately absent: starting desktops for a customer, whose sessions carry no mark of ours, and measuring: Kasm tells
//! what runs now and not what ran.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod map;
mod seats;
mod settings;
mod wire;

use async_trait::async_trait;
use bursar_hosting::{
    Accounts, Change, Connection, Creation, Hosting, Inventory, Manifest, Observed, Operation, Passwords,
    Resizing, Resource, SignIn, Specification,
};
use bursar_outbound::{Call, CallError};

use crate::wire::Api;

/// The driver's id, stored with every server and resource.
pub const ID: &str = "kasm";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct Kasm;

#[async_trait]
impl Hosting for Kasm {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let mut problems = Vec::new();
        if api.image_count().await? == 0 {
            problems.push("There is no workspace image; add one before anything is sold.".to_owned());
        }
        api.groups().await?;
        Ok(Connection { version: None, problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        seats::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, call: &Call, resource: &Resource) -> Result<Option<Observed>, CallError> {
        let api = Api::open(call)?;
        Ok(seats::find(&api, resource).await?.map(|user| map::observed(&user, api.endpoint().base())))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        seats::suspend(&Api::open(call)?, operation).await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        seats::resume(&Api::open(call)?, operation).await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        seats::terminate(&Api::open(call)?, operation).await
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

    fn inventory(&self) -> Option<&dyn Inventory> {
        Some(self)
    }

    fn accounts(&self) -> Option<&dyn Accounts> {
        Some(self)
    }
}

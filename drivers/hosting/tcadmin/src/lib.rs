//! Game and voice servers on TCAdmin 2, through its billing interface.
//!
//! The interface takes orders and shows nothing: there is no way to read a service back. A service is known by its billing
//! id, which is the tag. Before one is made the panel is asked to start it, which leaves what runs alone: only where the
//! panel says that there is none is one made, so that an order whose answer was lost is not given twice. Everything else
//! sets a state and is asked for again.
//!
//! Deliberately absent: sign-in without a password, which the vendor's own module does by handing the password to the
//! browser, and everything that would have to look.

mod capabilities;
#[cfg(feature = "fake")]
pub mod fake;
mod map;
mod services;
mod settings;
mod wire;
mod xml;

use async_trait::async_trait;
use bursar_hosting::{
    Change, Connection, Creation, Hosting, Inventory, Manifest, Observed, Operation, Passwords, Power,
    Resizing, Resource, SignIn, Specification,
};
use bursar_outbound::{Call, CallError};

use crate::wire::{Api, Failure};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "tcadmin";

/// The driver.
#[derive(Debug, Clone, Copy, Default)]
pub struct TcAdmin;

#[async_trait]
impl Hosting for TcAdmin {
    fn manifest(&self) -> &Manifest {
        &settings::MANIFEST
    }

    async fn test_connection(&self, call: &Call) -> Result<Connection, CallError> {
        let api = Api::open(call)?;
        let mut problems = Vec::new();
        if api.games().await?.is_empty() {
            problems.push("The panel offers no game; a reseller chooses them under API Settings.".to_owned());
        }
        problems.extend(absence_problem(services::start_nobody(&api).await)?);
        Ok(Connection { version: None, problems })
    }

    async fn create(
        &self,
        call: &Call,
        operation: &Operation,
        specification: &Specification,
    ) -> Result<Creation, CallError> {
        services::create(&Api::open(call)?, operation, specification).await
    }

    async fn observe(&self, _call: &Call, _resource: &Resource) -> Result<Option<Observed>, CallError> {
        Err(CallError::Refused("TCAdmin's billing interface shows nothing of what it has".to_owned()))
    }

    async fn suspend(&self, call: &Call, operation: &Operation, _reason: &str) -> Result<Change, CallError> {
        services::set(&Api::open(call)?, operation, "SuspendGameAndVoiceByBillingID").await
    }

    async fn resume(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        services::set(&Api::open(call)?, operation, "UnSuspendGameAndVoiceByBillingID").await
    }

    async fn terminate(&self, call: &Call, operation: &Operation) -> Result<Change, CallError> {
        match services::set(&Api::open(call)?, operation, "DeleteGameAndVoiceByBillingID").await? {
            Change::Missing => Ok(Change::Done),
            other => Ok(other),
        }
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

    fn passwords(&self) -> Option<&dyn Passwords> {
        Some(self)
    }

    fn inventory(&self) -> Option<&dyn Inventory> {
        Some(self)
    }
}

/// What the panel says of a service that nobody has must be understood as absence, or nothing is ever made there.
fn absence_problem(answer: Result<(), Failure>) -> Result<Option<String>, CallError> {
    match answer {
        Err(Failure::Absent) => Ok(None),
        Err(Failure::Reason(text)) => Ok(Some(format!(
            "Of a service that does not exist this panel says \"{text}\". Add some of its words to the words for absence: \
             nothing is made before."
        ))),
        Ok(()) => Ok(Some(
            "This panel says that it has started a service that does not exist, so that nobody can tell what is there. \
             Sell nothing from it."
                .to_owned(),
        )),
        Err(Failure::Call(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_are_told_what_a_panel_says_of_nothing() {
        assert_eq!(absence_problem(Err(Failure::Absent)), Ok(None));
        let said = absence_problem(Err(Failure::Reason("Kein solcher Dienst".to_owned()))).unwrap().unwrap();
        assert!(said.contains("\"Kein solcher Dienst\""), "{said}");
        assert!(absence_problem(Ok(())).unwrap().unwrap().contains("Sell nothing"));
        let away = CallError::NotSent("away".to_owned());
        assert_eq!(absence_problem(Err(Failure::Call(away.clone()))), Err(away));
    }
}

//! Provisioning: money becomes machines, once, whatever breaks on the way.
//!
//! A [`Service`] is what was sold and is delivered; a [`Resource`] is what a driver made for it. Facts (started, held,
//! ended) say what a service should be, a table says how it may move, and operations bring it there: decided in the
//! transaction of the fact, acted on without one, recorded in a new one. At most one resource of a service is there: its
//! name at the vendor is stored before the first call, every repetition carries the same key, and after a lost answer the
//! vendor is asked before anything is made again. What cannot be done waits where staff see it, with the reason.
//!
//! What this does not know: prices, and any vendor's words. Servers, addresses and plans belong to inventory.

mod act;
pub mod actions;
mod advance;
mod alerts;
pub mod announced;
pub mod archive;
mod breaker;
pub mod by_hand;
pub mod calls;
mod claim;
pub mod dated;
mod digest;
pub mod drift;
mod error;
pub mod events;
mod follow;
pub mod history;
mod hold;
mod lanes;
mod mails;
pub mod mend;
mod module;
mod money_back;
pub mod moving;
mod news;
mod operations;
mod pages;
pub mod permissions;
mod personal;
mod places;
mod policy;
mod prepare;
mod pump;
pub mod reconcile;
mod record;
mod removal;
mod resource;
mod seals;
mod service;
pub mod services;
pub mod settings;
mod states;
mod store;
pub mod suspension;
mod taking;
pub mod usage;
mod verdict;
mod words;

use bursar_db::{Migrations, Statement, Tx};
use bursar_fault::Fault;

pub use breaker::Breaker;
pub use error::ProvisionError;
pub use hold::Rooms;
pub use lanes::{Lane, open as failing_servers};
pub use module::ProvisioningModule;
pub use policy::{Action, Desired, Facts};
pub use pump::{MOST_AT_ONCE, Operations};
pub use seals::Seals;
pub use service::{Operation, OperationState, Part, Resource, ResourceState, Service, Shown};
pub use states::{Event, State, TRANSITIONS};
pub use verdict::{Class, Step};

/// Provisioning's tables.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "provisioning",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_suspensions" => "../migrations/0002_suspensions.sql",
        "0003_drift" => "../migrations/0003_drift.sql",
        "0004_calls" => "../migrations/0004_calls.sql",
        "0005_hidden" => "../migrations/0005_hidden.sql",
        "0006_moves" => "../migrations/0006_moves.sql",
        "0007_dates" => "../migrations/0007_dates.sql",
        "0008_usage" => "../migrations/0008_usage.sql",
        "0009_archive" => "../migrations/0009_archive.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        announced::STATEMENTS,
        archive::STATEMENTS,
        by_hand::STATEMENTS,
        calls::STATEMENTS,
        claim::STATEMENTS,
        drift::STATEMENTS,
        history::STATEMENTS,
        lanes::STATEMENTS,
        mails::STATEMENTS,
        operations::STATEMENTS,
        reconcile::STATEMENTS,
        store::STATEMENTS,
        personal::STATEMENTS,
        suspension::STATEMENTS,
        taking::STATEMENTS,
        usage::STATEMENTS,
    ]
    .concat()
}

/// One service.
///
/// # Errors
/// Faults of the database.
pub async fn find_service(tx: &mut Tx, id: i64) -> Result<Option<Service>, Fault> {
    store::find(tx, id).await
}

/// What delivers a subscription.
///
/// # Errors
/// Faults of the database.
pub async fn services_of_subscription(tx: &mut Tx, subscription: i64) -> Result<Vec<Service>, Fault> {
    store::of_subscription(tx, subscription).await
}

/// What is there, or may be there, of a service.
///
/// # Errors
/// Faults of the database.
pub async fn resource_of(tx: &mut Tx, service: i64) -> Result<Option<Resource>, Fault> {
    store::resource_of(tx, service).await
}

/// What is there of a service beside: what is coming while it moves, and what is leaving.
///
/// # Errors
/// Faults of the database.
pub async fn other_resources_of(tx: &mut Tx, service: i64) -> Result<Vec<Resource>, Fault> {
    store::others(tx, service).await
}

#[cfg(test)]
mod tests {
    use bursar_db::Tx;
    use bursar_fault::Fault;
    use bursar_testkit::on_both_engines;

    #[test]
    fn every_statement_can_be_prepared_on_both_engines() {
        on_both_engines(vec![super::migrations()], async |cx| {
            cx.read(async |tx: &mut Tx| {
                for statement in super::statements() {
                    tx.prepare(statement).await?;
                }
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
        });
    }
}

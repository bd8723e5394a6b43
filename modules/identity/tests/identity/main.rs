//! Identity through its public surface, on both engines.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

mod factors;
mod house;
mod links;
mod oidc;
mod outside;
mod pages;
mod provider;
mod roles;
mod sign_in;
mod squatters;
mod users;
mod wire;

use bursar_fault::Fault;
use bursar_testkit::on_both_engines;

use crate::house::schema;

#[test]
fn every_statement_is_understood_by_both_engines() {
    on_both_engines(schema(), async |cx| {
        cx.read(async |tx| {
            for statement in bursar_identity::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

//! Payments through their public surface, over the sandbox, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod charges;
mod holds;
mod manual;
mod refunds;
mod setups;
mod shop;
mod storm;
mod webhooks;

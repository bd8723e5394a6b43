//! From an order to a machine and back, through every module between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod announced;
mod flow;
mod room;
mod shop;

//! From an order to a machine and back, through every module between.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod announced;
mod archive;
mod dates;
mod flow;
mod holds;
mod room;
mod shop;
mod usage;

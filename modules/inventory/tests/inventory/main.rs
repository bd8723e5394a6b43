//! The inventory through its public surface, on both engines.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

mod addresses;
mod machines;
mod notes;
mod places;
mod secrets;
mod shop;

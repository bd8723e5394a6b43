//! Carts and orders through the module's public surface, on both engines.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod carts;
mod figures;
mod orders;
mod races;
mod shop;

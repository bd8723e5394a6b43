//! Carts and orders through the module's public surface, on both engines.

mod carts;
mod figures;
mod orders;
mod races;
mod shop;

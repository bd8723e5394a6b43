//! What the compiler does not check: who may depend on whom, whose tables a module may name, sizes, licences, leftovers.
//!
//! The rules are data in `layers.rs`, `licences.rs` and the constants of each check. Changing one is a decision, and
//! gets a record in `docs/decisions`.

mod icons;
mod layers;
mod licences;
mod sources;
mod sql;
mod texts;
mod workspace;

//! WHMCS 8.x, from an SQL dump of its database.

pub mod amount;
mod cycle;
pub mod rows;
pub mod totals;

pub use cycle::LegacyCycle;

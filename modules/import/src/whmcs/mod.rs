//! WHMCS 8.x, from an SQL dump of its database.

pub mod amount;
mod cycle;
mod import;
pub mod rows;
pub mod totals;

pub use cycle::LegacyCycle;
pub use import::{
    BATCH, Count, Difference, Explanation, ImportError, ImportOptions, ImportReport, Progress, RowNote,
    encryption_hash, import,
};

pub(crate) use import::statements;

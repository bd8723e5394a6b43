//! Importers: take over customers, services, invoices and payments from other billing systems.
//!
//! What is imported is proved by totals: each source is added up from its own rows, without the importer's mapping, and the
//! same figures are taken from Bursar afterwards. A row that cannot be taken over is named with its table, id and field; it
//! is never left out silently.

mod spill;
pub mod whmcs;

pub use spill::ScratchError;

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static bursar_db::Statement> {
    whmcs::statements()
}

//! What this module brings to the application.

use bursar_app::{Module, Registry};
use bursar_db::{Bulk, Migrations, Statement};

/// The ledger: tables only. It reacts to nothing; other modules post.
#[derive(Debug, Clone, Copy, Default)]
pub struct LedgerModule;

impl Module for LedgerModule {
    fn name(&self) -> &'static str {
        "ledger"
    }

    fn migrations(&self) -> Migrations {
        crate::migrations()
    }

    fn statements(&self) -> Vec<&'static Statement> {
        crate::statements()
    }

    fn bulks(&self) -> Vec<&'static Bulk> {
        crate::bulks()
    }

    fn register(&self, _registry: &mut Registry) {}
}

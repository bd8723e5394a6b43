//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Bulk, Migrations, Statement};

/// The ledger: tables and the journal's pages. It reacts to nothing; other modules post.
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

    fn permissions(&self) -> &'static [Permission] {
        crate::permissions::ALL
    }

    fn register(&self, registry: &mut Registry) {
        crate::pages::register(registry);
    }
}

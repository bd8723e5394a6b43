//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Bulk, Migrations, Statement};

/// The catalogue: tables, functions and the pages of staff. It reacts to nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct CatalogModule;

impl Module for CatalogModule {
    fn name(&self) -> &'static str {
        "catalog"
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

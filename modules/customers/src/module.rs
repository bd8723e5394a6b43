//! What this module brings to the application.

use std::sync::Arc;

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Bulk, Migrations, Statement};
use bursar_taxid::TaxIdRegister;

/// Customers: tables, functions and pages, and the register that knows their tax numbers.
#[derive(Clone)]
pub struct CustomersModule {
    register: Arc<dyn TaxIdRegister>,
}

impl CustomersModule {
    /// The module with the register to ask.
    pub fn new(register: Arc<dyn TaxIdRegister>) -> Self {
        Self { register }
    }
}

impl Module for CustomersModule {
    fn name(&self) -> &'static str {
        "customers"
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
        crate::portal::register(registry);
        crate::privacy::register(registry);
        crate::tax_ids::register(registry, &self.register);
    }
}

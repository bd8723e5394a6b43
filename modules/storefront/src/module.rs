//! What the storefront brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};
use bursar_ordering::Kinds;

use crate::{pages, permissions};

/// The public pages, over everything that can be ordered.
#[derive(Debug, Clone, Default)]
pub struct StorefrontModule {
    /// Things that are ordered beside products.
    pub kinds: Kinds,
}

impl StorefrontModule {
    /// The module with these kinds.
    pub fn new(kinds: Kinds) -> Self {
        Self { kinds }
    }
}

impl Module for StorefrontModule {
    fn name(&self) -> &'static str {
        "storefront"
    }

    fn migrations(&self) -> Migrations {
        crate::migrations()
    }

    fn statements(&self) -> Vec<&'static Statement> {
        crate::statements()
    }

    fn permissions(&self) -> &'static [Permission] {
        permissions::ALL
    }

    fn register(&self, registry: &mut Registry) {
        registry.texts(bursar_i18n::texts!("../locales"));
        pages::register(registry, self.kinds.clone());
    }
}

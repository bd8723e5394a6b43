//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};

use crate::{pages, permissions};

/// Messages and their outbox.
#[derive(Debug, Clone, Copy)]
pub struct MessagingModule;

impl Module for MessagingModule {
    fn name(&self) -> &'static str {
        "messaging"
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
        pages::register(registry);
    }
}

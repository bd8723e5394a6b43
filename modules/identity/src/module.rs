//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};
use bursar_jobs::Schedule;

use crate::{jobs, pages, permissions};

/// Sign-in, sessions and set-up.
#[derive(Debug, Clone, Copy)]
pub struct IdentityModule;

impl Module for IdentityModule {
    fn name(&self) -> &'static str {
        "identity"
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
        crate::personal::register(registry);
        registry.job(jobs::purge);
        registry.schedule(Schedule::daily("identity.purge", 4, |_| jobs::Purge {}));
        pages::register(registry);
    }
}

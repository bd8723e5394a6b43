//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};

use crate::{Gateways, holds, jobs, permissions};

/// The payments module over the gateways that are set up.
#[derive(Debug, Clone)]
pub struct PaymentsModule {
    gateways: Gateways,
}

impl PaymentsModule {
    /// The module with these gateways.
    pub fn new(gateways: Gateways) -> Self {
        Self { gateways }
    }
}

impl Module for PaymentsModule {
    fn name(&self) -> &'static str {
        "payments"
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
        let gateways = &self.gateways;
        registry.job(jobs::run_with(gateways, jobs::charge));
        registry.job(jobs::run_with(gateways, jobs::refund));
        registry.job(jobs::run_with(gateways, jobs::webhook));
        registry.job(jobs::run_with(gateways, jobs::reconcile));
        registry.job(jobs::run_with(gateways, jobs::look_for_returns));
        registry.job(holds::end_hold);
        for kind in [holds::news::LOST, holds::news::TAKEN, holds::news::LET_GO] {
            registry.notice(kind);
        }
        registry.settings(holds::settings::page());
        registry.schedule(jobs::returns_schedule());
        registry.routes(crate::routes::routes(gateways.clone()));
        crate::pages::register(registry);
        crate::portal::register(registry, gateways);
    }
}

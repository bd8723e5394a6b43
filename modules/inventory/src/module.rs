//! What this module brings to the application.

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement};
use bursar_jobs::Schedule;

use crate::drivers::HostingDrivers;
use crate::jobs::{self, CheckServers, ResumeChecks};
use crate::permissions;
use crate::reservations::{self, ExpireReservation};

/// Servers, plan maps, addresses, machines and the places on them.
#[derive(Debug, Clone)]
pub struct InventoryModule {
    drivers: HostingDrivers,
}

impl InventoryModule {
    /// With the drivers that talk to the servers.
    pub const fn new(drivers: HostingDrivers) -> Self {
        Self { drivers }
    }
}

impl Module for InventoryModule {
    fn name(&self) -> &'static str {
        "inventory"
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
        let drivers = self.drivers.clone();
        registry.job::<CheckServers, _, _>(move |cx, job| jobs::check(cx, drivers.clone(), job));
        registry.job::<ResumeChecks, _, _>(jobs::resume);
        registry.job::<ExpireReservation, _, _>(reservations::expire);
        registry.schedule(Schedule::daily("inventory.resume_checks", 0, |on| ResumeChecks { on }));
        crate::pages::register(registry, &self.drivers);
    }
}

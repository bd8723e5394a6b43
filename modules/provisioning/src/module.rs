//! What provisioning brings to the application.

use std::sync::Arc;

use bursar_app::{Module, Permission, Registry};
use bursar_db::{Migrations, Statement, Tx};
use bursar_inventory::HostingDrivers;

use crate::pages::{self, Pages};
use crate::{
    Operations, Seals, alerts, announced, archive, dated, follow, mails, money_back, permissions, reconcile,
    removal, suspension, taking, usage,
};

/// Services, over the hosting drivers of this installation.
#[derive(Debug, Clone)]
pub struct ProvisioningModule {
    drivers: HostingDrivers,
    seals: Seals,
}

impl ProvisioningModule {
    /// The module with these drivers, and the keys that seal customers' passwords.
    pub fn new(drivers: HostingDrivers, seals: Seals) -> Self {
        Self { drivers, seals }
    }
}

impl Module for ProvisioningModule {
    fn name(&self) -> &'static str {
        "provisioning"
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
        registry.texts(bursar_i18n::texts!("../locales"));
        registry.notice(alerts::SERVER);
        registry.notice(alerts::GAVE_UP);
        registry.notice(alerts::LATE);
        pages::register(registry, &Pages { drivers: self.drivers.clone(), seals: self.seals.clone() });
        mails::register(registry, &self.drivers, &self.seals);
        let drivers = self.drivers.clone();
        registry.on("provisioning.order_placed", async move |tx: &mut Tx, placed| {
            follow::on_placed(tx, &drivers, placed).await
        });
        registry.on("provisioning.order_paid", follow::on_paid);
        registry.on("provisioning.order_secured", follow::on_secured);
        registry.on("provisioning.take_money", taking::on_changed);
        registry.on("provisioning.money_lost", taking::on_unsecured);
        let drivers = self.drivers.clone();
        registry.on("provisioning.order_accepted", async move |tx: &mut Tx, accepted| {
            follow::on_accepted(tx, &drivers, accepted).await
        });
        registry.on("provisioning.order_cancelled", follow::on_cancelled);
        registry.on("provisioning.order_rejected", follow::on_rejected);
        registry.on("provisioning.subscription_started", follow::on_subscription_started);
        registry.on("provisioning.subscription_status", follow::on_status_changed);
        registry.on("provisioning.subscription_changed", follow::on_changed);
        registry.job(suspension::suspend_overdue);
        registry.job(removal::remove_ended);
        registry.job(dated::start_on_date);
        registry.job(archive::remove_archived);
        registry.job(money_back::give_money_back);
        let drivers = self.drivers.clone();
        registry.job(move |cx, job| reconcile::job(cx, drivers.clone(), job));
        let drivers = self.drivers.clone();
        registry.job(move |cx, job| announced::look(cx, drivers.clone(), job));
        let drivers = self.drivers.clone();
        registry.job(move |cx, job| usage::job(cx, drivers.clone(), job));
        registry.schedule(reconcile::schedule());
        registry.schedule(usage::schedule());
        registry.pump(Arc::new(Operations::new(self.drivers.clone(), self.seals.clone())));
    }
}

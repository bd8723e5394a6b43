//! Every module of the product, in graph order: lower ones first, because migrations run in this order.

use std::sync::Arc;

use bursar_app::Module;

use crate::drivers::Drivers;

/// The product on one screen.
pub fn all(drivers: &Drivers) -> Vec<Box<dyn Module>> {
    let rooms = bursar_provisioning::Rooms::new(drivers.hosting.clone());
    let kinds = bursar_ordering::Kinds::default().delivered_by(Arc::new(rooms));
    vec![
        Box::new(bursar_identity::IdentityModule),
        Box::new(bursar_customers::CustomersModule::new(drivers.tax_ids.clone())),
        Box::new(bursar_ledger::LedgerModule),
        Box::new(bursar_messaging::MessagingModule::new(drivers.vault.clone())),
        Box::new(bursar_catalog::CatalogModule),
        Box::new(bursar_payments::PaymentsModule::new(drivers.gateways.clone())),
        Box::new(bursar_billing::BillingModule::new(drivers.gateways.clone()).with_mails()),
        Box::new(bursar_ordering::OrderingModule::new(kinds.clone())),
        Box::new(bursar_inventory::InventoryModule::new(drivers.hosting.clone())),
        Box::new(bursar_provisioning::ProvisioningModule::new(
            drivers.hosting.clone(),
            bursar_provisioning::Seals::new(drivers.vault.clone()),
        )),
        Box::new(bursar_storefront::StorefrontModule::new(kinds)),
        Box::new(crate::web::DeskModule::new(drivers)),
    ]
}

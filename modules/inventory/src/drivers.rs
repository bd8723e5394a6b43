//! The hosting drivers of this installation, and what calls through them need.

use std::collections::BTreeMap;
use std::sync::Arc;

use bursar_fault::Fault;
use bursar_hosting::{Hosting, Manifest};
use bursar_outbound::Outbound;
use bursar_vault::{OpenError, Secret, Vault};

use crate::error::InventoryError;

/// Drivers by id, the keys that seal what opens their servers, and the way out. Cheap to clone.
#[derive(Clone)]
pub struct HostingDrivers(Arc<Inner>);

struct Inner {
    by_id: BTreeMap<&'static str, Arc<dyn Hosting>>,
    /// In the order in which people choose one.
    order: Vec<&'static str>,
    vault: Vault,
    outbound: Outbound,
}

impl std::fmt::Debug for HostingDrivers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(&self.0.order).finish()
    }
}

impl HostingDrivers {
    /// These drivers, in the order in which people choose one.
    pub fn new(drivers: Vec<Arc<dyn Hosting>>, vault: Vault, outbound: Outbound) -> Self {
        let with_ids: Vec<_> = drivers.into_iter().map(|driver| (id_of(&*driver), driver)).collect();
        let order = with_ids.iter().map(|(id, _)| *id).collect();
        Self(Arc::new(Inner { by_id: with_ids.into_iter().collect(), order, vault, outbound }))
    }

    /// A driver.
    pub fn find(&self, id: &str) -> Option<&dyn Hosting> {
        self.0.by_id.get(id).map(|driver| &**driver)
    }

    /// A driver, for a call that outlives this borrow.
    pub fn shared(&self, id: &str) -> Option<Arc<dyn Hosting>> {
        self.0.by_id.get(id).cloned()
    }

    /// What a driver says about itself.
    pub fn manifest(&self, id: &str) -> Option<&Manifest> {
        self.find(id).map(|driver| driver.manifest())
    }

    /// Every manifest, in the order in which people choose one.
    pub fn manifests(&self) -> impl Iterator<Item = &Manifest> {
        self.0.order.iter().filter_map(|id| self.manifest(id))
    }

    /// The way out.
    pub fn outbound(&self) -> &Outbound {
        &self.0.outbound
    }

    /// As [`manifest`](Self::manifest), refusing what is not there.
    pub(crate) fn get_manifest(&self, id: &str) -> Result<&Manifest, InventoryError> {
        self.manifest(id).ok_or_else(|| InventoryError::NoDriver(id.to_owned()))
    }

    pub(crate) fn vault(&self) -> &Vault {
        &self.0.vault
    }

    /// Opens one secret of a server.
    pub(crate) fn open(&self, server_id: i64, name: &str, sealed: &str) -> Result<Secret<String>, Fault> {
        self.0.vault.open_text(sealed, &secret_place(server_id, name)).map_err(|error: OpenError| {
            Fault::from(error).context(format!("the {name} of server {server_id}"))
        })
    }
}

fn id_of(driver: &dyn Hosting) -> &'static str {
    driver.manifest().id
}

/// What a secret is sealed for: copied to another row it does not open.
pub(crate) fn secret_place(server_id: i64, name: &str) -> String {
    format!("inventory_server_secrets:{server_id}:{name}")
}

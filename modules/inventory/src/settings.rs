//! What the tenant sets about the inventory.

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};

/// Where the settings lie.
pub const KEY: &str = "inventory.rules";

/// Rules of the inventory.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct InventorySettings {
    /// For so many days an address that was in use is given to nobody else: mail servers and resolvers remember whoever
    /// had it.
    pub quarantine_days: i64,
    /// Minutes between two looks at each server; 0 to look only when somebody asks.
    pub check_minutes: i64,
}

impl Default for InventorySettings {
    fn default() -> Self {
        Self { quarantine_days: 7, check_minutes: 10 }
    }
}

impl InventorySettings {
    /// The settings in force.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }
}

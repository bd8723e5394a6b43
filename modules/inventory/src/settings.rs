//! What the tenant sets about the inventory.

use bursar_audit::Audit;
use bursar_context::{Cx, settings};
use bursar_db::Tx;
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::check::Check;
use crate::error::InventoryError;
use crate::jobs::check_soon;
use crate::permissions::SERVER_EDIT;

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

/// Sets the rules. A shorter quarantine holds for addresses that come back from now on.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_rules(cx: &Cx, rules: InventorySettings) -> Result<(), InventoryError> {
    cx.require(SERVER_EDIT)?;
    let mut wrong = Check::default();
    wrong.range("quarantine_days", rules.quarantine_days, 0, 365);
    wrong.range("check_minutes", rules.check_minutes, 0, 1_440);
    wrong.finish()?;
    cx.write(async move |tx: &mut Tx| {
        let before = InventorySettings::load(tx).await?;
        settings::set(tx, KEY, &rules).await?;
        check_soon(tx).await?;
        let (before, after) = (Some(json!(before)), Some(json!(rules)));
        let audit = Audit { action: SERVER_EDIT, subject: "inventory:rules", before, after };
        bursar_audit::record(tx, audit).await?;
        Ok(())
    })
    .await
}

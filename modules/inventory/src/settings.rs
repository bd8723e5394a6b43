//! What the tenant sets about the inventory.

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};
use serde::{Deserialize, Serialize};

use crate::check::Check;
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

impl SettingsDocument for InventorySettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = SERVER_EDIT;

    fn wrong(&self) -> Vec<FieldError> {
        let mut wrong = Check::default();
        wrong.range("quarantine_days", self.quarantine_days, 0, 365);
        wrong.range("check_minutes", self.check_minutes, 0, 1_440);
        wrong.into_fields()
    }

    /// A shorter quarantine holds for addresses that come back from now on; servers are looked at anew.
    async fn store(&self, tx: &mut Tx) -> Result<(), Fault> {
        settings::set(tx, KEY, self).await?;
        check_soon(tx).await
    }
}

pub(crate) fn page() -> SettingsPage {
    let servers = vec![
        Setting::whole("check_minutes", "Each server is asked how it is every", 0, 1_440)
            .unit("minutes")
            .help("With 10, a server that went away is known after ten minutes. 0: only when somebody tests it."),
    ];
    let addresses = vec![
        Setting::days("quarantine_days", "An address rests for", 0, 365).help(
            "After its service is gone nobody else gets it for so long: mail servers and resolvers remember whoever had it.",
        ),
    ];
    let groups = vec![
        SettingsGroup::new("Servers", "How they are watched.", servers),
        SettingsGroup::new("Addresses", "When they are given away again.", addresses),
    ];
    SettingsPage::of::<InventorySettings>("/admin/settings/servers", "Servers and addresses", groups)
        .described("server", "How servers are watched, and how long addresses rest.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_one_of_its_document() {
        assert_eq!(page().mistakes(), Vec::<String>::new());
    }

    #[test]
    fn bounds_hold_without_a_form_too() {
        let rules = InventorySettings { quarantine_days: 366, check_minutes: -1 };
        assert_eq!(rules.wrong().len(), 2);
        assert!(InventorySettings::default().wrong().is_empty());
    }
}

//! Whether money is held until something is delivered, and what becomes of a hold that would run out.

use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};
use serde::{Deserialize, Serialize};

use crate::permissions::SETTINGS;

/// Where the settings lie.
pub const KEY: &str = "payments.holds";

/// What becomes of money that is held for so long that the vendor would let it go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// It is let go: nobody pays for what they do not have.
    #[default]
    Release,
    /// It is taken: what was ordered is still going to be delivered.
    Capture,
}

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HoldSettings {
    /// Whether the money for what is to be delivered is held until it is.
    pub on_delivery: bool,
    /// What becomes of a hold that would run out.
    pub when_ending: Ending,
}

impl Default for HoldSettings {
    fn default() -> Self {
        Self { on_delivery: true, when_ending: Ending::default() }
    }
}

impl HoldSettings {
    /// The settings in force.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        bursar_context::settings::get(tx, KEY).await
    }
}

impl SettingsDocument for HoldSettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = SETTINGS;

    fn wrong(&self) -> Vec<FieldError> {
        Vec::new()
    }
}

pub(crate) fn page() -> SettingsPage {
    let fields = vec![
        Setting::yes_no("on_delivery", "Take the money only when the machine runs").help(
            "The amount is held on the customer's card when they order, and taken when everything on the invoice is \
             ready. What cannot be made is never charged. Without it, and with gateways that cannot hold, the money is \
             taken with the order.",
        ),
        Setting::choice(
            "when_ending",
            "Money that has been held for too long",
            vec![("release", "is let go, and the invoice is owed"), ("capture", "is taken, ready or not")],
        )
        .help(
            "A card holds money for about a week. Twelve hours before it would let go, this happens and you are told. \
             For example: ordered on Monday at noon, decided on Sunday at midnight.",
        ),
    ];
    let group = SettingsGroup::new("Orders", "When the money for what was ordered is taken.", fields);
    SettingsPage::of::<HoldSettings>("/admin/settings/payments", "Payments", vec![group])
        .described("credit-card", "When the money for orders is taken.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_one_of_its_document() {
        assert_eq!(page().mistakes(), Vec::<String>::new());
        assert_eq!(page().key(), KEY);
        for word in ["release", "capture"] {
            serde_json::from_value::<Ending>(word.into()).unwrap();
        }
    }

    #[test]
    fn money_is_held_unless_somebody_says_otherwise() {
        assert_eq!(HoldSettings::default(), HoldSettings { on_delivery: true, when_ending: Ending::Release });
    }
}

//! How long copies wait, how long an erasure pauses, and how long documents are kept.

use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_time::Date;
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};
use serde::{Deserialize, Serialize};

use crate::permissions::PRIVACY_DECIDE;

const KEY: &str = "customers.privacy";

/// The settings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PrivacySettings {
    /// Days for which a copy can be fetched.
    pub copy_days: i64,
    /// Days between the wish to be forgotten and its fulfilment.
    pub pause_days: i64,
    /// Years for which documents are kept, counted from the end of the year of the erasure.
    pub keep_years: i64,
}

impl Default for PrivacySettings {
    fn default() -> Self {
        Self { copy_days: 7, pause_days: 14, keep_years: 10 }
    }
}

impl PrivacySettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        bursar_context::settings::get(tx, KEY).await
    }

    /// Until when what must be kept is kept, for somebody forgotten on a day.
    pub(crate) fn kept_until(&self, today: Date) -> Result<Date, Fault> {
        let year = i64::from(today.year()) + self.keep_years;
        let year =
            i16::try_from(year).map_err(|e| Fault::wrap("the year until which documents are kept", e))?;
        Date::new(year, 12, 31).map_err(|e| Fault::wrap("the date until which documents are kept", e))
    }
}

impl SettingsDocument for PrivacySettings {
    const KEY: &'static str = KEY;
    const PERMISSION: &'static str = PRIVACY_DECIDE;

    fn wrong(&self) -> Vec<FieldError> {
        let ranges = [
            ("copy_days", self.copy_days, 1, 90, "days"),
            ("pause_days", self.pause_days, 0, 30, "days"),
            ("keep_years", self.keep_years, 0, 30, "years"),
        ];
        let wrong = ranges.iter().filter(|(_, value, least, most, _)| !(*least..=*most).contains(value));
        wrong
            .map(|(field, _, least, most, unit)| {
                FieldError::new(*field, format!("Choose between {least} and {most} {unit}."))
            })
            .collect()
    }
}

pub(super) fn page() -> SettingsPage {
    let copy = vec![
        Setting::days("copy_days", "A copy can be fetched for", 1, 90)
            .help("With 7, what was ready on Monday is gone on the next. The customer can ask again."),
    ];
    let erasure = vec![
        Setting::days("pause_days", "Pause before an account is erased", 0, 30)
            .help("In which the customer can take it back. The law gives a month for all of it."),
        Setting::whole("keep_years", "Documents are kept for", 0, 30)
            .unit("years")
            .help("From the end of the year. With 10, who is forgotten in May 2026 is kept on invoices to the end of 2036."),
    ];
    let groups = vec![
        SettingsGroup::new("A copy of their data", "Customers ask for it in the portal.", copy),
        SettingsGroup::new("Erasure", "What tax law keeps stays, and nothing else.", erasure),
    ];
    SettingsPage::of::<PrivacySettings>("/admin/settings/privacy", "Privacy", groups)
        .described("lock", "Copies of personal data, account deletion and retention.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_kept_to_the_end_of_a_year() {
        let settings = PrivacySettings::default();
        let until = settings.kept_until(Date::constant(2026, 5, 4)).unwrap();
        assert_eq!(until, Date::constant(2036, 12, 31));
        assert_eq!(page().mistakes(), Vec::<String>::new());
        assert!(settings.wrong().is_empty());
        assert_eq!(PrivacySettings { pause_days: 31, ..settings }.wrong().len(), 1);
    }
}

//! What belongs to the business as a whole, as settings.

use bursar_fault::FieldError;
use bursar_time::TimeZone;
use bursar_web::{Setting, SettingsDocument, SettingsGroup, SettingsPage};

use super::desk::PROFILE_EDIT;
use crate::office::{PROFILE_KEY, Profile};

impl SettingsDocument for Profile {
    const KEY: &'static str = PROFILE_KEY;
    const PERMISSION: &'static str = PROFILE_EDIT;

    fn wrong(&self) -> Vec<FieldError> {
        zoned(&self.zone).err().map(|why| FieldError::new("zone", why)).into_iter().collect()
    }
}

pub(super) fn page() -> SettingsPage {
    let zone = vec![
        Setting::text("zone", "Time zone", 60)
            .help("By its city, for example Europe/Berlin. It holds from the next start of the program.")
            .example(zoned),
    ];
    let groups = vec![SettingsGroup::new(
        "Dates",
        "When a day begins and ends: for periods, due dates and reports.",
        zone,
    )];
    SettingsPage::of::<Profile>("/admin/settings/business", "Time zone", groups)
        .described("clock", "When the business's days begin and end.")
}

/// What a zone leads to.
fn zoned(name: &str) -> Result<String, String> {
    match TimeZone::get(name) {
        Ok(zone) => Ok(format!("Days begin and end at midnight in {}.", zone.iana_name().unwrap_or(name))),
        Err(_) => Err("This is no time zone; an example of one is Europe/Berlin.".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zone_must_exist() {
        assert!(zoned("Europe/Berlin").is_ok() && zoned("UTC").is_ok());
        assert!(zoned("Europe/Atlantis").is_err());
        assert_eq!(page().mistakes(), Vec::<String>::new());
    }
}

//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor};

use crate::ID;

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required("plan", "What is made", SettingKind::Text, "In a few words; stands on the card."),
    Setting::optional(
        "instructions",
        "Instructions",
        SettingKind::LongText,
        "How it is made, step by step, for whoever does it.",
    ),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "By hand",
    summary: "Whatever your staff make themselves, with a card for each thing to do.",
    server_settings: &[],
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Ourselves,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 50,
        per_minute: None,
        ask_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(10),
    },
};

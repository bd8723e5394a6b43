//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const KEY: &str = "api_key";
pub(crate) const SECRET: &str = "api_key_secret";
pub(crate) const GROUP: &str = "group";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The deployment's own, like https://kasm.example.com."),
    server::FINGERPRINT_SETTING,
    Setting::required(
        KEY,
        "API key",
        SettingKind::Secret,
        "Made under Settings, Developers, with the rights on users, their sessions, groups and images.",
    ),
    Setting::required(SECRET, "API key secret", SettingKind::Secret, "Shown once when the key is made."),
];

const PLAN_SETTINGS: &[Setting] = &[Setting::required(
    GROUP,
    "Group",
    SettingKind::Listed(InventoryKind::Plans),
    "The id of the group that carries the plan: its images and limits.",
)];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Kasm Workspaces",
    summary: "Seats on Kasm Workspaces: desktops in the browser, started by the customer.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::None,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 4,
        per_minute: None,
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(60),
    },
};

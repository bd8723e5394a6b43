//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const SECRET: &str = "signing_secret";
pub(crate) const SCHEME: &str = "scheme";
pub(crate) const HMAC: &str = "hmac";
pub(crate) const NGINX: &str = "nginx";
pub(crate) const FILE: &str = "file";
pub(crate) const HOURS: &str = "hours";
pub(crate) const USUAL_HOURS: i64 = 24;

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("Where the files lie, like https://files.example.com/downloads."),
    Setting::required(
        SECRET,
        "Signing secret",
        SettingKind::Secret,
        "What links are signed with; the web server has the same.",
    ),
    Setting::optional(
        SCHEME,
        "Form of links",
        SettingKind::Choice(&[(HMAC, "HMAC-SHA256"), (NGINX, "nginx secure_link")]),
        "How the web server checks a link.",
    )
    .starting_with(HMAC),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        FILE,
        "File",
        SettingKind::Text,
        "Below the server's address, like releases/gizmo-2.1.zip.",
    ),
    Setting::required(
        HOURS,
        "Hours",
        SettingKind::Number { least: 1, most: 8_760, unit: "hours" },
        "How long a link works; the customer gets a new one at any time.",
    )
    .starting_with("24"),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Downloads",
    summary: "Files to fetch by links that end.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::None,
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

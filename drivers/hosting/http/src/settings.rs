//! What staff fill in.

use std::time::Duration;

use bursar_hosting::relay::{PLAN_SETTINGS, SERVER_SETTINGS as RELAYED};
use bursar_hosting::{
    AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const SIGNING_SECRET: &str = "signing_secret";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("Where questions are posted, like https://provision.example.com/bursar."),
    server::FINGERPRINT_SETTING,
    Setting::required(
        SIGNING_SECRET,
        "Signing secret",
        SettingKind::Secret,
        "What questions are signed with; the service has the same.",
    ),
    RELAYED[0],
    RELAYED[1],
    RELAYED[2],
    RELAYED[3],
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Own service",
    summary: "Whatever a service of your own makes.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 8,
        per_minute: None,
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(120),
    },
};

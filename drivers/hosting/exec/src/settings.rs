//! What staff fill in.

use std::time::Duration;

use bursar_hosting::relay::{PLAN_SETTINGS, SERVER_SETTINGS as RELAYED};
use bursar_hosting::{AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor};

use crate::ID;

pub(crate) const PROGRAM: &str = "program";

const SERVER_SETTINGS: &[Setting] = &[
    Setting::required(
        PROGRAM,
        "Program",
        SettingKind::Text,
        "The name of an executable file in the folder drivers of the data directory.",
    ),
    RELAYED[0],
    RELAYED[1],
    RELAYED[2],
    RELAYED[3],
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Own program",
    summary: "Whatever a program of your own makes.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 4,
        per_minute: None,
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(300),
    },
};

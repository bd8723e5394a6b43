//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const USERNAME: &str = "username";
pub(crate) const TOKEN: &str = "token";
pub(crate) const HOSTNAME: &str = "hostname";
pub(crate) const PLAN: &str = "plan";
pub(crate) const DEDICATED_IP: &str = "dedicated_ip";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("WHM's own, like https://server1.example.com:2087."),
    server::FINGERPRINT_SETTING,
    Setting::required(USERNAME, "User", SettingKind::Text, "Whose token it is: root or a reseller.")
        .starting_with("root"),
    Setting::required(
        TOKEN,
        "API token",
        SettingKind::Secret,
        "Made in WHM under Development, Manage API Tokens.",
    ),
    Setting::optional(
        HOSTNAME,
        "Host name for customers",
        SettingKind::Host,
        "Where customers sign in, when it is another one than the address's.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        PLAN,
        "Package",
        SettingKind::Listed(InventoryKind::Plans),
        "A package of WHM, written exactly as there; a reseller's begins with its name.",
    ),
    Setting::optional(
        DEDICATED_IP,
        "Dedicated IP address",
        SettingKind::Flag,
        "Out of the server's own pool.",
    ),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "cPanel & WHM",
    summary: "Shared hosting accounts on a cPanel server.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Domain,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 4,
        per_minute: None,
        ask_timeout: Duration::from_secs(60),
        // A large account takes minutes to make, to suspend and to remove.
        change_timeout: Duration::from_secs(240),
    },
};

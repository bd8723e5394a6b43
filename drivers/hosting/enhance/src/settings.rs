//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const TOKEN: &str = "token";
pub(crate) const ORG: &str = "org_id";
pub(crate) const PREFIX: &str = "customer_prefix";
pub(crate) const FORCE: &str = "force_delete";
pub(crate) const PLAN: &str = "plan";
pub(crate) const GROUP: &str = "group";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The panel's own, like https://panel.example.com."),
    server::FINGERPRINT_SETTING,
    Setting::required(
        ORG,
        "Organisation",
        SettingKind::Text,
        "The UUID of your master or reseller organisation.",
    ),
    Setting::required(
        TOKEN,
        "Access token",
        SettingKind::Secret,
        "Made under Settings, Access tokens, with the role SuperAdmin.",
    ),
    Setting::optional(
        PREFIX,
        "Customer prefix",
        SettingKind::Text,
        "Goes before our customer numbers on the panel; another one for each business that shares it.",
    )
    .starting_with("bursar"),
    Setting::optional(
        FORCE,
        "Wipe at once",
        SettingKind::Flag,
        "Removes data with the subscription instead of keeping it as deleted; needs the master organisation's token.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        PLAN,
        "Plan",
        SettingKind::Listed(InventoryKind::Plans),
        "The number of a plan on the panel.",
    ),
    Setting::optional(
        GROUP,
        "Server group",
        SettingKind::Listed(InventoryKind::Regions),
        "Where the website is put; only for plans that let it be chosen.",
    ),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Enhance",
    summary: "Shared hosting on an Enhance panel.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Domain,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfCustomer,
    pace: Pace {
        at_once: 4,
        per_minute: None,
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(120),
    },
};

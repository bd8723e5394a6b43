//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const APPLICATION_KEY: &str = "application_key";
pub(crate) const CLIENT_KEY: &str = "client_key";
pub(crate) const FLAVOUR: &str = "flavour";
pub(crate) const PREFIX: &str = "customer_prefix";

pub(crate) const EGG: &str = "egg";
pub(crate) const LOCATION: &str = "location";
pub(crate) const PORTS: &str = "ports";
pub(crate) const MEMORY: &str = "memory_mib";
pub(crate) const SWAP: &str = "swap_mib";
pub(crate) const DISK: &str = "disk_mib";
pub(crate) const CPU: &str = "cpu_percent";
pub(crate) const DATABASES: &str = "databases";
pub(crate) const ALLOCATIONS: &str = "extra_ports";
pub(crate) const BACKUPS: &str = "backups";
pub(crate) const ENVIRONMENT: &str = "environment";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The panel's own, like https://panel.example.com."),
    server::FINGERPRINT_SETTING,
    Setting::optional(
        FLAVOUR,
        "Panel",
        SettingKind::Choice(&[("pterodactyl", "Pterodactyl"), ("pelican", "Pelican")]),
        "Which of the two panels it is.",
    )
    .starting_with("pterodactyl"),
    Setting::required(
        APPLICATION_KEY,
        "Application key",
        SettingKind::Secret,
        "Made under Admin, Application API, with servers and users read and write and everything else read.",
    ),
    Setting::optional(
        CLIENT_KEY,
        "Client key",
        SettingKind::Secret,
        "An administrator's own API credentials; without it there are no power buttons and no usage.",
    ),
    Setting::optional(
        PREFIX,
        "Customer prefix",
        SettingKind::Text,
        "Goes before our customer numbers on the panel; another one for each business that shares it.",
    )
    .starting_with("bursar"),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        EGG,
        "Egg",
        SettingKind::Listed(InventoryKind::Images),
        "What runs: nest and egg, like 1:5; on Pelican the egg alone.",
    ),
    Setting::optional(
        LOCATION,
        "Location",
        SettingKind::Listed(InventoryKind::Regions),
        "Where it may be put; empty for anywhere. On Pelican the tag of the nodes.",
    ),
    Setting::optional(
        PORTS,
        "Ports",
        SettingKind::Text,
        "Ports or ranges to choose from, like 25565-25600; empty for any. Needed on Pelican.",
    ),
    Setting::required(MEMORY, "Memory", number(0, 4_194_304, "MiB"), "Nought for no limit."),
    Setting::optional(SWAP, "Swap", number(-1, 4_194_304, "MiB"), "Minus one for no limit.")
        .starting_with("0"),
    Setting::required(DISK, "Disk", number(0, 134_217_728, "MiB"), "Nought for no limit."),
    Setting::required(CPU, "CPU", number(0, 12_800, "percent of a core"), "Nought for no limit."),
    Setting::optional(DATABASES, "Databases", number(0, 1_000, ""), "How many the customer may make.")
        .starting_with("0"),
    Setting::optional(ALLOCATIONS, "Extra ports", number(0, 1_000, ""), "How many the customer may add.")
        .starting_with("0"),
    Setting::optional(BACKUPS, "Backups", number(0, 1_000, ""), "How many the customer may make.")
        .starting_with("0"),
    Setting::optional(
        ENVIRONMENT,
        "Variables",
        SettingKind::LongText,
        "NAME=value, one a line, where the egg's own values will not do.",
    ),
];

const fn number(least: i64, most: i64, unit: &'static str) -> SettingKind {
    SettingKind::Number { least, most, unit }
}

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Pterodactyl and Pelican",
    summary: "Game servers on a Pterodactyl or Pelican panel.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::None,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfCustomer,
    pace: Pace {
        at_once: 4,
        // The panel's own limit for the application interface, unless its operator changed it.
        per_minute: Some(240),
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(60),
    },
};

//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const KEY: &str = "api_key";
pub(crate) const WIPE: &str = "wipe";
pub(crate) const CPU: &str = "cpu";
pub(crate) const MEMORY: &str = "memory";
pub(crate) const DISKS: &str = "disks";
pub(crate) const GROUP: &str = "group";
pub(crate) const IPS: &str = "ips";
pub(crate) const IMAGE: &str = "image";
pub(crate) const SPEED: &str = "port_speed";
pub(crate) const BANDWIDTH: &str = "bandwidth_tb";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The interface's own, like https://api.synergy.example.com."),
    server::FINGERPRINT_SETTING,
    Setting::required(
        KEY,
        "API key",
        SettingKind::Secret,
        "Of an integration with view and edit on clients, installs and servers, and view on IP entities and groups.",
    ),
    Setting::optional(
        WIPE,
        "Wipe when a service ends",
        SettingKind::Flag,
        "Gives the machine back to the stock with everything on it gone. Without it a person must do that on the panel.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(CPU, "Processor", SettingKind::Text, "The billing id of the part on the panel."),
    Setting::required(MEMORY, "Memory", SettingKind::Text, "The billing id of the part."),
    Setting::optional(
        DISKS,
        "Disks",
        SettingKind::Text,
        "The billing ids of the parts, one for each, with commas.",
    ),
    Setting::required(GROUP, "Location", SettingKind::Text, "The billing id of the IP group."),
    Setting::required(IPS, "Addresses", SettingKind::Text, "The billing id of the IP block, like IP-29."),
    Setting::required(
        IMAGE,
        "Operating system",
        SettingKind::Listed(InventoryKind::Images),
        "The billing id of the installation profile.",
    ),
    Setting::optional(SPEED, "Port speed", SettingKind::Text, "The billing id of the speed."),
    Setting::required(
        BANDWIDTH,
        "Traffic",
        SettingKind::Number { least: 1, most: 100_000, unit: "TB" },
        "A month; the panel suspends a server that reaches it until the next one begins.",
    ),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "SynergyCP",
    summary: "Dedicated servers that stand in racks, through a SynergyCP panel.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        // Two at once may choose the same machine out of the stock.
        at_once: 1,
        per_minute: None,
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(90),
    },
};

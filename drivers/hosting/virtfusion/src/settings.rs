//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const TOKEN: &str = "token";
pub(crate) const PACKAGE: &str = "package";
pub(crate) const GROUP: &str = "group";
pub(crate) const IMAGE: &str = "image";
pub(crate) const IPV4: &str = "ipv4_count";
pub(crate) const IPV6: &str = "ipv6";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The panel's own, like https://panel.example.com."),
    server::FINGERPRINT_SETTING,
    Setting::required(
        TOKEN,
        "API token",
        SettingKind::Secret,
        "Made in the panel under System, API, with rights on servers, users, packages and compute.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        PACKAGE,
        "Package",
        SettingKind::Listed(InventoryKind::Plans),
        "The number of a package.",
    ),
    Setting::required(
        GROUP,
        "Hypervisor group",
        SettingKind::Listed(InventoryKind::Regions),
        "Where it is put: the number of a group, not of a hypervisor.",
    ),
    Setting::required(
        IMAGE,
        "Operating system",
        SettingKind::Listed(InventoryKind::Images),
        "The number of a template that fits the package.",
    ),
    Setting::optional(
        IPV4,
        "IPv4 addresses",
        SettingKind::Number { least: 0, most: 256, unit: "" },
        "Out of the panel's own pools.",
    )
    .starting_with("1"),
    Setting::optional(IPV6, "IPv6", SettingKind::Flag, "A subnet out of the panel's own pools."),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "VirtFusion",
    summary: "Virtual machines on a VirtFusion panel.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 4,
        per_minute: Some(120),
        ask_timeout: Duration::from_secs(30),
        change_timeout: Duration::from_secs(120),
    },
};

//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const KEY: &str = "api_key";
pub(crate) const PASS: &str = "api_pass";
pub(crate) const ZONE: &str = "zone";
pub(crate) const CUSTOMER_URL: &str = "customer_url";
pub(crate) const PLAN: &str = "plan";
pub(crate) const IMAGE: &str = "image";
pub(crate) const GROUP: &str = "group";
pub(crate) const VIRT: &str = "virt";
pub(crate) const IPV4: &str = "ipv4_count";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The master's administration, like https://master.example.com:4085."),
    server::FINGERPRINT_SETTING,
    Setting::required(KEY, "API key", SettingKind::Secret, "Of the master's own API credentials."),
    Setting::required(PASS, "API password", SettingKind::Secret, "Beside the API key."),
    Setting::required(
        ZONE,
        "Zone of host names",
        SettingKind::Host,
        "Machines are called by our name of them in this zone, like b7k2.vps.example.com.",
    ),
    Setting::optional(
        CUSTOMER_URL,
        "Address for customers",
        SettingKind::Url,
        "Where customers sign in, when it is not port 4083 of the master.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        PLAN,
        "Plan",
        SettingKind::Listed(InventoryKind::Plans),
        "The number of a plan on the master.",
    ),
    Setting::required(
        IMAGE,
        "Operating system",
        SettingKind::Listed(InventoryKind::Images),
        "The number of a template that fits the virtualisation.",
    ),
    Setting::optional(
        GROUP,
        "Server group",
        SettingKind::Listed(InventoryKind::Regions),
        "Where the master chooses a node; empty for its own choice.",
    ),
    Setting::required(
        VIRT,
        "Virtualisation",
        SettingKind::Choice(&[
            ("kvm", "KVM"),
            ("lxc", "LXC"),
            ("openvz", "OpenVZ"),
            ("vzk", "Virtuozzo KVM"),
            ("vzo", "Virtuozzo OpenVZ"),
            ("xen", "Xen PV"),
            ("xenhvm", "Xen HVM"),
            ("proxk", "Proxmox KVM"),
            ("proxl", "Proxmox LXC"),
        ]),
        "As the plan's.",
    )
    .starting_with("kvm"),
    Setting::optional(
        IPV4,
        "IPv4 addresses",
        SettingKind::Number { least: 0, most: 256, unit: "" },
        "Out of the master's own pools.",
    )
    .starting_with("1"),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Virtualizor",
    summary: "Virtual machines on a Virtualizor master and its nodes.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    // The host name carries the tag: the master keeps no other field of ours.
    name_use: NameUse::None,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 3,
        per_minute: None,
        ask_timeout: Duration::from_secs(60),
        change_timeout: Duration::from_secs(120),
    },
};

//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const TOKEN_ID: &str = "token_id";
pub(crate) const TOKEN_SECRET: &str = "token_secret";
pub(crate) const VMID_FIRST: &str = "vmid_first";
pub(crate) const VMID_LAST: &str = "vmid_last";
pub(crate) const POOL: &str = "pool";
pub(crate) const OVERCOMMIT: &str = "memory_percent";

pub(crate) const KIND: &str = "kind";
pub(crate) const TEMPLATE: &str = "template";
pub(crate) const CORES: &str = "cores";
pub(crate) const MEMORY: &str = "memory_mib";
pub(crate) const DISK: &str = "disk_gib";
pub(crate) const SWAP: &str = "swap_mib";
pub(crate) const NODE: &str = "node";
pub(crate) const STORAGE: &str = "storage";
pub(crate) const BRIDGE: &str = "bridge";
pub(crate) const RATE: &str = "network_mb_s";
pub(crate) const USER: &str = "user";
pub(crate) const NAMESERVER: &str = "nameserver";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("Any node of the cluster, like https://pve1.example.com:8006."),
    Setting::optional(
        server::FINGERPRINT,
        "Certificate fingerprint",
        SettingKind::Fingerprint,
        "SHA-256 of the node's certificate, shown under Node, System, Certificates. Empty when a public authority \
         signed it.",
    ),
    Setting::optional(
        server::AUTHORITY,
        "Cluster authority",
        SettingKind::LongText,
        "The content of /etc/pve/pve-root-ca.pem, instead of a fingerprint.",
    ),
    Setting::required(TOKEN_ID, "Token", SettingKind::Text, "The full id, like bursar@pve!prod."),
    Setting::required(
        TOKEN_SECRET,
        "Token secret",
        SettingKind::Secret,
        "Shown once when the token is made.",
    ),
    Setting::optional(
        VMID_FIRST,
        "First number",
        SettingKind::Number { least: 100, most: 999_999_999, unit: "" },
        "Guests get numbers from here; nobody else should use the range.",
    )
    .starting_with("100000"),
    Setting::optional(
        VMID_LAST,
        "Last number",
        SettingKind::Number { least: 100, most: 999_999_999, unit: "" },
        "Guests get numbers up to here.",
    )
    .starting_with("999999"),
    Setting::optional(POOL, "Pool", SettingKind::Text, "Guests are put into this pool."),
    Setting::optional(
        OVERCOMMIT,
        "Memory to sell",
        SettingKind::Number { least: 10, most: 1_000, unit: "percent of a node's memory" },
        "A node with more than this sold is full.",
    )
    .starting_with("90"),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(
        KIND,
        "Kind",
        SettingKind::Choice(&[("qemu", "Virtual machine (QEMU)"), ("lxc", "Container (LXC)")]),
        "What is made.",
    )
    .starting_with("qemu"),
    Setting::required(
        TEMPLATE,
        "Template",
        SettingKind::Listed(InventoryKind::Images),
        "The number of a template for virtual machines, or a volume like local:vztmpl/debian-13.tar.zst for containers.",
    ),
    Setting::required(
        CORES,
        "Cores",
        SettingKind::Number { least: 1, most: 512, unit: "" },
        "Virtual processors.",
    ),
    Setting::required(
        MEMORY,
        "Memory",
        SettingKind::Number { least: 16, most: 4_194_304, unit: "MiB" },
        "Working memory.",
    ),
    Setting::required(
        DISK,
        "Disk",
        SettingKind::Number { least: 1, most: 131_072, unit: "GiB" },
        "It only grows.",
    ),
    Setting::optional(
        SWAP,
        "Swap",
        SettingKind::Number { least: 0, most: 4_194_304, unit: "MiB" },
        "Containers only.",
    ),
    Setting::optional(
        NODE,
        "Node",
        SettingKind::Listed(InventoryKind::Regions),
        "Where it is made; empty for the node with most memory left.",
    ),
    Setting::optional(
        STORAGE,
        "Storage",
        SettingKind::Listed(InventoryKind::Storages),
        "Where its disk is put; for machines empty means beside the template.",
    ),
    Setting::optional(BRIDGE, "Bridge", SettingKind::Text, "The node's network it is connected to.")
        .starting_with("vmbr0"),
    Setting::optional(
        RATE,
        "Network speed",
        SettingKind::Number { least: 1, most: 10_240, unit: "MB/s" },
        "Empty for no limit.",
    ),
    Setting::optional(USER, "User", SettingKind::Text, "Who signs in to a virtual machine.")
        .starting_with("root"),
    Setting::optional(NAMESERVER, "Name server", SettingKind::Text, "Empty for the node's own."),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Proxmox VE",
    summary: "Virtual machines and containers on a Proxmox VE cluster.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Pool,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        // Changes to one guest are serialised by the cluster; clones are what is heavy.
        at_once: 8,
        per_minute: None,
        // A request to another node is proxied with 30 seconds of its own.
        ask_timeout: Duration::from_secs(40),
        change_timeout: Duration::from_secs(60),
    },
};

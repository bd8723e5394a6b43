//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{
    AddressUse, InventoryKind, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor, server,
};

use crate::ID;

pub(crate) const USERNAME: &str = "username";
pub(crate) const PASSWORD: &str = "password";
pub(crate) const ABSENT_WORDS: &str = "absent_words";

pub(crate) const GAME: &str = "game_id";
pub(crate) const GAME_SLOTS: &str = "game_slots";
pub(crate) const GAME_PRIVATE: &str = "game_private";
pub(crate) const GAME_BRANDED: &str = "game_branded";
pub(crate) const GAME_PRIORITY: &str = "game_priority";
pub(crate) const GAME_DATACENTER: &str = "game_datacenter";
pub(crate) const GAME_SERVER: &str = "game_server";
pub(crate) const GAME_VARIABLES: &str = "game_variables";
pub(crate) const VOICE: &str = "voice_id";
pub(crate) const VOICE_SLOTS: &str = "voice_slots";
pub(crate) const VOICE_PRIVATE: &str = "voice_private";
pub(crate) const VOICE_BRANDED: &str = "voice_branded";
pub(crate) const VOICE_PRIORITY: &str = "voice_priority";
pub(crate) const VOICE_DATACENTER: &str = "voice_datacenter";
pub(crate) const VOICE_SERVER: &str = "voice_server";
pub(crate) const VOICE_UPLOAD: &str = "voice_upload_quota";
pub(crate) const VOICE_DOWNLOAD: &str = "voice_download_quota";
pub(crate) const VOICE_VARIABLES: &str = "voice_variables";

const SERVER_SETTINGS: &[Setting] = &[
    server::url_setting("The panel's own, with its port, like https://panel.example.com:8880. HTTPS must be switched on there."),
    server::FINGERPRINT_SETTING,
    Setting::required(
        USERNAME,
        "User name",
        SettingKind::Text,
        "An administrator or sub-administrator for the billing API, which is switched on under System, Settings, API Settings.",
    ),
    Setting::required(PASSWORD, "Password", SettingKind::Secret, "That user's."),
    Setting::optional(
        ABSENT_WORDS,
        "Words for absence",
        SettingKind::Text,
        "With commas between: what this panel says of a service that does not exist. Testing the connection shows it.",
    )
    .starting_with("not found, does not exist, no service"),
];

const SLOTS: SettingKind = SettingKind::Number { least: 1, most: 10_000, unit: "slots" };
const QUOTA: SettingKind = SettingKind::Number { least: 0, most: 1_000_000_000, unit: "bytes" };
const PRIORITIES: SettingKind = SettingKind::Choice(&[
    ("AboveNormal", "Above normal"),
    ("BelowNormal", "Below normal"),
    ("Normal", "Normal"),
    ("High", "High"),
    ("Idle", "Idle"),
    ("RealTime", "Real time"),
]);

const PLAN_SETTINGS: &[Setting] = &[
    Setting::optional(
        GAME,
        "Game",
        SettingKind::Listed(InventoryKind::Images),
        "Empty for a voice server alone.",
    ),
    Setting::optional(GAME_SLOTS, "Game slots", SLOTS, "Needed for a game."),
    Setting::optional(GAME_PRIVATE, "Private game", SettingKind::Flag, "Players need a password."),
    Setting::optional(
        GAME_BRANDED,
        "Branded game",
        SettingKind::Flag,
        "The server carries the provider's name.",
    ),
    Setting::optional(GAME_PRIORITY, "Game priority", PRIORITIES, "Of its process.").starting_with("Normal"),
    Setting::optional(
        GAME_DATACENTER,
        "Game datacenter",
        SettingKind::Text,
        "Its number. The panel chooses a server there; needed for a game unless a server is named.",
    ),
    Setting::optional(GAME_SERVER, "Game server", SettingKind::Text, "Its number, instead of a datacenter."),
    Setting::optional(
        GAME_VARIABLES,
        "Game variables",
        SettingKind::LongText,
        "The game's own, one a line: Xmx=2048. Only for new services.",
    ),
    Setting::optional(
        VOICE,
        "Voice server",
        SettingKind::Text,
        "Its id at the panel, like TEAMSPEAK3; empty for a game alone.",
    ),
    Setting::optional(VOICE_SLOTS, "Voice slots", SLOTS, "Needed for a voice server."),
    Setting::optional(VOICE_PRIVATE, "Private voice server", SettingKind::Flag, "Guests need a password."),
    Setting::optional(
        VOICE_BRANDED,
        "Branded voice server",
        SettingKind::Flag,
        "It carries the provider's name.",
    ),
    Setting::optional(VOICE_PRIORITY, "Voice priority", PRIORITIES, "Of its process.")
        .starting_with("Normal"),
    Setting::optional(
        VOICE_DATACENTER,
        "Voice datacenter",
        SettingKind::Text,
        "Its number; needed for a voice server unless a server is named.",
    ),
    Setting::optional(
        VOICE_SERVER,
        "Voice's server",
        SettingKind::Text,
        "Its number, instead of a datacenter.",
    ),
    Setting::optional(VOICE_UPLOAD, "Voice upload quota", QUOTA, "As the panel counts it."),
    Setting::optional(VOICE_DOWNLOAD, "Voice download quota", QUOTA, "As the panel counts it."),
    Setting::optional(
        VOICE_VARIABLES,
        "Voice variables",
        SettingKind::LongText,
        "The voice server's own, one a line: name=value. Only for new services.",
    ),
];

/// The vendor's own clients wait between 100 and 300 seconds, one call after the other.
const PATIENCE: Duration = Duration::from_secs(120);

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "TCAdmin",
    summary: "Game and voice servers on TCAdmin 2, by slots.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::None,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Blind,
    login: Login::OfCustomer,
    pace: Pace { at_once: 1, per_minute: None, ask_timeout: PATIENCE, change_timeout: PATIENCE },
};

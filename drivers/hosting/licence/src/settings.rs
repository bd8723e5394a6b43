//! What staff fill in.

use std::time::Duration;

use bursar_hosting::{AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor};

use crate::ID;

pub(crate) const KIND: &str = "kind";
pub(crate) const SIGNED: &str = "signed";
pub(crate) const KEYS: &str = "keys";
pub(crate) const SIGNING_KEY: &str = "signing_key";
pub(crate) const PRODUCT: &str = "product";
pub(crate) const SEATS: &str = "seats";
pub(crate) const DAYS: &str = "days";

const SERVER_SETTINGS: &[Setting] = &[
    Setting::required(
        KIND,
        "Licences",
        SettingKind::Choice(&[("pool", "Keys out of a pool"), (SIGNED, "Signed here")]),
        "Where licences come from.",
    )
    .starting_with("pool"),
    Setting::optional(
        KEYS,
        "Keys",
        SettingKind::SecretList,
        "For a pool: one a line. A key is given out once. The server's page takes more keys later.",
    ),
    Setting::optional(
        SIGNING_KEY,
        "Signing key",
        SettingKind::Secret,
        "For signed licences: the 64 hexadecimal digits of an Ed25519 seed, like from openssl rand -hex 32. Testing the \
         connection shows the public key for your product.",
    ),
];

const PLAN_SETTINGS: &[Setting] = &[
    Setting::required(PRODUCT, "Product", SettingKind::Text, "What the licence is for, as the product calls itself."),
    Setting::optional(
        SEATS,
        "Seats",
        SettingKind::Number { least: 1, most: 1_000_000, unit: "" },
        "For how many; empty for no limit. Stands in signed licences.",
    ),
    Setting::optional(
        DAYS,
        "Days",
        SettingKind::Number { least: 0, most: 3_660, unit: "days" },
        "How long a signed licence works without a newer one; nought for ever. A newer one is there every day.",
    )
    .starting_with("35"),
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Licences",
    summary: "Licence keys out of a pool, or licences signed here.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::None,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Ourselves,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        at_once: 50,
        per_minute: None,
        ask_timeout: Duration::from_secs(10),
        change_timeout: Duration::from_secs(10),
    },
};

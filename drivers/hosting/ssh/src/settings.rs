//! What staff fill in.

use std::time::Duration;

use bursar_hosting::relay::{PLAN_SETTINGS, SERVER_SETTINGS as RELAYED};
use bursar_hosting::{AddressUse, Login, Manifest, NameUse, Pace, Setting, SettingKind, Sight, Vendor};

use crate::ID;

pub(crate) const HOST: &str = "host";
pub(crate) const PORT: &str = "port";
pub(crate) const USER: &str = "user";
pub(crate) const HOST_KEYS: &str = "host_keys";
pub(crate) const PRIVATE_KEY: &str = "private_key";
pub(crate) const PASSWORD: &str = "password";
pub(crate) const COMMAND: &str = "command";

/// Actions with a command of their own, and the names of their settings.
pub(crate) const COMMANDS: &[(&str, &str)] = &[
    ("create", "command_create"),
    ("observe", "command_observe"),
    ("suspend", "command_suspend"),
    ("resume", "command_resume"),
    ("terminate", "command_terminate"),
    ("resize", "command_resize"),
    ("power", "command_power"),
    ("set_password", "command_password"),
    ("usage", "command_usage"),
    ("inventory", "command_inventory"),
    ("accounts", "command_accounts"),
];

const fn command(name: &'static str, label: &'static str, help: &'static str) -> Setting {
    Setting::optional(name, label, SettingKind::Text, help)
}

const SERVER_SETTINGS: &[Setting] = &[
    Setting::required(HOST, "Host", SettingKind::Host, "The server that is signed in to."),
    Setting::optional(
        PORT,
        "Port",
        SettingKind::Number { least: 1, most: 65_535, unit: "" },
        "Of its SSH server.",
    )
    .starting_with("22"),
    Setting::required(
        USER,
        "User",
        SettingKind::Text,
        "An account of its own with few rights, rather than root.",
    ),
    Setting::required(
        HOST_KEYS,
        "Host keys",
        SettingKind::LongText,
        "As in /etc/ssh/ssh_host_ed25519_key.pub on the server, one a line; no other key is believed.",
    ),
    Setting::optional(
        PRIVATE_KEY,
        "Private key",
        SettingKind::LongSecret,
        "In the OpenSSH form, Ed25519 or ECDSA, without a passphrase.",
    ),
    Setting::optional(PASSWORD, "Password", SettingKind::Secret, "Only where no key can be used."),
    command(
        COMMAND,
        "Command for everything",
        "For every action without a command of its own, like sudo -n -- /usr/local/sbin/bursar-agent {action}; the \
         question is on its standard input.",
    ),
    command("command_create", "Command to create", "Like mkacct --plan {plan} --user {tag} -- {name}."),
    command(
        "command_observe",
        "Command to look",
        "Says state=running or state=suspended; 11 when there is none.",
    ),
    command("command_suspend", "Command to suspend", "With {tag}, {reference} and {reason}."),
    command("command_resume", "Command to resume", "With {tag} and {reference}."),
    command("command_terminate", "Command to remove", "With {tag} and {reference}; 11 when there is none."),
    command("command_resize", "Command to change the plan", "With {plan} and {plan.…} whole."),
    command("command_power", "Command to switch", "With {power}: start, stop, restart or kill."),
    command("command_password", "Command to set the password", "The password is on its standard input."),
    command("command_usage", "Command to measure", "Answers in JSON."),
    command("command_inventory", "Command to list plans", "Answers in JSON, with {kind}."),
    command("command_accounts", "Command to list accounts", "Answers in JSON, with {from}."),
    RELAYED[0],
    RELAYED[1],
    RELAYED[2],
    RELAYED[3],
];

pub(crate) static MANIFEST: Manifest = Manifest {
    id: ID,
    name: "Commands over SSH",
    summary: "Whatever a command on one of your servers makes.",
    server_settings: SERVER_SETTINGS,
    plan_settings: PLAN_SETTINGS,
    name_use: NameUse::Hostname,
    address_use: AddressUse::Vendor,
    vendor: Vendor::Outside,
    sight: Sight::Clear,
    login: Login::OfResource,
    pace: Pace {
        // Servers take ten sessions and drop who knocks more often than that.
        at_once: 2,
        per_minute: None,
        ask_timeout: Duration::from_secs(60),
        change_timeout: Duration::from_secs(300),
    },
};

//! What a driver says about itself, as data: the admin forms are made from it.

use std::time::Duration;

use bursar_outbound::Settings;

use crate::InventoryKind;

/// A driver's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Manifest {
    /// Stored with every server and resource; never changes.
    pub id: &'static str,
    /// For people.
    pub name: &'static str,
    /// What it makes, in a sentence.
    pub summary: &'static str,
    /// What staff fill in per server. The secret ones reach the driver as the call's credentials, the others as its
    /// settings, under the same names.
    pub server_settings: &'static [Setting],
    /// What staff fill in per product, and what a product's options may set.
    pub plan_settings: &'static [Setting],
    /// What its resources are called by.
    pub name_use: NameUse,
    /// Where its resources get their addresses.
    pub address_use: AddressUse,
    /// Who makes and remembers its resources.
    pub vendor: Vendor,
    /// Whether what there is can be looked at.
    pub sight: Sight,
    /// Whose the password is that a resource is made with.
    pub login: Login,
    /// How fast it may be asked.
    pub pace: Pace,
}

/// Who makes and remembers a driver's resources.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    /// Somebody outside, who can be away, full or wrong, and has objects that are not ours.
    Outside,
    /// We ourselves: the driver MUST reach nothing outside and MUST keep its memory in the call's
    /// [notebook](bursar_outbound::Notebook). Whoever calls it lends one.
    Ourselves,
}

/// Whether a vendor shows what it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// It can be asked at any time, and asking changes nothing.
    Clear,
    /// It shows nothing. [`Hosting::observe`](crate::Hosting::observe) is never called, and what the vendor has cannot be
    /// compared with what it should have. What was made is [`State::Unseen`](crate::State::Unseen). The driver MUST
    /// still never make two under one tag: before each making it MUST find out by some call of the vendor's that leaves
    /// what runs alone, and MUST refuse to make anything where it cannot tell. Every other change MUST be such that the
    /// same call again does no harm, because it is made again whenever an answer was lost.
    Blind,
}

/// Whose the password of a [`Specification`](crate::Specification) is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Login {
    /// The resource's: each has one of its own, if any.
    OfResource,
    /// The customer's, for everything of theirs on the server. Whoever has one keeps it when the next resource is made,
    /// so that the caller hands the same one in.
    OfCustomer,
}

/// What a resource is called by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameUse {
    /// Nothing: the customer is not asked.
    None,
    /// A host name; made up when the customer gives none.
    Hostname,
    /// A domain that the customer must give.
    Domain,
}

/// Where a resource's addresses come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressUse {
    /// It has none of its own, or the vendor gives them.
    Vendor,
    /// From our pools, reserved before it is made.
    Pool,
}

/// How fast a server may be asked unless staff say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Calls under way at once.
    pub at_once: u32,
    /// Calls a minute, where the vendor has a limit.
    pub per_minute: Option<u32>,
    /// How long a question may take.
    pub ask_timeout: Duration,
    /// How long a change may take.
    pub change_timeout: Duration,
}

/// One field of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Name under which the value is stored.
    pub name: &'static str,
    /// For people.
    pub label: &'static str,
    /// What it does, or where to find it at the vendor.
    pub help: &'static str,
    /// How it is entered, checked and kept.
    pub kind: SettingKind,
    /// Whether it must be filled in.
    pub required: bool,
    /// What the form begins with.
    pub default: Option<&'static str>,
}

/// How a setting is entered, checked and kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SettingKind {
    /// One line.
    Text,
    /// Several lines.
    LongText,
    /// Sealed when stored and never shown again.
    Secret,
    /// Like a secret, of several lines: a private key.
    LongSecret,
    /// Secrets, one a line, that are used up: more can be added to those that are there.
    SecretList,
    /// The address of a panel: `https://` and a host, with a port where it is not 443.
    Url,
    /// A host name or IP address.
    Host,
    /// The SHA-256 fingerprint of a certificate or key: 64 hexadecimal digits, with or without colons.
    Fingerprint,
    /// A whole number.
    Number {
        /// The smallest.
        least: i64,
        /// The largest.
        most: i64,
        /// What it counts ("MiB"); may be empty.
        unit: &'static str,
    },
    /// A box to tick.
    Flag,
    /// One of these: value and label.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of what the panel lists; a text when it cannot be asked.
    Listed(InventoryKind),
}

impl SettingKind {
    /// Whether it is sealed, and reaches the driver as a credential.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secret | Self::LongSecret | Self::SecretList)
    }
}

impl Setting {
    /// A field that must be filled in.
    pub const fn required(
        name: &'static str,
        label: &'static str,
        kind: SettingKind,
        help: &'static str,
    ) -> Self {
        Self { name, label, help, kind, required: true, default: None }
    }

    /// A field that may stay empty.
    pub const fn optional(
        name: &'static str,
        label: &'static str,
        kind: SettingKind,
        help: &'static str,
    ) -> Self {
        Self { name, label, help, kind, required: false, default: None }
    }

    /// With a value to begin with.
    #[must_use]
    pub const fn starting_with(mut self, default: &'static str) -> Self {
        self.default = Some(default);
        self
    }
}

/// What is wrong with one field, and how to mend it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingProblem {
    /// The field's name.
    pub name: &'static str,
    /// A sentence to show beside it.
    pub message: String,
}

/// Compares what was filled in with what the manifest asks for. Secrets are not among `values`; whether a required one
/// is there is known to whoever seals them. Values for fields that the manifest does not know are left alone: an older
/// version of the driver may have asked for them.
pub fn check(settings: &[Setting], values: &Settings) -> Vec<SettingProblem> {
    settings
        .iter()
        .filter(|setting| !setting.kind.is_secret())
        .filter_map(|setting| {
            let message = match values.text(setting.name) {
                Some(value) => problem_of(setting.kind, value)?,
                None if setting.required => format!("{} is needed.", setting.label),
                None => return None,
            };
            Some(SettingProblem { name: setting.name, message })
        })
        .collect()
}

fn problem_of(kind: SettingKind, value: &str) -> Option<String> {
    let wrong = |message: &str| Some(message.to_owned());
    match kind {
        SettingKind::Text | SettingKind::Listed(_) if value.chars().any(char::is_control) => {
            wrong("Write this on one line.")
        }
        SettingKind::Url if !is_url(value) => wrong(
            "Write the whole address, like https://panel.example.com:8443, without user name or password.",
        ),
        SettingKind::Host if !is_host(value) => wrong(
            "Write a host name or an IP address, like node1.example.com, without https:// and without a path.",
        ),
        SettingKind::Fingerprint if !is_fingerprint(value) => {
            wrong("A SHA-256 fingerprint has 64 hexadecimal digits, with or without colons between them.")
        }
        SettingKind::Number { least, most, unit } => match value.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => None,
            _ => Some(format!("Write a whole number from {least} to {most}{}{unit}.", space_before(unit))),
        },
        SettingKind::Choice(choices) if !choices.iter().any(|(code, _)| *code == value) => {
            let known: Vec<&str> = choices.iter().map(|(_, label)| *label).collect();
            Some(format!("Choose one of: {}.", known.join(", ")))
        }
        SettingKind::Text
        | SettingKind::LongText
        | SettingKind::Secret
        | SettingKind::LongSecret
        | SettingKind::SecretList
        | SettingKind::Url
        | SettingKind::Host
        | SettingKind::Fingerprint
        | SettingKind::Flag
        | SettingKind::Choice(_)
        | SettingKind::Listed(_) => None,
    }
}

fn space_before(unit: &str) -> &'static str {
    if unit.is_empty() { "" } else { " " }
}

fn is_url(value: &str) -> bool {
    let Some(rest) = value.strip_prefix("https://") else { return false };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !name.is_empty() && !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    is_host(name.trim_start_matches('[').trim_end_matches(']'))
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

fn is_host(value: &str) -> bool {
    let letters = value.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-'));
    let name = letters && !value.is_empty() && !value.starts_with(['.', '-']) && value.len() <= 253;
    name || value.parse::<std::net::IpAddr>().is_ok()
}

fn is_fingerprint(value: &str) -> bool {
    let digits: String = value.chars().filter(|c| *c != ':').collect();
    digits.len() == 64 && digits.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: &[Setting] = &[
        Setting::required("url", "Address", SettingKind::Url, ""),
        Setting::optional("host", "Host", SettingKind::Host, ""),
        Setting::optional("pin", "Fingerprint", SettingKind::Fingerprint, ""),
        Setting::optional(
            "memory",
            "Memory",
            SettingKind::Number { least: 128, most: 4096, unit: "MiB" },
            "",
        ),
        Setting::optional("kind", "Kind", SettingKind::Choice(&[("vm", "Machine"), ("ct", "Container")]), ""),
        Setting::required("key", "Key", SettingKind::Secret, ""),
    ];

    fn problems(pairs: &[(&str, &str)]) -> Vec<&'static str> {
        let values = pairs.iter().copied().collect();
        check(FIELDS, &values).into_iter().map(|problem| problem.name).collect()
    }

    #[test]
    fn good_values_pass_and_missing_ones_are_named() {
        let fingerprint = "AB:".repeat(31) + "cd";
        let good = [
            ("url", "https://panel.example.com:8006"),
            ("host", "192.0.2.1"),
            ("pin", fingerprint.as_str()),
            ("memory", "128"),
            ("kind", "ct"),
            ("of_an_older_version", "kept"),
        ];
        assert_eq!(problems(&good), Vec::<&str>::new());
        assert_eq!(problems(&[]), ["url"]);
        assert_eq!(problems(&[("url", "https://[2001:db8::1]:8006/")]), Vec::<&str>::new());
    }

    #[test]
    fn bad_values_are_named_with_what_would_be_right() {
        for (name, value) in [
            ("url", "http://panel.example.com"),
            ("url", "https://user@panel.example.com"),
            ("url", "https://panel.example.com:port"),
            ("host", "https://a.example"),
            ("host", "-a.example"),
            ("pin", "ab:cd"),
            ("memory", "127"),
            ("memory", "4097"),
            ("memory", "1.5"),
            ("kind", "Machine"),
        ] {
            let mut pairs = vec![(name, value)];
            if name != "url" {
                pairs.push(("url", "https://panel.example.com"));
            }
            assert_eq!(problems(&pairs), [name], "{value}");
        }
        let values = [("url", "https://a.example"), ("memory", "1")].into_iter().collect();
        assert_eq!(check(FIELDS, &values)[0].message, "Write a whole number from 128 to 4096 MiB.");
    }
}

//! Between Proxmox's spelling and ours. Pure.

use std::collections::{BTreeMap, BTreeSet};

use bursar_hosting::{Specification, State, Tag};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

use crate::settings;
use crate::wire::Config;

/// A guest that is taken away from its customer.
pub(crate) const SUSPENDED: &str = "bursar-suspended";
/// A guest that is not finished.
pub(crate) const BUILDING: &str = "bursar-building";
const PREFIX: &str = "bursar.";
/// How many numbers a tag may end up at, when others took the first ones.
pub(crate) const WINDOW: u32 = 8;
const MIB: i64 = 1 << 20;
const GIB: i64 = 1 << 30;

/// Our tag as Proxmox keeps it.
pub(crate) fn tag_word(tag: &Tag) -> String {
    format!("{PREFIX}{tag}")
}

/// The tag of ours among Proxmox's.
pub(crate) fn tag_among(words: &BTreeSet<String>) -> Option<Tag> {
    words.iter().find_map(|word| Tag::new(word.strip_prefix(PREFIX)?).ok())
}

/// Proxmox separates tags by semicolons and takes commas and blanks too.
pub(crate) fn words(tags: &str) -> BTreeSet<String> {
    tags.split([';', ',', ' ']).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

pub(crate) fn joined(words: &BTreeSet<String>) -> String {
    words.iter().cloned().collect::<Vec<_>>().join(";")
}

/// The first line of a guest's description.
pub(crate) fn marker(tag: &Tag) -> String {
    format!("bursar:{tag}")
}

/// Whether a description begins with the marker. It comes back with a line's end, and from some versions encoded.
pub(crate) fn is_marked(description: &str, tag: &Tag) -> bool {
    let first = description.lines().next().unwrap_or_default().trim().replace("%3A", ":");
    first == marker(tag)
}

/// The numbers at which a tag's guest may be, the likeliest first. The same tag always has the same ones, so that a
/// creation whose answer was lost cannot be made twice: the second finds the number taken.
pub(crate) fn candidates(tag: &Tag, first: u32, last: u32) -> Vec<u32> {
    let size = last.saturating_sub(first).saturating_add(1).max(1);
    // FNV-1a.
    let hash = tag.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let start = u32::try_from(hash % u64::from(size)).unwrap_or_default();
    (0..WINDOW.min(size)).map(|step| first + (start + step) % size).collect()
}

/// What the words of a failure mean, where they mean something certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// Another task holds the guest; nothing was done.
    Busy,
    /// The number is taken.
    Taken,
    /// There is no such guest, here or any more.
    Absent,
    /// No room on a storage.
    NoRoom,
    /// It is in the wanted state already, or the opposite one was needed.
    WrongState,
    /// The program inside the machine does not answer.
    NoAgent,
    /// Proxmox will never do this.
    Never,
}

/// Proxmox answers almost everything with 500 and words. What is not recognised stays unknown.
pub(crate) fn known(text: &str) -> Option<Known> {
    let text = text.to_ascii_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| text.contains(word));
    // A time-out alone may come from a command that was begun; only that of a lock says that nothing was.
    if has(&["is locked (", "can't lock file", "no quorum"]) {
        Some(Known::Busy)
    } else if has(&["already exists"]) {
        Some(Known::Taken)
    } else if has(&["does not exist", "no such vm"]) {
        Some(Known::Absent)
    } else if has(&["no space left", "not enough space", "out of space", "no such storage space"]) {
        Some(Known::NoRoom)
    } else if has(&["not running", "already running", "is running"]) {
        // The agent's own message contains "not running" as well and is about something else.
        if has(&["guest agent"]) { Some(Known::NoAgent) } else { Some(Known::WrongState) }
    } else if has(&["shrinking disks is not supported", "protection mode enabled", "used in ha resources"]) {
        Some(Known::Never)
    } else {
        None
    }
}

/// The privileges that the driver needs somewhere.
const NEEDED: &[&str] = &[
    "VM.Allocate",
    "VM.Audit",
    "VM.Clone",
    "VM.Config.CPU",
    "VM.Config.Cloudinit",
    "VM.Config.Disk",
    "VM.Config.Memory",
    "VM.Config.Network",
    "VM.Config.Options",
    "VM.PowerMgmt",
    "Datastore.AllocateSpace",
    "Datastore.Audit",
    "Sys.Audit",
];

/// What the token may not do anywhere, as sentences.
pub(crate) fn missing_privileges(permissions: &BTreeMap<String, BTreeMap<String, Value>>) -> Vec<String> {
    let held: BTreeSet<&str> =
        permissions.values().flat_map(|path| path.keys().map(String::as_str)).collect();
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|needed| !held.contains(needed)).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "The token lacks these privileges: {}. A token with privilege separation needs access rules of its own.",
        missing.join(", ")
    )]
}

/// The state of a guest.
pub(crate) fn state(status: &str, lock: Option<&str>, words: &BTreeSet<String>) -> State {
    if matches!(lock, Some("clone" | "create" | "rollback")) || words.contains(BUILDING) {
        return State::Building;
    }
    match status {
        "running" => State::Running,
        "stopped" | "paused" | "prelaunch" if words.contains(SUSPENDED) => State::Suspended,
        "stopped" | "paused" => State::Stopped,
        other => State::Unrecognised(other.to_owned()),
    }
}

/// A disk's size out of "local-zfs:vm-101-disk-0,size=40G".
pub(crate) fn size_bytes(disk: &str) -> Option<i64> {
    let text = disk.split(',').find_map(|part| part.trim().strip_prefix("size="))?;
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = match &text[digits.len()..] {
        "" => 1,
        "K" => 1 << 10,
        "M" => MIB,
        "G" => GIB,
        "T" => 1 << 40,
        _ => return None,
    };
    digits.parse::<i64>().ok()?.checked_mul(unit)
}

/// Whole GiB, rounded up: a template's disk of 2252 MiB counts as 3.
pub(crate) fn gib(bytes: i64) -> i64 {
    bytes.div_euclid(GIB) + i64::from(bytes.rem_euclid(GIB) > 0)
}

/// The disk a guest starts from: the first of its boot order that is one, or the usual first one.
pub(crate) fn boot_disk(config: &Config) -> Option<String> {
    let order = config.text("boot").unwrap_or_default();
    let named = order.split([';', ',', '=']).map(str::trim).map(str::to_owned);
    let usual = ["scsi0", "virtio0", "sata0", "ide0", "rootfs"].map(str::to_owned);
    named.chain(usual).find(|name| config.text(name).as_deref().and_then(size_bytes).is_some())
}

/// Memory in MiB; newer versions may write `current=2048`.
pub(crate) fn memory_mib(text: &str) -> Option<i64> {
    let first = text.split(',').next()?;
    first.strip_prefix("current=").unwrap_or(first).trim().parse().ok()
}

/// Addresses out of `ipconfig0` ("ip=192.0.2.40/24,gw=192.0.2.1") or a container's `net0`.
pub(crate) fn addresses(config: &Config) -> Vec<String> {
    let lines = (0..4).flat_map(|n| [config.text(&format!("ipconfig{n}")), config.text(&format!("net{n}"))]);
    let mut all = Vec::new();
    for line in lines.flatten() {
        for part in line.split(',') {
            let value = part.strip_prefix("ip=").or_else(|| part.strip_prefix("ip6="));
            if let Some(address) = value.and_then(|value| value.split('/').next())
                && address.parse::<std::net::IpAddr>().is_ok()
            {
                all.push(address.to_owned());
            }
        }
    }
    all
}

/// The addresses as Proxmox takes them, the main IPv4 and the main IPv6; `dhcp` without any.
pub(crate) fn ip_options(specification: &Specification) -> String {
    let mut parts = Vec::new();
    let four = specification.addresses.iter().find(|address| !address.ip.contains(':'));
    let six = specification.addresses.iter().find(|address| address.ip.contains(':'));
    for (address, ip, gateway) in [(four, "ip", "gw"), (six, "ip6", "gw6")] {
        if let Some(address) = address {
            parts.push(format!("{ip}={}/{}", address.ip, address.prefix));
            parts.extend(address.gateway.as_ref().map(|way| format!("{gateway}={way}")));
        }
    }
    if parts.is_empty() { "ip=dhcp".to_owned() } else { parts.join(",") }
}

/// A network card's options with another speed.
pub(crate) fn with_rate(card: &str, rate: Option<i64>) -> String {
    let mut parts: Vec<String> =
        card.split(',').filter(|part| !part.starts_with("rate=")).map(str::to_owned).collect();
    parts.extend(rate.map(|rate| format!("rate={rate}")));
    parts.join(",")
}

/// The options of a virtual machine that was just cloned.
pub(crate) fn machine_options(specification: &Specification, tag: &Tag) -> Vec<(String, String)> {
    let plan = &specification.plan;
    let bridge = plan.text(settings::BRIDGE).unwrap_or("vmbr0");
    let mut options = vec![
        ("cores", number(plan.number(settings::CORES))),
        ("sockets", "1".to_owned()),
        ("memory", number(plan.number(settings::MEMORY))),
        ("net0", with_rate(&format!("virtio,bridge={bridge},firewall=1"), plan.number(settings::RATE))),
        ("ipconfig0", ip_options(specification)),
        ("ciuser", plan.text(settings::USER).unwrap_or("root").to_owned()),
        ("cipassword", specification.password.expose().to_owned()),
        ("agent", "1".to_owned()),
        ("tags", joined(&BTreeSet::from([BUILDING.to_owned(), tag_word(tag)]))),
    ];
    if !specification.ssh_keys.is_empty() {
        // The value is itself percent-encoded, before the form encodes it once more.
        let keys = specification.ssh_keys.join("\n");
        options.push(("sshkeys", utf8_percent_encode(&keys, NON_ALPHANUMERIC).to_string()));
    }
    options.extend(plan.text(settings::NAMESERVER).map(|server| ("nameserver", server.to_owned())));
    options.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The options of a new container.
pub(crate) fn container_options(
    specification: &Specification,
    tag: &Tag,
    vmid: u32,
) -> Vec<(String, String)> {
    let plan = &specification.plan;
    let bridge = plan.text(settings::BRIDGE).unwrap_or("vmbr0");
    let storage = plan.text(settings::STORAGE).unwrap_or("local-lvm");
    let card = format!("name=eth0,bridge={bridge},firewall=1,{}", ip_options(specification));
    let mut options = vec![
        ("vmid", vmid.to_string()),
        ("ostemplate", plan.text(settings::TEMPLATE).unwrap_or_default().to_owned()),
        ("cores", number(plan.number(settings::CORES))),
        ("memory", number(plan.number(settings::MEMORY))),
        ("swap", number(plan.number(settings::SWAP).or(Some(0)))),
        ("rootfs", format!("{storage}:{}", plan.number(settings::DISK).unwrap_or_default())),
        ("net0", with_rate(&card, plan.number(settings::RATE))),
        ("password", specification.password.expose().to_owned()),
        ("unprivileged", "1".to_owned()),
        ("description", marker(tag)),
        ("tags", joined(&BTreeSet::from([BUILDING.to_owned(), tag_word(tag)]))),
    ];
    options.extend(specification.name.iter().map(|name| ("hostname", name.clone())));
    if !specification.ssh_keys.is_empty() {
        options.push(("ssh-public-keys", specification.ssh_keys.join("\n")));
    }
    options.extend(plan.text(settings::NAMESERVER).map(|server| ("nameserver", server.to_owned())));
    options.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn number(value: Option<i64>) -> String {
    value.unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use bursar_hosting::conformance::specification_on;
    use bursar_outbound::Settings;

    use super::*;

    fn tag(text: &str) -> Tag {
        Tag::new(text).expect("a plain tag")
    }

    fn config(pairs: &[(&str, &str)]) -> Config {
        Config::of(pairs)
    }

    #[test]
    fn tags_are_kept_among_proxmox_s_own() {
        let found = words("web;bursar.b7k2;bursar-suspended");
        assert_eq!(tag_among(&found), Some(tag("b7k2")));
        assert_eq!(tag_among(&words("web, bursar-building bursar")), None, "our words are no tags of ours");
        assert_eq!(joined(&found), "bursar-suspended;bursar.b7k2;web");
    }

    #[test]
    fn a_marker_is_recognised_as_proxmox_gives_it_back() {
        assert!(is_marked("bursar:b7k2\n", &tag("b7k2")));
        assert!(is_marked("bursar%3Ab7k2\nsold in March", &tag("b7k2")));
        assert!(!is_marked("bursar:b7k22", &tag("b7k2")));
        assert!(!is_marked("was bursar:b7k2", &tag("b7k2")));
    }

    #[test]
    fn a_tag_has_the_same_numbers_every_time_and_stays_in_its_range() {
        let numbers = candidates(&tag("b7k2"), 100_000, 999_999);
        assert_eq!(numbers, candidates(&tag("b7k2"), 100_000, 999_999));
        assert_ne!(numbers, candidates(&tag("b7k3"), 100_000, 999_999));
        assert_eq!(numbers.len(), 8);
        for count in [1, 3, 20] {
            let few = candidates(&tag("b7k2"), 500, 500 + count - 1);
            assert_eq!(few.len() as u32, count.min(8));
            assert!(few.iter().all(|number| (500..500 + count).contains(number)), "{few:?}");
            assert_eq!(few.iter().collect::<BTreeSet<_>>().len(), few.len());
        }
    }

    #[test]
    fn words_of_failures_mean_what_the_vendor_s_source_says() {
        for (text, meaning) in [
            ("VM is locked (clone)", Some(Known::Busy)),
            ("can't lock file '/var/lock/qemu-server/lock-101.conf' - got timeout", Some(Known::Busy)),
            ("cluster not ready - no quorum?", Some(Known::Busy)),
            ("unable to create VM 101 - VM 101 already exists on node 'pve2'", Some(Known::Taken)),
            ("unable to create VM 101: config file already exists", Some(Known::Taken)),
            ("Configuration file 'nodes/pve1/qemu-server/101.conf' does not exist", Some(Known::Absent)),
            ("VM 101 is running - destroy failed", Some(Known::WrongState)),
            ("CT 102 not running", Some(Known::WrongState)),
            ("QEMU guest agent is not running", Some(Known::NoAgent)),
            ("shrinking disks is not supported", Some(Known::Never)),
            ("zfs error: out of space", Some(Known::NoRoom)),
            ("VM 101 qmp command 'guest-set-user-password' failed - got timeout", None),
            ("unexpected status", None),
        ] {
            assert_eq!(known(text), meaning, "{text}");
        }
    }

    #[test]
    fn sizes_and_memory_are_read_in_every_spelling() {
        assert_eq!(size_bytes("local-zfs:vm-101-disk-0,size=40G"), Some(40 * GIB));
        assert_eq!(size_bytes("local:101/vm-101-disk-0.qcow2,iothread=1,size=2252M"), Some(2_252 * MIB));
        assert_eq!(size_bytes("local-zfs:vm-101-cloudinit,media=cdrom"), None);
        assert_eq!((gib(2_252 * MIB), gib(40 * GIB), gib(0)), (3, 40, 0));
        assert_eq!(
            (memory_mib("2048"), memory_mib("current=4096"), memory_mib("x")),
            (Some(2_048), Some(4_096), None)
        );
        let cdrom_first =
            config(&[("boot", "order=ide2;scsi1"), ("ide2", "none,media=cdrom"), ("scsi1", "a:b,size=8G")]);
        assert_eq!(boot_disk(&cdrom_first).as_deref(), Some("scsi1"));
        assert_eq!(
            boot_disk(&config(&[("rootfs", "local-zfs:subvol-102-disk-0,size=8G")])).as_deref(),
            Some("rootfs")
        );
    }

    #[test]
    fn addresses_go_there_and_come_back() {
        let specification = specification_on(Settings::none(), None);
        let options = ip_options(&specification);
        assert_eq!(options, "ip=192.0.2.40/24,gw=192.0.2.1");
        assert_eq!(addresses(&config(&[("ipconfig0", &options)])), ["192.0.2.40"]);
        let card = "name=eth0,bridge=vmbr0,ip=192.0.2.41/24,gw=192.0.2.1,ip6=2001:db8::41/64";
        assert_eq!(addresses(&config(&[("net0", card)])), ["192.0.2.41", "2001:db8::41"]);
        assert_eq!(addresses(&config(&[("ipconfig0", "ip=dhcp")])), Vec::<String>::new());
        let none = Specification { addresses: Vec::new(), ..specification };
        assert_eq!(ip_options(&none), "ip=dhcp");
    }

    #[test]
    fn keys_are_encoded_before_the_form_encodes_them() {
        let mut specification = specification_on(Settings::none(), None);
        specification.ssh_keys = vec!["ssh-ed25519 AA+/ a@b".to_owned(), "ssh-ed25519 BB c@d".to_owned()];
        let options = machine_options(&specification, &tag("b7"));
        let keys = options.iter().find(|(name, _)| name == "sshkeys").map(|(_, value)| value.as_str());
        assert_eq!(keys, Some("ssh%2Ded25519%20AA%2B%2F%20a%40b%0Assh%2Ded25519%20BB%20c%40d"));
    }

    #[test]
    fn a_card_keeps_everything_but_its_speed() {
        let card = "virtio=BC:24:11:00:00:01,bridge=vmbr0,rate=10,firewall=1";
        assert_eq!(with_rate(card, Some(125)), "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1,rate=125");
        assert_eq!(with_rate(card, None), "virtio=BC:24:11:00:00:01,bridge=vmbr0,firewall=1");
    }

    #[test]
    fn a_guest_s_state_comes_from_status_lock_and_tags() {
        let of = |status, lock, tags| state(status, lock, &words(tags));
        assert_eq!(of("running", None, "bursar.b7"), State::Running);
        assert_eq!(of("stopped", None, "bursar.b7"), State::Stopped);
        assert_eq!(of("stopped", None, "bursar.b7;bursar-suspended"), State::Suspended);
        assert_eq!(
            of("running", None, "bursar-suspended"),
            State::Running,
            "somebody started it: that is to be seen"
        );
        assert_eq!(of("stopped", Some("clone"), ""), State::Building);
        assert_eq!(of("running", Some("backup"), ""), State::Running);
        assert_eq!(of("running", None, "bursar-building"), State::Building);
        assert_eq!(of("unknown", None, ""), State::Unrecognised("unknown".to_owned()));
    }

    #[test]
    fn missing_privileges_are_named() {
        let all: BTreeMap<String, Value> =
            NEEDED.iter().map(|name| ((*name).to_owned(), Value::from(1))).collect();
        assert_eq!(
            missing_privileges(&BTreeMap::from([("/".to_owned(), all.clone())])),
            Vec::<String>::new()
        );
        let mut fewer = all;
        fewer.remove("VM.Clone");
        let problems = missing_privileges(&BTreeMap::from([("/pool/bursar".to_owned(), fewer)]));
        assert!(problems[0].contains("VM.Clone") && !problems[0].contains("VM.Audit"), "{problems:?}");
    }
}

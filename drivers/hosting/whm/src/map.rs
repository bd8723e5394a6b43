//! Between cPanel's spelling and ours. Pure.

use std::collections::BTreeSet;

use bursar_hosting::{Access, AccessKind, Account, Observed, Reference, State, Tag};
use bursar_outbound::Settings;

use crate::settings;
use crate::wire::Summary;

/// The user name of a tag's account: a letter and seven digits of base 36. Names have to differ in their first eight
/// characters, because they begin the names of databases.
pub(crate) fn username(tag: &Tag) -> String {
    const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    // FNV-1a; the upper half is folded in, because its lowest bits mix least.
    let hash = tag.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    let mut rest = hash ^ (hash >> 32);
    let mut name = String::from("b");
    for _ in 0..7 {
        let digit = usize::try_from(rest % 36).unwrap_or_default();
        name.push(char::from(DIGITS[digit]));
        rest /= 36;
    }
    name
}

/// What a reason given with a failure means, where it means something certain. Reasons are words for people that change
/// with versions: whatever follows from them is confirmed by looking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Known {
    /// The name is taken.
    Taken,
    /// The domain is on the server already.
    DomainTaken,
    /// There is no such account.
    Absent,
    /// The reseller or the licence has no more accounts.
    NoRoom,
    /// Something else is being done to the account.
    Busy,
    /// Only root may undo it.
    Locked,
}

pub(crate) fn known(reason: &str) -> Option<Known> {
    let reason = reason.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| reason.contains(word));
    if has(&["already has an account", "same initial 8 letters", "username is already"]) {
        Some(Known::Taken)
    } else if has(&["the domain"]) && has(&["already exists"]) {
        Some(Known::DomainTaken)
    } else if has(&["does not exist", "no such user", "not found"]) {
        Some(Known::Absent)
    } else if has(&[
        "maximum number of accounts",
        "account limit",
        "reached the limit",
        "license only allows",
    ]) {
        Some(Known::NoRoom)
    } else if has(&["locked"]) {
        Some(Known::Locked)
    } else if has(&["currently being", "try again"]) {
        Some(Known::Busy)
    } else {
        None
    }
}

/// A reason without what is random or noise in it.
pub(crate) fn readable(reason: &str) -> String {
    let mut rest = reason.trim();
    if rest.starts_with("(XID ")
        && let Some((_, after)) = rest.split_once(") ")
    {
        rest = after;
    }
    rest.strip_prefix("API failure: ").unwrap_or(rest).to_owned()
}

const NEEDED: &[&str] = &[
    "accountsummary",
    "changepackage",
    "create_user_session",
    "createacct",
    "listaccts",
    "listpkgs",
    "passwd",
    "removeacct",
    "showbw",
    "suspendacct",
    "unsuspendacct",
];

/// What the token may not call, as sentences.
pub(crate) fn missing_functions(allowed: &BTreeSet<String>) -> Vec<String> {
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|name| !allowed.contains(*name)).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    vec![format!(
        "The token may not call: {}. Give it the privileges for accounts and packages.",
        missing.join(", ")
    )]
}

pub(crate) fn observed(account: &Summary, panel_host: &str) -> Observed {
    Observed {
        reference: Reference::new(&*account.user),
        state: state(account),
        name: Some(account.domain.clone()),
        plan: plan(account),
        addresses: account.ip.iter().cloned().collect(),
        access: vec![
            Access::new(AccessKind::Username, &*account.user),
            Access::new(AccessKind::PanelUrl, format!("https://{panel_host}:2083/")),
        ],
    }
}

pub(crate) fn listed(account: &Summary) -> Account {
    Account {
        reference: Reference::new(&*account.user),
        // A digest cannot be turned back; ours are known by their references.
        tag: None,
        name: Some(account.domain.clone()),
        email: account.email.clone().filter(|email| email.contains('@')),
        state: state(account),
        plan: plan(account),
    }
}

fn state(account: &Summary) -> State {
    if account.suspended { State::Suspended } else { State::Running }
}

fn plan(account: &Summary) -> Settings {
    Settings::none().with(settings::PLAN, &*account.plan)
}

/// "14M" and "14" are MiB; "none" and "unlimited" are no figures.
pub(crate) fn size_bytes(text: &str) -> Option<i64> {
    let text = text.trim();
    let (digits, unit) = match text.char_indices().last()? {
        (at, 'K' | 'k') => (&text[..at], 1 << 10),
        (at, 'M' | 'm') => (&text[..at], 1 << 20),
        (at, 'G' | 'g') => (&text[..at], 1 << 30),
        _ => (text, 1 << 20),
    };
    digits.parse::<i64>().ok()?.checked_mul(unit)
}

/// `search` is a regular expression: without anchors "ann" would find "annabel" too.
pub(crate) fn exactly(name: &str) -> String {
    let escaped: String = name
        .chars()
        .flat_map(|c| (!c.is_ascii_alphanumeric()).then_some('\\').into_iter().chain([c]))
        .collect();
    format!("^{escaped}$")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_every_time_and_short_enough_for_every_rule() {
        let name = |text: &str| username(&Tag::new(text).expect("a plain tag"));
        assert_eq!(name("b7k2"), name("b7k2"));
        let names: BTreeSet<String> = (0..20_000).map(|number| name(&format!("tenant-{number}"))).collect();
        assert_eq!(names.len(), 20_000, "no two of twenty thousand meet");
        for name in names {
            assert!(name.len() == 8 && name.starts_with('b'), "{name}");
            assert!(name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()), "{name}");
        }
    }

    #[test]
    fn reasons_mean_what_other_clients_saw() {
        for (reason, meaning) in [
            ("(XID 5wsj8e) This system already has an account named “demo1”.", Some(Known::Taken)),
            (
                "The name of another account on this server has the same initial 8 letters as the given username (x)",
                Some(Known::Taken),
            ),
            (
                "The domain “demo.example” already exists in the Apache configuration.",
                Some(Known::DomainTaken),
            ),
            ("Account does not exist.", Some(Known::Absent)),
            ("You have reached the limit of accounts", Some(Known::NoRoom)),
            ("Sorry, the password may not contain the username", None),
        ] {
            assert_eq!(known(reason), meaning, "{reason}");
        }
        assert_eq!(readable("(XID 5wsj8e) API failure: No."), "No.");
        assert_eq!(readable("No (XID x) way."), "No (XID x) way.");
    }

    #[test]
    fn sizes_are_mebibytes_unless_they_say_otherwise() {
        assert_eq!(size_bytes("14M"), Some(14 << 20));
        assert_eq!(size_bytes("14"), Some(14 << 20));
        assert_eq!(size_bytes("2G"), Some(2 << 30));
        for none in ["unlimited", "none", "", "é"] {
            assert_eq!(size_bytes(none), None, "{none}");
        }
    }

    #[test]
    fn searches_are_anchored_and_escaped() {
        assert_eq!(exactly("b7k2"), "^b7k2$");
        assert_eq!(exactly("a.b_c"), "^a\\.b\\_c$");
    }

    #[test]
    fn missing_functions_are_named() {
        let mut allowed: BTreeSet<String> = NEEDED.iter().map(|name| (*name).to_owned()).collect();
        assert_eq!(missing_functions(&allowed), Vec::<String>::new());
        allowed.remove("passwd");
        assert!(missing_functions(&allowed)[0].contains("call: passwd."));
    }
}

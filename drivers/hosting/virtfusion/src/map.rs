//! Between the panel's spelling and ours. Pure.

use bursar_hosting::{Access, AccessKind, Account, Observed, Reference, State, Tag};
use bursar_outbound::Settings;
use bursar_time::Instant;
use serde_json::Value;

use crate::settings;
use crate::wire::{Listed, Package, Resources, Server};

/// What our servers are called on the panel.
const PREFIX: &str = "bursar-";
/// A server that has had no name for so long was made by a call whose answer was lost: whoever gets an answer names it at
/// once.
const NAMELESS_SECONDS: i64 = 60;

pub(crate) const COMPLETE: i64 = 3;

/// The name of a tag's server.
pub(crate) fn name_of(tag: &Tag) -> String {
    format!("{PREFIX}{tag}")
}

pub(crate) fn tag_in(name: Option<&str>) -> Option<Tag> {
    Tag::new(name?.strip_prefix(PREFIX)?).ok()
}

/// The panel's reason, in whichever of its shapes: a list, a map of lists, or one text.
pub(crate) fn reason(body: &Value) -> Option<String> {
    fn first(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Array(items) => items.first().and_then(first),
            Value::Object(fields) => fields.values().next().and_then(first),
            Value::Null | Value::Bool(_) | Value::Number(_) => None,
        }
    }
    first(&body["errors"]).or_else(|| first(&body["msg"])).or_else(|| first(&body["message"]))
}

/// Whether a reason means that nothing more fits. The panel has no code for it.
pub(crate) fn is_no_room(reason: &str) -> bool {
    let reason = reason.to_lowercase();
    ["no hypervisor", "not enough", "insufficient", "no available", "capacity", "no free", "out of"]
        .iter()
        .any(|word| reason.contains(word))
}

/// Whether a server without a name is what a lost answer left: old enough, and of the package's size.
pub(crate) fn is_left_behind(listed: &Listed, owner: i64, now: Instant) -> Age {
    if listed.owner != owner || listed.commissioned != 0 || listed.name.is_some() {
        return Age::NotOurs;
    }
    let Some(created) = listed.created.as_deref().and_then(|text| Instant::parse(text).ok()) else {
        return Age::Young;
    };
    if now.micros() - created.micros() >= NAMELESS_SECONDS * 1_000_000 { Age::Old } else { Age::Young }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Age {
    NotOurs,
    Young,
    Old,
}

/// The package of a size, when only one has it: a server does not say which it was made from.
pub(crate) fn package_of(resources: &Resources, packages: &[Package]) -> Option<i64> {
    let mut fitting = packages.iter().filter(|package| package.resources() == *resources);
    match (fitting.next(), fitting.next()) {
        (Some(package), None) => Some(package.id),
        _ => None,
    }
}

pub(crate) fn power(server: &Server) -> Option<&str> {
    server.remote_state["state"].as_str()
}

pub(crate) fn state(server: &Server) -> State {
    if server.suspended {
        return State::Suspended;
    }
    if server.build_failed || server.state == "failed" {
        return State::Failed("The installation failed on the hypervisor.".to_owned());
    }
    if server.commission_status != COMPLETE {
        return State::Building;
    }
    match power(server) {
        Some("running") => State::Running,
        Some("shutoff" | "shut off") => State::Stopped,
        Some(other) => State::Unrecognised(other.to_owned()),
        None => State::Unrecognised("the hypervisor does not answer".to_owned()),
    }
}

pub(crate) fn observed(server: &Server, packages: &[Package], panel: &str) -> Observed {
    let plan = package_of(&server.settings.resources, packages)
        .map(|id| (settings::PACKAGE, id.to_string()))
        .into_iter()
        .collect();
    let addresses = |interface: &crate::wire::Interface| {
        let v4 = interface.ipv4.iter().filter_map(|ip| ip["address"].as_str().map(str::to_owned));
        let v6 = interface.ipv6.iter().filter_map(|ip| {
            let subnet = ip["subnet"].as_str()?;
            Some(ip["cidr"].as_i64().map_or_else(|| subnet.to_owned(), |cidr| format!("{subnet}/{cidr}")))
        });
        v4.chain(v6).collect::<Vec<_>>()
    };
    Observed {
        reference: Reference::new(server.id.to_string()),
        state: state(server),
        name: server.hostname.clone(),
        plan,
        addresses: server.network.interfaces.iter().flat_map(addresses).collect(),
        access: vec![Access::new(AccessKind::Username, "root"), Access::new(AccessKind::PanelUrl, panel)],
    }
}

/// A list does not say whether a machine is on; only what is certain is told.
pub(crate) fn listed(listed: &Listed, seen: Option<&Server>) -> Account {
    Account {
        reference: Reference::new(listed.id.to_string()),
        tag: tag_in(listed.name.as_deref()),
        name: seen.and_then(|server| server.hostname.clone()).or_else(|| listed.name.clone()),
        email: seen.and_then(|server| server.owner.as_ref()).and_then(|owner| owner.email.clone()),
        state: match seen {
            Some(server) => state(server),
            None if listed.suspended => State::Suspended,
            None => State::Unrecognised("not looked at".to_owned()),
        },
        plan: Settings::none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reasons_are_found_in_every_shape() {
        for (body, text) in [
            (
                json!({ "errors": ["Invalid or disabled firewall ruleset"] }),
                "Invalid or disabled firewall ruleset",
            ),
            (
                json!({ "errors": { "userId": ["The user is wrong."] }, "message": "Invalid" }),
                "The user is wrong.",
            ),
            (json!({ "msg": "server not found" }), "server not found"),
            (json!({ "message": "Unauthenticated." }), "Unauthenticated."),
        ] {
            assert_eq!(reason(&body).as_deref(), Some(text));
        }
        assert_eq!(reason(&json!({})), None);
        assert!(is_no_room("No hypervisors available with the required resources (No hypervisor found)"));
        assert!(!is_no_room("Invalid operating system"));
    }

    #[test]
    fn a_package_is_known_by_its_size_unless_two_have_it() {
        let package = |id, memory| Package {
            id,
            name: String::new(),
            enabled: true,
            memory,
            primary_storage: 40,
            cpu_cores: 2,
        };
        let size = Resources { memory: 2_048, storage: 40, cpu_cores: 2 };
        assert_eq!(package_of(&size, &[package(5, 2_048), package(6, 4_096)]), Some(5));
        assert_eq!(package_of(&size, &[package(5, 2_048), package(6, 2_048)]), None);
        assert_eq!(package_of(&size, &[package(6, 4_096)]), None);
    }

    #[test]
    fn only_an_old_nameless_server_of_the_customer_is_what_a_lost_answer_left() {
        let now = Instant::parse("2026-01-01T12:00:00Z").unwrap();
        let listed = Listed {
            id: 1,
            name: None,
            commissioned: 0,
            owner: 31,
            suspended: false,
            created: Some("2026-01-01T11:59:00Z".to_owned()),
        };
        assert_eq!(is_left_behind(&listed, 31, now), Age::Old);
        assert_eq!(is_left_behind(&listed, 32, now), Age::NotOurs);
        let young = Listed { created: Some("2026-01-01T11:59:01Z".to_owned()), ..listed.clone() };
        assert_eq!(is_left_behind(&young, 31, now), Age::Young);
        let undated = Listed { created: None, ..listed.clone() };
        assert_eq!(is_left_behind(&undated, 31, now), Age::Young, "what cannot be dated is left to a person");
        for taken in
            [Listed { name: Some("web".to_owned()), ..listed.clone() }, Listed { commissioned: 3, ..listed }]
        {
            assert_eq!(is_left_behind(&taken, 31, now), Age::NotOurs);
        }
    }
}

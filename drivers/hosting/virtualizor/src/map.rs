//! Between the master's spelling and ours. Pure.

use bursar_hosting::{Access, AccessKind, Account, Observed, Reference, State, Tag};
use bursar_outbound::{Settings, loose};
use serde_json::Value;

use crate::settings;
use crate::wire::{Machine, Plan, Status, Task};

/// The host name of a tag's machine.
pub(crate) fn hostname(tag: &Tag, zone: &str) -> String {
    format!("{tag}.{}", zone.trim_matches('.').to_ascii_lowercase())
}

pub(crate) fn tag_in(hostname: &str, zone: &str) -> Option<Tag> {
    let rest = hostname.to_ascii_lowercase();
    let name = rest.strip_suffix(&format!(".{}", zone.trim_matches('.').to_ascii_lowercase()))?;
    Tag::new(name).ok()
}

/// What an answer complains of, in whichever of its shapes: texts, a map of texts, one text, or objects with a message.
pub(crate) fn error_in(answer: &Value) -> Option<String> {
    fn texts(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::String(text) if !text.is_empty() => found.push(text.clone()),
            Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
            Value::Object(fields) => match fields.get("msg") {
                Some(message) => texts(message, found),
                None => fields.values().for_each(|value| texts(value, found)),
            },
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut found = Vec::new();
    for field in ["fatal_error_heading", "fatal_error_text", "error_heading", "error"] {
        texts(&answer[field], &mut found);
    }
    (!found.is_empty()).then(|| found.join(" "))
}

fn has(text: &str, words: &[&str]) -> bool {
    let text = text.to_lowercase();
    words.iter().any(|word| text.contains(word))
}

/// Whether a reason means that nothing more fits. There is no code for it.
pub(crate) fn is_no_room(reason: &str) -> bool {
    has(reason, &["not enough", "no free", "insufficient", "no server", "no ips", "no more", "limit reached"])
}

/// Whether a reason means that something else is being done.
pub(crate) fn is_busy(reason: &str) -> bool {
    has(reason, &["locked", "already running", "in progress", "try again"])
}

/// What becomes of an installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Building {
    Running,
    Failed(String),
    /// It ended well, or nothing is known of it any more.
    Over,
}

/// What the tasks of a machine say of its newest installation; tasks are given by number.
pub(crate) fn building<'a>(tasks: impl Iterator<Item = (&'a String, &'a Task)>) -> Option<Building> {
    let installs = tasks.filter(|(_, task)| matches!(task.action.as_str(), "addvs" | "rebuildvs"));
    let newest = installs.max_by_key(|(id, _)| id.parse::<u64>().unwrap_or_default())?.1;
    Some(match newest.status {
        Some(2) => Building::Over,
        // "Updated" is an end only with the time of one.
        Some(3) if newest.ended.as_deref().is_some_and(|ended| ended != "0") => Building::Over,
        Some(-1) => Building::Failed(
            newest.status_txt.clone().unwrap_or_else(|| "The installation failed.".to_owned()),
        ),
        _ => Building::Running,
    })
}

pub(crate) fn state(machine: &Machine, status: &Status, building: Option<&Building>) -> State {
    if machine.suspended {
        return State::Suspended;
    }
    match (status.status, building) {
        (_, Some(Building::Running)) => State::Building,
        (Some(0), Some(Building::Failed(why))) => State::Failed(why.clone()),
        (Some(0), _) => State::Stopped,
        (Some(1), _) => State::Running,
        (Some(2), _) => State::Suspended,
        (Some(other), _) => State::Unrecognised(format!("status {other}")),
        (None, _) => State::Unrecognised("the node does not answer".to_owned()),
    }
}

fn plan(machine: &Machine) -> Settings {
    let known = machine.plid.clone().filter(|plid| plid != "0");
    known.map(|plid| (settings::PLAN, plid)).into_iter().collect()
}

pub(crate) fn observed(id: &str, machine: &Machine, state: State, panel: &str) -> Observed {
    let addresses = match &machine.ips {
        Value::Object(ips) => ips.values().filter_map(loose::as_text).collect(),
        Value::Array(ips) => ips.iter().filter_map(loose::as_text).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => Vec::new(),
    };
    Observed {
        reference: Reference::new(id),
        state,
        name: Some(machine.hostname.clone()),
        plan: plan(machine),
        addresses,
        access: vec![Access::new(AccessKind::Username, "root"), Access::new(AccessKind::PanelUrl, panel)],
    }
}

pub(crate) fn listed(id: &str, machine: &Machine, state: State, zone: &str) -> Account {
    Account {
        reference: Reference::new(id),
        tag: tag_in(&machine.hostname, zone),
        name: Some(machine.hostname.clone()),
        email: machine.email.clone(),
        state,
        plan: plan(machine),
    }
}

/// The fields of a plan that must be said beside its number, because some versions take only those.
pub(crate) fn sizes(plan: &Plan) -> Vec<(String, String)> {
    const COPIED: [&str; 6] = ["space", "ram", "cores", "cpu_percent", "bandwidth", "network_speed"];
    COPIED
        .iter()
        .filter_map(|name| Some(((*name).to_owned(), loose::as_text(plan.fields.get(*name)?)?)))
        .collect()
}

/// Gigabytes with a fraction, as bytes.
pub(crate) fn gigabytes(text: &str) -> Option<i64> {
    const GB: i64 = 1 << 30;
    let (whole, fraction) = text.trim().split_once('.').unwrap_or((text.trim(), "0"));
    let fraction: String = fraction.chars().take(6).collect();
    let parts =
        fraction.parse::<i64>().ok()?.checked_mul(10_i64.pow(6 - u32::try_from(fraction.len()).ok()?))?;
    whole.parse::<i64>().ok()?.checked_mul(GB)?.checked_add(parts.checked_mul(GB)? / 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn complaints_are_found_in_every_shape() {
        for (answer, text) in [
            (json!({ "error": ["No OS", "No plan"] }), Some("No OS No plan")),
            (json!({ "error": { "hostname": "is taken" } }), Some("is taken")),
            (json!({ "error": "node full" }), Some("node full")),
            (json!({ "error": [{ "code": 7, "msg": "locked" }] }), Some("locked")),
            (
                json!({ "fatal_error_heading": "Licence", "fatal_error_text": "has ended" }),
                Some("Licence has ended"),
            ),
            (json!({ "error": [], "done": 1 }), None),
            (json!({ "error": {}, "fatal_error_text": "" }), None),
        ] {
            assert_eq!(error_in(&answer).as_deref(), text, "{answer}");
        }
    }

    #[test]
    fn the_newest_installation_counts_and_only_an_end_ends_it() {
        let task = |action: &str, status: i64, ended: Option<&str>| Task {
            action: action.to_owned(),
            status: Some(status),
            ended: ended.map(str::to_owned),
            status_txt: Some("text".to_owned()),
        };
        let said = |tasks: &[(&str, Task)]| {
            let tasks: Vec<(String, Task)> =
                tasks.iter().map(|(id, task)| ((*id).to_owned(), task.clone())).collect();
            building(tasks.iter().map(|(id, task)| (id, task)))
        };
        assert_eq!(said(&[]), None);
        assert_eq!(said(&[("9", task("startvs", 1, None))]), None);
        assert_eq!(said(&[("9", task("addvs", 1, None))]), Some(Building::Running));
        assert_eq!(
            said(&[("9", task("addvs", 2, None)), ("10", task("rebuildvs", 1, None))]),
            Some(Building::Running)
        );
        assert_eq!(said(&[("9", task("addvs", 3, Some("0")))]), Some(Building::Running));
        assert_eq!(said(&[("9", task("addvs", 3, Some("1767268800")))]), Some(Building::Over));
        assert_eq!(said(&[("9", task("addvs", -1, None))]), Some(Building::Failed("text".to_owned())));
    }

    #[test]
    fn host_names_carry_tags_and_gigabytes_fractions() {
        let tag = Tag::new("b7k2").unwrap();
        assert_eq!(hostname(&tag, "VPS.example.net."), "b7k2.vps.example.net");
        assert_eq!(tag_in("B7K2.vps.example.net", "vps.example.net"), Some(tag));
        for other in ["b7k2.example.net", "vps.example.net", "a.b.vps.example.net", "xvps.example.net"] {
            assert_eq!(tag_in(other, "vps.example.net"), None, "{other}");
        }
        assert_eq!(gigabytes("12.5"), Some(13_421_772_800));
        assert_eq!((gigabytes("0"), gigabytes("-"), gigabytes("6.4")), (Some(0), None, Some(6_871_947_673)));
    }
}

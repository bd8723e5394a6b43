//! Between the panel's spelling and ours. Pure.

use bursar_hosting::{Account, Observed, Reference, State, Tag};
use bursar_outbound::Settings;
use serde_json::Value;

use crate::settings;
use crate::wire::{Entity, Install, Machine};

/// A terabyte of traffic, as the panel counts it: in bits, and decimal.
const TERABYTE_BITS: i64 = 8_000_000_000_000;

pub(crate) fn tag_of(machine: &Machine) -> Option<Tag> {
    Tag::new(machine.billing.as_ref()?.id.clone()?).ok()
}

/// "20TB", as the panel wants it.
pub(crate) fn bandwidth(plan: &Settings) -> Option<String> {
    plan.number(settings::BANDWIDTH)
        .filter(|terabytes| *terabytes > 0)
        .map(|terabytes| format!("{terabytes}TB"))
}

/// Whole terabytes, when they are whole.
fn terabytes(machine: &Machine) -> Option<i64> {
    let bits = machine.usage.as_ref()?.max?;
    (bits > 0 && bits % TERABYTE_BITS == 0).then_some(bits / TERABYTE_BITS)
}

/// Installed when no row is left or all are at their end.
pub(crate) fn is_installing(rows: &[Install]) -> bool {
    rows.iter().any(|row| row.percent.unwrap_or_default() < 100)
}

/// The panel does nothing to its most important clients by itself.
pub(crate) fn is_ignored(data: &Value) -> bool {
    data["ignored"] == Value::Bool(true)
}

pub(crate) fn state(machine: &Machine, rows: &[Install]) -> State {
    match &machine.access {
        None => State::Failed("The machine is assigned to nobody.".to_owned()),
        Some(access) if !access.is_active => State::Suspended,
        Some(_) if is_installing(rows) => State::Building,
        Some(_) => State::Running,
    }
}

fn plan(machine: &Machine) -> Settings {
    let known = terabytes(machine).map(|terabytes| (settings::BANDWIDTH, terabytes.to_string()));
    known.into_iter().collect()
}

pub(crate) fn observed(machine: &Machine, rows: &[Install], entities: &[Entity]) -> Observed {
    Observed {
        reference: Reference::new(machine.id.to_string()),
        state: state(machine, rows),
        name: machine.nickname.clone(),
        plan: plan(machine),
        addresses: entities.iter().filter_map(|entity| entity.address.clone()).collect(),
        access: vec![bursar_hosting::Access::new(bursar_hosting::AccessKind::Username, "root")],
    }
}

pub(crate) fn listed(machine: &Machine, rows: &[Install]) -> Account {
    Account {
        reference: Reference::new(machine.id.to_string()),
        tag: tag_of(machine),
        name: machine.nickname.clone(),
        email: machine
            .access
            .as_ref()
            .and_then(|access| access.client.as_ref())
            .and_then(|client| client.email.clone()),
        state: state(machine, rows),
        plan: plan(machine),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendor_s_shape_is_read() {
        let machine: Machine = serde_json::from_str(
            r#"{"id":345,"srv_id":"SRV-12","nickname":"srv1.example.com","access":{"id":9,"is_active":true,
                "client":{"id":12,"name":"A B"}},"usage":{"used":1600000000,"max":160000000000000,"percent":1},
                "billing":{"id":"b7k2"},"is_pxe_ready":true}"#,
        )
        .unwrap();
        assert_eq!(tag_of(&machine).map(|tag| tag.to_string()).as_deref(), Some("b7k2"));
        assert_eq!(plan(&machine), Settings::none().with("bandwidth_tb", "20"));
        let row = |percent| Install { percent };
        assert_eq!(state(&machine, &[]), State::Running);
        assert_eq!(state(&machine, &[row(Some(100)), row(Some(7))]), State::Building);
        assert_eq!(state(&machine, &[row(None)]), State::Building, "what is not said is not over");
        let unassigned = Machine { access: None, ..machine.clone() };
        assert!(matches!(state(&unassigned, &[]), State::Failed(_)));
        let odd = Machine {
            usage: machine.usage.clone().map(|used| crate::wire::Used { max: Some(5), ..used }),
            ..machine
        };
        assert_eq!(plan(&odd), Settings::none(), "what is no whole terabyte is not compared");
    }
}

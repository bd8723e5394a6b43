//! Machines: what the panel has is what was sold, and what is owed for long is taken away.

use std::collections::{BTreeMap, BTreeSet};

use bursar_hosting_sandbox::{Machine, Stage};
use bursar_time::Date;

use super::Findings;
use super::records::Records;
use crate::model::{Model, Standing, Subscription};

/// Whatever is under way: no name is there twice, and everything that is there has an owner who may have it.
pub(super) fn owners(records: &Records, machines: &[Machine], findings: &mut Findings) {
    let mut seen = BTreeSet::new();
    for machine in machines {
        let tag = machine.tag.as_str();
        findings.expect(seen.insert(tag), || format!("the panel has {tag} twice"));
        match records.resources.get(tag) {
            Some(resource) if resource.is_gone => {
                findings.add(format!("the panel has {tag}, which the product believes to be gone"));
            }
            Some(_) => {}
            None => findings.add(format!("the panel has {tag}, and nobody owns it")),
        }
    }
}

/// When everything has come to rest: each unit that is paid for is one running machine, each that is owed for or rests is
/// a suspended one or was never begun, and what is over is none.
pub(super) fn as_sold(
    records: &Records,
    model: &Model,
    machines: &[Machine],
    today: Date,
    findings: &mut Findings,
) {
    let mut by_subscription: BTreeMap<i64, Vec<&Machine>> = BTreeMap::new();
    for machine in machines {
        if let Some(resource) = records.resources.get(&machine.tag) {
            by_subscription.entry(resource.subscription).or_default().push(machine);
        }
    }
    for subscription in &model.subscriptions {
        let there = by_subscription.remove(&subscription.id).unwrap_or_default();
        compare(subscription, &there, is_overdue(records, subscription.id, today), findings);
    }
    for (id, there) in by_subscription {
        findings.add(format!("{} machines belong to subscription {id}, which nobody opened", there.len()));
    }
}

fn compare(subscription: &Subscription, there: &[&Machine], is_overdue: bool, findings: &mut Findings) {
    let id = subscription.id;
    let wanted = match subscription.standing {
        Standing::Over | Standing::Waiting => 0,
        Standing::Live | Standing::Paused if !subscription.is_made => 0,
        Standing::Live | Standing::Paused => subscription.quantity,
    };
    let should_rest = is_overdue || subscription.standing == Standing::Paused;
    let count = i64::try_from(there.len()).unwrap_or(i64::MAX);
    // What was owed for before it was begun is not begun.
    findings.expect(count == wanted || should_rest && count < wanted, || {
        format!("subscription {id} ({:?}) has {count} machines of {wanted}", subscription.standing)
    });
    for machine in there {
        findings.expect(machine.suspended == should_rest, || {
            let (is, should) = (word(machine.suspended), word(should_rest));
            format!("{} of subscription {id} is {is} and should be {should}", machine.tag)
        });
        findings.expect(matches!(machine.stage, Stage::Running | Stage::Stopped), || {
            format!("{} of subscription {id} is {:?}", machine.tag, machine.stage)
        });
    }
}

fn word(suspended: bool) -> &'static str {
    if suspended { "suspended" } else { "running" }
}

/// Whether an invoice that asks for it should have been paid before today.
fn is_overdue(records: &Records, subscription: i64, today: Date) -> bool {
    let lines = records.lines.iter().filter(|line| line.subscription == Some(subscription));
    lines
        .filter_map(|line| records.documents.get(&line.invoice))
        .any(|document| document.open() > 0 && document.due_on.is_some_and(|due_on| due_on < today))
}

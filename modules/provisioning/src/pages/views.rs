//! Services as templates see them.

use bursar_inventory::HostingDrivers;
use serde_json::{Value, json};

use super::plan;
use crate::history::Done;
use crate::service::{Resource, Service};

pub(super) fn service(service: &Service) -> Value {
    json!({
        "id": service.id, "label": service.label, "name": service.name, "customer_id": service.customer_id,
        "subscription_id": service.subscription_id, "order_id": service.order_id, "product_id": service.product_id,
        "state": service.state.code(), "desired": service.desired().code(), "observed": service.observed,
        "observed_at": service.observed_at, "why": service.why, "hold_reason": service.hold_reason,
        "plan_is_stale": service.plan_is_stale(), "created_at": service.created_at,
        "archived_until": service.archived_until.filter(|_| !service.facts.is_ended),
        "start_on": service.start_on.filter(|_| !service.facts.is_started && !service.facts.is_ended),
        "is_started": service.facts.is_started, "is_ended": service.facts.is_ended,
        "is_unpaid": service.facts.is_held_by_billing,
        "is_held": service.facts.is_held_by_billing || service.facts.is_held_by_staff,
    })
}

pub(super) fn resource(drivers: &HostingDrivers, resource: &Resource, server: &str) -> Value {
    let shown = resource.shown.plan.iter().map(|(name, value)| (name, value));
    json!({
        "tag": resource.tag, "reference": resource.reference, "driver": resource.driver, "server": server,
        "server_id": resource.server_id, "state": resource.state.code(), "addresses": resource.shown.addresses,
        "access": access(resource), "plan": plan::in_words(drivers, &resource.driver, shown), "name": resource.shown.name,
    })
}

/// How to get in, without the password.
pub(super) fn access(resource: &Resource) -> Vec<Value> {
    let facts = resource.shown.access.iter();
    facts
        .map(|(kind, value)| json!({ "kind": kind, "label": kind.replace('_', " "), "value": value }))
        .collect()
}

pub(super) fn done(done: &Done) -> Value {
    let operation = &done.operation;
    json!({
        "id": operation.id, "action": operation.action.code(), "step": operation.step.code(),
        "state": operation.state.code(), "class": operation.class.code(), "why": operation.why,
        "due_at": operation.due_at, "created_at": operation.created_at, "ended_at": operation.ended_at,
        "attempts": operation.attempts, "polls": operation.polls, "percent": operation.percent,
        "key": operation.key, "calls": done.calls,
    })
}

//! The rows of a change: items that stay, end or begin, and discounts that follow them.

use std::collections::BTreeSet;

use bursar_time::{Anchor, Date};

use super::quote::{Ids, Outcome};
use super::standing::Standing;
use super::target::{Recycle, Target, TargetItem};
use crate::error::BillError;
use crate::subscriptions::desk::calendar;
use crate::subscriptions::detail::ItemDetail;
use crate::subscriptions::store::NewItem;
use crate::subscriptions::subscribe::{BillingDay, most_lead_days};
use crate::subscriptions::{Granted, Item, Status};

/// New rows for the same items, with the discounts of the old ones.
pub(super) fn replace_items(
    outcome: &mut Outcome,
    standing: &Standing,
    ids: Ids<'_>,
) -> Result<(), BillError> {
    let mut places = Vec::new();
    for row in &standing.items {
        let id = ids()?;
        places.push((row.item.id, id));
        let billed_from_on = outcome.detail.core.next.start;
        outcome.inserts.push(NewItem {
            item: Item { id, billed_from_on, version: 1, ..row.item.clone() },
            kind: row.kind.code(),
            source_id: row.source_id,
            value_id: row.value_id,
            ended_on: None,
            legacy: None,
        });
    }
    outcome.discounts.extend(moved_to(&standing.case.discounts, &places));
    outcome.places = places;
    Ok(())
}

/// Discounts of named items, for the items that took their places.
pub(super) fn moved_to(discounts: &[Granted], places: &[(i64, i64)]) -> Vec<Granted> {
    let moved = discounts.iter().filter_map(|granted| {
        let old = granted.discount.item_ids.as_ref()?;
        let mut after = granted.clone();
        let new = places.iter().filter(|(before, _)| old.contains(before)).map(|(_, id)| *id);
        after.discount.item_ids = Some(new.collect());
        Some(after)
    });
    moved.collect()
}

/// Items in place: those that stay keep their row, others end or begin.
pub(super) fn rearrange(
    outcome: &mut Outcome,
    standing: &Standing,
    target: &Target,
    on: Date,
    charged_now: bool,
    ids: Ids<'_>,
) -> Result<(), BillError> {
    (outcome.detail.product_id, outcome.detail.core.label) = (target.product_id, target.label.clone());
    let (subscription_id, starts) = (outcome.detail.core.id, outcome.detail.core.next.start);
    let mut moved = BTreeSet::new();
    for row in &standing.items {
        let wanted = target.items.iter().find(|item| item.replaces == Some(row.item.id));
        let mut after = row.clone();
        match wanted {
            Some(item) => {
                if (row.source_id, row.kind) != (item.source_id, item.kind) {
                    moved.insert(row.item.id);
                }
                take_over(&mut after, item);
            }
            None => {
                moved.insert(row.item.id);
                after.ended_on = Some(on);
            }
        }
        if after != *row {
            outcome.updates.push(after);
        }
    }
    let live = |id: i64| standing.items.iter().any(|row| row.item.id == id);
    for item in target.items.iter().filter(|item| !item.replaces.is_some_and(live)) {
        let due = item.setup_minor != 0 && item.replaces.is_none() && !charged_now;
        outcome.inserts.push(new_item(item, ids()?, subscription_id, starts, due));
    }
    for granted in &standing.case.discounts {
        if let Some(after) = without_items(granted, &moved) {
            outcome.discounts.push(after);
        }
    }
    Ok(())
}

pub(super) fn take_over(row: &mut ItemDetail, item: &TargetItem) {
    (row.source_id, row.value_id) = (item.source_id, item.value_id);
    row.item.description.clone_from(&item.description);
    (row.item.quantity, row.item.unit_minor, row.item.taxable) =
        (item.quantity, item.unit_minor, item.taxable);
}

pub(super) fn new_item(
    item: &TargetItem,
    id: i64,
    subscription_id: i64,
    from: Date,
    setup_due: bool,
) -> NewItem {
    NewItem {
        item: Item {
            id,
            subscription_id,
            description: item.description.clone(),
            quantity: item.quantity,
            unit_minor: item.unit_minor,
            setup_minor: item.setup_minor,
            setup_due,
            taxable: item.taxable,
            billed_from_on: from,
            version: 1,
        },
        kind: item.kind.code(),
        source_id: item.source_id,
        value_id: item.value_id,
        ended_on: None,
        legacy: None,
    }
}

/// A coupon for named items does not follow what takes their place; without any item left it has run out.
pub(super) fn without_items(granted: &Granted, moved: &BTreeSet<i64>) -> Option<Granted> {
    let ids = granted.discount.item_ids.as_ref()?;
    let left: Vec<i64> = ids.iter().copied().filter(|id| !moved.contains(id)).collect();
    if left.len() == ids.len() {
        return None;
    }
    let mut after = granted.clone();
    if left.is_empty() {
        after.periods_left = Some(0);
    }
    after.discount.item_ids = Some(left);
    Some(after)
}

/// Another cycle: every item ends, new ones take their places, and periods are counted from a new anchor.
pub(super) fn restart(
    outcome: &mut Outcome,
    standing: &Standing,
    target: &Target,
    recycle: Recycle,
    on: Date,
    ids: Ids<'_>,
) -> Result<(), BillError> {
    let detail = &mut outcome.detail;
    let from = match (detail.core.status, detail.trial_ends_on) {
        (Status::Trial, Some(ends)) => ends,
        (Status::Pending, _) => detail.core.next.start,
        _ => on,
    };
    let core = &mut detail.core;
    core.cycle = recycle.cycle;
    core.anchor = match recycle.day {
        BillingDay::Anniversary => Anchor::anniversary(from),
        BillingDay::Fixed(day) => Anchor::fixed_day(from, day).map_err(calendar)?,
    };
    core.next = core.anchor.first_period(recycle.cycle, from).map_err(calendar)?.0;
    core.lead_days = core.lead_days.min(most_lead_days(recycle.cycle));
    if core.next_bill_on.is_some() {
        core.next_bill_on = Some(core.bill_date(core.next).map_err(calendar)?);
    }
    let mut places = Vec::new();
    for item in &target.items {
        let id = ids()?;
        places.extend(item.replaces.map(|old| (old, id)));
        let setup_due = item.setup_minor != 0;
        outcome.inserts.push(new_item(item, id, outcome.detail.core.id, from, setup_due));
    }
    outcome.updates.extend(standing.items.iter().map(|row| ItemDetail { ended_on: Some(on), ..row.clone() }));
    outcome.discounts.extend(moved_to(&standing.case.discounts, &places));
    Ok(())
}

//! Previewing, making and scheduling changes.

use std::collections::BTreeMap;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::quote::{self, Moment, Outcome};
use super::standing::{Source, Standing};
use super::store::{self, NewChange};
use super::target::{self, Target, TargetItem};
use super::{Change, ChangeOptions, ChangeQuote, When};
use crate::error::BillError;
use crate::events::SubscriptionChanged;
use crate::invoices::credit_note::{CreditNoteRequest, Part, credit_note};
use crate::invoices::issue::Office;
use crate::permissions;
use crate::subscriptions::detail::{self, ItemKind};
use crate::subscriptions::store::insert_items;
use crate::subscriptions::{desk, stock};

/// A change that was made or scheduled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Its row in the history.
    pub change_id: i64,
    /// The first day it is about.
    pub effective_on: Date,
    /// It waits for that day.
    pub scheduled: bool,
    /// The invoice that was issued for it.
    pub invoice_id: Option<i64>,
    /// The credit notes that were issued for it.
    pub credit_notes: Vec<i64>,
}

/// What a scheduled change keeps, so that it is made as it was shown.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Kept {
    change: Change,
    target: Target,
}

/// What a change comes to, for somebody who may change subscriptions. Writes nothing.
///
/// # Errors
/// Whatever [`change_subscription`] would refuse.
pub async fn preview_change(
    cx: &Cx,
    id: i64,
    change: Change,
    options: ChangeOptions,
) -> Result<ChangeQuote, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.read(async move |tx: &mut Tx| quote_change(tx, id, &change, options).await).await
}

/// Makes a change, or schedules it. `agreed_minor` is the total that was shown: when it is another one by now, nothing
/// happens and the preview has to be shown again.
///
/// # Errors
/// [`BillError::Changed`] when the figures are not those that were shown; [`BillError::Refused`] with what to do.
pub async fn change_subscription(
    cx: &Cx,
    id: i64,
    change: Change,
    options: ChangeOptions,
    agreed_minor: Option<i64>,
) -> Result<Made, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| change_now_or_later(tx, id, &change, options, agreed_minor).await).await
}

/// Takes a scheduled change back.
///
/// # Errors
/// [`BillError::NotFound`] when nothing is scheduled.
pub async fn drop_scheduled_change(cx: &Cx, id: i64) -> Result<(), BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| {
        if store::drop_scheduled(tx, id, &Change::CODES).await? == 0 {
            return Err(BillError::NotFound("scheduled change"));
        }
        record(tx, id, "billing.subscription.change_dropped", None, None).await?;
        Ok(())
    })
    .await
}

/// What a change comes to: for other modules, inside their transactions.
///
/// # Errors
/// Whatever [`change_now_or_later`] would refuse.
pub async fn quote_change(
    tx: &mut Tx,
    id: i64,
    change: &Change,
    options: ChangeOptions,
) -> Result<ChangeQuote, BillError> {
    let standing = Standing::load(tx, id).await?;
    let office = Office::load(tx).await?;
    let target = target::resolve(tx, &standing.case.detail, &standing.items, change).await?;
    let moment = moment(tx);
    let mut last = 0;
    let mut ids = || {
        last -= 1;
        Ok(last)
    };
    let (effective_on, outcome) = match options.when {
        When::Now => (moment.today, quote::now(&standing, &target, options, &office, &moment, &mut ids)?),
        When::PeriodEnd => {
            let on = schedulable(&standing)?;
            (on, quote::at_boundary(&standing, &target, &office, &moment, &mut ids)?)
        }
    };
    let due_on = outcome.plan.invoices.first().map(|invoice| invoice.due_on);
    Ok(ChangeQuote {
        effective_on,
        currency: standing.case.detail.core.currency,
        lines: outcome.lines,
        totals: outcome.totals,
        due_on,
        next: outcome.detail.core.next,
        before_minor: full_price(standing.items.iter().map(|row| (row.item.quantity, row.item.unit_minor)))?,
        after_minor: full_price(target.items.iter().map(|item| (item.quantity, item.unit_minor)))?,
    })
}

fn full_price(items: impl Iterator<Item = (i64, i64)>) -> Result<i64, BillError> {
    let mut sum = 0_i64;
    for (quantity, unit) in items {
        let price = quantity.checked_mul(unit).and_then(|price| sum.checked_add(price));
        sum = price.ok_or(bursar_money::MoneyError::Overflow)?;
    }
    Ok(sum)
}

pub(crate) fn moment(tx: &Tx) -> Moment {
    Moment { now: tx.now(), today: tx.today(), zone: tx.zone().clone() }
}

/// Makes a change or schedules it, in the caller's transaction.
///
/// # Errors
/// [`BillError::Changed`] when the total is not the one that was agreed to; [`BillError::Refused`] with what to do.
pub async fn change_now_or_later(
    tx: &mut Tx,
    id: i64,
    change: &Change,
    options: ChangeOptions,
    agreed_minor: Option<i64>,
) -> Result<Made, BillError> {
    let standing = Standing::load(tx, id).await?;
    let target = target::resolve(tx, &standing.case.detail, &standing.items, change).await?;
    // The last wish counts: one scheduled earlier would undo this one.
    store::drop_scheduled(tx, id, &Change::CODES).await?;
    match options.when {
        When::Now => {
            let office = Office::load(tx).await?;
            let moment = moment(tx);
            let mut ids = || tx.new_raw_id();
            let outcome = quote::now(&standing, &target, options, &office, &moment, &mut ids)?;
            if agreed_minor.is_some_and(|agreed| agreed != outcome.totals.total_minor) {
                return Err(BillError::Changed);
            }
            carry_out(tx, &standing, &target, outcome, &office, change, None).await
        }
        When::PeriodEnd => schedule(tx, &standing, target, change, agreed_minor).await,
    }
}

fn schedulable(standing: &Standing) -> Result<Date, BillError> {
    let core = &standing.case.detail.core;
    let on = quote::period_end(&standing.case.detail);
    if core.cancel_on.is_some_and(|end| end <= on) {
        return Err(BillError::refused("This subscription ends before that; undo its cancellation first."));
    }
    Ok(on)
}

async fn schedule(
    tx: &mut Tx,
    standing: &Standing,
    target: Target,
    change: &Change,
    agreed_minor: Option<i64>,
) -> Result<Made, BillError> {
    quote::check(standing, &target)?;
    let effective_on = schedulable(standing)?;
    if target.once.is_empty() && agreed_minor.is_some_and(|agreed| agreed != 0) {
        return Err(BillError::Changed);
    }
    let id = standing.case.detail.core.id;
    let kept = Kept { change: change.clone(), target };
    let detail = encode(&kept)?;
    let (kind, state) = (change.code(), "scheduled");
    let new = NewChange { subscription_id: id, kind, effective_on, state, detail: &detail, invoice_id: None };
    let change_id = store::insert(tx, new).await?;
    let after = json!({ "scheduled_for": effective_on.to_string(), "change": encode_value(change)? });
    record(tx, id, "billing.subscription.change_scheduled", None, Some(after)).await?;
    Ok(Made { change_id, effective_on, scheduled: true, invoice_id: None, credit_notes: Vec::new() })
}

/// Makes a scheduled change at the boundary it waited for.
pub(crate) async fn make_scheduled(tx: &mut Tx, row: &store::ChangeRow) -> Result<Made, BillError> {
    let kept = kept(row)?;
    let mut standing = Standing::load(tx, row.subscription_id).await?;
    // No billed period is touched: what comes is billed by the run.
    standing.pieces.clear();
    let office = Office::load(tx).await?;
    let moment = moment(tx);
    let mut ids = || tx.new_raw_id();
    let outcome = quote::at_boundary(&standing, &kept.target, &office, &moment, &mut ids)?;
    carry_out(tx, &standing, &kept.target, outcome, &office, &kept.change, Some(row)).await
}

/// Writes an outcome: discounts and new items first, because the plan names them; then what is billed; then the rest.
async fn carry_out(
    tx: &mut Tx,
    standing: &Standing,
    target: &Target,
    outcome: Outcome,
    office: &Office,
    change: &Change,
    scheduled: Option<&store::ChangeRow>,
) -> Result<Made, BillError> {
    let core = &standing.case.detail.core;
    let today = tx.today();
    move_stock(tx, standing, target).await?;
    let Written { invoice_id, credit_notes } = write_outcome(tx, office, outcome).await?;
    let effective_on = scheduled.map_or(today, |row| row.effective_on);
    let change_id = match scheduled {
        Some(row) => {
            store::close(tx, row.id, "done", invoice_id).await?;
            row.id
        }
        None => {
            let detail = encode(&Kept { change: change.clone(), target: target.clone() })?;
            note(tx, core.id, change.code(), effective_on, &detail, invoice_id).await?
        }
    };
    for credit_note in &credit_notes {
        note(tx, core.id, "credit_note", effective_on, "{}", Some(*credit_note)).await?;
    }
    let before: Vec<TargetItemView> = standing.items.iter().map(|row| view(&row.item)).collect();
    let after =
        json!({ "items": target.items.iter().map(of_target).collect::<Vec<_>>(), "label": &target.label });
    let before = json!({ "items": before, "label": &core.label });
    record(tx, core.id, "billing.subscription.change", Some(before), Some(after)).await?;
    let event = SubscriptionChanged {
        subscription_id: core.id,
        customer_id: core.customer_id,
        product_id: target.product_id,
        kind: change.code().to_owned(),
    };
    bursar_events::emit(tx, &event).await?;
    Ok(Made { change_id, effective_on, scheduled: false, invoice_id, credit_notes })
}

/// Documents of an outcome.
#[derive(Debug, Clone, Default)]
pub(crate) struct Written {
    pub invoice_id: Option<i64>,
    pub credit_notes: Vec<i64>,
}

pub(crate) async fn write_outcome(
    tx: &mut Tx,
    office: &Office,
    outcome: Outcome,
) -> Result<Written, BillError> {
    let today = tx.today();
    for granted in &outcome.discounts {
        let ids = granted.discount.item_ids.as_ref().map(encode_value).transpose()?.map(|v| v.to_string());
        let values = params![granted.id, granted.version, &ids, granted.periods_left];
        if tx.exec(&store::SAVE_DISCOUNT, values).await? != 1 {
            return Err(BillError::Changed);
        }
    }
    insert_items(tx, &outcome.inserts).await?;
    follow(tx, outcome.detail.core.id, &outcome.places).await?;
    let invoices = desk::write(tx, office, &outcome.plan, today).await?;
    for row in &outcome.updates {
        detail::save_item(tx, row).await?;
    }
    let mut detail = outcome.detail;
    detail::save(tx, &mut detail).await?;
    let credit_notes = give_back(tx, &outcome.give_back).await?;
    Ok(Written { invoice_id: invoices.first().copied(), credit_notes })
}

/// What is scheduled for an item holds for the one that took its place.
async fn follow(tx: &mut Tx, id: i64, places: &[(i64, i64)]) -> Result<(), BillError> {
    if places.is_empty() {
        return Ok(());
    }
    let place = |id: i64| places.iter().find(|(old, _)| *old == id).map_or(id, |(_, new)| *new);
    for row in store::scheduled(tx, id).await? {
        let detail = if row.kind == "reprice" {
            super::reprice::follow(&row.detail, places)?
        } else if Change::CODES.contains(&row.kind.as_str()) {
            let mut kept = kept(&row)?;
            for item in &mut kept.target.items {
                item.replaces = item.replaces.map(place);
            }
            if let Change::Quantity { item_id, .. }
            | Change::Remove { item_id }
            | Change::Price { item_id, .. } = &mut kept.change
            {
                *item_id = place(*item_id);
            }
            encode(&kept)?
        } else {
            continue;
        };
        tx.exec_one(&store::REWRITE, params![row.id, &detail]).await?;
    }
    Ok(())
}

fn kept(row: &store::ChangeRow) -> Result<Kept, Fault> {
    serde_json::from_str(&row.detail).map_err(|e| Fault::wrap("a scheduled change cannot be read", e))
}

/// One credit note for each invoice that charged what comes back. What was paid becomes the customer's credit, which
/// then pays the invoice of the new time.
async fn give_back(tx: &mut Tx, parts: &[Source]) -> Result<Vec<i64>, BillError> {
    let mut by_invoice: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    for part in parts {
        by_invoice.entry(part.document_id).or_default().push((part.line_no, part.left_minor));
    }
    let mut notes = Vec::with_capacity(by_invoice.len());
    for (invoice_id, lines) in by_invoice {
        let reason = "Unused time after a change".to_owned();
        let request = CreditNoteRequest { invoice_id, part: Part::Lines(lines), reason };
        notes.push(credit_note(tx, &request).await?.id);
    }
    Ok(notes)
}

/// Notes something that is done in the history.
pub(crate) async fn note(
    tx: &mut Tx,
    subscription_id: i64,
    kind: &str,
    effective_on: Date,
    detail: &str,
    invoice_id: Option<i64>,
) -> Result<i64, Fault> {
    let state = "done";
    store::insert(tx, NewChange { subscription_id, kind, effective_on, state, detail, invoice_id }).await
}

/// Pieces of the product that a change frees or takes.
async fn move_stock(tx: &mut Tx, standing: &Standing, target: &Target) -> Result<(), BillError> {
    let before = standing.items.iter().find(|row| row.kind == ItemKind::Product);
    let after = target.items.iter().find(|item| item.kind == ItemKind::Product);
    let before = before.and_then(|row| Some((row.source_id?, row.item.quantity)));
    let after = after.and_then(|item| Some((item.source_id?, item.quantity)));
    if before == after {
        return Ok(());
    }
    stock::exchange(tx, standing.case.detail.core.id, after).await
}

#[derive(Serialize)]
struct TargetItemView {
    description: String,
    quantity: i64,
    unit_minor: i64,
}

fn view(item: &crate::subscriptions::Item) -> TargetItemView {
    let (quantity, unit_minor) = (item.quantity, item.unit_minor);
    TargetItemView { description: item.description.clone(), quantity, unit_minor }
}

fn of_target(item: &TargetItem) -> TargetItemView {
    let (quantity, unit_minor) = (item.quantity, item.unit_minor);
    TargetItemView { description: item.description.clone(), quantity, unit_minor }
}

fn encode<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::wrap("encoding a change", e))
}

fn encode_value<T: Serialize>(value: &T) -> Result<Value, Fault> {
    serde_json::to_value(value).map_err(|e| Fault::wrap("encoding a change", e))
}

/// Leaves an audit record about a subscription.
pub(crate) async fn record(
    tx: &mut Tx,
    id: i64,
    action: &'static str,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Fault> {
    let subject = format!("subscription:{id}");
    bursar_audit::record(tx, Audit { action, subject: &subject, before, after }).await
}

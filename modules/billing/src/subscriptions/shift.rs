//! Moving the date up to which something is paid: free of charge, or billed for the days that are added. For one
//! subscription or for many, with a preview.
//!
//! The anchor moves along: the following periods begin on the new day and come back to it. Days that were billed
//! already cannot be taken away, because an item would be billed for them twice.

use std::collections::BTreeMap;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_money::Currency;
use bursar_time::{Anchor, Date, Period, plus_days};
use serde_json::json;

use super::desk::{self, Case, calendar};
use super::detail::{self, Detail};
use super::{Mode, Status};
use crate::changes::apply::{moment, note, record};
use crate::changes::store;
use crate::error::BillError;
use crate::invoices::issue::Office;
use crate::invoices::line::{Line, Totals};
use crate::permissions;
use crate::run::plan::Plan;

/// Most subscriptions moved at once.
const MOST_AT_ONCE: usize = 10_000;

/// Where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shift {
    /// So many days later.
    Days(i64),
    /// To a date.
    To(Date),
}

/// What the added days cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Charge {
    /// Nothing.
    Free,
    /// Their share of a period's price, invoiced at once.
    Prorated,
}

/// What moving a date comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShiftQuote {
    /// Where the next period would have begun.
    pub from: Date,
    /// The period that is billed next.
    pub next: Period,
    /// Currency of every figure.
    pub currency: Currency,
    /// What is invoiced now.
    pub lines: Vec<Line>,
    /// Its sums.
    pub totals: Totals,
}

/// What moving many came to, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ShiftReport {
    /// Those that moved.
    pub done: Vec<i64>,
    /// Those that did not, with the reason.
    pub refused: Vec<(i64, String)>,
    /// What is invoiced, by currency, minor units.
    pub invoiced: BTreeMap<Currency, i64>,
}

/// What moving one subscription's date comes to.
///
/// # Errors
/// Whatever [`shift`] would refuse.
pub async fn preview_shift(tx: &mut Tx, id: i64, to: Shift, charge: Charge) -> Result<ShiftQuote, BillError> {
    let office = Office::load(tx).await?;
    let (case, after, plan) = prepare(tx, &office, id, to, charge).await?;
    let invoice = plan.invoices.into_iter().next();
    Ok(ShiftQuote {
        from: case.detail.core.next.start,
        next: after.core.next,
        currency: case.detail.core.currency,
        totals: invoice.as_ref().map_or(Totals::default(), |i| i.totals),
        lines: invoice.map(|i| i.lines).unwrap_or_default(),
    })
}

/// Moves one subscription's date, in the caller's transaction; the invoice for the added days.
///
/// # Errors
/// [`BillError::Refused`] when the days before the date are billed, or nothing is paid ahead.
pub async fn shift(tx: &mut Tx, id: i64, to: Shift, charge: Charge) -> Result<Option<i64>, BillError> {
    let office = Office::load(tx).await?;
    let (case, mut after, plan) = prepare(tx, &office, id, to, charge).await?;
    let today = tx.today();
    let invoices = desk::write(tx, &office, &plan, today).await?;
    detail::save(tx, &mut after).await?;
    let (from, next) = (case.detail.core.next.start, after.core.next.start);
    let invoice_id = invoices.first().copied();
    note(tx, id, "shift", next, "{}", invoice_id).await?;
    let (was, is) =
        (json!({ "next_start_on": from.to_string() }), json!({ "next_start_on": next.to_string() }));
    record(tx, id, "billing.subscription.shift", Some(was), Some(is)).await?;
    Ok(invoice_id)
}

async fn prepare(
    tx: &mut Tx,
    office: &Office,
    id: i64,
    to: Shift,
    charge: Charge,
) -> Result<(Case, Detail, Plan), BillError> {
    let case = Case::load(tx, id).await?;
    let items: Vec<i64> = case.items.iter().map(|item| item.id).collect();
    let billed_to = tx
        .query_one(&store::LAST_BILLED, params![items.as_slice()], |row| row.get::<Option<Date>>(0))
        .await?;
    let core = &case.detail.core;
    let to = match to {
        Shift::To(date) => date,
        Shift::Days(days) => plus_days(core.next.start, days).map_err(calendar)?,
    };
    // Without a billed period nothing may be billed before the items begin.
    let begins = case.items.iter().map(|item| item.billed_from_on).max();
    check(&case.detail, to, billed_to.or(begins))?;
    let mut after = case.detail.clone();
    let (from, next) = (core.next.start, &mut after.core);
    next.anchor = Anchor::anniversary(to);
    next.next = next.anchor.period(next.cycle, 0).map_err(calendar)?;
    if next.cancel_on == Some(from) {
        next.cancel_on = Some(to);
    }
    if next.next_bill_on.is_some() {
        let usual = next.bill_date(next.next).map_err(calendar)?;
        next.next_bill_on = Some(next.cancel_on.map_or(usual, |end| usual.max(end)));
    }
    if next.status == Status::Trial {
        after.trial_ends_on = Some(to);
    }
    let charged = charge == Charge::Prorated && to > from && core.next_bill_on.is_some();
    let plan = if charged {
        let moment = moment(tx);
        let stretch = Period::new(from, to).map_err(calendar)?;
        case.plan_stretch(office, &moment.zone, stretch, moment.today)?
    } else {
        Plan::default()
    };
    Ok((case, after, plan))
}

fn check(detail: &Detail, to: Date, billed_to: Option<Date>) -> Result<(), BillError> {
    let core = &detail.core;
    if !core.status.is_billed() || !core.cycle.is_recurring() {
        let why = format!("A subscription that is {} has no date to move.", core.status.label());
        return Err(BillError::refused(why));
    }
    if core.mode == Mode::Arrears {
        let why =
            "This subscription is billed after each period; nothing is paid ahead that could be extended.";
        return Err(BillError::refused(why));
    }
    if to == core.next.start {
        return Err(BillError::field("to", "The next period begins on that day already."));
    }
    if let Some(end) = billed_to.filter(|end| to < *end) {
        let why =
            format!("The days before {end} are billed already or free; choose that day or a later one.");
        return Err(BillError::field("to", why));
    }
    Ok(())
}

/// What moving many dates comes to.
///
/// # Errors
/// [`BillError::Invalid`] for too many at once.
pub async fn preview_shift_many(
    cx: &Cx,
    ids: Vec<i64>,
    to: Shift,
    charge: Charge,
) -> Result<ShiftReport, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    few_enough(&ids)?;
    cx.read(async move |tx: &mut Tx| {
        let mut report = ShiftReport::default();
        for id in &ids {
            match preview_shift(tx, *id, to, charge).await {
                Ok(quote) => {
                    report.done.push(*id);
                    *report.invoiced.entry(quote.currency).or_default() += quote.totals.total_minor;
                }
                Err(BillError::Fault(fault)) => return Err(fault.into()),
                Err(refused) => report.refused.push((*id, bursar_fault::Refusal::message(&refused))),
            }
        }
        Ok(report)
    })
    .await
}

/// Moves many dates, each in a transaction of its own: what is refused does not hold up the others.
///
/// # Errors
/// [`BillError::Invalid`] for too many at once; a fault stops the rest.
pub async fn shift_many(cx: &Cx, ids: Vec<i64>, to: Shift, charge: Charge) -> Result<ShiftReport, BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    few_enough(&ids)?;
    let mut report = ShiftReport::default();
    for id in ids {
        let moved = cx
            .write(async move |tx: &mut Tx| {
                let quote = preview_shift(tx, id, to, charge).await?;
                shift(tx, id, to, charge).await?;
                Ok::<_, BillError>((quote.currency, quote.totals.total_minor))
            })
            .await;
        match moved {
            Ok((currency, minor)) => {
                report.done.push(id);
                *report.invoiced.entry(currency).or_default() += minor;
            }
            Err(BillError::Fault(fault)) => return Err(fault.into()),
            Err(refused) => report.refused.push((id, bursar_fault::Refusal::message(&refused))),
        }
    }
    Ok(report)
}

fn few_enough(ids: &[i64]) -> Result<(), BillError> {
    if ids.len() <= MOST_AT_ONCE {
        return Ok(());
    }
    Err(BillError::field("subscriptions", format!("Choose at most {MOST_AT_ONCE} at once.")))
}

//! What happens to subscriptions by themselves, every day before the run: scheduled changes, starts and pauses whose
//! day has come, cancellations, stock of terms that ran out, and falling past due. Coming back from past due happens as
//! soon as the invoice is settled.
//!
//! Every step may run twice: each change is closed in the transaction that makes it, and a status is only moved from
//! the one it had.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, Refusal as _};
use bursar_time::{Date, days_between};
use serde::{Deserialize, Serialize};

use super::desk::{self, Case, calendar};
use super::detail;
use super::lifecycle::{announce, end_cancelled, moved};
use super::{Mode, Status, stock};
use crate::changes::apply::{Written, make_scheduled};
use crate::changes::store::{self as changes, ChangeRow};
use crate::error::BillError;
use crate::events::{InvoicePaid, InvoiceVoided, InvoiceWrittenOff, SubscriptionStatusChanged};
use crate::invoices::issue::Office;
use crate::permissions;
use crate::settle::delivery::money_is_held;

bursar_db::statements! {
    /// Cancellations whose day has come.
    pub(crate) ENDING = "SELECT id FROM billing_subscriptions
        WHERE cancel_on <= $1 AND id > $2 AND status IN ('pending', 'trial', 'active', 'past_due', 'paused')
        ORDER BY id LIMIT $3";
    /// Overdue invoices, in the order of the index of what is unsettled. Whoever's money is held does not owe.
    pub(crate) OVERDUE = concat!("SELECT i.due_on, i.id FROM billing_invoices i
        WHERE i.state = 'open' AND i.due_on < $1 AND (i.due_on, i.id) > ($2, $3)
            AND NOT ", money_is_held!("i.id"), "
        ORDER BY i.due_on, i.id LIMIT $4");
    /// Active subscriptions on some invoices. CROSS JOIN keeps SQLite from going through everything that is active for
    /// each page of invoices.
    pub(crate) ACTIVE_ON = "SELECT DISTINCT s.id, s.customer_id, s.version FROM billing_lines l
            CROSS JOIN billing_subscriptions s
        WHERE l.invoice_id {any:$1} AND s.id = l.subscription_id AND s.status = 'active'";
    /// Subscriptions on an invoice that are past due and have no other overdue invoice.
    pub(crate) RECOVERED = concat!("SELECT DISTINCT s.id, s.customer_id, s.version FROM billing_lines l
            CROSS JOIN billing_subscriptions s
        WHERE l.invoice_id = $1 AND s.id = l.subscription_id AND s.status = 'past_due' AND NOT EXISTS (
            SELECT 1 FROM billing_invoices i JOIN billing_lines o ON o.invoice_id = i.id
            WHERE i.customer_id = s.customer_id AND i.state = 'open' AND i.due_on < $2 AND o.subscription_id = s.id
                AND NOT ", money_is_held!("i.id"), ")");
    /// An overdue invoice that asks for a subscription.
    pub(crate) OWES = concat!("SELECT i.id FROM billing_invoices i JOIN billing_lines o ON o.invoice_id = i.id
        WHERE i.customer_id = $1 AND i.state = 'open' AND i.due_on < $2 AND o.subscription_id = $3
            AND NOT ", money_is_held!("i.id"), "
        LIMIT 1");
}

bursar_db::bulk! {
    /// A new status, over the version that was read.
    pub(crate) SET_STATUS = update "billing_subscriptions" set { status: text, version: int }
        where { id: int, version: int };
}

/// Rows per page.
const PAGE: i64 = 500;

/// What a day brought.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DailyReport {
    /// Scheduled changes, starts and pauses that were made.
    pub changed: u64,
    /// Subscriptions that ended as they had been cancelled.
    pub cancelled: u64,
    /// Subscriptions that are now past due.
    pub past_due: u64,
    /// What could not be done: subscription and reason. It is tried again the next day.
    pub waiting: Vec<(i64, String)>,
}

/// Everything that a day brings to subscriptions. Comes before the run of the same day.
///
/// # Errors
/// Faults; what is done stays done, and the next call goes on.
pub async fn daily(cx: &Cx, as_of: Date) -> Result<DailyReport, BillError> {
    cx.require(permissions::RUN_BILLING)?;
    let mut report = DailyReport::default();
    make_due_changes(cx, as_of, &mut report).await?;
    end_due(cx, as_of, &mut report).await?;
    release_stock(cx, as_of).await?;
    mark_past_due(cx, as_of, &mut report).await?;
    Ok(report)
}

async fn release_stock(cx: &Cx, as_of: Date) -> Result<(), Fault> {
    while cx.write(async move |tx: &mut Tx| stock::release_run_out(tx, as_of, PAGE).await).await? > 0 {}
    Ok(())
}

async fn make_due_changes(cx: &Cx, as_of: Date, report: &mut DailyReport) -> Result<(), BillError> {
    let mut after = 0;
    loop {
        let page = cx.read(async move |tx: &mut Tx| changes::due(tx, as_of, after, PAGE).await).await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = *last;
        for id in page {
            match cx.write(async move |tx: &mut Tx| make_due(tx, id, as_of).await).await {
                Ok(made) => report.changed += u64::from(made),
                Err(BillError::Fault(fault)) => return Err(fault.into()),
                Err(refused) => report.waiting.push((subscription_of(cx, id).await?, refused.message())),
            }
        }
    }
}

async fn subscription_of(cx: &Cx, change: i64) -> Result<i64, Fault> {
    let row = cx.read(async move |tx: &mut Tx| changes::find(tx, change).await).await?;
    Ok(row.map_or(0, |row| row.subscription_id))
}

/// Makes one scheduled change if its time has come.
async fn make_due(tx: &mut Tx, id: i64, as_of: Date) -> Result<bool, BillError> {
    let Some(row) = changes::find(tx, id).await?.filter(|row| row.state == "scheduled") else {
        return Ok(false);
    };
    let before = detail::get(tx, row.subscription_id).await?;
    if before.core.status.is_over() {
        changes::close(tx, id, "dropped", None).await?;
        return Ok(false);
    }
    if row.kind == "start" {
        return start(tx, &row, as_of).await;
    }
    // What does not run waits with everything that was planned for it; a change is made before the next bill.
    if !before.core.status.is_billed() {
        return Ok(false);
    }
    let ahead = before.core.mode == Mode::Prepaid && row.kind != "pause";
    let about_to_bill = ahead && before.core.next_bill_on.is_some_and(|on| on <= as_of);
    if row.effective_on > as_of && !about_to_bill {
        return Ok(false);
    }
    bill_until(tx, row.subscription_id, row.effective_on, as_of).await?;
    let now = detail::get(tx, row.subscription_id).await?.core;
    // In a catch-up the boundary may still lie behind a period that is not due yet.
    let reached = now.next.start >= row.effective_on;
    let due = row.effective_on <= as_of || now.next_bill_on.is_some_and(|on| on <= as_of);
    if !reached || !due {
        return Ok(false);
    }
    match row.kind.as_str() {
        "pause" => pause(tx, &row).await?,
        "reprice" => crate::changes::reprice::make(tx, &row).await?,
        _ => drop(make_scheduled(tx, &row).await?),
    }
    Ok(true)
}

/// Bills the periods that begin before a day, as far as they are due, at what they cost before it.
async fn bill_until(tx: &mut Tx, id: i64, until: Date, as_of: Date) -> Result<(), BillError> {
    let case = Case::load(tx, id).await?;
    let core = &case.detail.core;
    if core.next_bill_on.is_none() || !core.status.is_billed() {
        return Ok(());
    }
    let (mut period, mut last) = (core.next, None);
    while period.start < until && core.bill_date(period).map_err(calendar)? <= as_of {
        last = Some(period);
        period = core.following(period).map_err(calendar)?;
    }
    let Some(last) = last else { return Ok(()) };
    let limit = core.bill_date(last).map_err(calendar)?.min(as_of);
    let mut office = Office::load(tx).await?;
    // Dues are counted from the day of the bill, not from the limit.
    office.settings.due_days += days_between(limit, as_of);
    let zone = tx.zone().clone();
    let plan = case.plan(&office, &zone, limit)?;
    desk::write(tx, &office, &plan, as_of).await?;
    Ok(())
}

async fn start(tx: &mut Tx, row: &ChangeRow, as_of: Date) -> Result<bool, BillError> {
    if row.effective_on > as_of {
        return Ok(false);
    }
    let mut detail = detail::get(tx, row.subscription_id).await?;
    let before = detail.clone();
    let to = match detail.trial_ends_on {
        Some(ends) if ends > as_of => Status::Trial,
        _ => Status::Active,
    };
    if detail.core.status != Status::Pending {
        changes::close(tx, row.id, "dropped", None).await?;
        return Ok(false);
    }
    let items = super::store::items(tx, &[row.subscription_id]).await?;
    let costs = items.values().flatten().any(|item| item.unit_minor != 0 || item.setup_due);
    let core = &mut detail.core;
    core.status = to;
    if costs {
        let usual = core.bill_date(core.next).map_err(calendar)?;
        core.next_bill_on = Some(usual.max(row.effective_on));
    }
    detail::save(tx, &mut detail).await?;
    changes::close(tx, row.id, "done", None).await?;
    announce(tx, &before, to).await?;
    Ok(true)
}

/// What was billed ends, and the pause begins.
async fn pause(tx: &mut Tx, row: &ChangeRow) -> Result<(), BillError> {
    let mut detail = detail::get(tx, row.subscription_id).await?;
    let before = detail.clone();
    detail.core.status.check_move(Status::Paused)?;
    detail.core.status = Status::Paused;
    detail.core.next_bill_on = None;
    detail.paused_on = Some(row.effective_on);
    changes::close(tx, row.id, "done", None).await?;
    detail::save(tx, &mut detail).await?;
    moved(tx, &before, Status::Paused, "paused", row.effective_on, Written::default()).await
}

async fn end_due(cx: &Cx, as_of: Date, report: &mut DailyReport) -> Result<(), BillError> {
    let mut after = i64::MIN;
    loop {
        let page = cx
            .read(async move |tx: &mut Tx| {
                tx.query(&ENDING, params![as_of, after, PAGE], |row| row.get::<i64>(0)).await
            })
            .await?;
        let Some(last) = page.last() else { return Ok(()) };
        after = *last;
        for id in page {
            let ended = cx.write(async move |tx: &mut Tx| end_one(tx, id, as_of).await).await;
            match ended {
                Ok(ended) => report.cancelled += u64::from(ended),
                Err(BillError::Fault(fault)) => return Err(fault.into()),
                Err(refused) => report.waiting.push((id, refused.message())),
            }
        }
    }
}

/// Ends one cancelled subscription, after billing what comes before its last day.
async fn end_one(tx: &mut Tx, id: i64, as_of: Date) -> Result<bool, BillError> {
    let Some(on) = detail::get(tx, id).await?.core.cancel_on.filter(|on| *on <= as_of) else {
        return Ok(false);
    };
    bill_until(tx, id, on, as_of).await?;
    let now = detail::get(tx, id).await?;
    if now.core.status.is_over() {
        return Ok(false);
    }
    end_cancelled(tx, now).await?;
    Ok(true)
}

async fn mark_past_due(cx: &Cx, as_of: Date, report: &mut DailyReport) -> Result<(), BillError> {
    let mut cursor = (Date::ZERO, i64::MIN);
    loop {
        let page = cx
            .write(async move |tx: &mut Tx| {
                let values = params![as_of, cursor.0, cursor.1, PAGE];
                let page =
                    tx.query(&OVERDUE, values, |row| Ok((row.get::<Date>(0)?, row.get::<i64>(1)?))).await?;
                let ids: Vec<i64> = page.iter().map(|(_, id)| *id).collect();
                let marked = tx.query(&ACTIVE_ON, params![ids.as_slice()], read_moved).await?;
                let marked = set_status(tx, &marked, Status::Active, Status::PastDue).await?;
                Ok::<_, BillError>((page.last().copied(), marked))
            })
            .await?;
        report.past_due += page.1;
        let Some(last) = page.0 else { return Ok(()) };
        cursor = last;
    }
}

type Moved = (i64, i64, i64);

fn read_moved(row: &bursar_db::Row<'_>) -> Result<Moved, Fault> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

async fn set_status(tx: &mut Tx, rows: &[Moved], from: Status, to: Status) -> Result<u64, BillError> {
    if rows.is_empty() {
        return Ok(0);
    }
    let mut writer = tx.bulk(&SET_STATUS)?;
    for (id, _, version) in rows {
        writer.row(params![to.code(), *version + 1, *id, *version])?;
    }
    if writer.finish().await? != rows.len() as u64 {
        return Err(BillError::Changed);
    }
    let events: Vec<SubscriptionStatusChanged> = rows
        .iter()
        .map(|(id, customer_id, _)| SubscriptionStatusChanged {
            subscription_id: *id,
            customer_id: *customer_id,
            from: from.code().to_owned(),
            to: to.code().to_owned(),
        })
        .collect();
    bursar_events::emit_all(tx, &events).await?;
    Ok(rows.len() as u64)
}

/// Whether an invoice that asks for it is overdue.
pub(crate) async fn owes(tx: &mut Tx, core: &super::Subscription) -> Result<bool, Fault> {
    let values = params![core.customer_id, tx.today(), core.id];
    Ok(tx.query_opt(&OWES, values, |row| row.get::<i64>(0)).await?.is_some())
}

/// Subscriptions whose last overdue invoice this was run normally again.
async fn recover(tx: &mut Tx, invoice_id: i64) -> Result<(), Fault> {
    let today = tx.today();
    let rows = tx.query(&RECOVERED, params![invoice_id, today], read_moved).await?;
    set_status(tx, &rows, Status::PastDue, Status::Active).await.map(drop).map_err(BillError::into_fault)
}

/// An invoice was settled.
pub(crate) async fn on_paid(tx: &mut Tx, event: InvoicePaid) -> Result<(), Fault> {
    recover(tx, event.invoice_id).await
}

/// An invoice was voided.
pub(crate) async fn on_voided(tx: &mut Tx, event: InvoiceVoided) -> Result<(), Fault> {
    recover(tx, event.invoice_id).await
}

/// An invoice was written off.
pub(crate) async fn on_written_off(tx: &mut Tx, event: InvoiceWrittenOff) -> Result<(), Fault> {
    recover(tx, event.invoice_id).await
}

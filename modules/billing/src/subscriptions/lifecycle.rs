//! Pausing, resuming, cancelling: now, or at the end of what is paid.
//!
//! A pause costs nothing while it lasts. The running period is not given back unless somebody asks for it; a period in
//! arrears is billed up to the day. Resuming keeps the day of the month: the first bill is for the part up to the next
//! ordinary boundary. A cancellation at the end of the period can be undone until then.

use bursar_context::Cx;
use bursar_db::Tx;
use bursar_time::{Anchor, Date};
use serde_json::json;

use super::desk::calendar;
use super::detail::{self, Detail};
use super::{Status, stock};
use crate::changes::apply::{Written, moment, note, record, write_outcome};
use crate::changes::quote::{self, Outcome};
use crate::changes::standing::Standing;
use crate::changes::store::{self, NewChange};
use crate::changes::{Change, Credit, When};
use crate::error::BillError;
use crate::events::SubscriptionStatusChanged;
use crate::invoices::issue::Office;
use crate::permissions;

const LONGEST_REASON: usize = 2_000;

/// How the calendar goes on after a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResumeDay {
    /// On the day of the month it had: the first bill is for the part of the period that is left.
    Keep,
    /// On the day it is resumed: the first bill is for a full period.
    Today,
}

/// Pauses now, or when what was billed ends.
///
/// # Errors
/// [`BillError::Refused`] when its status does not allow it.
pub async fn pause_subscription(cx: &Cx, id: i64, when: When, credit: Credit) -> Result<(), BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| pause(tx, id, when, credit).await).await
}

/// Resumes a paused subscription, or takes a pause back that has not begun.
///
/// # Errors
/// [`BillError::Refused`] when it is not paused.
pub async fn resume_subscription(cx: &Cx, id: i64, day: ResumeDay) -> Result<(), BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| resume(tx, id, day).await).await
}

/// Cancels now, or at the end of what was billed.
///
/// # Errors
/// [`BillError::Refused`] when it is over already.
pub async fn cancel_subscription(
    cx: &Cx,
    id: i64,
    when: When,
    reason: String,
    credit: Credit,
) -> Result<(), BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| cancel(tx, id, when, &reason, credit).await).await
}

/// Takes back a cancellation that has not happened yet.
///
/// # Errors
/// [`BillError::Refused`] when there is none.
pub async fn keep_subscription(cx: &Cx, id: i64) -> Result<(), BillError> {
    cx.require(permissions::SUBSCRIPTION_CHANGE)?;
    cx.write(async move |tx: &mut Tx| uncancel(tx, id).await).await
}

/// Pauses, in the caller's transaction.
///
/// # Errors
/// As [`pause_subscription`].
pub async fn pause(tx: &mut Tx, id: i64, when: When, credit: Credit) -> Result<(), BillError> {
    let mut detail = detail::get(tx, id).await?;
    detail.core.status.check_move(Status::Paused)?;
    if detail.core.status == Status::Paused {
        return Err(BillError::refused("This subscription is paused already."));
    }
    if detail.core.cancel_on.is_some() {
        return Err(BillError::refused("This subscription is about to end; undo its cancellation first."));
    }
    match when {
        When::Now => pause_now(tx, id, credit).await,
        When::PeriodEnd => {
            let effective_on = quote::period_end(&detail);
            store::drop_scheduled(tx, id, &["pause"]).await?;
            let (kind, state) = ("pause", "scheduled");
            let new =
                NewChange { subscription_id: id, kind, effective_on, state, detail: "{}", invoice_id: None };
            store::insert(tx, new).await?;
            wait_until(&mut detail, effective_on);
            detail::save(tx, &mut detail).await?;
            let after = json!({ "pauses_on": effective_on.to_string() });
            Ok(record(tx, id, "billing.subscription.pause_scheduled", None, Some(after)).await?)
        }
    }
}

/// The next period is not billed ahead: whether it comes at all is decided on that day.
fn wait_until(detail: &mut Detail, on: Date) {
    if let Some(bill_on) = detail.core.next_bill_on.as_mut() {
        *bill_on = (*bill_on).max(on);
    }
}

/// Bills ahead again, as usual.
fn usual_bill_date(detail: &mut Detail) -> Result<(), BillError> {
    if detail.core.next_bill_on.is_some() {
        detail.core.next_bill_on = Some(detail.core.bill_date(detail.core.next).map_err(calendar)?);
    }
    Ok(())
}

/// Pauses today.
pub(crate) async fn pause_now(tx: &mut Tx, id: i64, credit: Credit) -> Result<(), BillError> {
    let standing = Standing::load(tx, id).await?;
    let from = standing.case.detail.core.status;
    from.check_move(Status::Paused)?;
    let mut outcome = leave(tx, &standing, Status::Paused, credit).await?;
    let today = tx.today();
    outcome.1.detail.paused_on = Some(today);
    store::drop_scheduled(tx, id, &["pause"]).await?;
    let written = write_outcome(tx, &outcome.0, outcome.1).await?;
    moved(tx, &standing.case.detail, Status::Paused, "pause", today, written).await
}

async fn leave(
    tx: &mut Tx,
    standing: &Standing,
    status: Status,
    credit: Credit,
) -> Result<(Office, Outcome), BillError> {
    let office = Office::load(tx).await?;
    let moment = moment(tx);
    let mut ids = || tx.new_raw_id();
    let outcome = quote::leave(standing, status, credit, &office, &moment, &mut ids)?;
    Ok((office, outcome))
}

/// History, audit record and news of a new status.
pub(crate) async fn moved(
    tx: &mut Tx,
    before: &Detail,
    to: Status,
    kind: &'static str,
    on: Date,
    written: Written,
) -> Result<(), BillError> {
    let core = &before.core;
    note(tx, core.id, kind, on, "{}", written.invoice_id).await?;
    for credit_note in written.credit_notes {
        note(tx, core.id, "credit_note", on, "{}", Some(credit_note)).await?;
    }
    announce(tx, before, to).await?;
    let (was, is) = (json!({ "status": core.status.code() }), json!({ "status": to.code() }));
    record(tx, core.id, "billing.subscription.status", Some(was), Some(is)).await?;
    Ok(())
}

/// News of a new status.
pub(crate) async fn announce(tx: &mut Tx, before: &Detail, to: Status) -> Result<(), BillError> {
    let core = &before.core;
    if core.status != to {
        let event = SubscriptionStatusChanged {
            subscription_id: core.id,
            customer_id: core.customer_id,
            from: core.status.code().to_owned(),
            to: to.code().to_owned(),
        };
        bursar_events::emit(tx, &event).await?;
    }
    Ok(())
}

/// Resumes, in the caller's transaction.
///
/// # Errors
/// As [`resume_subscription`].
pub async fn resume(tx: &mut Tx, id: i64, day: ResumeDay) -> Result<(), BillError> {
    let mut detail = detail::get(tx, id).await?;
    let before = detail.clone();
    let today = tx.today();
    if detail.core.status != Status::Paused {
        if store::drop_scheduled(tx, id, &["pause"]).await? == 0 {
            return Err(BillError::refused("This subscription is not paused."));
        }
        usual_bill_date(&mut detail)?;
        detail::save(tx, &mut detail).await?;
        return Ok(record(tx, id, "billing.subscription.pause_dropped", None, None).await?);
    }
    // What is billed ahead has left its trial before the trial's last day.
    let is_unbilled = |ends| detail.core.next.start <= ends;
    let in_trial = detail.trial_ends_on.is_some_and(|ends| ends > today && is_unbilled(ends));
    let to = match in_trial {
        true => Status::Trial,
        // Whoever owes goes on owing: a pause is no payment, and the days of grace do not begin again.
        false if super::daily::owes(tx, &detail.core).await? => Status::PastDue,
        false => Status::Active,
    };
    detail.core.status.check_move(to)?;
    let core = &mut detail.core;
    core.status = to;
    if core.next.start < today {
        if day == ResumeDay::Today {
            core.anchor = Anchor::anniversary(today);
        }
        core.next = core.anchor.first_period(core.cycle, today).map_err(calendar)?.0;
    }
    detail.paused_on = None;
    let items = super::store::items(tx, &[id]).await?.remove(&id).unwrap_or_default();
    if items.iter().any(|item| item.unit_minor != 0 || item.setup_due) {
        let core = &mut detail.core;
        core.next_bill_on = Some(core.bill_date(core.next).map_err(calendar)?.max(today));
    }
    detail::save(tx, &mut detail).await?;
    moved(tx, &before, to, "resume", today, Written::default()).await
}

/// Cancels, in the caller's transaction.
///
/// # Errors
/// As [`cancel_subscription`].
pub async fn cancel(tx: &mut Tx, id: i64, when: When, reason: &str, credit: Credit) -> Result<(), BillError> {
    if reason.chars().count() > LONGEST_REASON {
        return Err(BillError::field("reason", format!("Use at most {LONGEST_REASON} characters.")));
    }
    let reason = Some(reason.trim().to_owned()).filter(|text| !text.is_empty());
    let mut detail = detail::get(tx, id).await?;
    if detail.core.status.is_over() {
        return Err(BillError::refused("This subscription is over already."));
    }
    // What is not billed at the moment has no period to wait for.
    let at_end = when == When::PeriodEnd && detail.core.status.is_billed();
    if !at_end {
        return cancel_now(tx, id, reason, credit).await;
    }
    let end = quote::period_end(&detail);
    drop_later(tx, id).await?;
    detail.core.cancel_on = Some(end);
    detail.cancel_reason = reason;
    wait_until(&mut detail, end);
    detail::save(tx, &mut detail).await?;
    note(tx, id, "cancel", end, "{}", None).await?;
    let after = json!({ "cancel_on": end.to_string(), "reason": &detail.cancel_reason });
    Ok(record(tx, id, "billing.subscription.cancel", None, Some(after)).await?)
}

async fn cancel_now(tx: &mut Tx, id: i64, reason: Option<String>, credit: Credit) -> Result<(), BillError> {
    let standing = Standing::load(tx, id).await?;
    standing.case.detail.core.status.check_move(Status::Cancelled)?;
    let (office, mut outcome) = leave(tx, &standing, Status::Cancelled, credit).await?;
    let today = tx.today();
    outcome.detail.core.cancel_on = Some(today);
    outcome.detail.ended_on = Some(today);
    outcome.detail.cancel_reason = reason;
    drop_later(tx, id).await?;
    store::drop_scheduled(tx, id, &["start"]).await?;
    stock::release(tx, &[id], standing.case.detail.core.status).await?;
    let written = write_outcome(tx, &office, outcome).await?;
    moved(tx, &standing.case.detail, Status::Cancelled, "cancel", today, written).await
}

/// Nothing else happens to what ends.
async fn drop_later(tx: &mut Tx, id: i64) -> Result<(), BillError> {
    store::drop_scheduled(tx, id, &Change::CODES).await?;
    store::drop_scheduled(tx, id, &["pause", "reprice"]).await?;
    Ok(())
}

/// Undoes a cancellation that has not happened yet, in the caller's transaction.
///
/// # Errors
/// As [`keep_subscription`].
pub async fn uncancel(tx: &mut Tx, id: i64) -> Result<(), BillError> {
    let mut detail = detail::get(tx, id).await?;
    if detail.core.cancel_on.is_none() || detail.core.status.is_over() {
        return Err(BillError::refused("There is no cancellation to undo."));
    }
    detail.core.cancel_on = None;
    detail.cancel_reason = None;
    usual_bill_date(&mut detail)?;
    detail::save(tx, &mut detail).await?;
    let today = tx.today();
    note(tx, id, "uncancel", today, "{}", None).await?;
    Ok(record(tx, id, "billing.subscription.uncancel", None, None).await?)
}

/// The day of a cancellation has come.
pub(crate) async fn end_cancelled(tx: &mut Tx, mut detail: Detail) -> Result<(), BillError> {
    let before = detail.clone();
    let on = detail.core.cancel_on.unwrap_or_else(|| tx.today());
    detail.core.status.check_move(Status::Cancelled)?;
    detail.core.status = Status::Cancelled;
    detail.core.next_bill_on = None;
    detail.ended_on = Some(on);
    stock::release(tx, &[before.core.id], before.core.status).await?;
    detail::save(tx, &mut detail).await?;
    moved(tx, &before, Status::Cancelled, "ended", on, Written::default()).await
}

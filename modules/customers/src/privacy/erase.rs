//! To be forgotten: the wish, the word of staff, the pause, and then the erasure.

use bursar_app::PersonalBook;
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::settings::PrivacySettings;
use super::store::{self, DROP_COPIES, DROP_OLD, DUE, EXPIRE, EXPIRE_COPIES};
use super::{PrivacyKind, PrivacyRequest, PrivacyState};
use crate::error::CustomerError;
use crate::events::{CustomerErased, ErasureAsked};
use crate::permissions::{PORTAL_PRIVACY, PRIVACY_DECIDE};

/// Customers forgotten by one run; the rest is the next day's.
const AT_ONCE: i64 = 500;

/// Erases whom it is time for, and drops copies that expired. Safe to run twice: it does what is due now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EraseDue {}

impl Job for EraseDue {
    const KIND: &'static str = "customers.erase_due";
}

/// The keys of the texts that say what stands in the way of forgetting a customer.
///
/// # Errors
/// Faults of the database, and a program in which modules have said nothing.
pub async fn hindrances(tx: &mut Tx, customer: i64) -> Result<Vec<&'static str>, Fault> {
    book(tx)?.hindrances(tx, customer).await
}

fn book(tx: &Tx) -> Result<PersonalBook, Fault> {
    let book = tx.attachment::<PersonalBook>().cloned();
    book.ok_or_else(|| Fault::new("nobody knows what modules hold about customers"))
}

/// As the customer: wishes to be forgotten. The same wish twice is one.
///
/// # Errors
/// [`CustomerError::Hindered`] while something stands in the way.
pub async fn ask_erasure(cx: &Cx, customer: i64) -> Result<i64, CustomerError> {
    cx.require(PORTAL_PRIVACY)?;
    cx.write(async move |tx: &mut Tx| {
        if let Some(open) = open_of(tx, customer).await? {
            return Ok(open.id);
        }
        if !hindrances(tx, customer).await?.is_empty() {
            return Err(CustomerError::Hindered);
        }
        let pause = PrivacySettings::load(tx).await?.pause_days;
        let due_at = tx.now().plus_days(pause);
        let id = store::insert(tx, customer, PrivacyKind::Erasure, due_at).await?;
        bursar_events::emit(tx, &ErasureAsked { request_id: id, customer_id: customer }).await?;
        record(tx, customer, "customers.privacy.ask", "").await?;
        Ok(id)
    })
    .await
}

async fn open_of(tx: &mut Tx, customer: i64) -> Result<Option<PrivacyRequest>, Fault> {
    let all = store::of_customer(tx, customer).await?;
    Ok(all.into_iter().find(|it| {
        it.kind == PrivacyKind::Erasure && matches!(it.state, PrivacyState::Asked | PrivacyState::Approved)
    }))
}

/// As the customer: takes the wish back, as long as it is not fulfilled.
///
/// # Errors
/// [`CustomerError::NotFound`] when there is none.
pub async fn withdraw(cx: &Cx, customer: i64) -> Result<(), CustomerError> {
    cx.require(PORTAL_PRIVACY)?;
    cx.write(async move |tx: &mut Tx| {
        let open = open_of(tx, customer).await?.ok_or(CustomerError::NotFound("request"))?;
        if !store::go(tx, &open, PrivacyState::Withdrawn, "").await? {
            return Err(CustomerError::Changed);
        }
        Ok(record(tx, customer, "customers.privacy.withdraw", "").await?)
    })
    .await
}

/// As staff: it will be done when the pause is over.
///
/// # Errors
/// [`CustomerError`].
pub async fn approve(cx: &Cx, id: i64) -> Result<(), CustomerError> {
    decide(cx, id, PrivacyState::Approved, String::new()).await
}

/// As staff: it will not be done. The customer reads why.
///
/// # Errors
/// [`CustomerError`].
pub async fn refuse(cx: &Cx, id: i64, why: String) -> Result<(), CustomerError> {
    let length = why.trim().chars().count();
    if length == 0 {
        return Err(CustomerError::field("why", "Say why: the customer has a right to know."));
    }
    if length > 1_000 {
        return Err(CustomerError::field("why", "Use at most 1,000 characters."));
    }
    decide(cx, id, PrivacyState::Refused, why.trim().to_owned()).await
}

async fn decide(cx: &Cx, id: i64, to: PrivacyState, why: String) -> Result<(), CustomerError> {
    cx.require(PRIVACY_DECIDE)?;
    cx.write(async move |tx: &mut Tx| {
        let found = store::find(tx, id).await?.filter(|it| it.kind == PrivacyKind::Erasure);
        let found = found.ok_or(CustomerError::NotFound("request"))?;
        let may = match to {
            PrivacyState::Refused => matches!(found.state, PrivacyState::Asked | PrivacyState::Approved),
            PrivacyState::Approved
            | PrivacyState::Asked
            | PrivacyState::Ready
            | PrivacyState::Expired
            | PrivacyState::Withdrawn
            | PrivacyState::Done => found.state == PrivacyState::Asked,
        };
        if !may || !store::go(tx, &found, to, &why).await? {
            return Err(CustomerError::Changed);
        }
        let action = if to == PrivacyState::Approved {
            "customers.privacy.approve"
        } else {
            "customers.privacy.refuse"
        };
        Ok(record(tx, found.customer_id, action, &why).await?)
    })
    .await
}

pub(super) async fn erase_due(cx: Cx, _: EraseDue) -> JobOutcome {
    match run(&cx).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::from(fault),
    }
}

async fn run(cx: &Cx) -> Result<(), Fault> {
    let due = cx
        .write(async |tx: &mut Tx| {
            let now = tx.now();
            tx.exec(&DROP_OLD, params![now]).await?;
            tx.exec(&EXPIRE, params![now]).await?;
            tx.query(&DUE, params![now, AT_ONCE], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))).await
        })
        .await?;
    for (id, customer) in due {
        cx.write(async move |tx: &mut Tx| erase(tx, id, customer).await).await?;
    }
    Ok(())
}

/// Forgets a customer. What came between since the approval puts the request back before staff.
async fn erase(tx: &mut Tx, id: i64, customer: i64) -> Result<(), Fault> {
    let Some(request) = store::find(tx, id).await?.filter(|it| it.state == PrivacyState::Approved) else {
        return Ok(());
    };
    let book = book(tx)?;
    let hindrances = book.hindrances(tx, customer).await?;
    if !hindrances.is_empty() {
        store::go(tx, &request, PrivacyState::Asked, "").await?;
        bursar_events::emit(tx, &ErasureAsked { request_id: id, customer_id: customer }).await?;
        return Ok(());
    }
    let today = tx.today();
    let until = PrivacySettings::load(tx).await?.kept_until(today)?;
    book.erase(tx, customer).await?;
    tx.exec(&DROP_COPIES, params![customer]).await?;
    tx.exec(&EXPIRE_COPIES, params![customer]).await?;
    store::done(tx, id, until).await?;
    bursar_events::emit(tx, &CustomerErased { customer_id: customer }).await?;
    let kept: Vec<&str> = book.all().iter().filter(|it| it.kept.is_some()).map(|it| it.name).collect();
    let subject = format!("customer:{customer}");
    let after = Some(json!({ "kept": kept, "kept_until": until.to_string() }));
    let audit = Audit { action: "customers.privacy.erase", subject: &subject, before: None, after };
    bursar_audit::record(tx, audit).await
}

async fn record(tx: &mut Tx, customer: i64, action: &str, why: &str) -> Result<(), Fault> {
    let subject = format!("customer:{customer}");
    let after = (!why.is_empty()).then(|| json!({ "why": why }));
    bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after }).await
}

//! A copy of everything that modules hold about a customer, as JSON lines.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalBook, PersonalData};
use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_jobs::{Job, JobOutcome};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::settings::PrivacySettings;
use super::store::{self, CLEAR, PUT_PIECE, READY};
use super::{PrivacyKind, PrivacyState};
use crate::error::CustomerError;
use crate::events::PrivacyCopyReady;
use crate::permissions::PORTAL_PRIVACY;

/// Makes the copy of a request. Safe to run twice: it begins anew, and what is ready is ready.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeCopy {
    /// Which.
    pub request_id: i64,
}

impl Job for MakeCopy {
    const KIND: &'static str = "customers.make_copy";
}

/// As the customer: asks for a copy. While one is being made, that one is meant.
///
/// # Errors
/// [`CustomerError::Denied`].
pub async fn ask_copy(cx: &Cx, customer: i64) -> Result<i64, CustomerError> {
    cx.require(PORTAL_PRIVACY)?;
    cx.write(async move |tx: &mut Tx| {
        let open = store::of_customer(tx, customer).await?;
        let is_open =
            |it: &&super::PrivacyRequest| it.kind == PrivacyKind::Copy && it.state == PrivacyState::Asked;
        if let Some(open) = open.iter().find(is_open) {
            return Ok(open.id);
        }
        let now = tx.now();
        let request_id = store::insert(tx, customer, PrivacyKind::Copy, now).await?;
        bursar_jobs::enqueue(tx, &MakeCopy { request_id }).await?;
        let subject = format!("customer:{customer}");
        let audit = Audit { action: "customers.privacy.copy", subject: &subject, before: None, after: None };
        bursar_audit::record(tx, audit).await?;
        Ok(request_id)
    })
    .await
}

pub(super) async fn make(cx: Cx, job: MakeCopy) -> JobOutcome {
    match write(&cx, job.request_id).await {
        Ok(()) => JobOutcome::Done,
        Err(fault) => JobOutcome::from(fault),
    }
}

async fn write(cx: &Cx, request: i64) -> Result<(), Fault> {
    let begun = cx
        .write(async move |tx: &mut Tx| {
            let found = store::find(tx, request).await?.filter(|it| it.state == PrivacyState::Asked);
            // What a run before this one left behind; a copy that is ready stays as it is.
            if found.is_some() {
                tx.exec(&CLEAR, params![request]).await?;
            }
            Ok::<_, Fault>(found)
        })
        .await?;
    let Some(begun) = begun else { return Ok(()) };
    let book = cx.foundation().attachments.get::<PersonalBook>();
    let book = book.ok_or_else(|| Fault::new("nobody knows what modules hold about customers"))?;
    let mut place = 0;
    for data in book.all() {
        let data = *data;
        let mut after = 0;
        loop {
            let ask = PersonalAsk { customer: begun.customer_id, after };
            let last =
                cx.write(async move |tx: &mut Tx| piece(tx, &data, ask, (request, place)).await).await?;
            place += 1;
            match last {
                Some(last) => after = last,
                None => break,
            }
        }
    }
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        let until = now.plus_days(PrivacySettings::load(tx).await?.copy_days);
        if tx.exec(&READY, params![request, until, now]).await? == 1 {
            bursar_events::emit(
                tx,
                &PrivacyCopyReady { request_id: request, customer_id: begun.customer_id },
            )
            .await?;
        }
        Ok(())
    })
    .await
}

/// Writes one piece and says behind which row the next begins, if there is a next.
async fn piece(
    tx: &mut Tx,
    data: &PersonalData,
    ask: PersonalAsk,
    at: (i64, i64),
) -> Result<Option<i64>, Fault> {
    let rows = (data.export)(tx, ask).await?;
    let mut lines = String::new();
    for (_, row) in &rows {
        let line = json!({ "kind": data.name, "data": row });
        lines.push_str(&line.to_string());
        lines.push('\n');
    }
    // Every place has its piece, so that who fetches the copy knows where it ends.
    tx.exec(&PUT_PIECE, params![at.0, at.1, &lines]).await?;
    let is_full = i64::try_from(rows.len()).is_ok_and(|count| count >= PERSONAL_ROWS);
    Ok(rows.last().filter(|_| is_full).map(|(key, _)| *key))
}

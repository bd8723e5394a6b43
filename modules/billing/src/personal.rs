//! What this module holds about a customer. Documents are kept as long as tax law says; what was billed stays with them.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_time::Date;
use bursar_web::Reading;
use serde_json::json;

use crate::pages::store::{owed, running_of_customer};
use crate::settle::credit_balances;

bursar_db::statements! {
    /// Documents to be handed out.
    pub(crate) DOCUMENTS = "SELECT id, kind, state, number, issued_on, due_on, currency, subtotal_minor, total_minor
        FROM billing_invoices WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Subscriptions to be handed out.
    pub(crate) SUBSCRIPTIONS = "SELECT id, label, status, cycle, anchor_on, ended_on, cancel_reason
        FROM billing_subscriptions WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// What a customer said when they left.
    pub(crate) FORGET_REASONS = "UPDATE billing_subscriptions SET cancel_reason = NULL WHERE customer_id = $1";
}

pub(crate) fn register(registry: &mut Registry) {
    registry
        .personal(PersonalData::kept("billing.documents", documents, "billing-privacy-kept").unless(hinders));
    registry.personal(
        PersonalData::kept("billing.subscriptions", subscriptions, "billing-privacy-kept").and_erases(forget),
    );
}

fn documents(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&DOCUMENTS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let day = |at: usize| Ok::<_, bursar_fault::Fault>(row.get::<Option<Date>>(at)?.map(|on| on.to_string()));
            let document = json!({
                "kind": row.get::<String>(1)?, "state": row.get::<String>(2)?, "number": row.get::<Option<String>>(3)?,
                "issued_on": day(4)?, "due_on": day(5)?, "currency": row.get::<String>(6)?,
                "net_minor": row.get::<i64>(7)?, "total_minor": row.get::<i64>(8)?,
            });
            Ok((row.get(0)?, document))
        })
        .await
    })
}

fn subscriptions(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&SUBSCRIPTIONS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let subscription = json!({
                "label": row.get::<String>(1)?, "status": row.get::<String>(2)?, "cycle": row.get::<String>(3)?,
                "since": row.get::<Date>(4)?.to_string(),
                "ended_on": row.get::<Option<Date>>(5)?.map(|on| on.to_string()),
                "why_cancelled": row.get::<Option<String>>(6)?,
            });
            Ok((row.get(0)?, subscription))
        })
        .await
    })
}

fn forget(tx: &mut Tx, customer: i64) -> Reading<'_, ()> {
    Box::pin(async move { tx.exec(&FORGET_REASONS, params![customer]).await.map(drop) })
}

/// What runs goes on being billed, and money that is owed either way has an owner.
fn hinders(tx: &mut Tx, customer: i64) -> Reading<'_, Option<&'static str>> {
    Box::pin(async move {
        if running_of_customer(tx, customer).await?.0 > 0 {
            return Ok(Some("billing-privacy-running"));
        }
        if !owed(tx, customer).await?.is_empty() {
            return Ok(Some("billing-privacy-owed"));
        }
        let credit = credit_balances(tx, customer).await?;
        Ok(credit.iter().any(|money| money.is_positive()).then_some("billing-privacy-credit"))
    })
}

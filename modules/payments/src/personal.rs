//! What this module holds about a customer: ways to pay, which are forgotten, and payments, which are kept.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_time::Instant;
use bursar_web::Reading;
use serde_json::json;

bursar_db::statements! {
    /// Ways to pay, to be handed out.
    pub(crate) METHODS = "SELECT id, gateway, label, brand, last4, expires, status FROM payments_methods
        WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Payments to be handed out.
    pub(crate) PAYMENTS = "SELECT id, gateway, currency, amount_minor, state, reference, created_at
        FROM payments_payments WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Whether the vendor still keeps one for us.
    pub(crate) ANY_STORED = "SELECT id FROM payments_methods WHERE customer_id = $1 AND status = 'active' LIMIT 1";
    /// What was shown of them.
    pub(crate) FORGET_METHODS = "UPDATE payments_methods SET token_sealed = '', label = '', brand = '', last4 = '',
        expires = NULL, is_default = 0, status = 'forgotten' WHERE customer_id = $1";
}

pub(crate) fn register(registry: &mut Registry) {
    registry.personal(PersonalData::erased("payments.methods", methods, forget).unless(hinders));
    registry.personal(PersonalData::kept("payments.payments", payments, "payments-privacy-kept"));
}

fn methods(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&METHODS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let method = json!({
                "gateway": row.get::<String>(1)?, "label": row.get::<String>(2)?, "brand": row.get::<String>(3)?,
                "last4": row.get::<String>(4)?, "expires": row.get::<Option<String>>(5)?,
                "status": row.get::<String>(6)?,
            });
            Ok((row.get(0)?, method))
        })
        .await
    })
}

fn payments(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&PAYMENTS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let payment = json!({
                "gateway": row.get::<String>(1)?, "currency": row.get::<String>(2)?,
                "amount_minor": row.get::<i64>(3)?, "state": row.get::<String>(4)?,
                "reference": row.get::<String>(5)?, "at": row.get::<Instant>(6)?.to_string(),
            });
            Ok((row.get(0)?, payment))
        })
        .await
    })
}

fn forget(tx: &mut Tx, customer: i64) -> Reading<'_, ()> {
    Box::pin(async move { tx.exec(&FORGET_METHODS, params![customer]).await.map(drop) })
}

/// A stored way to pay lies with its vendor too: the customer takes it away first, which tells the vendor.
fn hinders(tx: &mut Tx, customer: i64) -> Reading<'_, Option<&'static str>> {
    Box::pin(async move {
        let any = tx.query_opt(&ANY_STORED, params![customer], |row| row.get::<i64>(0)).await?;
        Ok(any.map(|_| "payments-privacy-methods"))
    })
}

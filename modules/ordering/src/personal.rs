//! What this module holds about a customer: orders, which are kept with their documents, without what was said beside.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_time::Instant;
use bursar_web::Reading;
use serde_json::json;

bursar_db::statements! {
    /// Orders to be handed out.
    pub(crate) ORDERS = "SELECT id, number, status, currency, total_minor, customer_note, from_address, placed_at
        FROM ordering_orders WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// What was said beside, and from where.
    pub(crate) FORGET_ORDERS = "UPDATE ordering_orders SET customer_note = '', from_address = ''
        WHERE customer_id = $1";
    /// From where somebody agreed.
    pub(crate) FORGET_AGREEMENTS = "UPDATE ordering_agreements SET from_address = '' WHERE order_id IN
        (SELECT id FROM ordering_orders WHERE customer_id = $1)";
    /// What lies in carts.
    pub(crate) DROP_CART_ITEMS = "DELETE FROM ordering_cart_items WHERE cart_id IN
        (SELECT id FROM ordering_carts WHERE customer_id = $1)";
    /// Carts.
    pub(crate) DROP_CARTS = "DELETE FROM ordering_carts WHERE customer_id = $1";
}

pub(crate) fn register(registry: &mut Registry) {
    registry
        .personal(PersonalData::kept("ordering.orders", orders, "ordering-privacy-kept").and_erases(forget));
}

fn orders(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&ORDERS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let order = json!({
                "number": row.get::<String>(1)?, "status": row.get::<String>(2)?, "currency": row.get::<String>(3)?,
                "total_minor": row.get::<i64>(4)?, "note": row.get::<String>(5)?,
                "from_address": row.get::<String>(6)?, "placed_at": row.get::<Instant>(7)?.to_string(),
            });
            Ok((row.get(0)?, order))
        })
        .await
    })
}

fn forget(tx: &mut Tx, customer: i64) -> Reading<'_, ()> {
    Box::pin(async move {
        for statement in [&FORGET_ORDERS, &FORGET_AGREEMENTS, &DROP_CART_ITEMS, &DROP_CARTS] {
            tx.exec(statement, params![customer]).await?;
        }
        Ok(())
    })
}

//! What this module holds about a customer: services, with what vendors showed of them.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_time::Instant;
use bursar_web::Reading;
use serde_json::json;

bursar_db::statements! {
    /// Services to be handed out.
    pub(crate) SERVICES = "SELECT id, label, name, state, created_at FROM provisioning_services
        WHERE customer_id = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Whether something of the customer's is still at a vendor's.
    pub(crate) ANY_LIVE = "SELECT r.id FROM provisioning_resources r
        JOIN provisioning_services s ON s.id = r.service_id
        WHERE s.customer_id = $1 AND r.state = 'live' LIMIT 1";
    /// What customers called them.
    pub(crate) FORGET_NAMES = "UPDATE provisioning_services SET name = NULL WHERE customer_id = $1";
    /// How to get in where nothing is any more.
    pub(crate) FORGET_PASSWORDS = "UPDATE provisioning_resources SET password_sealed = NULL WHERE service_id IN
        (SELECT id FROM provisioning_services WHERE customer_id = $1)";
    /// What was said to vendors.
    pub(crate) DROP_CALLS = "DELETE FROM provisioning_calls WHERE service_id IN
        (SELECT id FROM provisioning_services WHERE customer_id = $1)";
}

pub(crate) fn register(registry: &mut Registry) {
    registry.personal(PersonalData::erased("provisioning.services", services, forget).unless(hinders));
}

fn services(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&SERVICES, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let service = json!({
                "label": row.get::<String>(1)?, "name": row.get::<Option<String>>(2)?,
                "state": row.get::<String>(3)?, "since": row.get::<Instant>(4)?.to_string(),
            });
            Ok((row.get(0)?, service))
        })
        .await
    })
}

fn forget(tx: &mut Tx, customer: i64) -> Reading<'_, ()> {
    Box::pin(async move {
        for statement in [&FORGET_NAMES, &FORGET_PASSWORDS, &DROP_CALLS] {
            tx.exec(statement, params![customer]).await?;
        }
        Ok(())
    })
}

fn hinders(tx: &mut Tx, customer: i64) -> Reading<'_, Option<&'static str>> {
    Box::pin(async move {
        let any = tx.query_opt(&ANY_LIVE, params![customer], |row| row.get::<i64>(0)).await?;
        Ok(any.map(|_| "provisioning-privacy-running"))
    })
}

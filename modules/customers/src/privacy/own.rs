//! What this module itself holds about customers.

use bursar_app::{PERSONAL_ROWS, PersonalAsk, PersonalData, PersonalRows, Registry};
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Instant;
use bursar_web::Reading;
use serde_json::{Value, json};

use super::store::{CONTACTS, DROP_CONTACTS, DROP_NOTES, FORGET, SNAPSHOTS};
use crate::customer::{Customer, CustomerDetails, Status};
use crate::events::CustomerUpdated;
use crate::portal::POSTAL;
use crate::{figures, search, store};

pub(super) fn register(registry: &mut Registry) {
    registry.personal(PersonalData::erased("customers.customer", record, forget));
    registry.personal(PersonalData::erased("customers.contacts", contacts, forget_contacts));
    registry.personal(PersonalData::kept("customers.printed", printed, "customers-privacy-kept-documents"));
}

fn record(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        let id = Id::<Customer>::new(ask.customer);
        let found = if ask.after == 0 { store::find(tx, id).await? } else { None };
        let Some(customer) = found else { return Ok(Vec::new()) };
        let details = serde_json::to_value(&customer.details)
            .map_err(|e| Fault::wrap("writing a customer's details", e))?;
        let row = json!({
            "id": ask.customer, "currency": customer.currency.code(), "status": customer.status.code(),
            "since": customer.created_at.to_string(), "details": details,
        });
        Ok(vec![(ask.customer.max(1), row)])
    })
}

/// Nobody's name is left. The row stays: documents and ledger point at it.
fn forget(tx: &mut Tx, id: i64) -> Reading<'_, ()> {
    Box::pin(async move {
        let Some(before) = store::find(tx, Id::new(id)).await? else { return Ok(()) };
        let name = format!("Erased {id}");
        let (sorted, now) = (name.to_lowercase(), tx.now());
        tx.exec_one(&FORGET, params![id, &name, &sorted, now, "{}"]).await?;
        figures::became(tx, before.status, Status::Closed).await?;
        let details = CustomerDetails {
            postal: crate::customer::Postal { company: name, ..crate::customer::Postal::default() },
            ..before.details
        };
        search::remember_again(tx, id, &details).await?;
        tx.exec(&DROP_NOTES, params![id]).await?;
        let changed = vec!["erased".to_owned()];
        bursar_events::emit(tx, &CustomerUpdated { customer_id: id, changed }).await.map(drop)
    })
}

fn contacts(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&CONTACTS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let mut found = serde_json::Map::new();
            for (at, name) in POSTAL.into_iter().enumerate() {
                found.insert(name.to_owned(), json!(row.get::<String>(at + 1)?));
            }
            found.insert("since".to_owned(), json!(row.get::<Instant>(13)?.to_string()));
            Ok((row.get(0)?, Value::Object(found)))
        })
        .await
    })
}

fn forget_contacts(tx: &mut Tx, id: i64) -> Reading<'_, ()> {
    Box::pin(async move { tx.exec(&DROP_CONTACTS, params![id]).await.map(drop) })
}

fn printed(tx: &mut Tx, ask: PersonalAsk) -> Reading<'_, PersonalRows> {
    Box::pin(async move {
        tx.query(&SNAPSHOTS, params![ask.customer, ask.after, PERSONAL_ROWS], |row| {
            let party: Value = serde_json::from_str(row.text(1)?)
                .map_err(|e| Fault::wrap("a frozen identity cannot be read", e))?;
            Ok((row.get(0)?, json!({ "as_printed": party, "since": row.get::<Instant>(2)?.to_string() })))
        })
        .await
    })
}

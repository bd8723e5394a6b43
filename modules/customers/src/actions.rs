//! For surfaces: each checks its permission, owns its transaction and leaves an audit record.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_ids::Id;
use serde_json::{Map, Value, json};

use crate::customer::{Customer, CustomerDetails, NewCustomer, Status};
use crate::error::CustomerError;
use crate::{parts, permissions, store};

/// Makes a customer.
///
/// # Errors
/// [`CustomerError`].
pub async fn create_customer(cx: &Cx, new: NewCustomer) -> Result<Id<Customer>, CustomerError> {
    cx.require(permissions::CUSTOMER_CREATE)?;
    cx.write(async move |tx| {
        let id = parts::create(tx, &new).await?;
        let after = picked(&new.details.checked()?, None)?;
        record(tx, permissions::CUSTOMER_CREATE, id, None, Some(after)).await?;
        Ok(id)
    })
    .await
}

/// One customer, for somebody who may see customers.
///
/// # Errors
/// [`CustomerError`].
pub async fn get_customer(cx: &Cx, id: Id<Customer>) -> Result<Customer, CustomerError> {
    cx.require(permissions::CUSTOMER_VIEW)?;
    cx.glance(store::glance(id)).await?.pop().ok_or(CustomerError::NotFound("customer"))
}

/// Saves details over the version the person saw.
///
/// # Errors
/// [`CustomerError`].
pub async fn update_customer(
    cx: &Cx,
    id: Id<Customer>,
    seen_version: i64,
    details: CustomerDetails,
) -> Result<(), CustomerError> {
    cx.require(permissions::CUSTOMER_EDIT)?;
    cx.write(async move |tx| {
        let before = store::find(tx, id).await?.ok_or(CustomerError::NotFound("customer"))?;
        let changed = parts::update(tx, id, seen_version, &details).await?;
        if changed.is_empty() {
            return Ok(());
        }
        let old = picked(&before.details, Some(&changed))?;
        let new = picked(&details.checked()?, Some(&changed))?;
        record(tx, permissions::CUSTOMER_EDIT, id, Some(old), Some(new)).await?;
        Ok(())
    })
    .await
}

/// Suspends, bans, closes or reopens a customer.
///
/// # Errors
/// [`CustomerError`].
pub async fn set_customer_status(cx: &Cx, id: Id<Customer>, status: Status) -> Result<(), CustomerError> {
    cx.require(permissions::CUSTOMER_STATUS)?;
    cx.write(async move |tx| {
        let before = store::find(tx, id).await?.ok_or(CustomerError::NotFound("customer"))?;
        if before.status == status {
            return Ok(());
        }
        parts::set_status(tx, id, status).await?;
        let (old, new) = (json!({"status": before.status}), json!({"status": status}));
        record(tx, permissions::CUSTOMER_STATUS, id, Some(old), Some(new)).await?;
        Ok(())
    })
    .await
}

async fn record(
    tx: &mut bursar_db::Tx,
    action: &'static str,
    id: Id<Customer>,
    before: Option<Value>,
    after: Option<Value>,
) -> Result<(), Fault> {
    bursar_audit::record(tx, Audit { action, subject: &format!("customer:{id}"), before, after }).await
}

/// The named fields of the details, or all.
fn picked(details: &CustomerDetails, names: Option<&[String]>) -> Result<Value, Fault> {
    let value = serde_json::to_value(details).map_err(|e| Fault::wrap("writing customer details", e))?;
    let (Some(names), Value::Object(fields)) = (names, &value) else { return Ok(value) };
    let kept: Map<String, Value> =
        names.iter().filter_map(|name| Some((name.clone(), fields.get(name)?.clone()))).collect();
    Ok(Value::Object(kept))
}

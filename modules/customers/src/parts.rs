//! For other modules, inside their transactions. Nothing here checks a permission.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_time::Instant;

use crate::customer::{BillingProfile, Customer, CustomerDetails, NewCustomer, Party, Status, TaxIdStatus};
use crate::error::CustomerError;
use crate::events::{CustomerCreated, CustomerUpdated};
use crate::{contacts, figures, groups, store};

/// Makes a customer with its first snapshot and announces it.
///
/// # Errors
/// [`CustomerError::Invalid`] with every fault, or a fault of the database.
pub async fn create(tx: &mut Tx, new: &NewCustomer) -> Result<Id<Customer>, CustomerError> {
    let details = new.details.checked()?;
    check_references(tx, None, &details).await?;
    let id = tx.new_id::<Customer>()?;
    let now = tx.now();
    insert(tx, id, new, details, Status::Active, now).await?;
    bursar_events::emit(tx, &CustomerCreated { customer_id: id.get() }).await?;
    Ok(id)
}

/// Brings in a customer of another system with its id, as it is: only what the database itself demands is checked, and
/// nothing is announced. Contacts come after; call [`update`] or set the billing contact with them then.
///
/// # Errors
/// A fault of class `UniqueViolation` when the id is taken.
pub async fn import_customer(
    tx: &mut Tx,
    id: Id<Customer>,
    new: &NewCustomer,
    status: Status,
    created_at: Instant,
) -> Result<(), Fault> {
    let mut details = new.details.clone();
    details.postal = details.postal.tidied();
    insert(tx, id, new, details, status, created_at).await
}

async fn insert(
    tx: &mut Tx,
    id: Id<Customer>,
    new: &NewCustomer,
    details: CustomerDetails,
    status: Status,
    created_at: Instant,
) -> Result<(), Fault> {
    let now = tx.now();
    let snapshot_id = store::insert_snapshot(tx, id, &Party::of(&details, None), now).await?;
    let customer = Customer {
        id,
        currency: new.currency,
        tax_id_status: tax_id_status(&details.postal.tax_id),
        details,
        status,
        email_verified_at: None,
        snapshot_id,
        created_at,
        updated_at: now,
        version: 1,
    };
    store::insert(tx, &customer).await
}

/// One customer.
///
/// # Errors
/// Faults of the database.
pub async fn find(tx: &mut Tx, id: Id<Customer>) -> Result<Option<Customer>, Fault> {
    store::find(tx, id).await
}

/// The customers that may sign in with an address, oldest first; several may share one.
///
/// # Errors
/// Faults of the database.
pub async fn find_by_email(tx: &mut Tx, email: &str) -> Result<Vec<Id<Customer>>, Fault> {
    let email = email.trim().to_lowercase();
    tx.query(&store::FIND_BY_EMAIL, params![&email], |row| row.get(0)).await
}

/// Saves details over the version the caller saw. Writes a new snapshot when the printed identity changed, and returns
/// the names of the fields that changed (none: nothing was written).
///
/// # Errors
/// [`CustomerError::Invalid`], [`CustomerError::NotFound`], [`CustomerError::Changed`].
pub async fn update(
    tx: &mut Tx,
    id: Id<Customer>,
    seen_version: i64,
    details: &CustomerDetails,
) -> Result<Vec<String>, CustomerError> {
    let details = details.checked()?;
    let before = store::find(tx, id).await?.ok_or(CustomerError::NotFound("customer"))?;
    if before.version != seen_version {
        return Err(CustomerError::Changed);
    }
    check_references(tx, Some(id), &details).await?;
    let changed = changed_fields(&before.details, &details)?;
    if changed.is_empty() {
        return Ok(changed);
    }
    let mut after = Customer { details, updated_at: tx.now(), ..before.clone() };
    if after.details.postal.tax_id != before.details.postal.tax_id
        || after.details.postal.country != before.details.postal.country
    {
        after.tax_id_status = tax_id_status(&after.details.postal.tax_id);
    }
    if after.details.postal.email != before.details.postal.email {
        after.email_verified_at = None;
    }
    if !store::save(tx, &after).await? {
        return Err(CustomerError::Changed);
    }
    refresh_snapshot(tx, &after).await?;
    bursar_events::emit(tx, &CustomerUpdated { customer_id: id.get(), changed: changed.clone() }).await?;
    Ok(changed)
}

/// Changes what a customer is to us.
///
/// # Errors
/// [`CustomerError::NotFound`].
pub async fn set_status(tx: &mut Tx, id: Id<Customer>, status: Status) -> Result<(), CustomerError> {
    let before = store::find(tx, id).await?.ok_or(CustomerError::NotFound("customer"))?;
    let now = tx.now();
    if tx.exec(&store::SET_STATUS, params![status.code(), now, id]).await? == 0 {
        return Err(CustomerError::NotFound("customer"));
    }
    figures::became(tx, before.status, status).await?;
    let changed = vec!["status".to_owned()];
    bursar_events::emit(tx, &CustomerUpdated { customer_id: id.get(), changed }).await?;
    Ok(())
}

/// Records what a register said about a number. `false` when the customer changed the number meanwhile; the answer
/// is then about the old one and is dropped.
///
/// # Errors
/// Faults of the database.
pub async fn set_tax_id_status(
    tx: &mut Tx,
    id: Id<Customer>,
    tax_id: &str,
    status: TaxIdStatus,
) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(tx.exec(&store::SET_TAX_ID_STATUS, params![status.code(), now, id, tax_id]).await? == 1)
}

/// What billing needs of many customers, with one statement. Unknown ids are absent from the answer.
///
/// # Errors
/// Faults of the database.
pub async fn billing_profiles(
    tx: &mut Tx,
    customers: &[i64],
) -> Result<BTreeMap<i64, BillingProfile>, Fault> {
    let rows = tx.query(&store::PROFILES, params![customers], store::profile).await?;
    Ok(rows.into_iter().map(|profile| (profile.customer, profile)).collect())
}

/// One frozen identity.
///
/// # Errors
/// A fault when there is none: a document names a snapshot that was lost.
pub async fn snapshot(tx: &mut Tx, id: i64) -> Result<Party, Fault> {
    tx.query_one(&store::FIND_SNAPSHOT, params![id], |row| store::party(row.text(0)?)).await
}

/// Many frozen identities, with one statement.
///
/// # Errors
/// Faults of the database.
pub async fn snapshots(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, Party>, Fault> {
    let rows = tx
        .query(&store::FIND_SNAPSHOTS, params![ids], |row| Ok((row.get(0)?, store::party(row.text(1)?)?)))
        .await?;
    Ok(rows.into_iter().collect())
}

/// Freezes the identity anew if it differs from the last one frozen.
pub(crate) async fn refresh_snapshot(tx: &mut Tx, customer: &Customer) -> Result<(), Fault> {
    let contact = match customer.details.billing_contact_id {
        Some(id) => contacts::find(tx, id).await?,
        None => None,
    };
    let party = Party::of(&customer.details, contact.as_ref());
    if snapshot(tx, customer.snapshot_id).await? == party {
        return Ok(());
    }
    let now = tx.now();
    let id = store::insert_snapshot(tx, customer.id, &party, now).await?;
    tx.exec_one(&store::SET_SNAPSHOT, params![id, customer.id]).await
}

fn tax_id_status(tax_id: &str) -> TaxIdStatus {
    if tax_id.is_empty() { TaxIdStatus::None } else { TaxIdStatus::Unchecked }
}

/// Group and contacts must exist, the contacts as this customer's own.
async fn check_references(
    tx: &mut Tx,
    id: Option<Id<Customer>>,
    details: &CustomerDetails,
) -> Result<(), CustomerError> {
    if let Some(group) = details.group_id
        && groups::find(tx, group).await?.is_none()
    {
        return Err(CustomerError::field("group_id", "Choose a group from the list; this one is gone."));
    }
    for (field, contact) in [
        ("billing_contact_id", details.billing_contact_id),
        ("shipping_contact_id", details.shipping_contact_id),
    ] {
        let Some(contact) = contact else { continue };
        let found = contacts::find(tx, contact).await?;
        if found.is_none_or(|found| Some(found.customer_id) != id.map(Id::get)) {
            return Err(CustomerError::field(field, "Choose one of this customer's own contacts."));
        }
    }
    Ok(())
}

/// The top-level fields in which two details differ.
pub(crate) fn changed_fields(
    before: &CustomerDetails,
    after: &CustomerDetails,
) -> Result<Vec<String>, Fault> {
    let fields = |details: &CustomerDetails| match serde_json::to_value(details) {
        Ok(serde_json::Value::Object(fields)) => Ok(fields),
        Ok(_) => Err(Fault::new("customer details are not an object")),
        Err(e) => Err(Fault::wrap("writing customer details", e)),
    };
    let (before, after) = (fields(before)?, fields(after)?);
    Ok(after
        .into_iter()
        .filter(|(name, value)| before.get(name) != Some(value))
        .map(|(name, _)| name)
        .collect())
}

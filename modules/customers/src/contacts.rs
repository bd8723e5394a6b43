//! Further people and addresses of a customer.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Param, Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::check::Check;
use crate::customer::{Customer, Postal};
use crate::error::CustomerError;
use crate::{parts, permissions, store};

/// The columns of a contact in the order in which [`contact`] reads them.
macro_rules! columns {
    () => {
        "id, customer_id, first_name, last_name, company, email, phone, address1, address2, city, state, postcode, \
         country, tax_id, receives_general, receives_invoices, receives_services, receives_domains, receives_support"
    };
}

bursar_db::statements! {
    /// One contact.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM customers_contacts WHERE id = $1");
    /// The contacts of one customer.
    pub(crate) LIST = concat!("SELECT ", columns!(), " FROM customers_contacts WHERE customer_id = $1
        ORDER BY id LIMIT 500");
    /// A new contact.
    pub(crate) INSERT = "INSERT INTO customers_contacts (first_name, last_name, company, email, phone, address1,
        address2, city, state, postcode, country, tax_id, receives_general, receives_invoices, receives_services,
        receives_domains, receives_support, id, customer_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    /// Saves a contact.
    pub(crate) UPDATE = "UPDATE customers_contacts SET first_name = $1, last_name = $2, company = $3, email = $4,
        phone = $5, address1 = $6, address2 = $7, city = $8, state = $9, postcode = $10, country = $11, tax_id = $12,
        receives_general = $13, receives_invoices = $14, receives_services = $15, receives_domains = $16,
        receives_support = $17 WHERE id = $18";
    /// Removes a contact; documents keep their own snapshot of it.
    pub(crate) DELETE = "DELETE FROM customers_contacts WHERE id = $1";
}

/// What people may change about a contact.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactDetails {
    /// Name and address.
    #[serde(flatten)]
    pub postal: Postal,
    /// Gets general mail.
    pub receives_general: bool,
    /// Gets invoices and reminders.
    pub receives_invoices: bool,
    /// Gets mail about services.
    pub receives_services: bool,
    /// Gets mail about domains.
    pub receives_domains: bool,
    /// Gets mail about tickets.
    pub receives_support: bool,
}

/// A contact as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// Identity.
    pub id: i64,
    /// Whose.
    pub customer_id: i64,
    /// The rest.
    pub details: ContactDetails,
}

/// A contact of another system.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedContact {
    /// Kept.
    pub id: i64,
    /// Whose.
    pub customer: Id<Customer>,
    /// As it was there.
    pub details: ContactDetails,
}

impl ContactDetails {
    fn checked(&self) -> Result<Self, CustomerError> {
        let details = Self { postal: self.postal.tidied(), ..self.clone() };
        let mut check = Check::default();
        details.postal.check(&mut check);
        check.finish()?;
        Ok(details)
    }
}

/// Adds a contact.
///
/// # Errors
/// [`CustomerError`].
pub async fn add_contact(
    cx: &Cx,
    customer: Id<Customer>,
    details: ContactDetails,
) -> Result<i64, CustomerError> {
    cx.require(permissions::CUSTOMER_EDIT)?;
    let details = details.checked()?;
    cx.write(async move |tx| {
        store::find(tx, customer).await?.ok_or(CustomerError::NotFound("customer"))?;
        let id = tx.new_raw_id()?;
        insert(tx, id, customer, &details).await?;
        let after = Some(json!({"contact": id, "details": details}));
        record(tx, customer.get(), None, after).await?;
        Ok(id)
    })
    .await
}

/// Saves a contact; when invoices go to it, the customer's printed identity is frozen anew.
///
/// # Errors
/// [`CustomerError`].
pub async fn update_contact(cx: &Cx, id: i64, details: ContactDetails) -> Result<(), CustomerError> {
    cx.require(permissions::CUSTOMER_EDIT)?;
    let details = details.checked()?;
    cx.write(async move |tx| {
        let before = find(tx, id).await?.ok_or(CustomerError::NotFound("contact"))?;
        tx.exec_one(&UPDATE, &[values(&details).as_slice(), params![id]].concat()).await?;
        let customer = store::find(tx, Id::new(before.customer_id))
            .await?
            .ok_or_else(|| Fault::corrupt("a contact without its customer"))?;
        if customer.details.billing_contact_id == Some(id) {
            parts::refresh_snapshot(tx, &customer).await?;
        }
        let old = Some(json!({"contact": id, "details": before.details}));
        record(tx, before.customer_id, old, Some(json!({"contact": id, "details": details}))).await?;
        Ok(())
    })
    .await
}

/// Removes a contact that is not in use.
///
/// # Errors
/// [`CustomerError::ContactInUse`] and the rest of [`CustomerError`].
pub async fn remove_contact(cx: &Cx, id: i64) -> Result<(), CustomerError> {
    cx.require(permissions::CUSTOMER_EDIT)?;
    cx.write(async move |tx| {
        let before = find(tx, id).await?.ok_or(CustomerError::NotFound("contact"))?;
        let customer = store::find(tx, Id::new(before.customer_id)).await?;
        let in_use = customer.is_some_and(|customer| {
            [customer.details.billing_contact_id, customer.details.shipping_contact_id].contains(&Some(id))
        });
        if in_use {
            return Err(CustomerError::ContactInUse);
        }
        tx.exec_one(&DELETE, params![id]).await?;
        record(tx, before.customer_id, Some(json!({"contact": id, "details": before.details})), None).await?;
        Ok(())
    })
    .await
}

/// The contacts of one customer, oldest first.
///
/// # Errors
/// Faults of the database.
pub async fn contacts_of(tx: &mut Tx, customer: Id<Customer>) -> Result<Vec<Contact>, Fault> {
    tx.query(&LIST, params![customer], contact).await
}

/// Brings in a contact with its id, unchecked.
///
/// # Errors
/// A fault of class `UniqueViolation` when the id is taken.
pub async fn import_contact(tx: &mut Tx, contact: &ImportedContact) -> Result<(), Fault> {
    let details = ContactDetails { postal: contact.details.postal.tidied(), ..contact.details.clone() };
    insert(tx, contact.id, contact.customer, &details).await
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Contact>, Fault> {
    tx.query_opt(&FIND, params![id], contact).await
}

async fn insert(tx: &mut Tx, id: i64, customer: Id<Customer>, d: &ContactDetails) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec_one(&INSERT, &[values(d).as_slice(), params![id, customer, now]].concat()).await
}

/// `$1` to `$17` of [`INSERT`] and [`UPDATE`].
fn values(d: &ContactDetails) -> Vec<Param<'_>> {
    let receives = params![
        d.receives_general,
        d.receives_invoices,
        d.receives_services,
        d.receives_domains,
        d.receives_support
    ];
    [store::postal_values(&d.postal).as_slice(), receives].concat()
}

async fn record(
    tx: &mut Tx,
    customer: i64,
    before: Option<serde_json::Value>,
    after: Option<serde_json::Value>,
) -> Result<(), Fault> {
    let subject = format!("customer:{customer}");
    bursar_audit::record(tx, Audit { action: permissions::CUSTOMER_EDIT, subject: &subject, before, after })
        .await
}

fn contact(row: &Row<'_>) -> Result<Contact, Fault> {
    Ok(Contact {
        id: row.get(0)?,
        customer_id: row.get(1)?,
        details: ContactDetails {
            postal: store::postal(row, 2)?,
            receives_general: row.get(14)?,
            receives_invoices: row.get(15)?,
            receives_services: row.get(16)?,
            receives_domains: row.get(17)?,
            receives_support: row.get(18)?,
        },
    })
}

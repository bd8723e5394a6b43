//! Groups of customers with their discount and rules.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FaultClass};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::check::Check;
use crate::error::CustomerError;
use crate::permissions;

bursar_db::statements! {
    /// One group.
    pub(crate) FIND = "SELECT id, name, colour, discount_ppm, separate_invoices, dunning_exempt
        FROM customers_groups WHERE id = $1";
    /// Every group; there are few.
    pub(crate) LIST = "SELECT id, name, colour, discount_ppm, separate_invoices, dunning_exempt
        FROM customers_groups ORDER BY name LIMIT 1000";
    /// The group with a name.
    pub(crate) FIND_BY_NAME = "SELECT id FROM customers_groups WHERE name = $1";
    /// A new group.
    pub(crate) INSERT = "INSERT INTO customers_groups (id, name, colour, discount_ppm, separate_invoices,
        dunning_exempt) VALUES ($1, $2, $3, $4, $5, $6)";
    /// Saves a group.
    pub(crate) UPDATE = "UPDATE customers_groups SET name = $1, colour = $2, discount_ppm = $3,
        separate_invoices = $4, dunning_exempt = $5 WHERE id = $6";
    /// Whether anybody is in a group.
    pub(crate) MEMBER = "SELECT id FROM customers_customers WHERE group_id = $1 ORDER BY id LIMIT 1";
    /// Removes an empty group.
    pub(crate) DELETE = "DELETE FROM customers_groups WHERE id = $1";
}

/// What people may change about a group.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetails {
    /// Unique.
    pub name: String,
    /// `#rrggbb`, or empty.
    pub colour: String,
    /// Taken off every line at invoice time, 0 to 1,000,000 (100 %).
    pub discount_ppm: i64,
    /// One invoice per subscription for its members.
    pub separate_invoices: bool,
    /// Its members are never reminded or suspended for debt.
    pub dunning_exempt: bool,
}

/// A group as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: GroupDetails,
}

impl GroupDetails {
    fn checked(&self) -> Result<Self, CustomerError> {
        let details =
            Self { name: self.name.trim().to_owned(), colour: self.colour.trim().to_owned(), ..self.clone() };
        let mut check = Check::default();
        if details.name.is_empty() {
            check.fail("name", "Give the group a name.");
        }
        check.line("name", &details.name, 100);
        let hex = |text: &str| text.len() == 6 && text.bytes().all(|b| b.is_ascii_hexdigit());
        if !details.colour.is_empty() && !details.colour.strip_prefix('#').is_some_and(hex) {
            check.fail("colour", "Enter a colour such as #2fb344, or leave it empty.");
        }
        if !(0..=1_000_000).contains(&details.discount_ppm) {
            check.fail("discount_ppm", "Enter a discount between 0 % and 100 %.");
        }
        check.finish()?;
        Ok(details)
    }
}

/// Makes a group.
///
/// # Errors
/// [`CustomerError`].
pub async fn add_group(cx: &Cx, details: GroupDetails) -> Result<i64, CustomerError> {
    cx.require(permissions::GROUP_EDIT)?;
    let details = details.checked()?;
    cx.write(async move |tx| {
        check_name(tx, &details.name, None).await?;
        let id = tx.new_raw_id()?;
        import_group(tx, id, &details).await.map_err(taken)?;
        record(tx, id, None, Some(json!(details))).await?;
        Ok(id)
    })
    .await
}

/// Saves a group.
///
/// # Errors
/// [`CustomerError`].
pub async fn update_group(cx: &Cx, id: i64, details: GroupDetails) -> Result<(), CustomerError> {
    cx.require(permissions::GROUP_EDIT)?;
    let details = details.checked()?;
    cx.write(async move |tx| {
        let before = find(tx, id).await?.ok_or(CustomerError::NotFound("group"))?;
        check_name(tx, &details.name, Some(id)).await?;
        let d = &details;
        let values = params![&d.name, &d.colour, d.discount_ppm, d.separate_invoices, d.dunning_exempt, id];
        tx.exec_one(&UPDATE, values).await.map_err(taken)?;
        record(tx, id, Some(json!(before.details)), Some(json!(details))).await?;
        Ok(())
    })
    .await
}

/// Removes a group without customers.
///
/// # Errors
/// [`CustomerError::GroupInUse`] and the rest of [`CustomerError`].
pub async fn remove_group(cx: &Cx, id: i64) -> Result<(), CustomerError> {
    cx.require(permissions::GROUP_EDIT)?;
    cx.write(async move |tx| {
        let before = find(tx, id).await?.ok_or(CustomerError::NotFound("group"))?;
        if tx.query_opt(&MEMBER, params![id], |row| row.get::<i64>(0)).await?.is_some() {
            return Err(CustomerError::GroupInUse);
        }
        tx.exec_one(&DELETE, params![id]).await?;
        record(tx, id, Some(json!(before.details)), None).await?;
        Ok(())
    })
    .await
}

/// Every group, by name.
///
/// # Errors
/// Faults of the database.
pub async fn groups(tx: &mut Tx) -> Result<Vec<Group>, Fault> {
    tx.query(&LIST, params![], group).await
}

/// Writes a group with its id, unchecked but for what the database demands.
///
/// # Errors
/// A fault of class `UniqueViolation` when id or name is taken.
pub async fn import_group(tx: &mut Tx, id: i64, d: &GroupDetails) -> Result<(), Fault> {
    let values = params![id, &d.name, &d.colour, d.discount_ppm, d.separate_invoices, d.dunning_exempt];
    tx.exec_one(&INSERT, values).await
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Group>, Fault> {
    tx.query_opt(&FIND, params![id], group).await
}

async fn check_name(tx: &mut Tx, name: &str, own: Option<i64>) -> Result<(), CustomerError> {
    match tx.query_opt(&FIND_BY_NAME, params![name], |row| row.get::<i64>(0)).await? {
        Some(id) if Some(id) != own => Err(name_taken()),
        Some(_) | None => Ok(()),
    }
}

fn name_taken() -> CustomerError {
    CustomerError::field("name", "Another group has this name; choose a different one.")
}

/// The check before lost a race.
fn taken(fault: Fault) -> CustomerError {
    if fault.class() == FaultClass::UniqueViolation { name_taken() } else { fault.into() }
}

async fn record(tx: &mut Tx, id: i64, before: Option<Value>, after: Option<Value>) -> Result<(), Fault> {
    let subject = format!("customer_group:{id}");
    bursar_audit::record(tx, Audit { action: permissions::GROUP_EDIT, subject: &subject, before, after })
        .await
}

fn group(row: &Row<'_>) -> Result<Group, Fault> {
    Ok(Group {
        id: row.get(0)?,
        details: GroupDetails {
            name: row.get(1)?,
            colour: row.get(2)?,
            discount_ppm: row.get(3)?,
            separate_invoices: row.get(4)?,
            dunning_exempt: row.get(5)?,
        },
    })
}

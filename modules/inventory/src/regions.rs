//! Regions: where servers, machines and addresses are.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FaultClass};
use serde::Serialize;
use serde_json::json;

use crate::check::Check;
use crate::error::InventoryError;
use crate::permissions::SERVER_EDIT;

bursar_db::statements! {
    /// Every region.
    pub(crate) LIST = "SELECT id, code, name, country, datacentre, position FROM inventory_regions
        ORDER BY position, id LIMIT 500";
    /// One.
    pub(crate) FIND = "SELECT id, code, name, country, datacentre, position FROM inventory_regions WHERE id = $1";
    /// Who has a code.
    pub(crate) BY_CODE = "SELECT id, code, name, country, datacentre, position FROM inventory_regions
        WHERE code = $1";
    /// A new one.
    pub(crate) INSERT = "INSERT INTO inventory_regions (id, code, name, country, datacentre, position, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Saves one.
    pub(crate) UPDATE = "UPDATE inventory_regions SET code = $1, name = $2, country = $3, datacentre = $4,
        position = $5 WHERE id = $6";
    /// Names for lists.
    pub(crate) NAMES = "SELECT id, name FROM inventory_regions WHERE id {any:$1}";
}

/// What people may change about a region.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct RegionDetails {
    /// Short and unique: `fra`.
    pub code: String,
    /// Shown: `Frankfurt`.
    pub name: String,
    /// ISO 3166 code of the country; empty when it does not matter.
    pub country: String,
    /// Which building, hall or rack, for staff.
    pub datacentre: String,
    /// Smaller first.
    pub position: i64,
}

/// A region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: RegionDetails,
}

impl RegionDetails {
    fn checked(self) -> Result<Self, InventoryError> {
        let trimmed = Self {
            code: self.code.trim().to_ascii_lowercase(),
            name: self.name.trim().to_owned(),
            country: self.country.trim().to_ascii_uppercase(),
            datacentre: self.datacentre.trim().to_owned(),
            position: self.position,
        };
        let mut check = Check::default();
        let code_letters = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if trimmed.code.is_empty() || trimmed.code.len() > 20 || !trimmed.code.bytes().all(code_letters) {
            check.fail("code", "Use 1 to 20 lower-case letters, digits and hyphens, such as fra or fra-2.");
        }
        check.name("name", &trimmed.name);
        check.line("datacentre", &trimmed.datacentre, 200);
        if !trimmed.country.is_empty()
            && (trimmed.country.len() != 2 || !trimmed.country.bytes().all(|b| b.is_ascii_uppercase()))
        {
            check.fail("country", "Use the two letters of the country, such as DE or BD, or nothing.");
        }
        check.range("position", trimmed.position, -1_000_000, 1_000_000);
        check.finish()?;
        Ok(trimmed)
    }
}

fn region(row: &Row<'_>) -> Result<Region, Fault> {
    let details = RegionDetails {
        code: row.get(1)?,
        name: row.get(2)?,
        country: row.get(3)?,
        datacentre: row.get(4)?,
        position: row.get(5)?,
    };
    Ok(Region { id: row.get(0)?, details })
}

/// Every region by position.
///
/// # Errors
/// Faults of the database.
pub async fn regions(tx: &mut Tx) -> Result<Vec<Region>, Fault> {
    tx.query(&LIST, params![], region).await
}

/// One region.
///
/// # Errors
/// Faults of the database.
pub async fn find_region(tx: &mut Tx, id: i64) -> Result<Option<Region>, Fault> {
    tx.query_opt(&FIND, params![id], region).await
}

/// The region of a code: options and import speak of regions by it.
///
/// # Errors
/// Faults of the database.
pub async fn region_by_code(tx: &mut Tx, code: &str) -> Result<Option<Region>, Fault> {
    tx.query_opt(&BY_CODE, params![code], region).await
}

/// Makes a region, or saves the one with this id.
///
/// # Errors
/// [`InventoryError`].
pub async fn save_region(cx: &Cx, id: Option<i64>, details: RegionDetails) -> Result<i64, InventoryError> {
    cx.require(SERVER_EDIT)?;
    let details = details.checked()?;
    cx.write(async move |tx: &mut Tx| {
        let d = &details;
        if region_by_code(tx, &d.code).await?.is_some_and(|other| Some(other.id) != id) {
            return Err(InventoryError::field("code", TAKEN));
        }
        let taken = |fault: Fault| match fault.class() {
            FaultClass::UniqueViolation => InventoryError::field("code", TAKEN),
            _ => fault.into(),
        };
        let before = match id {
            Some(id) => {
                let before = find_region(tx, id).await?.ok_or(InventoryError::NotFound("region"))?;
                let values = params![&d.code, &d.name, &d.country, &d.datacentre, d.position, id];
                tx.exec_one(&UPDATE, values).await.map_err(taken)?;
                Some(json!(before.details))
            }
            None => None,
        };
        let saved = match id {
            Some(id) => id,
            None => {
                let (new, now) = (tx.new_raw_id()?, tx.now());
                let values = params![new, &d.code, &d.name, &d.country, &d.datacentre, d.position, now];
                tx.exec(&INSERT, values).await.map_err(taken)?;
                new
            }
        };
        let subject = format!("region:{saved}");
        let audit = Audit { action: SERVER_EDIT, subject: &subject, before, after: Some(json!(d)) };
        bursar_audit::record(tx, audit).await?;
        Ok(saved)
    })
    .await
}

const TAKEN: &str = "Another region has this code; choose another one.";

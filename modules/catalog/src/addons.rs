//! Things sold with a product, each with its own price.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::error::CatalogError;
use crate::product::{Pay, Product};

bursar_db::statements! {
    /// One add-on.
    pub(crate) FIND = "SELECT id, name, description_md, pay, taxable, allow_quantity, hidden, position
        FROM catalog_addons WHERE id = $1";
    /// Every add-on.
    pub(crate) LIST = "SELECT id, name, description_md, pay, taxable, allow_quantity, hidden, position
        FROM catalog_addons ORDER BY position, id LIMIT 10000";
    /// The add-ons of a product.
    pub(crate) OF_PRODUCT = "SELECT a.id, a.name, a.description_md, a.pay, a.taxable, a.allow_quantity, a.hidden,
        a.position FROM catalog_addon_products AS p JOIN catalog_addons AS a ON a.id = p.addon_id
        WHERE p.product_id = $1 ORDER BY a.position, a.id LIMIT 1000";
    /// A new add-on.
    pub(crate) INSERT = "INSERT INTO catalog_addons (id, name, description_md, pay, taxable, allow_quantity, hidden,
        position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Saves an add-on.
    pub(crate) UPDATE = "UPDATE catalog_addons SET name = $1, description_md = $2, pay = $3, taxable = $4,
        allow_quantity = $5, hidden = $6, position = $7 WHERE id = $8";
    /// Sells an add-on with a product.
    pub(crate) LINK = "INSERT INTO catalog_addon_products (product_id, addon_id) VALUES ($1, $2)
        ON CONFLICT (product_id, addon_id) DO NOTHING";
    /// Forgets the add-ons of a product.
    pub(crate) UNLINK = "DELETE FROM catalog_addon_products WHERE product_id = $1";
}

/// What people may change about an add-on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddonDetails {
    /// Shown and printed.
    pub name: String,
    /// Markdown.
    pub description_md: String,
    /// How it is paid for; `Recurring` in the cycle of its product.
    pub pay: Pay,
    /// Whether tax rules apply.
    pub taxable: bool,
    /// More than one may be bought.
    pub allow_quantity: bool,
    /// Not shown in the shop.
    pub hidden: bool,
    /// Smaller first.
    pub position: i64,
}

/// An add-on as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addon {
    /// Identity; kept by imports.
    pub id: i64,
    /// The rest.
    pub details: AddonDetails,
}

impl AddonDetails {
    fn checked(&self) -> Result<Self, CatalogError> {
        let d = Self { name: self.name.trim().to_owned(), ..self.clone() };
        let mut check = Check::default();
        check.name("name", &d.name);
        check.text("description_md", &d.description_md, 100_000);
        check.range("position", d.position, -1_000_000, 1_000_000, "as position");
        check.finish()?;
        Ok(d)
    }
}

/// Makes an add-on; `id` keeps the one of another system.
///
/// # Errors
/// [`CatalogError`].
pub async fn add_addon(tx: &mut Tx, id: Option<i64>, details: &AddonDetails) -> Result<i64, CatalogError> {
    let d = details.checked()?;
    let id = id.map_or_else(|| tx.new_raw_id(), Ok)?;
    let values = params![
        id,
        &d.name,
        &d.description_md,
        d.pay.code(),
        d.taxable,
        d.allow_quantity,
        d.hidden,
        d.position
    ];
    tx.exec_one(&INSERT, values).await.map_err(|f| CatalogError::or_taken(f, "id", "This id is taken."))?;
    Ok(id)
}

/// Saves an add-on.
///
/// # Errors
/// [`CatalogError`].
pub async fn update_addon(tx: &mut Tx, id: i64, details: &AddonDetails) -> Result<(), CatalogError> {
    let d = details.checked()?;
    let values = params![
        &d.name,
        &d.description_md,
        d.pay.code(),
        d.taxable,
        d.allow_quantity,
        d.hidden,
        d.position,
        id
    ];
    match tx.exec(&UPDATE, values).await? {
        0 => Err(CatalogError::NotFound("add-on")),
        _ => Ok(()),
    }
}

/// Sells an add-on with a product.
///
/// # Errors
/// A fault of class `ForeignKeyViolation` when one of them does not exist.
pub async fn link_addon(tx: &mut Tx, product: Id<Product>, addon: i64) -> Result<(), Fault> {
    tx.exec(&LINK, params![product, addon]).await.map(drop)
}

/// One add-on.
///
/// # Errors
/// Faults of the database.
pub async fn find_addon(tx: &mut Tx, id: i64) -> Result<Option<Addon>, Fault> {
    tx.query_opt(&FIND, params![id], addon).await
}

/// Every add-on, or those of one product, hidden ones too.
///
/// # Errors
/// Faults of the database.
pub async fn addons(tx: &mut Tx, product: Option<Id<Product>>) -> Result<Vec<Addon>, Fault> {
    match product {
        Some(product) => tx.query(&OF_PRODUCT, params![product], addon).await,
        None => tx.query(&LIST, params![], addon).await,
    }
}

fn addon(row: &Row<'_>) -> Result<Addon, Fault> {
    Ok(Addon {
        id: row.get(0)?,
        details: AddonDetails {
            name: row.get(1)?,
            description_md: row.get(2)?,
            pay: Pay::stored(row.text(3)?)?,
            taxable: row.get(4)?,
            allow_quantity: row.get(5)?,
            hidden: row.get(6)?,
            position: row.get(7)?,
        },
    })
}

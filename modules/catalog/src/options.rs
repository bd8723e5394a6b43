//! Configurable options: groups of questions that products share, with answers that have prices.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::error::CatalogError;
use crate::product::Product;
use crate::selection::MOST_UNITS;

bursar_db::statements! {
    /// Every option group.
    pub(crate) LIST_GROUPS = "SELECT id, name FROM catalog_option_groups ORDER BY name, id LIMIT 1000";
    /// One option group.
    pub(crate) FIND_GROUP = "SELECT id FROM catalog_option_groups WHERE id = $1";
    /// A new option group.
    pub(crate) INSERT_GROUP = "INSERT INTO catalog_option_groups (id, name) VALUES ($1, $2)";
    /// A new option.
    pub(crate) INSERT_OPTION = "INSERT INTO catalog_options (id, group_id, name, kind, min_qty, max_qty, position,
        hidden) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Saves an option.
    pub(crate) UPDATE_OPTION = "UPDATE catalog_options SET group_id = $1, name = $2, kind = $3, min_qty = $4,
        max_qty = $5, position = $6, hidden = $7 WHERE id = $8";
    /// One option.
    pub(crate) FIND_OPTION = "SELECT id FROM catalog_options WHERE id = $1";
    /// A new value.
    pub(crate) INSERT_VALUE = "INSERT INTO catalog_option_values (id, option_id, name, position, hidden)
        VALUES ($1, $2, $3, $4, $5)";
    /// Offers a group with a product.
    pub(crate) LINK = "INSERT INTO catalog_product_option_groups (product_id, group_id) VALUES ($1, $2)
        ON CONFLICT (product_id, group_id) DO NOTHING";
    /// Forgets the option groups of a product.
    pub(crate) UNLINK = "DELETE FROM catalog_product_option_groups WHERE product_id = $1";
    /// The options of one product.
    pub(crate) OF_PRODUCT = "SELECT o.id, o.group_id, o.name, o.kind, o.min_qty, o.max_qty, o.position, o.hidden
        FROM catalog_product_option_groups AS p JOIN catalog_options AS o ON o.group_id = p.group_id
        WHERE p.product_id = $1 ORDER BY o.position, o.id LIMIT 1000";
    /// The option groups of one product.
    pub(crate) GROUPS_OF_PRODUCT = "SELECT group_id FROM catalog_product_option_groups WHERE product_id = $1
        ORDER BY group_id LIMIT 1000";
    /// The options of one group.
    pub(crate) OF_GROUP = "SELECT id, group_id, name, kind, min_qty, max_qty, position, hidden FROM catalog_options
        WHERE group_id = $1 ORDER BY position, id LIMIT 1000";
    /// One option with everything about it.
    pub(crate) GET_OPTION = "SELECT id, group_id, name, kind, min_qty, max_qty, position, hidden FROM catalog_options
        WHERE id = $1";
    /// One value.
    pub(crate) GET_VALUE = "SELECT id, option_id, name, position, hidden FROM catalog_option_values WHERE id = $1";
    /// Saves a value.
    pub(crate) UPDATE_VALUE = "UPDATE catalog_option_values SET name = $1, position = $2, hidden = $3 WHERE id = $4";
    /// The values of many options.
    pub(crate) VALUES_OF = "SELECT id, option_id, name, position, hidden FROM catalog_option_values
        WHERE option_id {any:$1} ORDER BY position, id LIMIT 10000";
}

coded! {
    /// How an option is answered.
    OptionKind {
        /// One value from a list.
        Choice = "choice",
        /// One value, all shown.
        Radio = "radio",
        /// Its first value, or not.
        YesNo = "yes_no",
        /// How many of its first value.
        Quantity = "quantity",
    }
}

/// What people may change about an option.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionDetails {
    /// The group it belongs to.
    pub group_id: i64,
    /// Shown and printed.
    pub name: String,
    /// How it is answered.
    pub kind: OptionKind,
    /// For `Quantity`: fewest per unit of the product.
    pub min_qty: i64,
    /// For `Quantity`: most per unit of the product.
    pub max_qty: i64,
    /// Smaller first.
    pub position: i64,
    /// Not shown, and need not be chosen.
    pub hidden: bool,
}

/// One answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OptionValue {
    /// Identity; prices belong to it.
    pub id: i64,
    /// Its option.
    pub option_id: i64,
    /// Shown and printed.
    pub name: String,
    /// Smaller first.
    pub position: i64,
    /// Not shown.
    pub hidden: bool,
}

/// An option with its values, as a product offers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductOption {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: OptionDetails,
    /// By position.
    pub values: Vec<OptionValue>,
}

impl ProductOption {
    /// Whether an order without an answer is refused.
    pub fn must_be_chosen(&self) -> bool {
        let answerable = !self.details.hidden && self.values.iter().any(|value| !value.hidden);
        answerable
            && match self.details.kind {
                OptionKind::Choice | OptionKind::Radio => true,
                OptionKind::YesNo => false,
                OptionKind::Quantity => self.details.min_qty > 0,
            }
    }
}

impl OptionDetails {
    fn checked(&self) -> Result<Self, CatalogError> {
        let mut d = Self { name: self.name.trim().to_owned(), ..self.clone() };
        let mut check = Check::default();
        check.name("name", &d.name);
        check.range("position", d.position, -1_000_000, 1_000_000, "as position");
        if d.kind == OptionKind::Quantity {
            check.range("min_qty", d.min_qty, 0, MOST_UNITS, "pieces");
            check.range("max_qty", d.max_qty, d.min_qty.clamp(1, MOST_UNITS), MOST_UNITS, "pieces");
        } else {
            (d.min_qty, d.max_qty) = (0, 1);
        }
        check.finish()?;
        Ok(d)
    }
}

/// Makes an option group; `id` keeps the one of another system.
///
/// # Errors
/// [`CatalogError`].
pub async fn add_option_group(tx: &mut Tx, id: Option<i64>, name: &str) -> Result<i64, CatalogError> {
    let name = name.trim();
    let mut check = Check::default();
    check.name("name", name);
    check.finish()?;
    let id = id.map_or_else(|| tx.new_raw_id(), Ok)?;
    tx.exec_one(&INSERT_GROUP, params![id, name]).await.map_err(id_taken)?;
    Ok(id)
}

/// Makes an option; `id` keeps the one of another system.
///
/// # Errors
/// [`CatalogError`].
pub async fn add_option(tx: &mut Tx, id: Option<i64>, details: &OptionDetails) -> Result<i64, CatalogError> {
    let d = details.checked()?;
    check_group(tx, d.group_id).await?;
    let id = id.map_or_else(|| tx.new_raw_id(), Ok)?;
    let values = params![id, d.group_id, &d.name, d.kind.code(), d.min_qty, d.max_qty, d.position, d.hidden];
    tx.exec_one(&INSERT_OPTION, values).await.map_err(id_taken)?;
    Ok(id)
}

/// Saves an option.
///
/// # Errors
/// [`CatalogError`].
pub async fn update_option(tx: &mut Tx, id: i64, details: &OptionDetails) -> Result<(), CatalogError> {
    let d = details.checked()?;
    check_group(tx, d.group_id).await?;
    let values = params![d.group_id, &d.name, d.kind.code(), d.min_qty, d.max_qty, d.position, d.hidden, id];
    match tx.exec(&UPDATE_OPTION, values).await? {
        0 => Err(CatalogError::NotFound("option")),
        _ => Ok(()),
    }
}

/// Adds a value to an option; `id` keeps the one of another system. Its price is set apart.
///
/// # Errors
/// [`CatalogError`].
pub async fn add_value(
    tx: &mut Tx,
    id: Option<i64>,
    option: i64,
    name: &str,
    position: i64,
    hidden: bool,
) -> Result<i64, CatalogError> {
    let name = name.trim();
    check_value(name, position)?;
    if tx.query_opt(&FIND_OPTION, params![option], |row| row.get::<i64>(0)).await?.is_none() {
        return Err(CatalogError::NotFound("option"));
    }
    let id = id.map_or_else(|| tx.new_raw_id(), Ok)?;
    tx.exec_one(&INSERT_VALUE, params![id, option, name, position, hidden]).await.map_err(id_taken)?;
    Ok(id)
}

/// Offers the options of a group with a product.
///
/// # Errors
/// A fault of class `ForeignKeyViolation` when one of them does not exist.
pub async fn link_option_group(
    tx: &mut Tx,
    product: bursar_ids::Id<Product>,
    group: i64,
) -> Result<(), Fault> {
    tx.exec(&LINK, params![product, group]).await.map(drop)
}

/// Every option group, id and name.
///
/// # Errors
/// Faults of the database.
pub async fn option_groups(tx: &mut Tx) -> Result<Vec<(i64, String)>, Fault> {
    tx.query(&LIST_GROUPS, params![], |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// The options of a product with their values, hidden ones too.
///
/// # Errors
/// Faults of the database.
pub async fn options_of_product(
    tx: &mut Tx,
    product: bursar_ids::Id<Product>,
) -> Result<Vec<ProductOption>, Fault> {
    let options = tx.query(&OF_PRODUCT, params![product], option).await?;
    with_values(tx, options).await
}

/// The options of a group with their values, hidden ones too.
///
/// # Errors
/// Faults of the database.
pub async fn options_of_group(tx: &mut Tx, group: i64) -> Result<Vec<ProductOption>, Fault> {
    let options = tx.query(&OF_GROUP, params![group], option).await?;
    with_values(tx, options).await
}

/// One option with its values.
///
/// # Errors
/// Faults of the database.
pub async fn find_option(tx: &mut Tx, id: i64) -> Result<Option<ProductOption>, Fault> {
    let found = tx.query(&GET_OPTION, params![id], option).await?;
    Ok(with_values(tx, found).await?.pop())
}

/// One value.
///
/// # Errors
/// Faults of the database.
pub async fn find_value(tx: &mut Tx, id: i64) -> Result<Option<OptionValue>, Fault> {
    tx.query_opt(&GET_VALUE, params![id], value).await
}

/// The option groups that a product offers.
///
/// # Errors
/// Faults of the database.
pub async fn groups_of_product(tx: &mut Tx, product: bursar_ids::Id<Product>) -> Result<Vec<i64>, Fault> {
    tx.query(&GROUPS_OF_PRODUCT, params![product], |row| row.get(0)).await
}

/// Saves a value; its option stays.
///
/// # Errors
/// [`CatalogError`].
pub async fn update_value(tx: &mut Tx, changed: &OptionValue) -> Result<(), CatalogError> {
    let name = changed.name.trim();
    check_value(name, changed.position)?;
    let values = params![name, changed.position, changed.hidden, changed.id];
    match tx.exec(&UPDATE_VALUE, values).await? {
        0 => Err(CatalogError::NotFound("value")),
        _ => Ok(()),
    }
}

fn check_value(name: &str, position: i64) -> Result<(), CatalogError> {
    let mut check = Check::default();
    check.name("name", name);
    check.range("position", position, -1_000_000, 1_000_000, "as position");
    check.finish()
}

async fn with_values(tx: &mut Tx, mut options: Vec<ProductOption>) -> Result<Vec<ProductOption>, Fault> {
    let ids: Vec<i64> = options.iter().map(|option| option.id).collect();
    if ids.is_empty() {
        return Ok(options);
    }
    for value in tx.query(&VALUES_OF, params![&ids], value).await? {
        if let Some(option) = options.iter_mut().find(|option| option.id == value.option_id) {
            option.values.push(value);
        }
    }
    Ok(options)
}

async fn check_group(tx: &mut Tx, group: i64) -> Result<(), CatalogError> {
    match tx.query_opt(&FIND_GROUP, params![group], |row| row.get::<i64>(0)).await? {
        Some(_) => Ok(()),
        None => {
            Err(CatalogError::field("group_id", "Choose an option group from the list; this one is gone."))
        }
    }
}

fn id_taken(fault: Fault) -> CatalogError {
    CatalogError::or_taken(fault, "id", "This id is taken.")
}

fn option(row: &Row<'_>) -> Result<ProductOption, Fault> {
    Ok(ProductOption {
        id: row.get(0)?,
        details: OptionDetails {
            group_id: row.get(1)?,
            name: row.get(2)?,
            kind: OptionKind::stored(row.text(3)?)?,
            min_qty: row.get(4)?,
            max_qty: row.get(5)?,
            position: row.get(6)?,
            hidden: row.get(7)?,
        },
        values: Vec::new(),
    })
}

fn value(row: &Row<'_>) -> Result<OptionValue, Fault> {
    Ok(OptionValue {
        id: row.get(0)?,
        option_id: row.get(1)?,
        name: row.get(2)?,
        position: row.get(3)?,
        hidden: row.get(4)?,
    })
}

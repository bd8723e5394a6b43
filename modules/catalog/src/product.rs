//! Products and their groups.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::{Entity, Id};
use serde::{Deserialize, Serialize};

use crate::check::Check;
use crate::error::CatalogError;

bursar_db::statements! {
    /// Every group by position.
    pub(crate) LIST_GROUPS = "SELECT id, name, slug, headline, hidden, position FROM catalog_groups
        ORDER BY position, id LIMIT 1000";
    /// One group.
    pub(crate) FIND_GROUP = "SELECT id, name, slug, headline, hidden, position FROM catalog_groups WHERE id = $1";
    /// Who has a group slug.
    pub(crate) GROUP_SLUG = "SELECT id FROM catalog_groups WHERE slug = $1";
    /// A new group.
    pub(crate) INSERT_GROUP = "INSERT INTO catalog_groups (id, name, slug, headline, hidden, position)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Saves a group.
    pub(crate) UPDATE_GROUP = "UPDATE catalog_groups SET name = $1, slug = $2, headline = $3, hidden = $4,
        position = $5 WHERE id = $6";
    /// One product.
    pub(crate) FIND = "SELECT id, group_id, kind, name, slug, description_md, features, status, featured, position, pay,
        taxable, stock_control, stock_qty, allow_quantity, trial_days, prorate_to_day, recurring_limit, billing_mode,
        version, stock_return FROM catalog_products WHERE id = $1";
    /// Products in the order of the shop, a page by id.
    pub(crate) LIST = "SELECT id, group_id, kind, name, slug, description_md, features, status, featured, position, pay,
        taxable, stock_control, stock_qty, allow_quantity, trial_days, prorate_to_day, recurring_limit, billing_mode,
        version, stock_return FROM catalog_products WHERE id > $1 ORDER BY id LIMIT $2";
    /// What some products are.
    pub(crate) KINDS = "SELECT id, kind FROM catalog_products WHERE id {any:$1}";
    /// What to call some products.
    pub(crate) NAMES = "SELECT id, name FROM catalog_products WHERE id {any:$1}";
    /// Who has a product slug.
    pub(crate) SLUG = "SELECT id FROM catalog_products WHERE slug = $1";
    /// A new product.
    pub(crate) INSERT = "INSERT INTO catalog_products (group_id, kind, name, slug, description_md, features, status,
        featured, position, pay, taxable, stock_control, stock_qty, allow_quantity, trial_days, prorate_to_day,
        recurring_limit, billing_mode, stock_return, id, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, 1)";
    /// Saves a product.
    pub(crate) UPDATE = "UPDATE catalog_products SET group_id = $1, kind = $2, name = $3, slug = $4,
        description_md = $5, features = $6, status = $7, featured = $8, position = $9, pay = $10, taxable = $11,
        stock_control = $12, stock_qty = $13, allow_quantity = $14, trial_days = $15, prorate_to_day = $16,
        recurring_limit = $17, billing_mode = $18, stock_return = $19, version = version + 1
        WHERE id = $20 AND version = $21";
    /// Takes from stock, if there is enough.
    pub(crate) TAKE = "UPDATE catalog_products SET stock_qty = stock_qty - $1
        WHERE id = $2 AND stock_control = 1 AND stock_qty >= $1";
    /// Puts back.
    pub(crate) RETURN = "UPDATE catalog_products SET stock_qty = stock_qty + $1 WHERE id = $2 AND stock_control = 1";
    /// Allows an upgrade.
    pub(crate) LINK_UPGRADE = "INSERT INTO catalog_upgrades (product_id, to_product_id) VALUES ($1, $2)
        ON CONFLICT (product_id, to_product_id) DO NOTHING";
    /// Forgets the upgrades of a product.
    pub(crate) CLEAR_UPGRADES = "DELETE FROM catalog_upgrades WHERE product_id = $1";
    /// The upgrades of a product.
    pub(crate) UPGRADES = "SELECT to_product_id FROM catalog_upgrades WHERE product_id = $1
        ORDER BY to_product_id LIMIT 1000";
}

coded! {
    /// What sort of thing a product is; decides which module delivers it.
    ProductKind {
        /// Web space.
        WebHosting = "web_hosting",
        /// Virtual server.
        Vps = "vps",
        /// Whole machine.
        Dedicated = "dedicated",
        /// Game server.
        GameServer = "game_server",
        /// Domain name.
        Domain = "domain",
        /// Ready-made environment.
        Workspace = "workspace",
        /// Internet access.
        Internet = "internet",
        /// Software licence.
        Licence = "licence",
        /// Anything else.
        Other = "other",
    }
}

coded! {
    /// Whether it is sold.
    ProductStatus {
        /// In the shop.
        Active = "active",
        /// By its address only.
        Hidden = "hidden",
        /// Not sold any more; existing subscriptions go on.
        Archived = "archived",
    }
}

coded! {
    /// How it is paid for.
    Pay {
        /// Never.
        Free = "free",
        /// Once.
        OneTime = "one_time",
        /// Every cycle.
        Recurring = "recurring",
    }
}

coded! {
    /// When a piece of limited stock is there again.
    StockReturn {
        /// When the sale comes to nothing: what was bought is cancelled before it started.
        Unstarted = "unstarted",
        /// Then, and whenever a subscription is over: a machine that the next customer gets.
        Ended = "ended",
    }
}

coded! {
    /// When a period is billed.
    BillingMode {
        /// Before it.
        Prepaid = "prepaid",
        /// After it.
        Arrears = "arrears",
    }
}

/// What people may change about a group of products.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDetails {
    /// Shown.
    pub name: String,
    /// In addresses; made from the name when empty.
    pub slug: String,
    /// One line under the name.
    pub headline: String,
    /// Not shown in the shop.
    pub hidden: bool,
    /// Smaller first.
    pub position: i64,
}

/// A group as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: GroupDetails,
}

/// What people may change about a product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDetails {
    /// Its group.
    pub group_id: i64,
    /// What sort of thing.
    pub kind: ProductKind,
    /// Shown and printed.
    pub name: String,
    /// In addresses; made from the name when empty.
    pub slug: String,
    /// Markdown.
    pub description_md: String,
    /// Name and value, in order.
    pub features: Vec<(String, String)>,
    /// Whether it is sold.
    pub status: ProductStatus,
    /// Set off in the shop.
    pub featured: bool,
    /// Smaller first.
    pub position: i64,
    /// How it is paid for.
    pub pay: Pay,
    /// Whether tax rules apply.
    pub taxable: bool,
    /// Whether `stock_qty` limits sales.
    pub stock_control: bool,
    /// How many are left.
    pub stock_qty: i64,
    /// When a piece is there again.
    pub stock_return: StockReturn,
    /// More than one may be bought in one order.
    pub allow_quantity: bool,
    /// Free days at the start, 0 for none.
    pub trial_days: i64,
    /// Periods begin on this day of the month, the first one is prorated; none for the anniversary.
    pub prorate_to_day: Option<u8>,
    /// Periods after which a subscription ends; 0 for never.
    pub recurring_limit: i64,
    /// When a period is billed.
    pub billing_mode: BillingMode,
}

impl ProductDetails {
    /// A recurring, taxable, active product; the rest empty.
    pub fn named(group_id: i64, name: &str) -> Self {
        Self {
            group_id,
            kind: ProductKind::Other,
            name: name.to_owned(),
            slug: String::new(),
            description_md: String::new(),
            features: Vec::new(),
            status: ProductStatus::Active,
            featured: false,
            position: 0,
            pay: Pay::Recurring,
            taxable: true,
            stock_control: false,
            stock_qty: 0,
            stock_return: StockReturn::Unstarted,
            allow_quantity: false,
            trial_days: 0,
            prorate_to_day: None,
            recurring_limit: 0,
            billing_mode: BillingMode::Prepaid,
        }
    }

    /// Tidied and checked; every fault at once.
    ///
    /// # Errors
    /// [`CatalogError::Invalid`].
    pub fn checked(&self) -> Result<Self, CatalogError> {
        let mut d =
            Self { name: self.name.trim().to_owned(), slug: self.slug.trim().to_owned(), ..self.clone() };
        if d.slug.is_empty() {
            d.slug = slug_of(&d.name);
        }
        let mut check = Check::default();
        check.name("name", &d.name);
        check.slug("slug", &d.slug);
        check.text("description_md", &d.description_md, 100_000);
        if d.features.len() > 100 {
            check.fail("features", "Keep at most 100 features.");
        }
        for (name, value) in &d.features {
            check.text("features", name, 200);
            check.text("features", value, 1_000);
        }
        check.range("stock_qty", d.stock_qty, 0, 1_000_000_000, "pieces");
        check.range("trial_days", d.trial_days, 0, 366, "days");
        check.range("recurring_limit", d.recurring_limit, 0, 1_000, "periods (0 for no end)");
        check.range("position", d.position, -1_000_000, 1_000_000, "as position");
        if d.prorate_to_day.is_some_and(|day| !(1..=31).contains(&day)) {
            check.fail("prorate_to_day", "Choose a day of the month from 1 to 31, or none.");
        }
        check.finish()?;
        Ok(d)
    }
}

/// A product as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Product {
    /// Identity; kept by imports.
    pub id: Id<Self>,
    /// What may change.
    pub details: ProductDetails,
    /// Counts changes; an update names the one it saw.
    pub version: i64,
}

impl Entity for Product {
    const PREFIX: &'static str = "prd";
}

/// Lower-case letters, digits and single hyphens; what is neither becomes a hyphen. `item` when nothing is left.
pub fn slug_of(name: &str) -> String {
    let mut slug = String::new();
    for c in name.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug: String = slug.trim_end_matches('-').chars().take(90).collect();
    if slug.is_empty() { "item".to_owned() } else { slug.trim_end_matches('-').to_owned() }
}

/// Makes a group; `id` keeps the one of another system. A slug that was made from the name gets a number when taken.
///
/// # Errors
/// [`CatalogError::Invalid`].
pub async fn add_group(tx: &mut Tx, id: Option<i64>, details: &GroupDetails) -> Result<i64, CatalogError> {
    let d = checked_group(tx, details, None).await?;
    let id = id.map_or_else(|| tx.new_raw_id(), Ok)?;
    let values = params![id, &d.name, &d.slug, &d.headline, d.hidden, d.position];
    tx.exec_one(&INSERT_GROUP, values).await.map_err(slug_taken)?;
    Ok(id)
}

/// Saves a group.
///
/// # Errors
/// [`CatalogError`].
pub async fn update_group(tx: &mut Tx, id: i64, details: &GroupDetails) -> Result<(), CatalogError> {
    let d = checked_group(tx, details, Some(id)).await?;
    let values = params![&d.name, &d.slug, &d.headline, d.hidden, d.position, id];
    match tx.exec(&UPDATE_GROUP, values).await.map_err(slug_taken)? {
        0 => Err(CatalogError::NotFound("group")),
        _ => Ok(()),
    }
}

async fn checked_group(
    tx: &mut Tx,
    details: &GroupDetails,
    own: Option<i64>,
) -> Result<GroupDetails, CatalogError> {
    let mut d = GroupDetails {
        name: details.name.trim().to_owned(),
        slug: details.slug.trim().to_owned(),
        ..details.clone()
    };
    let made = d.slug.is_empty();
    if made {
        d.slug = slug_of(&d.name);
    }
    let mut check = Check::default();
    check.name("name", &d.name);
    check.slug("slug", &d.slug);
    check.text("headline", &d.headline, 500);
    check.range("position", d.position, -1_000_000, 1_000_000, "as position");
    check.finish()?;
    d.slug = free_slug(tx, &GROUP_SLUG, d.slug, own, made).await?;
    Ok(d)
}

/// Every group by position.
///
/// # Errors
/// Faults of the database.
pub async fn groups(tx: &mut Tx) -> Result<Vec<Group>, Fault> {
    tx.query(&LIST_GROUPS, params![], group).await
}

/// Makes a product; `id` keeps the one of another system. A slug that was made from the name gets a number when taken.
///
/// # Errors
/// [`CatalogError::Invalid`].
pub async fn add_product(
    tx: &mut Tx,
    id: Option<i64>,
    details: &ProductDetails,
) -> Result<Id<Product>, CatalogError> {
    let d = checked_product(tx, details, None).await?;
    let id = Id::new(id.map_or_else(|| tx.new_raw_id(), Ok)?);
    let features = features_text(&d)?;
    let now = tx.now();
    let values = params![
        d.group_id,
        d.kind.code(),
        &d.name,
        &d.slug,
        &d.description_md,
        &features,
        d.status.code(),
        d.featured,
        d.position,
        d.pay.code(),
        d.taxable,
        d.stock_control,
        d.stock_qty,
        d.allow_quantity,
        d.trial_days,
        d.prorate_to_day,
        d.recurring_limit,
        d.billing_mode.code(),
        d.stock_return.code(),
        id,
        now
    ];
    tx.exec_one(&INSERT, values).await.map_err(slug_taken)?;
    Ok(id)
}

/// Saves a product over the version the caller saw.
///
/// # Errors
/// [`CatalogError`].
pub async fn update_product(
    tx: &mut Tx,
    id: Id<Product>,
    seen_version: i64,
    details: &ProductDetails,
) -> Result<(), CatalogError> {
    find_product(tx, id).await?.ok_or(CatalogError::NotFound("product"))?;
    let d = checked_product(tx, details, Some(id.get())).await?;
    let features = features_text(&d)?;
    let values = params![
        d.group_id,
        d.kind.code(),
        &d.name,
        &d.slug,
        &d.description_md,
        &features,
        d.status.code(),
        d.featured,
        d.position,
        d.pay.code(),
        d.taxable,
        d.stock_control,
        d.stock_qty,
        d.allow_quantity,
        d.trial_days,
        d.prorate_to_day,
        d.recurring_limit,
        d.billing_mode.code(),
        d.stock_return.code(),
        id,
        seen_version
    ];
    match tx.exec(&UPDATE, values).await.map_err(slug_taken)? {
        1 => Ok(()),
        _ => Err(CatalogError::Changed),
    }
}

async fn checked_product(
    tx: &mut Tx,
    details: &ProductDetails,
    own: Option<i64>,
) -> Result<ProductDetails, CatalogError> {
    let made = details.slug.trim().is_empty();
    let mut d = details.checked()?;
    if tx.query_opt(&FIND_GROUP, params![d.group_id], group).await?.is_none() {
        return Err(CatalogError::field("group_id", "Choose a group from the list; this one is gone."));
    }
    d.slug = free_slug(tx, &SLUG, d.slug, own, made).await?;
    Ok(d)
}

/// The slug itself, or with a number behind it when it was made from the name and is taken.
async fn free_slug(
    tx: &mut Tx,
    who_has: &'static bursar_db::Statement,
    slug: String,
    own: Option<i64>,
    made: bool,
) -> Result<String, CatalogError> {
    let mut candidate = slug.clone();
    for number in 2.. {
        match tx.query_opt(who_has, params![&candidate], |row| row.get::<i64>(0)).await? {
            Some(id) if Some(id) != own && made => candidate = format!("{slug}-{number}"),
            Some(id) if Some(id) != own => {
                return Err(CatalogError::field("slug", "This address is taken; choose another one."));
            }
            Some(_) | None => break,
        }
    }
    Ok(candidate)
}

fn slug_taken(fault: Fault) -> CatalogError {
    CatalogError::or_taken(fault, "slug", "This address or id is taken; choose another one.")
}

/// One product.
///
/// # Errors
/// Faults of the database.
pub async fn find_product(tx: &mut Tx, id: Id<Product>) -> Result<Option<Product>, Fault> {
    tx.query_opt(&FIND, params![id], product).await
}

/// What some products are, by id.
///
/// # Errors
/// Faults of the database.
pub async fn kinds_of(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, ProductKind>, Fault> {
    let rows =
        tx.query(&KINDS, params![ids], |row| Ok((row.get(0)?, ProductKind::stored(row.text(1)?)?))).await?;
    Ok(rows.into_iter().collect())
}

/// What some products are called, by id: for lists of other modules.
///
/// # Errors
/// Faults of the database.
pub async fn product_names(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    let rows = tx.query(&NAMES, params![ids], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(rows.into_iter().collect())
}

/// A page of products of any status by id; `after` is the last id of the page before.
///
/// # Errors
/// Faults of the database.
pub async fn products(tx: &mut Tx, after: Option<Id<Product>>, limit: u32) -> Result<Vec<Product>, Fault> {
    tx.query(&LIST, params![after.map_or(0, Id::get), limit.min(1_000)], product).await
}

/// Takes pieces from stock and returns how many it took: none of a product without stock control.
///
/// # Errors
/// [`CatalogError::OutOfStock`] when there are fewer; nothing is taken then.
pub async fn take_stock(tx: &mut Tx, id: Id<Product>, quantity: i64) -> Result<i64, CatalogError> {
    if quantity < 1 {
        return Err(CatalogError::field("quantity", "Enter 1 or more."));
    }
    if tx.exec(&TAKE, params![quantity, id]).await? == 1 {
        return Ok(quantity);
    }
    let product = find_product(tx, id).await?.ok_or(CatalogError::NotFound("product"))?;
    match product.details.stock_control {
        true => Err(CatalogError::OutOfStock { left: product.details.stock_qty }),
        false => Ok(0),
    }
}

/// Puts pieces back. What a subscription holds is put back by billing, once.
///
/// # Errors
/// [`CatalogError::Invalid`] for less than one.
pub async fn return_stock(tx: &mut Tx, id: Id<Product>, quantity: i64) -> Result<(), CatalogError> {
    if quantity < 1 {
        return Err(CatalogError::field("quantity", "Enter 1 or more."));
    }
    tx.exec(&RETURN, params![quantity, id]).await?;
    Ok(())
}

/// Allows a change from one product to another.
///
/// # Errors
/// A fault of class `ForeignKeyViolation` when one of them does not exist.
pub async fn link_upgrade(tx: &mut Tx, from: Id<Product>, to: Id<Product>) -> Result<(), Fault> {
    tx.exec(&LINK_UPGRADE, params![from, to]).await.map(drop)
}

/// The products one may change to.
///
/// # Errors
/// Faults of the database.
pub async fn upgrades_of(tx: &mut Tx, from: Id<Product>) -> Result<Vec<Id<Product>>, Fault> {
    tx.query(&UPGRADES, params![from], |row| row.get(0)).await
}

fn features_text(details: &ProductDetails) -> Result<String, Fault> {
    serde_json::to_string(&details.features).map_err(|e| Fault::wrap("writing features", e))
}

pub(crate) fn group(row: &Row<'_>) -> Result<Group, Fault> {
    Ok(Group {
        id: row.get(0)?,
        details: GroupDetails {
            name: row.get(1)?,
            slug: row.get(2)?,
            headline: row.get(3)?,
            hidden: row.get(4)?,
            position: row.get(5)?,
        },
    })
}

pub(crate) fn product(row: &Row<'_>) -> Result<Product, Fault> {
    let day = row.get::<Option<i64>>(16)?.map(u8::try_from).transpose();
    Ok(Product {
        id: row.get(0)?,
        details: ProductDetails {
            group_id: row.get(1)?,
            kind: ProductKind::stored(row.text(2)?)?,
            name: row.get(3)?,
            slug: row.get(4)?,
            description_md: row.get(5)?,
            features: serde_json::from_str(row.text(6)?)
                .map_err(|e| Fault::corrupt("features cannot be read").caused_by(e))?,
            status: ProductStatus::stored(row.text(7)?)?,
            featured: row.get(8)?,
            position: row.get(9)?,
            pay: Pay::stored(row.text(10)?)?,
            taxable: row.get(11)?,
            stock_control: row.get(12)?,
            stock_qty: row.get(13)?,
            stock_return: StockReturn::stored(row.text(20)?)?,
            allow_quantity: row.get(14)?,
            trial_days: row.get(15)?,
            prorate_to_day: day
                .map_err(|e| Fault::corrupt("a day of the month is out of range").caused_by(e))?,
            recurring_limit: row.get(17)?,
            billing_mode: BillingMode::stored(row.text(18)?)?,
        },
        version: row.get(19)?,
    })
}

//! All SQL for plan maps.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use super::{Choice, MapDetails, PlanMap};
use crate::stored::{read_settings, settings_text};

bursar_db::statements! {
    /// One map.
    pub(crate) FIND = "SELECT id, product_id, driver, group_id, region_id, model, settings, ipv4_count, ipv6_count,
        version FROM inventory_plan_maps WHERE id = $1";
    /// The map of a product.
    pub(crate) OF_PRODUCT = "SELECT id, product_id, driver, group_id, region_id, model, settings, ipv4_count,
        ipv6_count, version FROM inventory_plan_maps WHERE product_id = $1";
    /// A new map.
    pub(crate) INSERT = "INSERT INTO inventory_plan_maps (product_id, driver, group_id, region_id, model, settings,
        ipv4_count, ipv6_count, id, created_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 1)";
    /// Saves a map over the version that was seen.
    pub(crate) UPDATE = "UPDATE inventory_plan_maps SET product_id = $1, driver = $2, group_id = $3, region_id = $4,
        model = $5, settings = $6, ipv4_count = $7, ipv6_count = $8, version = version + 1
        WHERE id = $9 AND version = $10";
    /// Removes a map.
    pub(crate) DELETE = "DELETE FROM inventory_plan_maps WHERE id = $1";
    /// What values change.
    pub(crate) CHOICES = "SELECT value_id, group_id, region_id, sets, adds, ipv4_more, ipv6_more
        FROM inventory_plan_choices WHERE map_id = $1 ORDER BY value_id LIMIT 2000";
    /// Keeps what a value changes.
    pub(crate) PUT_CHOICE = "INSERT INTO inventory_plan_choices (id, map_id, value_id, group_id, region_id, sets, adds,
        ipv4_more, ipv6_more) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (map_id, value_id) DO UPDATE SET group_id = excluded.group_id, region_id = excluded.region_id,
            sets = excluded.sets, adds = excluded.adds, ipv4_more = excluded.ipv4_more,
            ipv6_more = excluded.ipv6_more";
    /// A value changes nothing any more.
    pub(crate) DROP_CHOICE = "DELETE FROM inventory_plan_choices WHERE map_id = $1 AND value_id = $2";
    /// No value does.
    pub(crate) DROP_CHOICES = "DELETE FROM inventory_plan_choices WHERE map_id = $1";
    /// Which of some products have a map.
    pub(crate) MAPPED = "SELECT product_id FROM inventory_plan_maps WHERE product_id {any:$1}";
}

fn map(row: &Row<'_>) -> Result<PlanMap, Fault> {
    let details = MapDetails {
        product_id: row.get(1)?,
        driver: row.get(2)?,
        group_id: row.get(3)?,
        region_id: row.get(4)?,
        model: row.get(5)?,
        settings: read_settings(row.text(6)?)?,
        ipv4_count: row.get(7)?,
        ipv6_count: row.get(8)?,
    };
    Ok(PlanMap { id: row.get(0)?, details, version: row.get(9)? })
}

/// One map.
///
/// # Errors
/// Faults of the database.
pub async fn find_map(tx: &mut Tx, id: i64) -> Result<Option<PlanMap>, Fault> {
    tx.query_opt(&FIND, params![id], map).await
}

/// The map of a product.
///
/// # Errors
/// Faults of the database.
pub async fn map_of_product(tx: &mut Tx, product_id: i64) -> Result<Option<PlanMap>, Fault> {
    tx.query_opt(&OF_PRODUCT, params![product_id], map).await
}

/// What the values of options change in a map.
///
/// # Errors
/// Faults of the database.
pub async fn choices(tx: &mut Tx, map_id: i64) -> Result<Vec<Choice>, Fault> {
    tx.query(&CHOICES, params![map_id], |row| {
        Ok(Choice {
            value_id: row.get(0)?,
            group_id: row.get(1)?,
            region_id: row.get(2)?,
            sets: read_settings(row.text(3)?)?,
            adds: read_settings(row.text(4)?)?,
            ipv4_more: row.get(5)?,
            ipv6_more: row.get(6)?,
        })
    })
    .await
}

pub(crate) async fn insert(tx: &mut Tx, id: i64, d: &MapDetails) -> Result<(), Fault> {
    let (settings, now) = (settings_text(&d.settings), tx.now());
    let values = params![
        d.product_id,
        &d.driver,
        d.group_id,
        d.region_id,
        &d.model,
        &settings,
        d.ipv4_count,
        d.ipv6_count,
        id,
        now
    ];
    tx.exec(&INSERT, values).await.map(drop)
}

/// Whether the version that was seen still stood.
pub(crate) async fn update(tx: &mut Tx, id: i64, seen: i64, d: &MapDetails) -> Result<bool, Fault> {
    let settings = settings_text(&d.settings);
    let values = params![
        d.product_id,
        &d.driver,
        d.group_id,
        d.region_id,
        &d.model,
        &settings,
        d.ipv4_count,
        d.ipv6_count,
        id,
        seen
    ];
    Ok(tx.exec(&UPDATE, values).await? == 1)
}

pub(crate) async fn put_choice(tx: &mut Tx, map_id: i64, choice: &Choice) -> Result<(), Fault> {
    let id = tx.new_raw_id()?;
    let (sets, adds) = (settings_text(&choice.sets), settings_text(&choice.adds));
    let values = params![
        id,
        map_id,
        choice.value_id,
        choice.group_id,
        choice.region_id,
        &sets,
        &adds,
        choice.ipv4_more,
        choice.ipv6_more
    ];
    tx.exec(&PUT_CHOICE, values).await.map(drop)
}

//! What panels offer to choose from, kept with its time: plans, images, regions, storages.

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, Refusal as _};
use bursar_hosting::{Capability, InventoryItem, InventoryKind};
use bursar_outbound::redact;
use bursar_time::Instant;
use serde_json::Value;

use super::access::server_for_call;
use super::health::{LISTING, LISTING_OF_GROUP, PUT_LISTING};
use crate::drivers::HostingDrivers;
use crate::error::InventoryError;
use crate::permissions::SERVER_VIEW;

/// Longer lists are cut: nobody chooses from them.
const MOST_ITEMS: usize = 2_000;

/// A list as a panel gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// In the order in which people should see it.
    pub items: Vec<InventoryItem>,
    /// When it was given.
    pub listed_at: Instant,
}

/// The text a kind is stored under.
pub const fn kind_code(kind: InventoryKind) -> &'static str {
    match kind {
        InventoryKind::Plans => "plans",
        InventoryKind::Images => "images",
        InventoryKind::Regions => "regions",
        InventoryKind::Storages => "storages",
    }
}

fn listing(row: &Row<'_>) -> Result<Listing, Fault> {
    let pairs: Vec<(String, String)> =
        serde_json::from_str(row.text(0)?).map_err(|e| Fault::wrap("a stored listing cannot be read", e))?;
    let items = pairs.into_iter().map(|(id, label)| InventoryItem { id, label }).collect();
    Ok(Listing { items, listed_at: row.get(1)? })
}

/// What a server offered last.
///
/// # Errors
/// Faults of the database.
pub async fn listing_of(tx: &mut Tx, server_id: i64, kind: InventoryKind) -> Result<Option<Listing>, Fault> {
    tx.query_opt(&LISTING, params![server_id, kind_code(kind)], listing).await
}

/// What the servers of a group offered last: the newest list among them.
///
/// # Errors
/// Faults of the database.
pub async fn listing_of_group(
    tx: &mut Tx,
    group_id: i64,
    kind: InventoryKind,
) -> Result<Option<Listing>, Fault> {
    tx.query_opt(&LISTING_OF_GROUP, params![group_id, kind_code(kind)], listing).await
}

/// Asks a server for everything it offers and keeps that: how many lists there are now. A driver that cannot list gives
/// none.
///
/// # Errors
/// [`InventoryError`]; [`InventoryError::InUse`] with the panel's words when it did not answer.
pub async fn refresh_listings(
    cx: &Cx,
    drivers: &HostingDrivers,
    server_id: i64,
) -> Result<usize, InventoryError> {
    cx.require(SERVER_VIEW)?;
    let lookup = drivers.clone();
    let access = cx.read(async move |tx: &mut Tx| server_for_call(tx, &lookup, server_id).await).await?;
    let driver =
        drivers.shared(&access.driver).ok_or_else(|| InventoryError::NoDriver(access.driver.clone()))?;
    let offered = driver.offers(&access.settings, Capability::Inventory);
    let Some(inventory) = driver.inventory().filter(|_| offered) else { return Ok(0) };
    let mut lists = Vec::new();
    for kind in inventory.kinds() {
        let call = access.ask(drivers, cx);
        let answer = inventory.list(&call, *kind).await;
        let items = answer.map_err(|error| {
            let said = redact(&error.to_string(), &access.credentials);
            InventoryError::InUse(format!("{} did not say what it offers: {said}", access.name))
        })?;
        let pairs: Vec<Value> =
            items.into_iter().take(MOST_ITEMS).map(|item| Value::from(vec![item.id, item.label])).collect();
        lists.push((kind_code(*kind), Value::from(pairs).to_string()));
    }
    let count = lists.len();
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        for (kind, items) in &lists {
            tx.exec(&PUT_LISTING, params![server_id, *kind, items, now]).await?;
        }
        Ok::<_, Fault>(())
    })
    .await?;
    Ok(count)
}

/// As [`refresh_listings`] for the first server of a group that answers.
///
/// # Errors
/// [`InventoryError`]; the last refusal when none answers.
pub async fn refresh_group(
    cx: &Cx,
    drivers: &HostingDrivers,
    group_id: i64,
) -> Result<usize, InventoryError> {
    cx.require(SERVER_VIEW)?;
    let members = cx.read(async move |tx: &mut Tx| crate::groups::members(tx, group_id).await).await?;
    let mut refused = InventoryError::InUse("The group has no server that could be asked.".to_owned());
    for member in members {
        match refresh_listings(cx, drivers, member.server_id).await {
            Ok(count) => return Ok(count),
            Err(error @ (InventoryError::Fault(_) | InventoryError::Denied(_))) => return Err(error),
            Err(error) => {
                tracing::info!(server.id = member.server_id, why = error.message(), "no listing");
                refused = error;
            }
        }
    }
    Err(refused)
}

//! All SQL for places.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_outbound::Settings;
use bursar_time::Instant;

use super::{Placement, PlacementState};
use crate::addresses::addresses_of;
use crate::stored::{read_settings, settings_text};

bursar_db::statements! {
    /// The place of a service.
    pub(crate) FIND = "SELECT service_id, product_id, server_id, driver, region_id, machine_id, plan, state, until
        FROM inventory_reservations WHERE service_id = $1";
    /// A new place.
    pub(crate) INSERT = "INSERT INTO inventory_reservations (service_id, product_id, server_id, driver, region_id,
        machine_id, plan, state, until, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'held', $8, $9)";
    /// Holds it longer.
    pub(crate) PROLONG = "UPDATE inventory_reservations SET until = $1 WHERE service_id = $2 AND state = 'held'
        AND until < $1";
    /// Keeps it until it is released.
    pub(crate) CONFIRM = "UPDATE inventory_reservations SET state = 'confirmed', until = NULL
        WHERE service_id = $1 AND state = 'held'";
    /// Removes it.
    pub(crate) DELETE = "DELETE FROM inventory_reservations WHERE service_id = $1";
    /// On another server.
    pub(crate) MOVE = "UPDATE inventory_reservations SET server_id = $1, region_id = $2 WHERE service_id = $3";
    /// Of another.
    pub(crate) HAND_OVER = "UPDATE inventory_reservations SET service_id = $2 WHERE service_id = $1";
    /// Another plan.
    pub(crate) REPLAN = "UPDATE inventory_reservations SET product_id = $1, plan = $2 WHERE service_id = $3";
    /// What some services are made from.
    pub(crate) PLANS = "SELECT service_id, plan FROM inventory_reservations WHERE service_id {any:$1}";
    /// The places on a server, of the newest services first.
    pub(crate) OF_SERVER = "SELECT service_id, product_id, server_id, driver, region_id, machine_id, plan, state, until
        FROM inventory_reservations WHERE server_id = $1 AND service_id < $2 ORDER BY service_id DESC LIMIT $3";
}

fn place(row: &Row<'_>) -> Result<Placement, Fault> {
    let until: Option<Instant> = row.get(8)?;
    let state = match (row.text(7)?, until) {
        ("held", Some(until)) => PlacementState::Held { until },
        ("confirmed", None) => PlacementState::Confirmed,
        (other, _) => return Err(Fault::corrupt(format!("{other:?} is not the state of a place"))),
    };
    Ok(Placement {
        service_id: row.get(0)?,
        product_id: row.get(1)?,
        server_id: row.get(2)?,
        driver: row.get(3)?,
        region_id: row.get(4)?,
        machine_id: row.get(5)?,
        plan: read_settings(row.text(6)?)?,
        addresses: Vec::new(),
        state,
    })
}

/// The place of a service; none when it has none.
///
/// # Errors
/// Faults of the database.
pub async fn placement(tx: &mut Tx, service_id: i64) -> Result<Option<Placement>, Fault> {
    let Some(found) = tx.query_opt(&FIND, params![service_id], place).await? else { return Ok(None) };
    let addresses = addresses_of(tx, service_id).await?;
    Ok(Some(Placement { addresses, ..found }))
}

/// The places on a server of services before one, the newest first, without their addresses.
///
/// # Errors
/// Faults of the database.
pub async fn of_server(
    tx: &mut Tx,
    server_id: i64,
    before: i64,
    limit: i64,
) -> Result<Vec<Placement>, Fault> {
    tx.query(&OF_SERVER, params![server_id, before, limit], place).await
}

/// The plans of some services that have a place, by service: for whoever compares many at once.
///
/// # Errors
/// Faults of the database.
pub async fn plans_of(tx: &mut Tx, services: &[i64]) -> Result<BTreeMap<i64, Settings>, Fault> {
    let read = |row: &Row<'_>| Ok((row.get::<i64>(0)?, read_settings(row.text(1)?)?));
    Ok(tx.query(&PLANS, params![services], read).await?.into_iter().collect())
}

pub(crate) async fn insert(tx: &mut Tx, place: &Placement, until: Instant) -> Result<(), Fault> {
    let (plan, now) = (settings_text(&place.plan), tx.now());
    let values = params![
        place.service_id,
        place.product_id,
        place.server_id,
        &place.driver,
        place.region_id,
        place.machine_id,
        &plan,
        until,
        now
    ];
    tx.exec(&INSERT, values).await.map(drop)
}

//! All SQL for servers and what opens them.

use std::collections::{BTreeMap, BTreeSet};

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use super::{HealthState, Server, ServerDetails, ServerMode};
use crate::stored::{read_settings, settings_text};

bursar_db::statements! {
    /// One server.
    pub(crate) FIND = "SELECT id, name, driver, region_id, settings, mode, seat_limit, weight, at_once, per_minute,
        notes, health, version FROM inventory_servers WHERE id = $1";
    /// Servers by id.
    pub(crate) LIST = "SELECT id, name, driver, region_id, settings, mode, seat_limit, weight, at_once, per_minute,
        notes, health, version FROM inventory_servers WHERE id > $1 ORDER BY id LIMIT $2";
    /// Servers of one driver by id.
    pub(crate) OF_DRIVER = "SELECT id, name, driver, region_id, settings, mode, seat_limit, weight, at_once,
        per_minute, notes, health, version FROM inventory_servers WHERE driver = $1 AND id > $2 ORDER BY id LIMIT $3";
    /// Servers in use that have a seat.
    pub(crate) WITH_ROOM = "SELECT s.id, s.name FROM inventory_servers AS s
        JOIN inventory_seats AS t ON t.server_id = s.id
        WHERE s.driver = $1 AND s.mode = 'enabled' AND (s.seat_limit IS NULL OR s.seat_limit > t.taken)
        ORDER BY s.name, s.id LIMIT $2";
    /// Who has a name.
    pub(crate) BY_NAME = "SELECT id FROM inventory_servers WHERE name = $1";
    /// A new server.
    pub(crate) INSERT = "INSERT INTO inventory_servers (name, driver, region_id, settings, mode, seat_limit, weight,
        at_once, per_minute, notes, id, health, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'not_asked', $12, 1)";
    /// Its seats.
    pub(crate) INSERT_SEATS = "INSERT INTO inventory_seats (server_id, taken) VALUES ($1, 0)";
    /// Saves a server over the version that was seen.
    pub(crate) UPDATE = "UPDATE inventory_servers SET name = $1, driver = $2, region_id = $3, settings = $4, mode = $5,
        seat_limit = $6, weight = $7, at_once = $8, per_minute = $9, notes = $10, version = version + 1
        WHERE id = $11 AND version = $12";
    /// Removes a server.
    pub(crate) DELETE = "DELETE FROM inventory_servers WHERE id = $1";
    /// Removes its seats.
    pub(crate) DELETE_SEATS = "DELETE FROM inventory_seats WHERE server_id = $1";
    /// Removes what opens it.
    pub(crate) DELETE_SECRETS = "DELETE FROM inventory_server_secrets WHERE server_id = $1";
    /// Removes one secret.
    pub(crate) DELETE_SECRET = "DELETE FROM inventory_server_secrets WHERE server_id = $1 AND name = $2";
    /// Keeps a secret.
    pub(crate) PUT_SECRET = "INSERT INTO inventory_server_secrets (server_id, name, sealed, set_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (server_id, name) DO UPDATE SET sealed = excluded.sealed, set_at = excluded.set_at";
    /// What opens a server, sealed.
    pub(crate) SECRETS = "SELECT name, sealed FROM inventory_server_secrets WHERE server_id = $1 ORDER BY name LIMIT 50";
    /// One of them.
    pub(crate) SECRET = "SELECT sealed FROM inventory_server_secrets WHERE server_id = $1 AND name = $2";
    /// Which secrets are set.
    pub(crate) SECRET_NAMES = "SELECT name FROM inventory_server_secrets WHERE server_id = $1 ORDER BY name LIMIT 50";
    /// How many seats are taken.
    pub(crate) TAKEN = "SELECT taken FROM inventory_seats WHERE server_id = $1";
    /// Takes a seat, if there is one.
    pub(crate) TAKE_SEAT = "UPDATE inventory_seats SET taken = taken + 1 WHERE server_id = $1
        AND (SELECT s.seat_limit IS NULL OR s.seat_limit > taken FROM inventory_servers AS s WHERE s.id = $1)";
    /// Gives a seat back.
    pub(crate) FREE_SEAT = "UPDATE inventory_seats SET taken = taken - 1 WHERE server_id = $1 AND taken > 0";
    /// What else still names a server.
    pub(crate) NEEDED_BY = "SELECT
        (SELECT COUNT(*) FROM inventory_reservations WHERE server_id = $1),
        (SELECT COUNT(*) FROM inventory_machines WHERE server_id = $1)";
    /// Takes a server out of its groups.
    pub(crate) LEAVE_GROUPS = "DELETE FROM inventory_group_servers WHERE server_id = $1";
    /// Takes a server out of the pools that serve it.
    pub(crate) LEAVE_POOLS = "DELETE FROM inventory_pool_servers WHERE server_id = $1";
    /// Servers by a part of their name: there are few enough to read.
    pub(crate) SEARCH = "SELECT id FROM inventory_servers WHERE name {like} $1 ESCAPE '!' ORDER BY name, id LIMIT $2";
    /// Names for lists.
    pub(crate) NAMES = "SELECT id, name FROM inventory_servers WHERE id {any:$1}";
}

pub(crate) fn server(row: &Row<'_>) -> Result<Server, Fault> {
    let details = ServerDetails {
        name: row.get(1)?,
        driver: row.get(2)?,
        region_id: row.get(3)?,
        settings: read_settings(row.text(4)?)?,
        mode: ServerMode::stored(row.text(5)?)?,
        seat_limit: row.get(6)?,
        weight: row.get(7)?,
        at_once: row.get(8)?,
        per_minute: row.get(9)?,
        notes: row.get(10)?,
    };
    let health = HealthState::stored(row.text(11)?)?;
    Ok(Server { id: row.get(0)?, details, health, version: row.get(12)? })
}

/// One server.
///
/// # Errors
/// Faults of the database.
pub async fn find_server(tx: &mut Tx, id: i64) -> Result<Option<Server>, Fault> {
    tx.query_opt(&FIND, params![id], server).await
}

/// Some servers after an id, by id.
///
/// # Errors
/// Faults of the database.
pub async fn servers(tx: &mut Tx, after: i64, limit: i64) -> Result<Vec<Server>, Fault> {
    tx.query(&LIST, params![after, limit], server).await
}

/// The names of some servers.
///
/// # Errors
/// Faults of the database.
pub async fn server_names(tx: &mut Tx, ids: &[i64]) -> Result<BTreeMap<i64, String>, Fault> {
    let rows = tx.query(&NAMES, params![ids], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(rows.into_iter().collect())
}

/// The servers of a driver that are in use and have a seat, by name.
///
/// # Errors
/// Faults of the database.
pub async fn servers_with_room(tx: &mut Tx, driver: &str, limit: i64) -> Result<Vec<(i64, String)>, Fault> {
    tx.query(&WITH_ROOM, params![driver, limit], |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// How many services a server carries or is about to.
///
/// # Errors
/// Faults of the database.
pub async fn seats_taken(tx: &mut Tx, id: i64) -> Result<i64, Fault> {
    Ok(tx.query_opt(&TAKEN, params![id], |row| row.get(0)).await?.unwrap_or(0))
}

/// The names of the secrets that are set. Their values are for calls only.
///
/// # Errors
/// Faults of the database.
pub async fn secrets_set(tx: &mut Tx, id: i64) -> Result<BTreeSet<String>, Fault> {
    let names = tx.query(&SECRET_NAMES, params![id], |row| row.get::<String>(0)).await?;
    Ok(names.into_iter().collect())
}

pub(crate) async fn of_driver(
    tx: &mut Tx,
    driver: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Server>, Fault> {
    tx.query(&OF_DRIVER, params![driver, after, limit], server).await
}

pub(crate) async fn id_of_name(tx: &mut Tx, name: &str) -> Result<Option<i64>, Fault> {
    tx.query_opt(&BY_NAME, params![name], |row| row.get(0)).await
}

pub(crate) async fn insert(tx: &mut Tx, id: i64, d: &ServerDetails) -> Result<(), Fault> {
    let (settings, now) = (settings_text(&d.settings), tx.now());
    let values = params![
        &d.name,
        &d.driver,
        d.region_id,
        &settings,
        d.mode.code(),
        d.seat_limit,
        d.weight,
        d.at_once,
        d.per_minute,
        &d.notes,
        id,
        now
    ];
    tx.exec(&INSERT, values).await?;
    tx.exec(&INSERT_SEATS, params![id]).await.map(drop)
}

/// Whether the version that was seen still stood.
pub(crate) async fn update(tx: &mut Tx, id: i64, seen: i64, d: &ServerDetails) -> Result<bool, Fault> {
    let settings = settings_text(&d.settings);
    let values = params![
        &d.name,
        &d.driver,
        d.region_id,
        &settings,
        d.mode.code(),
        d.seat_limit,
        d.weight,
        d.at_once,
        d.per_minute,
        &d.notes,
        id,
        seen
    ];
    Ok(tx.exec(&UPDATE, values).await? == 1)
}

/// Whether there was a seat.
pub(crate) async fn take_seat(tx: &mut Tx, id: i64) -> Result<bool, Fault> {
    Ok(tx.exec(&TAKE_SEAT, params![id]).await? == 1)
}

pub(crate) async fn free_seat(tx: &mut Tx, id: i64) -> Result<(), Fault> {
    tx.exec_one(&FREE_SEAT, params![id]).await
}

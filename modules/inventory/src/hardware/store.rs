//! All SQL for machines.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::{Machine, MachineDetails, MachineState};
use crate::stored::{read_settings, settings_text};

bursar_db::statements! {
    /// One machine.
    pub(crate) FIND = "SELECT id, label, model, specification, serial, region_id, server_id, settings, note, state,
        service_id, version FROM inventory_machines WHERE id = $1";
    /// The machine of a service.
    pub(crate) OF_SERVICE = "SELECT id, label, model, specification, serial, region_id, server_id, settings, note,
        state, service_id, version FROM inventory_machines WHERE service_id = $1";
    /// Free machines of a model.
    pub(crate) FREE = "SELECT id, label, model, specification, serial, region_id, server_id, settings, note, state,
        service_id, version FROM inventory_machines
        WHERE model = $1 AND state = 'free' AND (CAST($2 AS BIGINT) IS NULL OR region_id = $2) ORDER BY id LIMIT $3";
    /// Who has a label.
    pub(crate) BY_LABEL = "SELECT id FROM inventory_machines WHERE label = $1";
    /// A new one.
    pub(crate) INSERT = "INSERT INTO inventory_machines (label, model, specification, serial, region_id, server_id,
        settings, note, id, state, service_id, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'free', NULL, $10, 1)";
    /// Saves one over the version that was seen.
    pub(crate) UPDATE = "UPDATE inventory_machines SET label = $1, model = $2, specification = $3, serial = $4,
        region_id = $5, server_id = $6, settings = $7, note = $8, version = version + 1
        WHERE id = $9 AND version = $10";
    /// Keeps a free one for a service.
    pub(crate) RESERVE = "UPDATE inventory_machines SET state = 'reserved', service_id = $1, version = version + 1
        WHERE id = $2 AND state = 'free'";
    /// What was kept for a service is its own.
    pub(crate) CONFIRM = "UPDATE inventory_machines SET state = 'in_use', version = version + 1
        WHERE service_id = $1 AND state = 'reserved'";
    /// A service has it no more.
    pub(crate) RELEASE = "UPDATE inventory_machines SET state = CASE WHEN state = 'reserved' THEN 'free' ELSE 'returned'
        END, service_id = NULL, version = version + 1 WHERE service_id = $1";
    /// Where one stands that nobody has.
    pub(crate) SET_STATE = "UPDATE inventory_machines SET state = $1, version = version + 1
        WHERE id = $2 AND state = $3 AND service_id IS NULL";
    /// How many there are of a model, by state.
    pub(crate) STOCK = "SELECT state, COUNT(*) FROM inventory_machines WHERE model = $1 GROUP BY state ORDER BY state";
    /// Every model.
    pub(crate) MODELS = "SELECT DISTINCT model FROM inventory_machines ORDER BY model LIMIT 500";
    /// Puts a service on the list.
    pub(crate) WAIT = "INSERT INTO inventory_waiting (service_id, product_id, model, since) VALUES ($1, $2, $3, $4)
        ON CONFLICT (service_id) DO NOTHING";
    /// Takes one off it.
    pub(crate) LEAVE = "DELETE FROM inventory_waiting WHERE service_id = $1";
    /// Who waits, longest first.
    pub(crate) WAITING = "SELECT service_id, product_id, model, since FROM inventory_waiting
        ORDER BY model, since, service_id LIMIT $1";
    /// How many came before somebody.
    pub(crate) AHEAD = "SELECT COUNT(*) FROM inventory_waiting AS w WHERE w.model = $1
        AND (w.since < COALESCE((SELECT o.since FROM inventory_waiting AS o WHERE o.service_id = $2), $3)
        OR (w.since = (SELECT o.since FROM inventory_waiting AS o WHERE o.service_id = $2) AND w.service_id < $2))";
    /// Who waits for what.
    pub(crate) WAITS = "SELECT service_id, product_id, model, since FROM inventory_waiting WHERE service_id = $1";
    /// Machines by a part of their label.
    pub(crate) SEARCH = "SELECT id FROM inventory_machines WHERE label >= $1 AND label < $2 ORDER BY label LIMIT $3";
}

/// A service that waits for a machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    /// Which service.
    pub service_id: i64,
    /// What was bought.
    pub product_id: i64,
    /// For a machine of this model.
    pub model: String,
    /// Since when.
    pub since: Instant,
}

pub(crate) fn machine(row: &Row<'_>) -> Result<Machine, Fault> {
    let details = MachineDetails {
        label: row.get(1)?,
        model: row.get(2)?,
        specification: row.get(3)?,
        serial: row.get(4)?,
        region_id: row.get(5)?,
        server_id: row.get(6)?,
        settings: read_settings(row.text(7)?)?,
        note: row.get(8)?,
    };
    Ok(Machine {
        id: row.get(0)?,
        details,
        state: MachineState::stored(row.text(9)?)?,
        service_id: row.get(10)?,
        version: row.get(11)?,
    })
}

fn waits(row: &Row<'_>) -> Result<Waiting, Fault> {
    Ok(Waiting { service_id: row.get(0)?, product_id: row.get(1)?, model: row.get(2)?, since: row.get(3)? })
}

/// One machine.
///
/// # Errors
/// Faults of the database.
pub async fn find_machine(tx: &mut Tx, id: i64) -> Result<Option<Machine>, Fault> {
    tx.query_opt(&FIND, params![id], machine).await
}

/// How many there are of a model, by state.
///
/// # Errors
/// Faults of the database.
pub async fn stock_of(tx: &mut Tx, model: &str) -> Result<Vec<(MachineState, i64)>, Fault> {
    tx.query(&STOCK, params![model], |row| Ok((MachineState::stored(row.text(0)?)?, row.get(1)?))).await
}

/// Every model that there is a machine of.
///
/// # Errors
/// Faults of the database.
pub async fn models(tx: &mut Tx) -> Result<Vec<String>, Fault> {
    tx.query(&MODELS, params![], |row| row.get(0)).await
}

/// Who waits for a machine, by model, longest first.
///
/// # Errors
/// Faults of the database.
pub async fn waiting(tx: &mut Tx, limit: i64) -> Result<Vec<Waiting>, Fault> {
    tx.query(&WAITING, params![limit], waits).await
}

pub(crate) async fn waits_of(tx: &mut Tx, service_id: i64) -> Result<Option<Waiting>, Fault> {
    tx.query_opt(&WAITS, params![service_id], waits).await
}

pub(crate) async fn of_service(tx: &mut Tx, service_id: i64) -> Result<Option<Machine>, Fault> {
    tx.query_opt(&OF_SERVICE, params![service_id], machine).await
}

/// Free machines of a model in a region, or anywhere.
pub(crate) async fn free(
    tx: &mut Tx,
    model: &str,
    region_id: Option<i64>,
    limit: i64,
) -> Result<Vec<Machine>, Fault> {
    tx.query(&FREE, params![model, region_id, limit], machine).await
}

/// How many services wait for a machine of the model that came before this one.
pub(crate) async fn ahead_of(tx: &mut Tx, model: &str, service_id: i64) -> Result<i64, Fault> {
    let now = tx.now();
    tx.query_one(&AHEAD, params![model, service_id, now.plus_micros(1)], |row| row.get(0)).await
}

pub(crate) async fn insert(tx: &mut Tx, id: i64, d: &MachineDetails) -> Result<(), Fault> {
    let (settings, now) = (settings_text(&d.settings), tx.now());
    let values = params![
        &d.label,
        &d.model,
        &d.specification,
        &d.serial,
        d.region_id,
        d.server_id,
        &settings,
        &d.note,
        id,
        now
    ];
    tx.exec(&INSERT, values).await.map(drop)
}

/// Whether the version that was seen still stood.
pub(crate) async fn update(tx: &mut Tx, id: i64, seen: i64, d: &MachineDetails) -> Result<bool, Fault> {
    let settings = settings_text(&d.settings);
    let values = params![
        &d.label,
        &d.model,
        &d.specification,
        &d.serial,
        d.region_id,
        d.server_id,
        &settings,
        &d.note,
        id,
        seen
    ];
    Ok(tx.exec(&UPDATE, values).await? == 1)
}

//! How servers are: what they said last.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_hosting::ServerHealth;
use bursar_time::Instant;

use super::HealthState;
use crate::stored::{lines_text, read_lines};

bursar_db::statements! {
    /// How a server was.
    pub(crate) FIND = "SELECT checked_at, since, why, panel_version, remarks, cpu_ppm, memory_used, memory_total,
        disk_used, disk_total, resource_count, resource_limit, shown_fingerprint FROM inventory_health
        WHERE server_id = $1";
    /// Keeps how a server is. The time since when is kept while the state stays.
    pub(crate) PUT = "INSERT INTO inventory_health (server_id, checked_at, since, why, panel_version, remarks, cpu_ppm,
        memory_used, memory_total, disk_used, disk_total, resource_count, resource_limit, shown_fingerprint, full_at)
        VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $15)
        ON CONFLICT (server_id) DO UPDATE SET checked_at = excluded.checked_at,
            since = CASE WHEN $14 = 1 THEN inventory_health.since ELSE excluded.since END,
            why = excluded.why, panel_version = excluded.panel_version, remarks = excluded.remarks,
            cpu_ppm = excluded.cpu_ppm, memory_used = excluded.memory_used, memory_total = excluded.memory_total,
            disk_used = excluded.disk_used, disk_total = excluded.disk_total,
            resource_count = excluded.resource_count, resource_limit = excluded.resource_limit,
            shown_fingerprint = excluded.shown_fingerprint, full_at = excluded.full_at";
    /// Seats that are taken on a server, and how many of them only hold a place: nothing of those is at its panel.
    pub(crate) TAKEN_AND_HELD = "SELECT t.taken, (SELECT COUNT(*) FROM inventory_reservations AS r
            WHERE r.server_id = t.server_id AND r.state = 'held')
        FROM inventory_seats AS t WHERE t.server_id = $1";
    /// The last word on it. The version stays: nobody edits this.
    pub(crate) SET_STATE = "UPDATE inventory_servers SET health = $1 WHERE id = $2 AND health <> $1";
    /// Removes it with its server.
    pub(crate) DELETE = "DELETE FROM inventory_health WHERE server_id = $1";
    /// What a panel offered.
    pub(crate) LISTING = "SELECT items, listed_at FROM inventory_listings WHERE server_id = $1 AND kind = $2";
    /// Keeps what a panel offers.
    pub(crate) PUT_LISTING = "INSERT INTO inventory_listings (server_id, kind, items, listed_at)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (server_id, kind) DO UPDATE SET items = excluded.items, listed_at = excluded.listed_at";
    /// Removes what a panel offered.
    pub(crate) DELETE_LISTINGS = "DELETE FROM inventory_listings WHERE server_id = $1";
    /// The newest listing of a kind among the servers of a group.
    pub(crate) LISTING_OF_GROUP = "SELECT l.items, l.listed_at FROM inventory_group_servers AS g
        JOIN inventory_listings AS l ON l.server_id = g.server_id AND l.kind = $2
        WHERE g.group_id = $1 ORDER BY l.listed_at DESC, l.server_id LIMIT 1";
    /// Whether there is a server to be asked.
    pub(crate) ANY = "SELECT id FROM inventory_servers WHERE mode <> 'disabled' ORDER BY id LIMIT 1";
    /// Servers that were not asked for a while and are to be, by id.
    pub(crate) DUE = "SELECT s.id FROM inventory_servers AS s LEFT JOIN inventory_health AS h ON h.server_id = s.id
        WHERE s.id > $1 AND s.mode <> 'disabled' AND (h.checked_at IS NULL OR h.checked_at <= $2)
        ORDER BY s.id LIMIT $3";
}

/// What a look at a server found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// How it is.
    pub state: HealthState,
    /// Why it is not well, a sentence for staff; empty when it is.
    pub why: String,
    /// What its panel says it is: "9.1.2".
    pub panel_version: String,
    /// What will not work and what staff should know, a sentence each.
    pub remarks: Vec<String>,
    /// Load and room, where its driver can say.
    pub figures: ServerHealth,
    /// The certificate that was shown and not believed; empty when there was none.
    pub shown_fingerprint: String,
}

/// What is known of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// When it was asked.
    pub checked_at: Instant,
    /// Since when it is as it is.
    pub since: Instant,
    /// See [`Look::why`].
    pub why: String,
    /// See [`Look::panel_version`].
    pub panel_version: String,
    /// See [`Look::remarks`].
    pub remarks: Vec<String>,
    /// See [`Look::figures`].
    pub figures: ServerHealth,
    /// See [`Look::shown_fingerprint`].
    pub shown_fingerprint: String,
}

fn known(row: &Row<'_>) -> Result<Known, Fault> {
    let pair = |at: usize| -> Result<Option<(i64, i64)>, Fault> {
        Ok(row.get::<Option<i64>>(at)?.zip(row.get::<Option<i64>>(at + 1)?))
    };
    Ok(Known {
        checked_at: row.get(0)?,
        since: row.get(1)?,
        why: row.get(2)?,
        panel_version: row.get(3)?,
        remarks: read_lines(row.text(4)?)?,
        figures: ServerHealth {
            cpu_ppm: row.get(5)?,
            memory_bytes: pair(6)?,
            disk_bytes: pair(8)?,
            resource_count: row.get(10)?,
            resource_limit: row.get(11)?,
            warnings: Vec::new(),
        },
        shown_fingerprint: row.get(12)?,
    })
}

/// What is known of a server; none when nobody asked yet.
///
/// # Errors
/// Faults of the database.
pub async fn health_of(tx: &mut Tx, server_id: i64) -> Result<Option<Known>, Fault> {
    tx.query_opt(&FIND, params![server_id], known).await
}

/// Keeps what a look found.
pub(crate) async fn put(tx: &mut Tx, server_id: i64, look: &Look) -> Result<(), Fault> {
    let now = tx.now();
    let changed = tx.exec(&SET_STATE, params![look.state.code(), server_id]).await? == 1;
    let f = &look.figures;
    let mut remarks = look.remarks.clone();
    remarks.extend(f.warnings.iter().cloned());
    let remarks = lines_text(&remarks);
    let full_at = full_at(tx, server_id, f).await?;
    let (memory, disk) = (f.memory_bytes.unzip(), f.disk_bytes.unzip());
    let values = params![
        server_id,
        now,
        &look.why,
        &look.panel_version,
        &remarks,
        f.cpu_ppm,
        memory.0,
        memory.1,
        disk.0,
        disk.1,
        f.resource_count,
        f.resource_limit,
        &look.shown_fingerprint,
        !changed,
        full_at
    ];
    tx.exec(&PUT, values).await.map(drop)
}

/// With how many seats taken the server is full, by what its panel says of itself. What is only held is not there yet, so
/// that it needs room of what is left; what else is in our books is counted by the panel too.
async fn full_at(tx: &mut Tx, server_id: i64, figures: &ServerHealth) -> Result<Option<i64>, Fault> {
    let (Some(count), Some(limit)) = (figures.resource_count, figures.resource_limit) else {
        return Ok(None);
    };
    let seats =
        tx.query_opt(&TAKEN_AND_HELD, params![server_id], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    let (taken, held): (i64, i64) = seats.unwrap_or_default();
    Ok(Some(taken - held + (limit - count).max(0)))
}

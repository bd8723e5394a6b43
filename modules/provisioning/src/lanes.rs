//! How each server is to be asked: breaker, pace and calls at once, shared by every process through the database.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_outbound::{Limits, Pacing};
use bursar_time::Instant;

use crate::breaker::Breaker;

bursar_db::statements! {
    /// A server that is asked for the first time, or with other limits than before.
    pub(crate) KEEP = "INSERT INTO provisioning_lanes
            (server_id, at_once, per_minute, failures, opened_at, trials, why, rests_until, full_at)
        VALUES ($1, $2, $3, 0, NULL, 0, '', 0, 0)
        ON CONFLICT (server_id) DO UPDATE SET at_once = excluded.at_once, per_minute = excluded.per_minute
        WHERE provisioning_lanes.at_once <> excluded.at_once
            OR COALESCE(provisioning_lanes.per_minute, 0) <> COALESCE(excluded.per_minute, 0)";
    /// Servers, taken so that two workers do not count at once.
    pub(crate) TAKE = "SELECT server_id, at_once, per_minute, failures, opened_at, trials, why, rests_until, full_at
        FROM provisioning_lanes WHERE server_id {any:$1} ORDER BY server_id {for_update}";
    /// One server.
    pub(crate) FIND = "SELECT server_id, at_once, per_minute, failures, opened_at, trials, why, rests_until, full_at
        FROM provisioning_lanes WHERE server_id = $1";
    /// How many operations each server has under way.
    pub(crate) UNDER_WAY = "SELECT server_id, COUNT(*) FROM provisioning_operations
        WHERE state = 'running' AND lease_until > $1 GROUP BY server_id";
    /// Servers that are not asked before a later time.
    pub(crate) RESTING = "SELECT server_id FROM provisioning_lanes WHERE rests_until > $1 LIMIT 10000";
    /// How a server is after an answer.
    pub(crate) SAVE = "UPDATE provisioning_lanes
        SET failures = $2, opened_at = $3, trials = $4, why = $5, rests_until = $6 WHERE server_id = $1";
    /// A minute's calls, some of them taken.
    pub(crate) PACE = "UPDATE provisioning_lanes SET full_at = $2, rests_until = $3 WHERE server_id = $1";
    /// The next time at which a resting server may be asked.
    pub(crate) NEXT_REST_ENDS = "SELECT MIN(rests_until) FROM provisioning_lanes WHERE rests_until > $1";
    /// Servers that are left alone.
    pub(crate) OPEN = "SELECT server_id, at_once, per_minute, failures, opened_at, trials, why, rests_until, full_at
        FROM provisioning_lanes WHERE opened_at IS NOT NULL ORDER BY opened_at, server_id LIMIT $1";
    /// A person has mended a server: it is tried now.
    pub(crate) WAKE = "UPDATE provisioning_lanes SET rests_until = 0 WHERE server_id = $1";
}

/// How one server is to be asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lane {
    /// Which server.
    pub server_id: i64,
    /// How fast.
    pub limits: Limits,
    /// Whether it is left alone.
    pub breaker: Breaker,
    /// Before this it is not asked.
    pub rests_until: Instant,
    pub(crate) pacing: Pacing,
}

/// Remembers how fast a server may be asked.
pub(crate) async fn keep(tx: &mut Tx, server: i64, limits: Limits) -> Result<(), Fault> {
    let values = params![server, limits.at_once.max(1), limits.per_minute];
    tx.exec(&KEEP, values).await.map(drop)
}

/// These servers, held until the transaction ends.
pub(crate) async fn take(tx: &mut Tx, servers: &[i64]) -> Result<BTreeMap<i64, Lane>, Fault> {
    let rows = tx.query(&TAKE, params![servers], lane).await?;
    Ok(rows.into_iter().map(|lane| (lane.server_id, lane)).collect())
}

pub(crate) async fn under_way(tx: &mut Tx) -> Result<BTreeMap<i64, i64>, Fault> {
    let now = tx.now();
    let rows = tx.query(&UNDER_WAY, params![now], |row| Ok((row.get(0)?, row.get(1)?))).await?;
    Ok(rows.into_iter().collect())
}

pub(crate) async fn resting(tx: &mut Tx) -> Result<Vec<i64>, Fault> {
    let now = tx.now();
    tx.query(&RESTING, params![now], |row| row.get(0)).await
}

pub(crate) async fn save(
    tx: &mut Tx,
    server: i64,
    breaker: &Breaker,
    rests_until: Instant,
) -> Result<(), Fault> {
    let b = breaker;
    tx.exec(&SAVE, params![server, b.failures, b.opened_at, b.trials, &b.why, rests_until]).await.map(drop)
}

pub(crate) async fn pace(
    tx: &mut Tx,
    server: i64,
    full_at: Instant,
    rests_until: Instant,
) -> Result<(), Fault> {
    tx.exec(&PACE, params![server, full_at, rests_until]).await.map(drop)
}

/// When the first resting server may be asked again.
pub(crate) async fn next_rest_ends(tx: &mut Tx) -> Result<Option<Instant>, Fault> {
    let now = tx.now();
    tx.query_one(&NEXT_REST_ENDS, params![now], |row| row.get(0)).await
}

/// How a server is to be asked, if it ever was.
pub(crate) async fn find(tx: &mut Tx, server: i64) -> Result<Option<Lane>, Fault> {
    tx.query_opt(&FIND, params![server], lane).await
}

/// Servers that are left alone, longest first.
///
/// # Errors
/// Faults of the database.
pub async fn open(tx: &mut Tx, limit: i64) -> Result<Vec<Lane>, Fault> {
    tx.query(&OPEN, params![limit], lane).await
}

/// Lets a server be tried now.
pub(crate) async fn wake(tx: &mut Tx, server: i64) -> Result<(), Fault> {
    tx.exec(&WAKE, params![server]).await.map(drop)
}

fn lane(row: &Row<'_>) -> Result<Lane, Fault> {
    let count = |value: i64| {
        u32::try_from(value).map_err(|_| Fault::corrupt("a server's limit is not a small number"))
    };
    Ok(Lane {
        server_id: row.get(0)?,
        limits: Limits {
            at_once: count(row.get(1)?)?,
            per_minute: row.get::<Option<i64>>(2)?.map(count).transpose()?,
        },
        breaker: Breaker {
            failures: row.get(3)?,
            opened_at: row.get(4)?,
            trials: row.get(5)?,
            why: row.get(6)?,
        },
        rests_until: row.get(7)?,
        pacing: Pacing::full_at(row.get(8)?),
    })
}

//! How a service came to where it stands: its moves, what was done, and what was said to vendors. For pages.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use serde::Serialize;
use serde_json::Value;

use crate::operations;
use crate::service::Operation;

/// Lines of each kind that a page shows.
const SHOWN: i64 = 50;

bursar_db::statements! {
    /// How a service moved, newest first.
    pub(crate) MOVES = "SELECT from_state, event, to_state, why, actor_kind, actor_id, at
        FROM provisioning_transitions WHERE service_id = $1 ORDER BY id DESC LIMIT $2";
    /// What was done to a service, newest first.
    pub(crate) DONE = concat!("SELECT ", operations::columns!(), " FROM provisioning_operations
        WHERE service_id = $1 ORDER BY id DESC LIMIT $2");
    /// What was said for some operations, in order.
    pub(crate) SAID = "SELECT operation_id, what, outcome, exchanges, at, took_micros FROM provisioning_calls
        WHERE operation_id {any:$1} ORDER BY id DESC LIMIT $2";
}

/// One move.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Move {
    /// The state's word before.
    pub from: String,
    /// What moved it.
    pub event: String,
    /// The state's word after.
    pub to: String,
    /// Why.
    pub why: String,
    /// `staff`, `user`, `system`.
    pub actor_kind: String,
    /// Which.
    pub actor_id: Option<i64>,
    /// When.
    pub at: Instant,
}

/// One call, redacted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallView {
    /// For which operation.
    pub operation_id: i64,
    /// What was asked.
    pub what: String,
    /// What came of it.
    pub outcome: String,
    /// What went over the line, where a line was used.
    pub exchanges: Value,
    /// When.
    pub at: Instant,
    /// How long it took.
    pub took_ms: i64,
}

/// An operation with its calls.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// What.
    pub operation: Operation,
    /// What was said for it, newest first.
    pub calls: Vec<CallView>,
}

/// How a service moved, newest first.
///
/// # Errors
/// Faults of the database.
pub async fn moves(tx: &mut Tx, service: i64) -> Result<Vec<Move>, Fault> {
    tx.query(&MOVES, params![service, SHOWN], |row| {
        Ok(Move {
            from: row.get(0)?,
            event: row.get(1)?,
            to: row.get(2)?,
            why: row.get(3)?,
            actor_kind: row.get(4)?,
            actor_id: row.get(5)?,
            at: row.get(6)?,
        })
    })
    .await
}

/// What was done to a service with what was said for it, newest first.
///
/// # Errors
/// Faults of the database.
pub async fn done(tx: &mut Tx, service: i64) -> Result<Vec<Done>, Fault> {
    let operations = tx.query(&DONE, params![service, SHOWN], operations::operation).await?;
    let ids: Vec<i64> = operations.iter().map(|operation| operation.id).collect();
    let said = tx
        .query(&SAID, params![&ids, 4 * SHOWN], |row| {
            Ok(CallView {
                operation_id: row.get(0)?,
                what: row.get(1)?,
                outcome: row.get(2)?,
                exchanges: serde_json::from_str(row.text(3)?)
                    .map_err(|e| Fault::wrap("reading what was said", e))?,
                at: row.get(4)?,
                took_ms: row.get::<i64>(5)? / 1_000,
            })
        })
        .await?;
    let of = |id: i64| said.iter().filter(|call| call.operation_id == id).cloned().collect();
    Ok(operations.into_iter().map(|operation| Done { calls: of(operation.id), operation }).collect())
}

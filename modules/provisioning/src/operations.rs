//! All SQL of operations and of what was said for them.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use crate::policy::Action;
use crate::service::{Operation, OperationState, Resource, Service};
use crate::verdict::{Class, Step};
use crate::words::stored;

macro_rules! columns {
    () => {
        "id, service_id, resource_id, server_id, action, step, key, state, class, why, due_at, lease_until, fence,
         is_unsure, attempts, polls, vendor_failures, task, percent, plan_version, created_at, first_tried_at, ended_at,
         tried"
    };
}
pub(crate) use columns;

bursar_db::statements! {
    /// One operation.
    pub(crate) FIND = concat!("SELECT ", columns!(), " FROM provisioning_operations WHERE id = $1");
    /// What is to be done to a service, or is being done.
    pub(crate) OPEN = concat!("SELECT ", columns!(), " FROM provisioning_operations
        WHERE service_id = $1 AND state IN ('waiting', 'running')");
    /// The last thing that was given up.
    pub(crate) LAST_DEAD = concat!("SELECT ", columns!(), " FROM provisioning_operations
        WHERE service_id = $1 AND state = 'dead' ORDER BY id DESC LIMIT 1");
    /// A new one.
    pub(crate) INSERT = concat!("INSERT INTO provisioning_operations (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6,
        $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)");
    /// Ends one that waits.
    pub(crate) CLOSE = "UPDATE provisioning_operations SET state = $2, ended_at = $3
        WHERE id = $1 AND state = 'waiting'";
    /// Keeps a turn for longer, if the worker still has it.
    pub(crate) HOLD = "UPDATE provisioning_operations SET lease_until = $3
        WHERE id = $1 AND fence = $2 AND state = 'running'";
    /// What became of a turn, if the worker still has it.
    pub(crate) RECORD = "UPDATE provisioning_operations SET state = $3, class = $4, why = $5, due_at = $6,
            lease_until = NULL, is_unsure = $7, attempts = $8, polls = $9, vendor_failures = $10, task = $11,
            percent = $12, step = $13, server_id = $14, ended_at = $15, tried = $16
        WHERE id = $1 AND fence = $2 AND state = 'running'";
    /// What has got a place waits for its server's turns from now on.
    pub(crate) PLACE = "UPDATE provisioning_operations
        SET server_id = $3, state = 'waiting', lease_until = NULL, due_at = $4
        WHERE id = $1 AND fence = $2 AND state = 'running'";
    /// A person asks for another try.
    pub(crate) REVIVE = "UPDATE provisioning_operations SET state = 'waiting', class = 'none', due_at = $2, attempts = 0,
            polls = 0, vendor_failures = 0, first_tried_at = NULL, tried = '[]', ended_at = NULL, plan_version = $3
        WHERE id = $1 AND state = 'dead'";
    /// Its next turn is now.
    pub(crate) HURRY = "UPDATE provisioning_operations SET due_at = $2
        WHERE id = $1 AND state = 'waiting' AND due_at > $2";
    /// What was said.
    pub(crate) INSERT_CALL = "INSERT INTO provisioning_calls
        (id, operation_id, service_id, server_id, what, outcome, exchanges, at, took_micros)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Operation>, Fault> {
    tx.query_opt(&FIND, params![id], operation).await
}

pub(crate) async fn open_of(tx: &mut Tx, service: i64) -> Result<Option<Operation>, Fault> {
    tx.query_opt(&OPEN, params![service], operation).await
}

pub(crate) async fn last_dead(tx: &mut Tx, service: i64) -> Result<Option<Operation>, Fault> {
    tx.query_opt(&LAST_DEAD, params![service], operation).await
}

/// Decides on an operation: its key is named after resource, action and generation, so that no other ever has it.
pub(crate) async fn begin(
    tx: &mut Tx,
    service: &Service,
    resource: &Resource,
    action: Action,
) -> Result<Operation, Fault> {
    let now = tx.now();
    let operation = Operation {
        id: tx.new_raw_id()?,
        service_id: service.id,
        resource_id: resource.id,
        server_id: resource.server_id,
        action,
        step: Step::Do,
        key: format!("{}:{}:{}", resource.tag, action.code(), service.generation),
        state: OperationState::Waiting,
        class: Class::None,
        why: String::new(),
        due_at: now,
        lease_until: None,
        fence: 0,
        is_unsure: false,
        attempts: 0,
        polls: 0,
        vendor_failures: 0,
        tried: Vec::new(),
        task: None,
        percent: None,
        plan_version: service.plan_wanted,
        created_at: now,
        first_tried_at: None,
        ended_at: None,
    };
    insert(tx, &operation).await?;
    Ok(operation)
}

async fn insert(tx: &mut Tx, o: &Operation) -> Result<(), Fault> {
    let tried = encode(o)?;
    let values = params![
        o.id,
        o.service_id,
        o.resource_id,
        o.server_id,
        o.action.code(),
        o.step.code(),
        &o.key,
        o.state.code(),
        o.class.code(),
        &o.why,
        o.due_at,
        o.lease_until,
        o.fence,
        o.is_unsure,
        o.attempts,
        o.polls,
        o.vendor_failures,
        &o.task,
        o.percent,
        o.plan_version,
        o.created_at,
        o.first_tried_at,
        o.ended_at,
        &tried
    ];
    tx.exec_one(&INSERT, values).await
}

fn encode(o: &Operation) -> Result<String, Fault> {
    serde_json::to_string(&o.tried).map_err(|e| Fault::wrap("encoding servers", e))
}

/// Drops what waits. False when a worker has it.
pub(crate) async fn drop_waiting(tx: &mut Tx, id: i64) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(tx.exec(&CLOSE, params![id, OperationState::Dropped.code(), now]).await? == 1)
}

/// Saves what became of a turn. False when somebody else has it by now, and nothing was saved.
pub(crate) async fn record(tx: &mut Tx, o: &Operation) -> Result<bool, Fault> {
    let tried = encode(o)?;
    let values = params![
        o.id,
        o.fence,
        o.state.code(),
        o.class.code(),
        &o.why,
        o.due_at,
        o.is_unsure,
        o.attempts,
        o.polls,
        o.vendor_failures,
        &o.task,
        o.percent,
        o.step.code(),
        o.server_id,
        o.ended_at,
        &tried
    ];
    Ok(tx.exec(&RECORD, values).await? == 1)
}

/// Keeps a turn until a time: its call may take so long. False when somebody else has it by now.
pub(crate) async fn hold(tx: &mut Tx, operation: &Operation, until: Instant) -> Result<bool, Fault> {
    Ok(tx.exec(&HOLD, params![operation.id, operation.fence, until]).await? == 1)
}

/// Gives a turn back that has got a place: its next one is the server's to give. False when somebody else has it by now.
pub(crate) async fn place(tx: &mut Tx, operation: &Operation, server: i64) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(tx.exec(&PLACE, params![operation.id, operation.fence, server, now]).await? == 1)
}

/// Gives what was given up another life, for the plan that is wanted now.
pub(crate) async fn revive(tx: &mut Tx, id: i64, plan_version: i64) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(tx.exec(&REVIVE, params![id, now, plan_version]).await? == 1)
}

/// Lets what waits have its turn now. False when it is not waiting, or due anyway.
pub(crate) async fn hurry(tx: &mut Tx, id: i64) -> Result<bool, Fault> {
    let now = tx.now();
    Ok(tx.exec(&HURRY, params![id, now]).await? == 1)
}

/// One call, as it is kept.
pub(crate) struct CallRow<'a> {
    pub(crate) operation: &'a Operation,
    pub(crate) what: &'a str,
    pub(crate) outcome: &'a str,
    pub(crate) exchanges: &'a str,
    pub(crate) at: Instant,
    pub(crate) took_micros: i64,
}

pub(crate) async fn insert_call(tx: &mut Tx, call: &CallRow<'_>) -> Result<(), Fault> {
    let id = tx.new_raw_id()?;
    let values = params![
        id,
        call.operation.id,
        call.operation.service_id,
        call.operation.server_id,
        call.what,
        call.outcome,
        call.exchanges,
        call.at,
        call.took_micros
    ];
    tx.exec_one(&INSERT_CALL, values).await
}

pub(crate) fn operation(row: &Row<'_>) -> Result<Operation, Fault> {
    Ok(Operation {
        id: row.get(0)?,
        service_id: row.get(1)?,
        resource_id: row.get(2)?,
        server_id: row.get(3)?,
        action: stored(row.text(4)?, Action::parse)?,
        step: stored(row.text(5)?, Step::parse)?,
        key: row.get(6)?,
        state: stored(row.text(7)?, OperationState::parse)?,
        class: stored(row.text(8)?, Class::parse)?,
        why: row.get(9)?,
        due_at: row.get(10)?,
        lease_until: row.get(11)?,
        fence: row.get(12)?,
        is_unsure: row.get(13)?,
        attempts: row.get(14)?,
        polls: row.get(15)?,
        vendor_failures: row.get(16)?,
        task: row.get(17)?,
        percent: row.get(18)?,
        plan_version: row.get(19)?,
        created_at: row.get(20)?,
        first_tried_at: row.get(21)?,
        ended_at: row.get(22)?,
        tried: serde_json::from_str(row.text(23)?).map_err(|e| Fault::wrap("reading servers", e))?,
    })
}

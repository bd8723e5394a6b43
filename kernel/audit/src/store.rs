//! All SQL of the audit log.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use crate::Entry;

bursar_db::statements! {
    /// The end of the chain. Locked, so that also work below SERIALIZABLE can't fork it.
    pub(crate) LOCK_HEAD = "SELECT last_id, last_hash FROM audit_head WHERE id = 1 {for_update}";
    /// The end of the chain, for checking.
    pub(crate) HEAD = "SELECT last_id, last_hash FROM audit_head WHERE id = 1";
    /// Moves the end; guarded by where it was.
    pub(crate) MOVE_HEAD = "UPDATE audit_head SET last_id = $1, last_hash = $2 WHERE id = 1 AND last_id = $3";
    /// The whole chain in order.
    pub(crate) WALK = "SELECT id, at, actor_kind, actor_id, actor_name, action, subject, before, after, request_id,
        previous_hash, hash FROM audit_log ORDER BY id";
    /// One act.
    pub(crate) FIND = "SELECT id, at, actor_kind, actor_id, actor_name, action, subject, before, after, request_id,
        previous_hash, hash
        FROM audit_log WHERE id = $1";
    /// A page, newest first.
    pub(crate) LIST = "SELECT id, at, actor_kind, actor_id, actor_name, action, subject, before, after, request_id,
        previous_hash, hash FROM audit_log WHERE id < $1 ORDER BY id DESC LIMIT $2";
    /// A page of one subject, newest first.
    pub(crate) LIST_OF_SUBJECT = "SELECT id, at, actor_kind, actor_id, actor_name, action, subject, before, after,
        request_id, previous_hash, hash FROM audit_log WHERE subject = $1 AND id < $2 ORDER BY id DESC LIMIT $3";
}

bursar_db::bulk! {
    /// New rows of the log.
    pub(crate) INSERT = insert "audit_log" {
        id: int, at: int, actor_kind: text, actor_id: int, actor_name: text, action: text, subject: text,
        before: text, after: text, request_id: text, previous_hash: text, hash: text
    };
}

pub(crate) async fn lock_head(tx: &mut Tx) -> Result<(i64, String), Fault> {
    tx.query_one(&LOCK_HEAD, params![], |row| Ok((row.get(0)?, row.get(1)?))).await
}

pub(crate) fn entry(row: &Row<'_>) -> Result<Entry, Fault> {
    Ok(Entry {
        id: row.get(0)?,
        at: row.get(1)?,
        actor_kind: row.get(2)?,
        actor_id: row.get(3)?,
        actor_name: row.get(4)?,
        action: row.get(5)?,
        subject: row.get(6)?,
        before: row.get(7)?,
        after: row.get(8)?,
        request_id: row.get(9)?,
        previous_hash: row.get(10)?,
        hash: row.get(11)?,
    })
}

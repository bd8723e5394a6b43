//! Opening SQLite connections.

use std::path::{Path, PathBuf};
use std::time::Duration;

use bursar_fault::Fault;
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::from_sqlite;

/// How long a writer waits for another process before it reports the database as busy.
const BUSY_TIMEOUT: Duration = Duration::from_secs(60);
/// Prepared statements kept by a connection; more than the product has.
const STATEMENT_CACHE: usize = 1_024;

/// Which side of the pool a connection serves; it decides the size of its page cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Writer,
    Reader,
}

/// A database file, and whether a commit waits for the disk.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) durable: bool,
}

pub(crate) fn open(place: &Place, side: Side) -> Result<Connection, Fault> {
    let path = &place.path;
    let what = format!("opening {}", path.display());
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| Fault::wrap(what.clone(), e))?;
    }
    let fresh = !path.exists();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_CREATE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let conn = Connection::open_with_flags(path, flags).map_err(|e| from_sqlite(&what, e))?;
    if fresh {
        restrict(path)?;
    }
    conn.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    conn.busy_timeout(BUSY_TIMEOUT).map_err(|e| from_sqlite(&what, e))?;
    // A plan depends on the text alone. Else SQLite plans a cached statement again whenever a value is bound that an
    // index might care about: a fifth of the time of a page went there.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(|e| from_sqlite(&what, e))?;
    let cache_kib = match side {
        Side::Writer => 65_536,
        Side::Reader => 8_192,
    };
    // In WAL mode NORMAL keeps the database whole whatever happens, and loses the last commits with the power.
    let synchronous = if place.durable { "FULL" } else { "NORMAL" };
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = {synchronous}; PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;"
    ))
    .map_err(|e| from_sqlite(&what, e))?;
    Ok(conn)
}

/// The database holds people's data: only its owner may read the file.
fn restrict(path: &Path) -> Result<(), Fault> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
        .map_err(|e| Fault::wrap(format!("restricting {}", path.display()), e))
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_cached_statement_is_planned_once_whatever_is_bound_to_it() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place { path: folder.path().join("t.sqlite"), durable: false };
        let conn = open(&place, Side::Writer).unwrap();
        conn.execute_batch(
            "CREATE TABLE t (id INTEGER PRIMARY KEY, state TEXT NOT NULL);
             CREATE INDEX t_open ON t (id) WHERE state = 'open';",
        )
        .unwrap();
        let mut find = conn.prepare_cached("SELECT id FROM t WHERE state = ?1 AND id > ?2").unwrap();
        for state in ["open", "paid", "open", "void"] {
            assert!(find.query_row((state, 0), |row| row.get::<_, i64>(0)).is_err());
        }
        assert_eq!(find.get_status(StatementStatus::RePrepare), 0);
    }
}

//! What an engine's error means to us.

use bursar_fault::{Fault, FaultClass};
use rusqlite::ErrorCode;
use tokio_postgres::error::SqlState;

/// SQLite's extended code of a unique index (the primary key has its own).
const SQLITE_CONSTRAINT_UNIQUE: i32 = 2067;
const SQLITE_CONSTRAINT_PRIMARYKEY: i32 = 1555;
const SQLITE_CONSTRAINT_ROWID: i32 = 2579;
const SQLITE_CONSTRAINT_FOREIGNKEY: i32 = 787;
const SQLITE_CONSTRAINT_CHECK: i32 = 275;
const SQLITE_CONSTRAINT_NOTNULL: i32 = 1299;

pub(crate) fn from_sqlite(what: &str, error: rusqlite::Error) -> Fault {
    let class = match &error {
        rusqlite::Error::SqliteFailure(code, _) => match (code.extended_code, code.code) {
            (SQLITE_CONSTRAINT_UNIQUE | SQLITE_CONSTRAINT_PRIMARYKEY | SQLITE_CONSTRAINT_ROWID, _) => {
                FaultClass::UniqueViolation
            }
            (SQLITE_CONSTRAINT_FOREIGNKEY, _) => FaultClass::ForeignKeyViolation,
            (SQLITE_CONSTRAINT_CHECK | SQLITE_CONSTRAINT_NOTNULL, _) => FaultClass::CheckViolation,
            (_, ErrorCode::DiskFull) => FaultClass::DiskFull,
            (
                _,
                ErrorCode::DatabaseBusy
                | ErrorCode::DatabaseLocked
                | ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::ReadOnly
                | ErrorCode::FileLockingProtocolFailed,
            ) => FaultClass::Unavailable,
            (_, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => FaultClass::Corrupt,
            _ => FaultClass::Bug,
        },
        _ => FaultClass::Bug,
    };
    Fault::with_class(class, explain(class, what)).caused_by(error)
}

pub(crate) fn from_postgres(what: &str, error: tokio_postgres::Error) -> Fault {
    let class = match error.code() {
        Some(state) => class_of_state(state),
        None if error.is_closed()
            || std::error::Error::source(&error).is_some_and(|s| s.is::<std::io::Error>()) =>
        {
            FaultClass::Unavailable
        }
        None => FaultClass::Bug,
    };
    Fault::with_class(class, explain(class, what)).caused_by(error)
}

fn class_of_state(state: &SqlState) -> FaultClass {
    match state.code() {
        "40001" | "40P01" => FaultClass::Serialization,
        "23505" => FaultClass::UniqueViolation,
        "23503" => FaultClass::ForeignKeyViolation,
        "23514" | "23502" => FaultClass::CheckViolation,
        "53100" => FaultClass::DiskFull,
        code if code.starts_with("08") || code.starts_with("53") || code.starts_with("57P") => {
            FaultClass::Unavailable
        }
        code if code.starts_with("XX") => FaultClass::Corrupt,
        _ => FaultClass::Bug,
    }
}

fn explain(class: FaultClass, what: &str) -> String {
    match class {
        FaultClass::DiskFull => {
            format!("{what}: the disk of the database is full; free some space and run it again")
        }
        FaultClass::Unavailable => format!("{what}: the database cannot be reached or is busy"),
        _ => what.to_owned(),
    }
}

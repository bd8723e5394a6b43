//! What an engine's error means to us.

use bursar_fault::{Fault, FaultClass};
use rusqlite::ErrorCode;
use rustls::CertificateError;
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

/// What to tell about a connection that failed in the TLS handshake; nothing when it failed elsewhere.
pub(crate) fn refused_tls(error: &tokio_postgres::Error, hosts: &str) -> Option<String> {
    let source = std::error::Error::source(error)?;
    if source.to_string() == "server does not support TLS" {
        return Some(format!(
            "the PostgreSQL server at {hosts} offers no TLS: switch it on there (ssl = on), or allow a connection in the \
             clear with sslmode=prefer"
        ));
    }
    let io = source.downcast_ref::<std::io::Error>()?;
    let rustls::Error::InvalidCertificate(why) = io.get_ref()?.downcast_ref::<rustls::Error>()? else {
        return io
            .get_ref()
            .filter(|inner| inner.is::<rustls::Error>())
            .map(|inner| format!("the TLS handshake with the PostgreSQL server at {hosts} failed: {inner}"));
    };
    Some(match why {
        CertificateError::UnknownIssuer => format!(
            "the certificate of the PostgreSQL server at {hosts} is signed by no root that is trusted; name its root \
             with sslrootcert=FILE"
        ),
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => format!(
            "the certificate of the PostgreSQL server is not made for {hosts}: connect under a name it is made for, or \
             use sslmode=verify-ca, which does not look at the name"
        ),
        why => format!("the certificate of the PostgreSQL server at {hosts} is refused: {why}"),
    })
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

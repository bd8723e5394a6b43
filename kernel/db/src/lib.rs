//! One transaction type over two engines: SQLite inside the process and PostgreSQL beside it.
//!
//! Every query is one registered [`Statement`] with one SQL text. A unit of work is a closure that runs in one hop
//! on a database thread, holding its own connection; on PostgreSQL it is retried whole after a serialisation failure,
//! so it must have no effect but its statements. A unit that waits for anything except the database is refused, which
//! is why nobody can hold the write lock across a vendor's call.
//!
//! Deliberately absent: an ORM, per-engine query text outside [`statement`] and [`bulk`], nested transactions.

mod asked;
mod bulk;
mod checks;
mod connect;
mod crash;
mod error;
mod glance;
mod lane;
mod migrate;
mod param;
mod postgres;
mod row;
mod scope;
mod session;
mod sqlite;
pub mod statement;
mod tls;
mod together;
mod tx;
mod url;
mod worker;

pub use bulk::{Bulk, BulkKind, BulkWriter, Column};
pub use connect::{Db, Mode, OpenOptions};
pub use crash::{CommitHook, Fate};
pub use glance::Glance;
pub use migrate::{Migration, Migrations, kernel_migrations};
pub use param::Param;
pub use row::{FromColumn, Row};
pub use scope::{Attachments, IdSource, Scope};
pub use statement::Statement;
pub use tx::{Prepared, Tx};
pub use url::{DatabaseUrl, Engine};

/// The statements of the kernel's own tables.
pub fn kernel_statements() -> Vec<&'static Statement> {
    scope::STATEMENTS.iter().chain(migrate::STATEMENTS).copied().collect()
}

//! Many rows of one shape: prepared row statements on SQLite, one `UNNEST` statement on PostgreSQL.
//!
//! This is the only place in the hot path where the engines differ.

use std::fmt::Write as _;
use std::sync::OnceLock;

use bursar_fault::Fault;

use crate::param::Param;
use crate::tx::{Conn, Tx};
use crate::url::Engine;

/// The type of a bulk column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "written in bulk! declarations, where they read as SQL types")]
pub enum Column {
    /// BIGINT.
    int,
    /// TEXT.
    text,
    /// BYTEA.
    bytes,
}

impl Column {
    fn postgres(self) -> &'static str {
        match self {
            Self::int => "bigint",
            Self::text => "text",
            Self::bytes => "bytea",
        }
    }
}

/// What a bulk statement does with its rows.
#[derive(Debug)]
pub enum BulkKind {
    /// Inserts; the tail is an `ON CONFLICT` clause or empty.
    Insert(&'static str),
    /// Updates the rows whose key columns match.
    Update,
}

/// A bulk statement. Declare with `bulk!`.
#[derive(Debug)]
pub struct Bulk {
    /// `module::NAME`.
    pub path: (&'static str, &'static str),
    /// Insert or update.
    pub kind: BulkKind,
    /// The table written.
    pub table: &'static str,
    /// Columns set, in the order rows give them.
    pub set: &'static [(&'static str, Column)],
    /// Key columns of an update, given after the set columns.
    pub keys: &'static [(&'static str, Column)],
    #[doc(hidden)]
    pub sql: [OnceLock<String>; 2],
}

impl Bulk {
    /// The statement in the spelling of one engine.
    pub fn sql(&self, engine: Engine) -> &str {
        match engine {
            Engine::Sqlite => self.sql[0].get_or_init(|| self.sqlite()),
            Engine::Postgres => self.sql[1].get_or_init(|| self.postgres()),
        }
    }

    fn width(&self) -> usize {
        self.set.len() + self.keys.len()
    }

    fn sqlite(&self) -> String {
        let mut sql = String::new();
        match self.kind {
            BulkKind::Insert(tail) => {
                let names: Vec<_> = self.set.iter().map(|c| c.0).collect();
                let places: Vec<_> = (1..=names.len()).map(|n| format!("?{n}")).collect();
                write!(
                    sql,
                    "INSERT INTO {} ({}) VALUES ({}) {tail}",
                    self.table,
                    names.join(", "),
                    places.join(", ")
                )
            }
            BulkKind::Update => {
                let set: Vec<_> =
                    self.set.iter().enumerate().map(|(n, c)| format!("{} = ?{}", c.0, n + 1)).collect();
                let keys: Vec<_> = self
                    .keys
                    .iter()
                    .enumerate()
                    .map(|(n, c)| format!("{} = ?{}", c.0, self.set.len() + n + 1))
                    .collect();
                write!(sql, "UPDATE {} SET {} WHERE {}", self.table, set.join(", "), keys.join(" AND "))
            }
        }
        .expect("writing to a string cannot fail");
        sql
    }

    fn postgres(&self) -> String {
        let columns = || self.set.iter().chain(self.keys);
        let arrays: Vec<_> =
            columns().enumerate().map(|(n, c)| format!("${}::{}[]", n + 1, c.1.postgres())).collect();
        let arrays = arrays.join(", ");
        let table = self.table;
        match self.kind {
            BulkKind::Insert(tail) => {
                let names: Vec<_> = columns().map(|c| c.0).collect();
                format!("INSERT INTO {table} ({}) SELECT * FROM UNNEST({arrays}) {tail}", names.join(", "))
            }
            BulkKind::Update => {
                let set: Vec<_> =
                    self.set.iter().enumerate().map(|(n, c)| format!("{} = v.p{n}", c.0)).collect();
                let at = self.set.len();
                let keys: Vec<_> =
                    self.keys.iter().enumerate().map(|(n, c)| format!("t.{} = v.p{}", c.0, at + n)).collect();
                let places: Vec<_> = (0..self.width()).map(|n| format!("p{n}")).collect();
                format!(
                    "UPDATE {table} AS t SET {} FROM UNNEST({arrays}) AS v({}) WHERE {}",
                    set.join(", "),
                    places.join(", "),
                    keys.join(" AND ")
                )
            }
        }
    }
}

/// Declares bulk statements and the list of them, `BULKS`.
///
/// `NAME = insert "table" { a: int, b: text };`, optionally with an `"ON CONFLICT …"` literal before the semicolon, or
/// `NAME = update "table" set { a: text } where { id: int };`.
#[macro_export]
macro_rules! bulk {
    ($($(#[$doc:meta])* $vis:vis $name:ident = $verb:ident $table:literal
        $(set)? { $($col:ident : $ty:ident),+ $(,)? } $(where { $($key:ident : $kty:ident),+ $(,)? })? $($tail:literal)? ;)+) => {
        $($(#[$doc])* $vis static $name: $crate::Bulk = $crate::Bulk {
            path: (module_path!(), stringify!($name)),
            kind: $crate::bulk!(@kind $verb $($tail)?),
            table: $table,
            set: &[$((stringify!($col), $crate::Column::$ty)),+],
            keys: &[$($((stringify!($key), $crate::Column::$kty)),+)?],
            sql: [std::sync::OnceLock::new(), std::sync::OnceLock::new()],
        };)+
        /// Every bulk statement of this store, for the test that prepares them on both engines.
        pub(crate) static BULKS: &[&$crate::Bulk] = &[$(&$name),+];
    };
    (@kind insert) => { $crate::BulkKind::Insert("") };
    (@kind insert $tail:literal) => { $crate::BulkKind::Insert($tail) };
    (@kind update) => { $crate::BulkKind::Update };
}

enum Buffer {
    Int(Vec<Option<i64>>),
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
}

enum Inner<'t> {
    Sqlite { statement: rusqlite::CachedStatement<'t>, changed: u64 },
    Postgres { tx: &'t mut Tx, buffers: Vec<Buffer>, rows: usize },
}

/// Takes rows one by one; [`finish`](Self::finish) must be called, or nothing is promised.
#[must_use = "rows are only complete after finish()"]
pub struct BulkWriter<'t> {
    bulk: &'static Bulk,
    inner: Inner<'t>,
}

impl<'t> BulkWriter<'t> {
    pub(crate) fn start(tx: &'t mut Tx, bulk: &'static Bulk) -> Result<Self, Fault> {
        let sqlite = matches!(tx.conn, Conn::Sqlite(_));
        if !sqlite {
            let buffers = bulk.set.iter().chain(bulk.keys).map(|c| Buffer::of(c.1)).collect();
            return Ok(Self { bulk, inner: Inner::Postgres { tx, buffers, rows: 0 } });
        }
        let Conn::Sqlite(conn) = &tx.conn else { unreachable!("checked above") };
        let statement = conn
            .prepare_cached(bulk.sql(Engine::Sqlite))
            .map_err(|e| crate::error::from_sqlite(bulk.path.1, e))?;
        Ok(Self { bulk, inner: Inner::Sqlite { statement, changed: 0 } })
    }

    /// Adds one row: the set columns in declared order, then the key columns.
    ///
    /// # Errors
    /// On SQLite the row is written at once, so violations show here; on PostgreSQL they show in `finish`.
    pub fn row(&mut self, values: &[Param<'_>]) -> Result<(), Fault> {
        debug_assert_eq!(values.len(), self.bulk.width(), "{:?}", self.bulk.path);
        match &mut self.inner {
            Inner::Sqlite { statement, changed } => {
                let n = statement
                    .execute(rusqlite::params_from_iter(values))
                    .map_err(|e| crate::error::from_sqlite(self.bulk.path.1, e))?;
                *changed += n as u64;
            }
            Inner::Postgres { buffers, rows, .. } => {
                for (buffer, value) in buffers.iter_mut().zip(values) {
                    buffer.push(value)?;
                }
                *rows += 1;
            }
        }
        Ok(())
    }

    /// Writes what is buffered and returns the number of rows written or changed.
    pub async fn finish(self) -> Result<u64, Fault> {
        match self.inner {
            Inner::Sqlite { changed, .. } => Ok(changed),
            Inner::Postgres { rows: 0, .. } => Ok(0),
            Inner::Postgres { tx, buffers, .. } => {
                let values: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
                    buffers.iter().map(Buffer::as_param).collect();
                tx.bulk_postgres(self.bulk, &values).await
            }
        }
    }
}

impl Buffer {
    fn of(column: Column) -> Self {
        match column {
            Column::int => Self::Int(Vec::new()),
            Column::text => Self::Text(Vec::new()),
            Column::bytes => Self::Bytes(Vec::new()),
        }
    }

    fn push(&mut self, value: &Param<'_>) -> Result<(), Fault> {
        match (self, value) {
            (Self::Int(column), Param::Int(value)) => column.push(Some(*value)),
            (Self::Int(column), Param::Null) => column.push(None),
            (Self::Text(column), Param::Text(value)) => column.push(Some((*value).to_owned())),
            (Self::Text(column), Param::Date(value)) => {
                column.push(Some(value.iter().map(|b| char::from(*b)).collect()));
            }
            (Self::Text(column), Param::Null) => column.push(None),
            (Self::Bytes(column), Param::Bytes(value)) => column.push(Some(value.to_vec())),
            (Self::Bytes(column), Param::Null) => column.push(None),
            (_, value) => {
                return Err(Fault::new(format!("a bulk column got a value of another type: {value:?}")));
            }
        }
        Ok(())
    }

    fn as_param(&self) -> &(dyn tokio_postgres::types::ToSql + Sync) {
        match self {
            Self::Int(column) => column,
            Self::Text(column) => column,
            Self::Bytes(column) => column,
        }
    }
}

//! The transaction: what a store function gets.

use std::sync::Arc;
use std::task::Poll;

use bursar_fault::{Fault, FaultClass};
use bursar_ids::{Actor, Entity, Id, Rng};
use bursar_time::{Date, Instant, TimeZone};
use futures_util::{StreamExt as _, TryStreamExt as _, pin_mut};
use tokio_postgres::error::SqlState;
use tokio_postgres::types::ToSql;

use crate::asked::Asked;
use crate::bulk::{Bulk, BulkWriter};
use crate::connect::Mode;
use crate::error::{from_postgres, from_sqlite};
use crate::param::Param;
use crate::row::{Row, RowInner};
use crate::scope::{IdSource, Scope};
use crate::session::{Session, Text};
use crate::statement::{Statement, rewrite};
use crate::url::Engine;

pub(crate) enum Conn {
    Sqlite(rusqlite::Connection),
    Postgres(Session),
}

/// One unit of work's connection and surroundings. Made by [`Db::read`](crate::Db::read) and `write`.
pub struct Tx {
    pub(crate) conn: Conn,
    pub(crate) scope: Arc<Scope>,
    pub(crate) ids: Arc<IdSource>,
    pub(crate) mode: Mode,
    /// Set when the whole unit should run again: a serialisation failure, ids used up, a connection that died.
    pub(crate) retry: Option<Retry>,
    /// A statement was refused because another one of this transaction had failed before it.
    pub(crate) is_bystander: bool,
    /// What the readers of [`together`](Self::together) have asked; nothing where there are none.
    pub(crate) asked: Option<Asked>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Retry {
    Serialization,
    MoreIds,
    /// The connection is gone: worth another one where nothing was changed.
    Connection,
}

/// The outcome of preparing one statement, for the test that prepares them all.
pub type Prepared = Result<(), Fault>;

impl Tx {
    /// The instant of this unit of work; time stands still inside it.
    pub fn now(&self) -> Instant {
        self.scope.now
    }

    /// The calendar date in the tenant's zone.
    pub fn today(&self) -> Date {
        self.scope.today
    }

    /// The tenant's zone.
    pub fn zone(&self) -> &TimeZone {
        &self.scope.zone
    }

    /// Who does this.
    pub fn actor(&self) -> &Actor {
        &self.scope.actor
    }

    /// Ties the rows and log lines of one request together.
    pub fn request_id(&self) -> &str {
        &self.scope.request_id
    }

    /// What an upper kernel crate attached to this work.
    pub fn attachment<T: std::any::Any + Send + Sync>(&self) -> Option<&T> {
        self.scope.attachments.get()
    }

    /// Which engine this runs on. Only kernel code may ask.
    pub fn engine(&self) -> Engine {
        match self.conn {
            Conn::Sqlite(_) => Engine::Sqlite,
            Conn::Postgres(_) => Engine::Postgres,
        }
    }

    /// A new id, greater than every id this process made before.
    ///
    /// # Errors
    /// When the block is used up; the unit is then run again with a fresh block.
    pub fn new_id<E: Entity>(&mut self) -> Result<Id<E>, Fault> {
        self.new_raw_id().map(Id::new)
    }

    /// As [`new_id`](Self::new_id), for rows without a typed id.
    pub fn new_raw_id(&mut self) -> Result<i64, Fault> {
        self.ids.take().ok_or_else(|| {
            self.retry = Some(Retry::MoreIds);
            Fault::new("the block of ids is used up inside one unit of work")
        })
    }

    /// Unguessable text of `bytes` random bytes.
    pub fn random_token(&self, bytes: usize) -> String {
        self.scope.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).token(bytes)
    }

    /// A random number.
    pub fn random_u64(&self) -> u64 {
        self.scope.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner).u64()
    }

    /// Uses the injected randomness: for sealing what belongs to a row whose id was made here.
    pub fn with_rng<T>(&self, f: impl FnOnce(&mut Rng) -> T) -> T {
        f(&mut self.scope.rng.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    /// Runs a statement and returns how many rows it changed.
    pub async fn exec(&mut self, statement: &'static Statement, params: &[Param<'_>]) -> Result<u64, Fault> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn
                .prepare_cached(statement.for_engine(Engine::Sqlite))
                .and_then(|mut s| s.execute(rusqlite::params_from_iter(params)))
                .map(|n| n as u64)
                .map_err(|e| from_sqlite(&statement.path(), e)),
            Conn::Postgres(conn) => {
                let result = match conn.prepare(statement).await {
                    Ok(prepared) => conn.client().execute(&prepared, &dynamic(params)).await,
                    Err(error) => Err(error),
                };
                result.map_err(|e| self.postgres_fault(&statement.path(), e))
            }
        }
    }

    /// As [`exec`](Self::exec), but anything except one changed row is a fault: somebody else changed it first.
    pub async fn exec_one(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
    ) -> Result<(), Fault> {
        match self.exec(statement, params).await? {
            1 => Ok(()),
            n => Err(Fault::new(format!(
                "{} changed {n} rows, not one: the row was changed meanwhile",
                statement.path()
            ))),
        }
    }

    /// All rows, mapped.
    pub async fn query<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let mut rows = Vec::new();
        self.query_each(statement, params, |row| {
            rows.push(map(row)?);
            Ok(())
        })
        .await?;
        Ok(rows)
    }

    /// The only row, or none; more than one is a fault.
    pub async fn query_opt<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Option<T>, Fault> {
        let mut rows = self.query(statement, params, map).await?;
        match rows.len() {
            0 | 1 => Ok(rows.pop()),
            n => Err(Fault::new(format!("{} returned {n} rows where one was expected", statement.path()))),
        }
    }

    /// The only row; none is a fault.
    pub async fn query_one<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.query_opt(statement, params, map)
            .await?
            .ok_or_else(|| Fault::new(format!("{} returned no row", statement.path())))
    }

    /// Every row as it comes, in constant memory.
    pub async fn query_each(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        mut each: impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let what = || statement.path();
                let mut prepared = conn
                    .prepare_cached(statement.for_engine(Engine::Sqlite))
                    .map_err(|e| from_sqlite(&what(), e))?;
                each_sqlite(&mut prepared, params, &mut each).map_err(|e| e.context_of(&what()))
            }
            Conn::Postgres(_) => {
                self.each_postgres(&statement.path(), Text::Declared(statement), params, &mut each).await
            }
        }
    }

    /// The first `limit` rows of a statement that is ordered and has no limit of its own. The number stands in the text, so
    /// that PostgreSQL can keep its plan: it takes a limit that it does not know for a tenth of all rows.
    pub async fn query_first<T>(
        &mut self,
        statement: &'static Statement,
        params: &[Param<'_>],
        limit: i64,
        map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let found = self.query_text(&format!("{} LIMIT {limit}", statement.text()), params, map).await;
        found.map_err(|fault| fault.context(statement.path()))
    }

    /// Rows of a text built at run time from checked fragments (list pages, checks). Never from user input.
    pub async fn query_text<T>(
        &mut self,
        text: &str,
        params: &[Param<'_>],
        mut map: impl FnMut(&Row<'_>) -> Result<T, Fault>,
    ) -> Result<Vec<T>, Fault> {
        let text = rewrite(text, self.engine());
        let mut out = Vec::new();
        let mut each = |row: &Row<'_>| {
            out.push(map(row)?);
            Ok(())
        };
        match &mut self.conn {
            Conn::Sqlite(conn) => {
                let mut prepared = conn.prepare_cached(&text).map_err(|e| from_sqlite("built query", e))?;
                each_sqlite(&mut prepared, params, &mut each).map_err(|e| e.context_of("built query"))?;
            }
            Conn::Postgres(_) => {
                self.each_postgres("built query", Text::Built(&text), params, &mut each).await?;
            }
        }
        Ok(out)
    }

    /// Starts a bulk statement.
    pub fn bulk(&mut self, bulk: &'static Bulk) -> Result<BulkWriter<'_>, Fault> {
        BulkWriter::start(self, bulk)
    }

    /// Prepares a statement without running it.
    pub async fn prepare(&mut self, statement: &'static Statement) -> Prepared {
        self.prepare_text(&statement.path(), statement.for_engine(self.engine())).await
    }

    /// Prepares a bulk statement without running it.
    pub async fn prepare_bulk(&mut self, bulk: &'static Bulk) -> Prepared {
        self.prepare_text(&format!("{}::{}", bulk.path.0, bulk.path.1), bulk.sql(self.engine())).await
    }

    async fn prepare_text(&mut self, what: &str, text: &str) -> Prepared {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.prepare(text).map(drop).map_err(|e| from_sqlite(what, e)),
            Conn::Postgres(conn) => {
                conn.client().prepare(text).await.map(drop).map_err(|e| from_postgres(what, e))
            }
        }
    }

    pub(crate) async fn bulk_postgres(
        &mut self,
        bulk: &'static Bulk,
        values: &[&(dyn ToSql + Sync)],
    ) -> Result<u64, Fault> {
        let Conn::Postgres(conn) = &mut self.conn else { unreachable!("only called for PostgreSQL") };
        let key = std::ptr::from_ref(bulk).addr();
        let result = match conn.prepare_keyed(key, bulk.sql(Engine::Postgres)).await {
            Ok(prepared) => conn.client().execute(&prepared, values).await,
            Err(error) => Err(error),
        };
        result.map_err(|e| self.postgres_fault(bulk.path.1, e))
    }

    async fn each_postgres(
        &mut self,
        what: &str,
        text: Text<'_>,
        params: &[Param<'_>],
        each: &mut impl FnMut(&Row<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let Conn::Postgres(conn) = &self.conn else { unreachable!("only called for PostgreSQL") };
        if let Some(asked) = self.asked.clone() {
            let answer = asked.find(text, params);
            let rows = answer.get_or_try_init(async || conn.ask(text, params).await?.try_collect().await);
            for row in rows.await.map_err(|e| self.postgres_fault(what, e))? {
                each(&Row(RowInner::Postgres(row))).map_err(|f| f.context(what.to_owned()))?;
            }
            return Ok(());
        }
        let rows = conn.ask(text, params).await.map_err(|e| self.postgres_fault(what, e))?;
        pin_mut!(rows);
        while let Some(row) = rows.next().await {
            let row = row.map_err(|e| self.postgres_fault(what, e))?;
            each(&Row(RowInner::Postgres(&row))).map_err(|f| f.context(what.to_owned()))?;
        }
        Ok(())
    }

    fn postgres_fault(&mut self, what: &str, error: tokio_postgres::Error) -> Fault {
        self.is_bystander = error.code() == Some(&SqlState::IN_FAILED_SQL_TRANSACTION);
        let fault = from_postgres(what, error);
        match fault.class() {
            FaultClass::Serialization => self.retry = Some(Retry::Serialization),
            FaultClass::Unavailable => self.retry = Some(Retry::Connection),
            _ => {}
        }
        fault
    }

    pub(crate) async fn control(&mut self, text: &str) -> Result<(), Fault> {
        match &mut self.conn {
            Conn::Sqlite(conn) => conn.execute_batch(text).map_err(|e| from_sqlite(text, e)),
            Conn::Postgres(conn) => {
                let result = conn.client().batch_execute(text).await;
                result.map_err(|e| self.postgres_fault(text, e))
            }
        }
    }

    /// Sends a command and does not wait for its answer, which nobody reads: the next statement follows it at once. Only
    /// for PostgreSQL, and for what cannot fail while the connection lives.
    pub(crate) async fn control_unheard(&mut self, text: &str) -> Result<(), Fault> {
        let Conn::Postgres(conn) = &mut self.conn else { return self.control(text).await };
        let sent = {
            let sent = conn.client().batch_execute(text);
            pin_mut!(sent);
            futures_util::poll!(sent)
        };
        match sent {
            Poll::Ready(Err(error)) => Err(self.postgres_fault(text, error)),
            Poll::Ready(Ok(())) | Poll::Pending => Ok(()),
        }
    }

    pub(crate) async fn begin(&mut self) -> Result<(), Fault> {
        let text = match (self.engine(), self.mode) {
            (Engine::Sqlite, Mode::Read) => "BEGIN",
            // The write lock is taken at the start: a later upgrade would fail at once, whatever the time-out.
            (Engine::Sqlite, Mode::Write | Mode::Batch) => "BEGIN IMMEDIATE",
            (Engine::Postgres, Mode::Read) => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
            (Engine::Postgres, Mode::Write) => "BEGIN ISOLATION LEVEL SERIALIZABLE",
            (Engine::Postgres, Mode::Batch) => "BEGIN ISOLATION LEVEL READ COMMITTED",
        };
        match self.mode {
            Mode::Read => self.control_unheard(text).await,
            Mode::Write | Mode::Batch => self.control(text).await,
        }
    }
}

/// A fault of the engine, or one that the mapping closure already explained.
enum EachError {
    Engine(rusqlite::Error),
    Mapping(Fault),
}

impl EachError {
    fn context_of(self, what: &str) -> Fault {
        match self {
            Self::Engine(error) => from_sqlite(what, error),
            Self::Mapping(fault) => fault.context(what.to_owned()),
        }
    }
}

fn each_sqlite(
    statement: &mut rusqlite::Statement<'_>,
    params: &[Param<'_>],
    each: &mut impl FnMut(&Row<'_>) -> Result<(), Fault>,
) -> Result<(), EachError> {
    let mut rows = statement.query(rusqlite::params_from_iter(params)).map_err(EachError::Engine)?;
    while let Some(row) = rows.next().map_err(EachError::Engine)? {
        each(&Row(RowInner::Sqlite(row))).map_err(EachError::Mapping)?;
    }
    Ok(())
}

fn dynamic<'p>(params: &'p [Param<'p>]) -> Vec<&'p (dyn ToSql + Sync)> {
    params.iter().map(|p| p as &(dyn ToSql + Sync)).collect()
}

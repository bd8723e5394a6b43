//! A worker: it owns one connection and runs units of work on it, one after the other.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bursar_fault::{Fault, FaultClass};
use bursar_ids::IdBlock;
use futures_util::FutureExt as _;

use crate::connect::Mode;
use crate::crash::CrashSwitch;
use crate::glance::Glance;
use crate::params;
use crate::postgres::Target;
use crate::scope::{BLOCK, IdSource, LOW_WATER, Scope, TAKE_IDS};
use crate::session::Session;
use crate::sqlite::{Place, Side};
use crate::tx::{Conn, Retry, Tx};
use crate::url::Engine;

/// A serialisation failure is normal under load; after this many in a row something is wrong.
const MOST_ATTEMPTS: u32 = 120;

pub(crate) struct Worker {
    link: Link,
    shared: Shared,
}

/// What all threads of a database share with its handle.
#[derive(Clone, Default)]
pub(crate) struct Shared {
    pub(crate) ids: Arc<IdSource>,
    pub(crate) crash: CrashSwitch,
    /// Units of work that may have changed something.
    pub(crate) writes: Arc<AtomicU64>,
}

/// The engine, and the connection while no unit of work has it.
enum Link {
    Sqlite { place: Place, side: Side, conn: Option<rusqlite::Connection> },
    Postgres { target: Arc<Target>, conn: Option<Session> },
}

impl Worker {
    pub(crate) fn sqlite(place: Place, side: Side, shared: Shared) -> Self {
        Self { link: Link::Sqlite { place, side, conn: None }, shared }
    }

    pub(crate) fn postgres(target: Arc<Target>, shared: Shared) -> Self {
        Self { link: Link::Postgres { target, conn: None }, shared }
    }

    /// Runs a unit of work to its end, again and again while the engine asks for it.
    pub(crate) async fn run<T, E, F>(&mut self, mode: Mode, scope: &Arc<Scope>, unit: &F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E>,
        E: From<Fault>,
    {
        let mut attempt = 0;
        loop {
            attempt += 1;
            self.shared.crash.check()?;
            if !mode.only_reads() && self.shared.ids.left() < LOW_WATER {
                self.refill(scope).await?;
            }
            let mut tx = self.begin(mode, scope).await?;
            let mark = bursar_unit::enter();
            let outcome = AssertUnwindSafe(self.drive(unit(&mut tx))).catch_unwind().await;
            drop(mark);
            let outcome = match outcome {
                Ok(outcome) => outcome.unwrap_or_else(|fault| Err(E::from(fault))),
                // A broken invariant: undo first, so that no lock outlives it, then let the caller know.
                Err(panic) => {
                    self.rollback(tx).await;
                    resume_unwind(panic);
                }
            };
            let retry = tx.retry;
            let outcome = match outcome {
                Ok(value) => match self.commit(tx).await {
                    Ok(()) => return Ok(value),
                    Err(fault) if fault.class() == FaultClass::Serialization && attempt < MOST_ATTEMPTS => {
                        self.pause(attempt).await;
                        continue;
                    }
                    Err(fault) => Err(E::from(fault)),
                },
                Err(error) => {
                    self.rollback(tx).await;
                    Err(error)
                }
            };
            match retry {
                Some(Retry::MoreIds) if attempt < MOST_ATTEMPTS => self.refill(scope).await?,
                Some(Retry::Serialization) if attempt < MOST_ATTEMPTS => self.pause(attempt).await,
                // A connection that died while idle shows it at a reading unit's first statement: once more, on another.
                Some(Retry::Connection) if mode.only_reads() && attempt == 1 => {}
                _ => return outcome,
            }
        }
    }

    /// Runs a function on the bare connection (migrations, settings); no transaction around it.
    pub(crate) async fn raw<T>(
        &mut self,
        scope: &Arc<Scope>,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let result = self.bare(Mode::Batch, scope, f).await;
        self.shared.writes.fetch_add(1, Ordering::AcqRel);
        result
    }

    /// One statement that reads, with no transaction around it. SQLite only.
    pub(crate) async fn glance<T>(
        &mut self,
        scope: &Arc<Scope>,
        glance: &Glance<T>,
    ) -> Result<Vec<T>, Fault> {
        self.bare(Mode::Read, scope, async |tx| glance.on(tx).await).await
    }

    async fn bare<T>(
        &mut self,
        mode: Mode,
        scope: &Arc<Scope>,
        f: impl AsyncFnOnce(&mut Tx) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.shared.crash.check()?;
        let mut tx = self.take(mode, scope).await?;
        let result = self.drive(f(&mut tx)).await.unwrap_or_else(Err);
        self.give_back(tx);
        result
    }

    /// In a transaction of its own: a rolled-back unit must not give its ids out again.
    async fn refill(&mut self, scope: &Arc<Scope>) -> Result<(), Fault> {
        let ids = Arc::clone(&self.shared.ids);
        let mut tx = self.take(Mode::Batch, scope).await?;
        let next = self.drive(tx.query_one(&TAKE_IDS, params![BLOCK], |row| row.get::<i64>(0))).await;
        let retry = tx.retry;
        match retry {
            Some(Retry::Connection) => drop(tx),
            _ => self.give_back(tx),
        }
        match next.unwrap_or_else(Err) {
            Ok(next) => ids.add(IdBlock::new(next - BLOCK, next)),
            // The unit begins with what is left, on another connection where this one died, and asks again for more.
            Err(_) if retry.is_some() => {}
            Err(fault) => return Err(fault),
        }
        Ok(())
    }

    async fn begin(&mut self, mode: Mode, scope: &Arc<Scope>) -> Result<Tx, Fault> {
        let mut tx = self.take(mode, scope).await?;
        match self.drive(tx.begin()).await.unwrap_or_else(Err) {
            Ok(()) => Ok(tx),
            // A connection that died while idle: one fresh try before it counts as an outage.
            Err(fault)
                if fault.class() == FaultClass::Unavailable && matches!(self.link, Link::Postgres { .. }) =>
            {
                drop(tx);
                let mut tx = self.take(mode, scope).await?;
                self.drive(tx.begin()).await.unwrap_or_else(Err)?;
                Ok(tx)
            }
            Err(fault) => {
                self.give_back(tx);
                Err(fault)
            }
        }
    }

    async fn commit(&mut self, mut tx: Tx) -> Result<(), Fault> {
        match tx.mode {
            Mode::Read => return self.end_reading(tx).await,
            Mode::Write | Mode::Batch => {}
        }
        if let Err(fault) = self.shared.crash.before_commit() {
            self.rollback(tx).await;
            return Err(fault);
        }
        let outcome = self.drive(tx.control("COMMIT")).await.unwrap_or_else(Err);
        // Also when it failed: what an engine that went away has done is not known.
        self.shared.writes.fetch_add(1, Ordering::AcqRel);
        match outcome {
            Ok(()) => {
                self.give_back(tx);
                self.shared.crash.after_commit()
            }
            Err(fault) => {
                self.rollback(tx).await;
                Err(fault)
            }
        }
    }

    /// Ends a snapshot. Its readers have what they asked for; nobody waits for the server to say so, but it is told now:
    /// a snapshot that stays open holds up the server's cleaning.
    async fn end_reading(&mut self, mut tx: Tx) -> Result<(), Fault> {
        let told = self.drive(tx.control_unheard("COMMIT")).await;
        // Lets the connection write it out.
        if tx.engine() == Engine::Postgres {
            tokio::task::yield_now().await;
        }
        match told.unwrap_or_else(Err) {
            Ok(()) => {
                self.give_back(tx);
                Ok(())
            }
            Err(fault) => {
                self.rollback(tx).await;
                Err(fault)
            }
        }
    }

    async fn rollback(&mut self, mut tx: Tx) {
        // SQLite may have rolled back by itself (a full disk); then there is no transaction left to end.
        if let Conn::Sqlite(conn) = &tx.conn
            && conn.is_autocommit()
        {
            return self.give_back(tx);
        }
        match self.drive(tx.control("ROLLBACK")).await.unwrap_or_else(Err) {
            Ok(()) => self.give_back(tx),
            Err(fault) => tracing::warn!(fault = %fault, "a rollback failed; the connection is dropped"),
        }
    }

    async fn take(&mut self, mode: Mode, scope: &Arc<Scope>) -> Result<Tx, Fault> {
        let conn = match &mut self.link {
            Link::Sqlite { place, side, conn } => Conn::Sqlite(match conn.take() {
                Some(conn) => conn,
                None => crate::sqlite::open(place, *side)?,
            }),
            Link::Postgres { target, conn } => Conn::Postgres(match conn.take().filter(Session::is_open) {
                Some(conn) => conn,
                None => target.connect().await?,
            }),
        };
        Ok(Tx {
            conn,
            scope: Arc::clone(scope),
            ids: Arc::clone(&self.shared.ids),
            mode,
            retry: None,
            is_bystander: false,
            asked: None,
        })
    }

    fn give_back(&mut self, tx: Tx) {
        match (&mut self.link, tx.conn) {
            (Link::Sqlite { conn, .. }, Conn::Sqlite(back)) => *conn = Some(back),
            (Link::Postgres { conn, .. }, Conn::Postgres(back)) => *conn = Some(back),
            _ => unreachable!("a worker only hands out connections of its own engine"),
        }
    }

    /// Drives a unit. On SQLite every step is immediate, so a unit that is not ready waits for something else.
    async fn drive<T>(&self, future: impl Future<Output = T>) -> Result<T, Fault> {
        match &self.link {
            Link::Postgres { .. } => Ok(future.await),
            Link::Sqlite { .. } => at_once(future),
        }
    }

    /// Lets the rival commit first.
    #[expect(
        clippy::disallowed_methods,
        reason = "the worker has nothing else to do until the rival commits"
    )]
    async fn pause(&self, attempt: u32) {
        let time = Duration::from_millis(u64::from(attempt.min(10)) * 2);
        match &self.link {
            Link::Postgres { .. } => tokio::time::sleep(time).await,
            // There is one writer, so there is no rival.
            Link::Sqlite { .. } => {}
        }
    }
}

/// The outcome of what waits for nothing.
pub(crate) fn at_once<T>(future: impl Future<Output = T>) -> Result<T, Fault> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Ok(value),
        Poll::Pending => Err(Fault::new("a unit of work waited for something other than the database")),
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Link::Sqlite { conn: Some(conn), side: Side::Writer, .. } = &self.link
            && let Err(error) = conn.execute_batch("PRAGMA optimize")
        {
            tracing::debug!(%error, "optimising on close was skipped");
        }
    }
}

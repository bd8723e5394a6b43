//! One statement that only reads, for what every request asks.
//!
//! It needs no snapshot to share with others, and so no transaction around it. On PostgreSQL all glances go over one
//! connection, sent one behind the other by whoever asks, without a hop to a database thread: the server finds the next one
//! as soon as it has answered one.

use std::sync::Arc;

use bursar_fault::{Fault, FaultClass};
use futures_util::TryStreamExt as _;
use tokio::sync::Mutex;

use crate::crash::CrashSwitch;
use crate::error::{from_postgres, from_sqlite};
use crate::param::{Param, Value};
use crate::postgres::Target;
use crate::row::{Row, RowInner};
use crate::session::{Session, Text};
use crate::statement::Statement;
use crate::tx::{Conn, Tx};
use crate::url::Engine;

/// A statement that reads, its values, and how one of its rows is understood.
pub struct Glance<T> {
    statement: &'static Statement,
    values: Vec<Value>,
    map: fn(&Row<'_>) -> Result<T, Fault>,
}

impl<T> Glance<T> {
    /// A statement that changes something fails.
    pub fn new(
        statement: &'static Statement,
        params: &[Param<'_>],
        map: fn(&Row<'_>) -> Result<T, Fault>,
    ) -> Self {
        Self { statement, values: params.iter().map(Value::from).collect(), map }
    }

    fn params(&self) -> Vec<Param<'_>> {
        self.values.iter().map(Value::param).collect()
    }

    /// On SQLite.
    pub(crate) async fn on(&self, tx: &mut Tx) -> Result<Vec<T>, Fault> {
        let path = || self.statement.path();
        if let Conn::Sqlite(conn) = &tx.conn
            && !conn
                .prepare_cached(self.statement.for_engine(Engine::Sqlite))
                .map_err(|e| from_sqlite(&path(), e))?
                .readonly()
        {
            return Err(Fault::new(format!("{} changes something, and a glance only reads", path())));
        }
        tx.query(self.statement, &self.params(), self.map).await
    }

    async fn over(&self, session: &Session) -> Result<Vec<T>, Fault> {
        let failed = |error| from_postgres(&self.statement.path(), error);
        let rows = session.ask(Text::Declared(self.statement), &self.params()).await.map_err(failed)?;
        let rows: Vec<_> = rows.try_collect().await.map_err(failed)?;
        let understood = rows.iter().map(|row| (self.map)(&Row(RowInner::Postgres(row))));
        understood.collect::<Result<_, Fault>>().map_err(|fault| fault.context(self.statement.path()))
    }
}

impl<T> std::fmt::Debug for Glance<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Glance({})", self.statement.path())
    }
}

/// The connection that glances share.
pub(crate) struct Glances {
    target: Arc<Target>,
    crash: CrashSwitch,
    session: Mutex<Option<Session>>,
}

impl Glances {
    pub(crate) fn new(target: Arc<Target>, crash: CrashSwitch) -> Self {
        Self { target, crash, session: Mutex::default() }
    }

    pub(crate) async fn run<T>(&self, glance: &Glance<T>) -> Result<Vec<T>, Fault> {
        self.crash.check()?;
        match self.once(glance).await {
            // A connection that died while idle shows it at the next statement: once more, on another.
            Err(fault) if fault.class() == FaultClass::Unavailable => self.once(glance).await,
            outcome => outcome,
        }
    }

    async fn once<T>(&self, glance: &Glance<T>) -> Result<Vec<T>, Fault> {
        let session = self.session().await?;
        let outcome = glance.over(&session).await;
        if outcome.as_ref().is_err_and(|fault| fault.class() == FaultClass::Unavailable) {
            self.let_go(&session).await;
        }
        outcome
    }

    async fn session(&self) -> Result<Session, Fault> {
        let mut kept = self.session.lock().await;
        match kept.as_ref().filter(|session| session.is_open()) {
            Some(session) => Ok(session.clone()),
            None => Ok(kept.insert(self.target.connect_to_read().await?).clone()),
        }
    }

    /// Keeps others from a connection that died.
    async fn let_go(&self, dead: &Session) {
        let mut kept = self.session.lock().await;
        if kept.as_ref().is_some_and(|kept| kept.is(dead)) {
            *kept = None;
        }
    }
}

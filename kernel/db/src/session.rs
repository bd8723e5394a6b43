//! A connection to PostgreSQL with the statements it has prepared.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio_postgres::{Client, Error, RowStream, Statement as Prepared};

use crate::param::Param;
use crate::statement::Statement;
use crate::url::Engine;

/// Statements of built texts that a connection keeps; PostgreSQL keeps a plan of each.
const MOST_BUILT: usize = 256;

/// What is asked, in the words of PostgreSQL.
#[derive(Clone, Copy)]
pub(crate) enum Text<'a> {
    Declared(&'static Statement),
    Built(&'a str),
}

/// Cheap to clone: the readers of [`Tx::together`](crate::Tx::together) share one.
#[derive(Clone)]
pub(crate) struct Session(Arc<Inner>);

struct Inner {
    client: Client,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// By the address of their static declaration.
    declared: BTreeMap<usize, Prepared>,
    /// Those of texts that were built at run time, by the text.
    built: BTreeMap<String, Prepared>,
}

impl Session {
    pub(crate) fn new(client: Client) -> Self {
        Self(Arc::new(Inner { client, kept: Mutex::default() }))
    }

    pub(crate) fn client(&self) -> &Client {
        &self.0.client
    }

    pub(crate) fn is_open(&self) -> bool {
        !self.0.client.is_closed()
    }

    /// Whether both are one connection.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) async fn prepare(&self, statement: &'static Statement) -> Result<Prepared, Error> {
        let key = std::ptr::from_ref(statement).addr();
        self.prepare_keyed(key, statement.for_engine(Engine::Postgres)).await
    }

    /// A statement that is declared at `key`, with its text.
    pub(crate) async fn prepare_keyed(&self, key: usize, text: &str) -> Result<Prepared, Error> {
        if let Some(known) = self.kept().declared.get(&key) {
            return Ok(known.clone());
        }
        let prepared = self.0.client.prepare(text).await?;
        self.kept().declared.insert(key, prepared.clone());
        Ok(prepared)
    }

    /// The rows that a statement gives.
    pub(crate) async fn ask(&self, text: Text<'_>, params: &[Param<'_>]) -> Result<RowStream, Error> {
        let prepared = match text {
            Text::Declared(statement) => self.prepare(statement).await?,
            Text::Built(text) => self.prepare_built(text).await?,
        };
        self.0.client.query_raw(&prepared, params.iter()).await
    }

    /// A list has as many texts as it has filters and orders that are used together: few, but there is no end of them.
    async fn prepare_built(&self, text: &str) -> Result<Prepared, Error> {
        if let Some(known) = self.kept().built.get(text) {
            return Ok(known.clone());
        }
        let prepared = self.0.client.prepare(text).await?;
        let mut kept = self.kept();
        if kept.built.len() >= MOST_BUILT {
            kept.built.clear();
        }
        kept.built.insert(text.to_owned(), prepared.clone());
        Ok(prepared)
    }
}

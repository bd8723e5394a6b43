//! The handle to a tenant's database and the threads behind it.

use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

use bursar_fault::Fault;
use bursar_ids::{Actor, Rng};
use bursar_time::{Instant, TimeZone};
use futures_util::FutureExt as _;
use tokio::sync::oneshot;

use crate::crash::{CommitHook, CrashSwitch};
use crate::glance::{Glance, Glances};
use crate::lane::{Driver, Lane};
use crate::migrate::Migrations;
use crate::params;
use crate::postgres::Target;
use crate::scope::{Attachments, RAISE_IDS, Scope};
use crate::sqlite::{Place, Side};
use crate::tx::Tx;
use crate::url::{DatabaseUrl, Engine};
use crate::worker::{Shared, Worker, at_once};

/// What a unit of work may do and how it is isolated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// A consistent snapshot; writes are errors on PostgreSQL.
    Read,
    /// Serialisable on both engines.
    Write,
    /// Bulk work that guards each row itself (affected-row counts, unique keys): read committed on PostgreSQL.
    Batch,
}

impl Mode {
    pub(crate) const fn only_reads(self) -> bool {
        matches!(self, Self::Read)
    }
}

/// How to open a database.
#[derive(Clone)]
pub struct OpenOptions {
    /// Connections that read. On SQLite each has a thread and one more connection writes; on PostgreSQL as many write, and
    /// one is for glances.
    pub connections: usize,
    /// Run every unit on the calling thread: for the simulation, which must be deterministic. SQLite only.
    pub inline: bool,
    /// Whether a commit on SQLite waits until the disk has it. Without, the last commits are lost when the power fails,
    /// though never when the process dies: only for what can be made again, a demonstration or a test.
    pub durable: bool,
    /// Lets the simulation end this process's use of the database between any two commits; see [`CommitHook`].
    pub crash: Option<Arc<dyn CommitHook>>,
}

impl std::fmt::Debug for OpenOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "OpenOptions({} connections, inline: {})", self.connections, self.inline)
    }
}

impl Default for OpenOptions {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(2, usize::from);
        Self { connections: cores * 2, inline: false, durable: true, crash: None }
    }
}

enum Lanes {
    /// Glances are apart only on PostgreSQL.
    Threads {
        write: Lane<Worker>,
        read: Lane<Worker>,
        glances: Option<Glances>,
    },
    Inline(Box<Mutex<Worker>>),
}

struct Inner {
    url: DatabaseUrl,
    shared: Shared,
    lanes: Lanes,
}

/// A tenant's database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>);

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Db({})", self.0.url)
    }
}

impl Db {
    /// Starts the database threads. Nothing is opened before the first unit of work.
    pub fn open(url: DatabaseUrl, options: &OpenOptions) -> Result<Self, Fault> {
        let shared = Shared { crash: CrashSwitch::new(options.crash.clone()), ..Shared::default() };
        let lanes = match (&url, options.inline) {
            (DatabaseUrl::Sqlite(path), true) => {
                let place = Place { path: path.clone(), durable: options.durable };
                let worker = Worker::sqlite(place, Side::Writer, shared.clone());
                Lanes::Inline(Box::new(Mutex::new(worker)))
            }
            (DatabaseUrl::Sqlite(path), false) => sqlite_lanes(path, options, &shared)?,
            (DatabaseUrl::Postgres(_), true) => {
                return Err(Fault::new("the inline mode is for SQLite only"));
            }
            (DatabaseUrl::Postgres(address), false) => {
                postgres_lanes(&Arc::new(Target::parse(address)?), options, &shared)?
            }
        };
        Ok(Self(Arc::new(Inner { url, shared, lanes })))
    }

    /// Where this database is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.0.url
    }

    /// Which engine it is.
    pub fn engine(&self) -> Engine {
        self.0.url.engine()
    }

    /// How many units of work of this process may have changed something so far. While it stays the same, what this
    /// process read is still so, unless another one changed it.
    pub fn writes(&self) -> u64 {
        self.0.shared.writes.load(Ordering::Acquire)
    }

    /// Runs a unit of work that only reads, on one consistent snapshot.
    pub async fn read<T, E, F>(&self, scope: Scope, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.unit(Mode::Read, scope, unit).await
    }

    /// The rows of one statement that only reads, without a transaction around it: for what every request asks.
    ///
    /// # Errors
    /// Faults of the database, and whatever the statement would change.
    pub async fn glance<T: Send + 'static>(
        &self,
        scope: impl FnOnce() -> Scope,
        glance: Glance<T>,
    ) -> Result<Vec<T>, Fault> {
        if let Lanes::Threads { glances: Some(glances), .. } = &self.0.lanes {
            return glances.run(&glance).await;
        }
        let scope = Arc::new(scope());
        self.on_worker(Mode::Read, async move |worker: &mut Worker| worker.glance(&scope, &glance).await)
            .await?
    }

    /// Runs a unit of work that writes: all of it or nothing, serialisable.
    pub async fn write<T, E, F>(&self, scope: Scope, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.unit(Mode::Write, scope, unit).await
    }

    /// As [`write`](Self::write), for bulk work that guards each row itself; see [`Mode::Batch`].
    pub async fn write_batch<T, E, F>(&self, scope: Scope, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        self.unit(Mode::Batch, scope, unit).await
    }

    async fn unit<T, E, F>(&self, mode: Mode, scope: Scope, unit: F) -> Result<T, E>
    where
        F: AsyncFn(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
    {
        let scope = Arc::new(scope);
        self.on_worker(mode, async move |worker: &mut Worker| worker.run(mode, &scope, &unit).await).await?
    }

    /// One hop to a database thread and back. The connection stays with the thread, so a caller that goes away
    /// (a closed browser) loses nothing.
    async fn on_worker<R: Send + 'static>(
        &self,
        mode: Mode,
        work: impl AsyncFnOnce(&mut Worker) -> R + Send + 'static,
    ) -> Result<R, Fault> {
        let lane = match &self.0.lanes {
            Lanes::Threads { read, .. } if mode.only_reads() => read,
            Lanes::Threads { write, .. } => write,
            Lanes::Inline(worker) => {
                let mut worker =
                    worker.try_lock().map_err(|_| Fault::new("a unit of work was started inside another"))?;
                return at_once(work(&mut worker));
            }
        };
        let (reply, answer) = oneshot::channel();
        lane.send(Box::new(move |worker: &mut Worker| {
            Box::pin(async move {
                let result = AssertUnwindSafe(work(worker)).catch_unwind().await;
                // A caller that went away does not want the answer; the work is done all the same.
                drop(reply.send(result));
            })
        }));
        match answer.await {
            Ok(Ok(result)) => Ok(result),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(_) => Err(Fault::new("a database thread ended without an answer")),
        }
    }

    /// Brings the schema to head. Safe to run from several processes at once.
    pub async fn migrate(&self, modules: Vec<Migrations>, now: Instant) -> Result<u32, Fault> {
        let scope = Arc::new(bare_scope(now));
        self.on_worker(Mode::Batch, async move |worker: &mut Worker| {
            worker.raw(&scope, async |tx| crate::migrate::apply(tx, &modules).await).await
        })
        .await?
    }

    /// Runs one maintenance command outside a transaction (`PRAGMA …`, `VACUUM`). Kernel and bench only.
    pub async fn maintain(&self, command: &'static str, now: Instant) -> Result<(), Fault> {
        let scope = Arc::new(bare_scope(now));
        self.on_worker(Mode::Batch, async move |worker: &mut Worker| {
            worker.raw(&scope, async |tx| tx.control(command).await).await
        })
        .await?
    }

    /// Prepares for bulk work: SQLite's write-ahead log may grow to 64 MiB before it is copied back, which makes fewer
    /// and larger copies. Nothing on PostgreSQL. Always followed by [`end_bulk`](Self::end_bulk).
    pub async fn begin_bulk(&self, now: Instant) -> Result<(), Fault> {
        match self.engine() {
            Engine::Sqlite => self.maintain("PRAGMA wal_autocheckpoint = 16000", now).await,
            Engine::Postgres => Ok(()),
        }
    }

    /// Back to the ordinary size of the log, which is copied back and emptied.
    pub async fn end_bulk(&self, now: Instant) -> Result<(), Fault> {
        match self.engine() {
            Engine::Sqlite => {
                self.maintain("PRAGMA wal_autocheckpoint = 1000; PRAGMA wal_checkpoint(TRUNCATE)", now).await
            }
            Engine::Postgres => Ok(()),
        }
    }

    /// Makes new ids start above `highest`: called by importers, which keep the ids of the old system.
    pub async fn raise_ids(&self, highest: i64, now: Instant) -> Result<(), Fault> {
        self.write_batch(bare_scope(now), async move |tx: &mut Tx| {
            tx.exec(&RAISE_IDS, params![highest + 1]).await.map(drop)
        })
        .await?;
        self.0.shared.ids.clear();
        Ok(())
    }
}

fn bare_scope(now: Instant) -> Scope {
    Scope {
        now,
        today: now.to_date(&TimeZone::UTC),
        zone: TimeZone::UTC,
        actor: Actor::System { module: "kernel", why: "database maintenance" },
        request_id: String::new(),
        rng: Arc::new(Mutex::new(Rng::from_seed(0))),
        attachments: Arc::new(Attachments::default()),
    }
}

fn sqlite_lanes(path: &Path, options: &OpenOptions, shared: &Shared) -> Result<Lanes, Fault> {
    let place = Place { path: path.to_owned(), durable: options.durable };
    let worker = |side| Worker::sqlite(place.clone(), side, shared.clone());
    let write = Lane::start("bursar-write", vec![(vec![worker(Side::Writer)], Driver::Alone)])?;
    let readers =
        (0..options.connections.max(1)).map(|_| (vec![worker(Side::Reader)], Driver::Alone)).collect();
    Ok(Lanes::Threads { write, read: Lane::start("bursar-read", readers)?, glances: None })
}

/// Units that write may compute for a long while (a batch of invoices), and have a thread each; those that only read
/// mostly wait, and share a few.
fn postgres_lanes(target: &Arc<Target>, options: &OpenOptions, shared: &Shared) -> Result<Lanes, Fault> {
    let connections = options.connections.max(1);
    let worker = || Worker::postgres(Arc::clone(target), shared.clone());
    let lane = |name, threads: usize| {
        let groups = (0..threads).map(|at| {
            let workers = (at..connections).step_by(threads).map(|_| worker()).collect();
            Ok((workers, Driver::side_by_side()?))
        });
        Lane::start(name, groups.collect::<Result<_, Fault>>()?)
    };
    let threads = std::thread::available_parallelism().map_or(2, usize::from).min(connections);
    Ok(Lanes::Threads {
        write: lane("bursar-write", connections)?,
        read: lane("bursar-read", threads)?,
        glances: Some(Glances::new(Arc::clone(target), shared.crash.clone())),
    })
}

//! Test databases on both engines, a clock that stands still, and seeded randomness. For tests only.
//!
//! [`on_both_engines`] runs a body once on a fresh SQLite file and once on a fresh PostgreSQL database. The PostgreSQL
//! server is a private cluster on a loopback port: the one named by `BURSAR_TEST_POSTGRES`, or one that this process
//! starts and that stops with it, however it ends.

mod cluster;

use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock};

use bursar_context::{Cx, Foundation, Permissions};
use bursar_db::{Attachments, DatabaseUrl, Db, Migrations, OpenOptions};
use bursar_fault::Fault;
use bursar_ids::{Actor, Rng, TenantId};
use bursar_time::{Instant, ManualClock, TimeZone};

pub use cluster::{Cluster, fresh_database};

/// 2026-01-01T00:00:00Z in microseconds: where the clock of every test stands at first.
pub const START: Instant = Instant::from_micros(1_767_225_600_000_000);

/// A context whose clock the test moves.
#[derive(Clone)]
pub struct TestCx {
    cx: Cx,
    clock: ManualClock,
}

impl Deref for TestCx {
    type Target = Cx;

    fn deref(&self) -> &Cx {
        &self.cx
    }
}

impl TestCx {
    /// The clock of this test.
    pub fn test_clock(&self) -> &ManualClock {
        &self.clock
    }

    /// The context itself, where an owned one is needed.
    pub fn cx(&self) -> Cx {
        self.cx.clone()
    }
}

/// How a test's context differs from the ordinary one.
#[derive(Clone)]
pub struct Setup {
    /// The schema, in module order; the kernel's own migrations come first by themselves.
    pub migrations: Vec<Migrations>,
    /// The tenant's zone.
    pub zone: TimeZone,
    /// Values attached to every unit of work.
    pub attachments: Attachments,
    /// The seed of all randomness.
    pub seed: u64,
}

impl Setup {
    /// UTC, seed 1, nothing attached.
    pub fn new(migrations: Vec<Migrations>) -> Self {
        Self { migrations, zone: TimeZone::UTC, attachments: Attachments::default(), seed: 1 }
    }
}

/// Runs a body on both engines.
pub fn on_both_engines<F>(migrations: Vec<Migrations>, body: F)
where
    F: AsyncFn(TestCx),
{
    on_both_engines_with(Setup::new(migrations), body);
}

/// Runs a body on both engines with its own setup.
pub fn on_both_engines_with<F>(setup: Setup, body: F)
where
    F: AsyncFn(TestCx),
{
    on_sqlite_with(setup.clone(), &body);
    on_postgres_with(setup, &body);
}

/// Runs a body on a fresh SQLite file.
pub fn on_sqlite_with<F>(setup: Setup, body: F)
where
    F: AsyncFn(TestCx),
{
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let url = DatabaseUrl::Sqlite(folder.path().join("test.sqlite"));
    run(url, setup, body);
}

/// Runs a body on a fresh PostgreSQL database.
pub fn on_postgres_with<F>(setup: Setup, body: F)
where
    F: AsyncFn(TestCx),
{
    run(DatabaseUrl::Postgres(fresh_database()), setup, body);
}

fn run<F>(url: DatabaseUrl, setup: Setup, body: F)
where
    F: AsyncFn(TestCx),
{
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime can be started");
    runtime.block_on(async {
        let cx = open(url, setup).await;
        body(cx).await;
    });
}

/// Opens and migrates a database and makes a context with every permission on it.
pub async fn open(url: DatabaseUrl, setup: Setup) -> TestCx {
    let clock = ManualClock::at(START);
    let options = OpenOptions { connections: 4, durable: false, ..OpenOptions::default() };
    let db = Db::open(url, &options).expect("the test database can be opened");
    let mut migrations = vec![bursar_db::kernel_migrations()];
    migrations.extend(setup.migrations);
    db.migrate(migrations, START).await.expect("migrations apply");
    let foundation = Foundation {
        tenant: TenantId::new("test").expect("a valid name"),
        clock: Arc::new(clock.clone()),
        zone: setup.zone,
        rng: Arc::new(Mutex::new(Rng::from_seed(setup.seed))),
        db,
        attachments: Arc::new(setup.attachments),
    };
    TestCx { cx: Cx::new(foundation, Actor::Staff(1), Permissions::All, "test"), clock }
}

/// A context on a database as it is: nothing is migrated, and nothing is connected before the first unit of work.
pub fn open_bare(url: DatabaseUrl) -> Result<Cx, Fault> {
    let db = Db::open(url, &OpenOptions { connections: 1, ..OpenOptions::default() })?;
    let foundation = Foundation {
        tenant: TenantId::new("test").expect("a valid name"),
        clock: Arc::new(ManualClock::at(START)),
        zone: TimeZone::UTC,
        rng: Arc::new(Mutex::new(Rng::from_seed(1))),
        db,
        attachments: Arc::new(Attachments::default()),
    };
    Ok(Cx::new(foundation, Actor::Staff(1), Permissions::All, "test"))
}

/// A second handle on the same database with threads and ids of its own, as another process would have.
pub fn open_again(cx: &TestCx) -> Cx {
    let options = OpenOptions { connections: 4, durable: false, ..OpenOptions::default() };
    let db = Db::open(cx.db().url().clone(), &options).expect("the test database can be opened again");
    let foundation = Foundation { db, ..cx.foundation().clone() };
    Cx::new(foundation, Actor::Staff(2), Permissions::All, "rival")
}

static CLUSTER: OnceLock<Cluster> = OnceLock::new();

pub(crate) fn cluster() -> &'static Cluster {
    CLUSTER.get_or_init(Cluster::start)
}

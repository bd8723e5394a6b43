//! Work that must happen later, in the tenant's own database: enqueued in the caller's transaction, claimed by lease.
//!
//! A job may run twice: a worker that dies loses its lease. Every handler says why that is safe. Failures back off with
//! jitter; after [`MOST_ATTEMPTS`] the job is dead and waits for a person.

mod runner;
mod schedule;
mod store;

use std::pin::Pin;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Bulk, Migrations, Statement, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub use runner::{Dead, LEASE_SECONDS, MOST_ATTEMPTS, Runner};
pub use schedule::Schedule;

/// A payload of ids; what it means is read again when it runs.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// `payments.charge`.
    const KIND: &'static str;
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JobOutcome {
    /// The work is done, or no longer needed.
    Done,
    /// It should be tried again after a pause.
    Retry {
        /// For the person who looks at it meanwhile.
        why: String,
    },
    /// No retry will help; a person must look.
    Park {
        /// For that person.
        why: String,
    },
}

impl From<Fault> for JobOutcome {
    fn from(fault: Fault) -> Self {
        Self::Retry { why: fault.chain() }
    }
}

type HandlerFuture = Pin<Box<dyn Future<Output = JobOutcome> + Send>>;

/// A registered handler of one kind of job.
#[derive(Clone)]
pub struct Handler {
    /// The kind it handles.
    pub kind: &'static str,
    run: Arc<dyn Fn(Cx, String) -> HandlerFuture + Send + Sync>,
}

impl std::fmt::Debug for Handler {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "handler of {}", self.kind)
    }
}

/// Makes a handler from an async function over the decoded job.
pub fn handler<J, F, Fut>(f: F) -> Handler
where
    J: Job,
    F: Fn(Cx, J) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = JobOutcome> + Send + 'static,
{
    let run = move |cx: Cx, payload: String| -> HandlerFuture {
        match serde_json::from_str::<J>(&payload) {
            Ok(job) => Box::pin(f(cx, job)),
            Err(error) => {
                let why = format!("the payload of a {} job cannot be decoded: {error}", J::KIND);
                Box::pin(std::future::ready(JobOutcome::Park { why }))
            }
        }
    };
    Handler { kind: J::KIND, run: Arc::new(run) }
}

/// Enqueues in the caller's transaction, to run as soon as it commits.
pub async fn enqueue<J: Job>(tx: &mut Tx, job: &J) -> Result<(), Fault> {
    let now = tx.now();
    enqueue_at(tx, job, now).await
}

/// Enqueues to run at an instant.
pub async fn enqueue_at<J: Job>(tx: &mut Tx, job: &J, run_at: Instant) -> Result<(), Fault> {
    insert(tx, std::slice::from_ref(job), run_at).await
}

/// Enqueues many jobs of one kind with one bulk statement.
pub async fn enqueue_all<J: Job>(tx: &mut Tx, jobs: &[J]) -> Result<(), Fault> {
    let now = tx.now();
    insert(tx, jobs, now).await
}

/// Enqueues unless a job with the same key is there already: waiting, running or dead. Returns whether it was new.
pub async fn enqueue_once<J: Job>(tx: &mut Tx, job: &J, run_at: Instant, key: &str) -> Result<bool, Fault> {
    let now = tx.now();
    let id = tx.new_raw_id()?;
    let payload = encode(job)?;
    let values = params![id, J::KIND, &payload, run_at, key, now];
    Ok(tx.exec(&store::INSERT_ONCE, values).await? == 1)
}

async fn insert<J: Job>(tx: &mut Tx, jobs: &[J], run_at: Instant) -> Result<(), Fault> {
    let now = tx.now();
    let mut ids = Vec::with_capacity(jobs.len());
    for _ in jobs {
        ids.push(tx.new_raw_id()?);
    }
    let mut writer = tx.bulk(&store::INSERT)?;
    for (job, id) in jobs.iter().zip(ids) {
        let payload = encode(job)?;
        writer.row(params![id, J::KIND, &payload, "ready", 0_i64, run_at, now])?;
    }
    writer.finish().await.map(drop)
}

fn encode<J: Job>(job: &J) -> Result<String, Fault> {
    serde_json::to_string(job).map_err(|e| Fault::wrap("encoding a job", e))
}

/// The tables of the queue.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "jobs",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_dead" => "../migrations/0002_dead.sql",
    )
}

/// Every statement, for the test that prepares them.
pub fn statements() -> &'static [&'static Statement] {
    store::STATEMENTS
}

/// Every bulk statement, for the test that prepares them.
pub fn bulks() -> &'static [&'static Bulk] {
    store::BULKS
}

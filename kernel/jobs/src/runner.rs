//! Claiming and running.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use futures_util::FutureExt as _;

use crate::{Handler, JobOutcome, store};

/// Attempts before a job is dead: with pauses that double from 5 seconds to an hour, most of a day.
pub const MOST_ATTEMPTS: i64 = 20;
/// How long a worker may hold a job; then it is given to another.
pub const LEASE_SECONDS: i64 = 300;
const FIRST_PAUSE_SECONDS: i64 = 5;
const LONGEST_PAUSE_SECONDS: i64 = 3_600;

/// A job that waits for a person.
#[derive(Debug, Clone)]
pub struct Dead {
    /// Its id.
    pub id: i64,
    /// What kind of work.
    pub kind: String,
    /// Its payload, ids only.
    pub payload: String,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it failed last.
    pub last_error: Option<String>,
    /// When it was enqueued.
    pub created_at: Instant,
}

#[derive(Debug)]
struct Claimed {
    id: i64,
    kind: String,
    payload: String,
    attempts: i64,
}

/// Runs jobs.
#[derive(Debug, Clone)]
pub struct Runner {
    handlers: Arc<BTreeMap<&'static str, Handler>>,
}

impl Runner {
    /// A runner with these handlers.
    pub fn new(handlers: &[Handler]) -> Self {
        Self { handlers: Arc::new(handlers.iter().map(|h| (h.kind, h.clone())).collect()) }
    }

    /// Claims and runs up to `limit` due jobs, one after the other, and returns how many ran.
    pub async fn drain(&self, cx: &Cx, limit: usize) -> Result<usize, Fault> {
        let claimed_at = cx.now();
        let claimed = claim(cx, i64::try_from(limit.min(100)).expect("a small number fits")).await?;
        let ran = claimed.len();
        for job in claimed {
            // The jobs before this one may have been slow. It gets at least half a lease, or goes to who has it now.
            let waited = cx.now().since(claimed_at) / 1_000_000;
            if waited > LEASE_SECONDS / 2 && !renew(cx, &job).await? {
                continue;
            }
            self.run(cx, job).await?;
        }
        Ok(ran)
    }

    async fn run(&self, cx: &Cx, job: Claimed) -> Result<(), Fault> {
        let outcome = match self.handlers.get(job.kind.as_str()) {
            // Its workers never came back to say so: it takes the process down with it.
            _ if job.attempts > MOST_ATTEMPTS => {
                JobOutcome::Park { why: "every attempt ended without an answer".to_owned() }
            }
            Some(handler) => {
                let run = (handler.run)(cx.as_system("jobs", handler.kind), job.payload.clone());
                // A panic is one handler's mistake, and the other jobs must go on.
                AssertUnwindSafe(run)
                    .catch_unwind()
                    .await
                    .unwrap_or_else(|_| JobOutcome::Retry { why: "the handler panicked".to_owned() })
            }
            None => {
                JobOutcome::Park { why: format!("no handler for jobs of kind {:?} is registered", job.kind) }
            }
        };
        match outcome {
            JobOutcome::Done => {
                cx.write(async move |tx: &mut Tx| {
                    tx.exec(&store::FINISH, params![job.id, job.attempts]).await.map(drop)
                })
                .await
            }
            JobOutcome::Retry { why } if job.attempts < MOST_ATTEMPTS => {
                tracing::warn!(job.kind, job.id, attempt = job.attempts, why, "a job will be tried again");
                put_back(cx, &job, "ready", pause(cx, job.attempts), why).await
            }
            JobOutcome::Retry { why } | JobOutcome::Park { why } => {
                tracing::error!(job.kind, job.id, why, "a job waits for a person");
                put_back(cx, &job, "dead", 0, why).await
            }
        }
    }

    /// What waits for a person.
    pub async fn dead(cx: &Cx, limit: i64) -> Result<Vec<Dead>, Fault> {
        cx.read(async move |tx: &mut Tx| {
            tx.query(&store::DEAD, params![limit], |row| {
                Ok(Dead {
                    id: row.get(0)?,
                    kind: row.get(1)?,
                    payload: row.get(2)?,
                    attempts: row.get(3)?,
                    last_error: row.get(4)?,
                    created_at: row.get(5)?,
                })
            })
            .await
        })
        .await
    }

    /// How many wait for a person, counted up to `most`.
    pub async fn count_dead(tx: &mut Tx, most: i64) -> Result<i64, Fault> {
        tx.query_one(&store::COUNT_DEAD, params![most], |row| row.get(0)).await
    }

    /// Gives a dead job another life.
    pub async fn revive(cx: &Cx, id: i64) -> Result<bool, Fault> {
        cx.write(async move |tx: &mut Tx| {
            let now = tx.now();
            Ok(tx.exec(&store::REVIVE, params![id, now]).await? == 1)
        })
        .await
    }

    /// Gives a dead job up.
    pub async fn drop_dead(cx: &Cx, id: i64) -> Result<bool, Fault> {
        cx.write(async move |tx: &mut Tx| Ok(tx.exec(&store::DROP_DEAD, params![id]).await? == 1)).await
    }

    /// When the next job is due, if any waits.
    pub async fn next_at(cx: &Cx) -> Result<Option<Instant>, Fault> {
        cx.read(async |tx: &mut Tx| tx.query_one(&store::NEXT_AT, params![], |row| row.get(0)).await).await
    }

    /// How many wait, counted up to `most`.
    pub async fn waiting(cx: &Cx, most: i64) -> Result<i64, Fault> {
        cx.read(async move |tx: &mut Tx| tx.query_one(&store::WAITING, params![most], |row| row.get(0)).await)
            .await
    }
}

async fn claim(cx: &Cx, limit: i64) -> Result<Vec<Claimed>, Fault> {
    // Looking first keeps an idle server from taking the write lock every second.
    let now = cx.now();
    if Runner::next_at(cx).await?.is_none_or(|at| at > now) {
        return Ok(Vec::new());
    }
    let mut claimed = cx
        .write_batch(async move |tx: &mut Tx| {
            let now = tx.now();
            tx.query(&store::CLAIM, params![now.plus_seconds(LEASE_SECONDS), now, limit], |row| {
                Ok(Claimed {
                    id: row.get(0)?,
                    kind: row.get(1)?,
                    payload: row.get(2)?,
                    attempts: row.get(3)?,
                })
            })
            .await
        })
        .await?;
    // RETURNING promises no order.
    claimed.sort_by_key(|job: &Claimed| job.id);
    Ok(claimed)
}

/// Takes the lease anew. False when it ran out and somebody else has the job.
async fn renew(cx: &Cx, job: &Claimed) -> Result<bool, Fault> {
    let (id, attempts) = (job.id, job.attempts);
    cx.write(async move |tx: &mut Tx| {
        let until = tx.now().plus_seconds(LEASE_SECONDS);
        Ok(tx.exec(&store::RENEW, params![id, attempts, until]).await? == 1)
    })
    .await
}

async fn put_back(cx: &Cx, job: &Claimed, state: &'static str, pause: i64, why: String) -> Result<(), Fault> {
    let (id, attempts) = (job.id, job.attempts);
    cx.write(async move |tx: &mut Tx| {
        let run_at = tx.now().plus_seconds(pause);
        tx.exec(&store::PUT_BACK, params![id, attempts, state, run_at, &why]).await.map(drop)
    })
    .await
}

/// Doubles from five seconds to an hour, with up to a quarter of jitter so that a burst does not return as a burst.
fn pause(cx: &Cx, attempts: i64) -> i64 {
    let doubled = FIRST_PAUSE_SECONDS << (attempts - 1).clamp(0, 16);
    let seconds = doubled.min(LONGEST_PAUSE_SECONDS);
    let jitter = cx.with_rng(|rng| rng.below(u64::try_from(seconds / 4 + 1).expect("a pause is positive")));
    seconds + i64::try_from(jitter).expect("jitter is below an hour")
}

//! All SQL of the queue.

bursar_db::statements! {
    /// Leases due jobs: `run_at` moves to the end of the lease, so a worker that dies gives them back by itself.
    pub(crate) CLAIM = "UPDATE kernel_jobs SET run_at = $1, attempts = attempts + 1
        WHERE id IN (SELECT id FROM kernel_jobs WHERE state = 'ready' AND run_at <= $2
                     ORDER BY run_at, id LIMIT $3 {skip_locked})
        RETURNING id, kind, payload, attempts";
    /// Done; the attempt guards against a worker whose lease ran out.
    pub(crate) FINISH = "DELETE FROM kernel_jobs WHERE id = $1 AND attempts = $2";
    /// Again later, or dead.
    pub(crate) PUT_BACK = "UPDATE kernel_jobs SET state = $3, run_at = $4, last_error = $5
        WHERE id = $1 AND attempts = $2";
    /// Whether a job with this key waits or is dead.
    pub(crate) FIND_KEY = "SELECT id FROM kernel_jobs WHERE dedup_key = $1";
    /// Dead letters.
    pub(crate) DEAD = "SELECT id, kind, payload, attempts, last_error, created_at FROM kernel_jobs
        WHERE state = 'dead' ORDER BY id LIMIT $1";
    /// A person asks for another try.
    pub(crate) REVIVE = "UPDATE kernel_jobs SET state = 'ready', attempts = 0, run_at = $2
        WHERE id = $1 AND state = 'dead'";
    /// A person gives a job up.
    pub(crate) DROP_DEAD = "DELETE FROM kernel_jobs WHERE id = $1 AND state = 'dead'";
    /// When the next job is due.
    pub(crate) NEXT_AT = "SELECT MIN(run_at) FROM kernel_jobs WHERE state = 'ready'";
    /// How many wait.
    pub(crate) WAITING = "SELECT COUNT(*) FROM (SELECT 1 FROM kernel_jobs WHERE state = 'ready' LIMIT $1) AS w";
    /// When a schedule ran last.
    pub(crate) LAST_RUN = "SELECT last_run_on FROM kernel_schedules WHERE name = $1";
    /// Remembers a run.
    pub(crate) RAN = "INSERT INTO kernel_schedules (name, last_run_on) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET last_run_on = excluded.last_run_on";
}

bursar_db::bulk! {
    /// Jobs.
    pub(crate) INSERT = insert "kernel_jobs" {
        id: int, kind: text, payload: text, state: text, attempts: int, run_at: int, dedup_key: text, created_at: int
    };
}

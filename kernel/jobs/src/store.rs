//! All SQL of the queue.

bursar_db::statements! {
    /// Leases due jobs: `run_at` moves to the end of the lease, so a worker that dies gives them back by itself.
    pub(crate) CLAIM = "UPDATE kernel_jobs SET run_at = $1, attempts = attempts + 1
        WHERE id IN (SELECT id FROM kernel_jobs WHERE state = 'ready' AND run_at <= $2
                     ORDER BY run_at, id LIMIT $3 {skip_locked})
        RETURNING id, kind, payload, attempts";
    /// Done; the attempt guards against a worker whose lease ran out.
    pub(crate) FINISH = "DELETE FROM kernel_jobs WHERE id = $1 AND attempts = $2";
    /// A longer lease, if nobody else has the job by now.
    pub(crate) RENEW = "UPDATE kernel_jobs SET run_at = $3 WHERE id = $1 AND attempts = $2 AND state = 'ready'";
    /// One job, unless its key waits already. On PostgreSQL a rival that has not committed is waited for.
    pub(crate) INSERT_ONCE = "INSERT INTO kernel_jobs (id, kind, payload, state, attempts, run_at, dedup_key, created_at)
        VALUES ($1, $2, $3, 'ready', 0, $4, $5, $6)
        ON CONFLICT (dedup_key) WHERE dedup_key IS NOT NULL DO NOTHING";
    /// Again later, or dead.
    pub(crate) PUT_BACK = "UPDATE kernel_jobs SET state = $3, run_at = $4, last_error = $5
        WHERE id = $1 AND attempts = $2";
    /// Dead letters.
    pub(crate) DEAD = "SELECT id, kind, payload, attempts, last_error, created_at FROM kernel_jobs
        WHERE state = 'dead' ORDER BY id LIMIT $1";
    /// How many are dead, counted up to a limit.
    pub(crate) COUNT_DEAD = "SELECT COUNT(*) FROM (SELECT id FROM kernel_jobs WHERE state = 'dead' LIMIT $1) AS dead";
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
        id: int, kind: text, payload: text, state: text, attempts: int, run_at: int, created_at: int
    };
}

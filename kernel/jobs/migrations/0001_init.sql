-- Work that must happen later. A finished job leaves; what stays is waiting, leased (run_at = end of the lease) or dead.
CREATE TABLE kernel_jobs (
    id {ID},
    kind {TEXT} NOT NULL,
    payload {TEXT} NOT NULL,
    state {TEXT} NOT NULL CHECK (state IN ('ready', 'dead')),
    attempts {I64} NOT NULL,
    run_at {I64} NOT NULL,
    dedup_key {TEXT},
    last_error {TEXT},
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX kernel_jobs_ready ON kernel_jobs (run_at, id) WHERE state = 'ready';
CREATE UNIQUE INDEX kernel_jobs_once ON kernel_jobs (dedup_key) WHERE dedup_key IS NOT NULL;

-- The last civil date a daily schedule has run for; missed days are caught up by date.
CREATE TABLE kernel_schedules (
    name {TEXT} NOT NULL PRIMARY KEY,
    last_run_on {DATE} NOT NULL
) {STRICT};

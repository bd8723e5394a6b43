-- Facts in the past tense, written in the transaction that made them true.
CREATE TABLE kernel_events (
    id {ID},
    name {TEXT} NOT NULL,
    version {I64} NOT NULL,
    subject {TEXT} NOT NULL,
    payload {TEXT} NOT NULL,
    emitted_at {I64} NOT NULL
) {STRICT};

-- One row per subscriber that has not yet seen the event; it goes when the subscriber's own transaction commits.
CREATE TABLE kernel_deliveries (
    id {ID},
    event_id {I64} NOT NULL,
    subscriber {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    state {TEXT} NOT NULL CHECK (state IN ('ready', 'parked')),
    attempts {I64} NOT NULL,
    run_at {I64} NOT NULL,
    last_error {TEXT}
) {STRICT};
CREATE INDEX kernel_deliveries_ready ON kernel_deliveries (run_at, id) WHERE state = 'ready';
CREATE INDEX kernel_deliveries_order ON kernel_deliveries (subscriber, subject, id);

-- Deliveries of one subject are ordered by id. An id that a process takes from its own block says nothing about another
-- process's, so the database gives this one, in the moment of the insert.
CREATE TABLE kernel_deliveries_in_order (
    id {POSITION},
    event_id {I64} NOT NULL,
    subscriber {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    state {TEXT} NOT NULL CHECK (state IN ('ready', 'parked')),
    attempts {I64} NOT NULL,
    run_at {I64} NOT NULL,
    last_error {TEXT}
) {STRICT};
INSERT INTO kernel_deliveries_in_order (event_id, subscriber, subject, state, attempts, run_at, last_error)
SELECT event_id, subscriber, subject, state, attempts, run_at, last_error FROM kernel_deliveries ORDER BY id;
DROP TABLE kernel_deliveries;
ALTER TABLE kernel_deliveries_in_order RENAME TO kernel_deliveries;
CREATE INDEX kernel_deliveries_ready ON kernel_deliveries (run_at, id) WHERE state = 'ready';
CREATE INDEX kernel_deliveries_order ON kernel_deliveries (subscriber, subject, id);

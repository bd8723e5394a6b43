//! All SQL of the outbox.

bursar_db::statements! {
    /// Deliveries that may run now: due, and not behind an earlier one of the same subscriber and subject.
    pub(crate) READY = "SELECT d.id, d.subscriber, d.attempts, e.name, e.version, e.payload
        FROM kernel_deliveries d JOIN kernel_events e ON e.id = d.event_id
        WHERE d.state = 'ready' AND d.run_at <= $1
          AND NOT EXISTS (SELECT 1 FROM kernel_deliveries p
                          WHERE p.subscriber = d.subscriber AND p.subject = d.subject AND p.id < d.id)
        ORDER BY d.run_at, d.id LIMIT $2";
    /// Removes a delivery in the subscriber's transaction; 0 rows means that somebody else did it.
    pub(crate) FINISH = "DELETE FROM kernel_deliveries WHERE id = $1 AND state = 'ready'";
    /// Puts a failed delivery back, later.
    pub(crate) FAIL = "UPDATE kernel_deliveries SET state = $2, attempts = $3, run_at = $4, last_error = $5
        WHERE id = $1 AND state = 'ready'";
    /// What waits for a person.
    pub(crate) PARKED = "SELECT d.id, d.subscriber, d.subject, e.name, d.attempts, d.last_error
        FROM kernel_deliveries d JOIN kernel_events e ON e.id = d.event_id
        WHERE d.state = 'parked' ORDER BY d.id LIMIT $1";
    /// How many are parked, counted up to a limit.
    pub(crate) COUNT_PARKED = "SELECT COUNT(*) FROM (SELECT id FROM kernel_deliveries WHERE state = 'parked' LIMIT $1) AS parked";
    /// A person asks for another try.
    pub(crate) UNPARK = "UPDATE kernel_deliveries SET state = 'ready', attempts = 0, run_at = $2
        WHERE id = $1 AND state = 'parked'";
    /// A person gives a delivery up.
    pub(crate) SKIP = "DELETE FROM kernel_deliveries WHERE id = $1 AND state = 'parked'";
    /// When the next delivery may run; what stands behind an earlier one does not count, or a parked delivery would
    /// keep a server busy with looking.
    pub(crate) NEXT_AT = "SELECT d.run_at FROM kernel_deliveries d
        WHERE d.state = 'ready'
          AND NOT EXISTS (SELECT 1 FROM kernel_deliveries p
                          WHERE p.subscriber = d.subscriber AND p.subject = d.subject AND p.id < d.id)
        ORDER BY d.run_at, d.id LIMIT 1";
}

bursar_db::bulk! {
    /// Events.
    pub(crate) INSERT_EVENTS = insert "kernel_events" {
        id: int, name: text, version: int, subject: text, payload: text, emitted_at: int
    };
    /// Deliveries. The database numbers them in the order in which they are written.
    pub(crate) INSERT_DELIVERIES = insert "kernel_deliveries" {
        event_id: int, subscriber: text, subject: text, state: text, attempts: int, run_at: int
    };
}

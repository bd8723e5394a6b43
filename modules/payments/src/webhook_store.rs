//! All SQL of webhooks.

bursar_db::statements! {
    /// A new one; nothing when it is there.
    pub(crate) INSERT = "INSERT INTO payments_webhooks (id, gateway, vendor_event_id, subject, subject_key,
        subject_reference, headers, body, received_at, state, why)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'new', '')
        ON CONFLICT (gateway, vendor_event_id) DO NOTHING";
    /// What it is about.
    pub(crate) FIND = "SELECT gateway, subject, subject_key, subject_reference, state
        FROM payments_webhooks WHERE id = $1";
    /// Followed, or set aside.
    pub(crate) SAVE = "UPDATE payments_webhooks SET state = $2, why = $3 WHERE id = $1";
    /// What waits for a person.
    pub(crate) PARKED = "SELECT id, gateway, vendor_event_id, subject_key, subject_reference, received_at, why
        FROM payments_webhooks WHERE state = 'parked' ORDER BY id LIMIT $1";
    /// How many wait for a person, counted up to a limit.
    pub(crate) COUNT_PARKED = "SELECT COUNT(*) FROM (SELECT id FROM payments_webhooks WHERE state = 'parked' LIMIT $1) AS parked";
    /// A person decides.
    pub(crate) LEAVE_PARKED = "UPDATE payments_webhooks SET state = $2, why = $3
        WHERE id = $1 AND state = 'parked'";
}

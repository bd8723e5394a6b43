-- What customers ask about their own data: a copy, or to be forgotten.
CREATE TABLE customers_privacy_requests (
    id {ID},
    customer_id {I64} NOT NULL REFERENCES customers_customers (id),
    kind {TEXT} NOT NULL CHECK (kind IN ('copy', 'erasure')),
    -- copy: asked, ready, expired. erasure: asked, approved, refused, withdrawn, done.
    state {TEXT} NOT NULL CHECK (state IN ('asked', 'ready', 'expired', 'approved', 'refused', 'withdrawn', 'done')),
    asked_at {I64} NOT NULL,
    -- copy: until when it can be fetched. erasure: not before this.
    due_at {I64} NOT NULL,
    -- Who decided, as the audit log names them, and what they said.
    decided_by {TEXT} NOT NULL,
    decided_why {TEXT} NOT NULL,
    decided_at {I64},
    done_at {I64},
    -- Until when the rest is kept.
    kept_until {DATE}
) {STRICT};
CREATE INDEX customers_privacy_requests_customer ON customers_privacy_requests (customer_id, id);
CREATE INDEX customers_privacy_requests_state ON customers_privacy_requests (kind, state, due_at);
-- One of a kind is under way at a time.
CREATE UNIQUE INDEX customers_privacy_requests_open ON customers_privacy_requests (customer_id, kind)
    WHERE state IN ('asked', 'approved');

-- A copy, in pieces of JSON lines, until it expires.
CREATE TABLE customers_privacy_pieces (
    request_id {I64} NOT NULL REFERENCES customers_privacy_requests (id),
    place {I64} NOT NULL,
    lines {TEXT} NOT NULL,
    PRIMARY KEY (request_id, place)
) {CLUSTERED};

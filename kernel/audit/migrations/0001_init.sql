-- Append-only. Each row's hash covers its fields and the hash of the row before it.
CREATE TABLE audit_log (
    id {ID},
    at {I64} NOT NULL,
    actor_kind {TEXT} NOT NULL,
    actor_id {I64},
    actor_name {TEXT} NOT NULL,
    action {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    before {TEXT},
    after {TEXT},
    request_id {TEXT} NOT NULL,
    previous_hash {TEXT} NOT NULL,
    hash {TEXT} NOT NULL
) {STRICT};
CREATE INDEX audit_log_subject ON audit_log (subject, id);
CREATE INDEX audit_log_actor ON audit_log (actor_kind, actor_id, id);

-- One row: where the chain ends. Updated in the transaction of the row it points at, so a removed tail is noticed.
CREATE TABLE audit_head (
    id {I64} NOT NULL PRIMARY KEY CHECK (id = 1),
    last_id {I64} NOT NULL CHECK (last_id >= 0),
    last_hash {TEXT} NOT NULL
) {STRICT};
INSERT INTO audit_head (id, last_id, last_hash)
VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

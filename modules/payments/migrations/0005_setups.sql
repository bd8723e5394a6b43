-- A customer was sent to a vendor's page to give a method; it becomes one method or none.
CREATE TABLE payments_setups (
    id {ID},
    customer_id {I64} NOT NULL,
    gateway {TEXT} NOT NULL,
    idempotency_key {TEXT} NOT NULL UNIQUE,
    state {TEXT} NOT NULL CHECK (state IN ('waiting', 'stored', 'abandoned')),
    method_id {I64},
    created_at {I64} NOT NULL,
    CHECK ((state = 'stored') = (method_id IS NOT NULL))
) {STRICT};
CREATE INDEX payments_setups_customer ON payments_setups (customer_id, id);
-- Who does not want to be charged without being asked. Who is not here has the usual method charged.
CREATE TABLE payments_manual_payers (
    customer_id {I64} NOT NULL PRIMARY KEY,
    since {I64} NOT NULL
) {STRICT};

-- Money can be held and taken later: five more states, whether that is meant, and until when it can be taken.
CREATE TABLE payments_payments_next (
    id {ID},
    customer_id {I64} NOT NULL,
    gateway {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('charge', 'manual', 'imported')),
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor > 0),
    fee_minor {I64} NOT NULL,
    refunded_minor {I64} NOT NULL CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    state {TEXT} NOT NULL CHECK (state IN ('created', 'sent', 'pending', 'requires_action', 'unknown',
        'held', 'capturing', 'releasing', 'captured', 'declined', 'failed', 'cancelled', 'released', 'expired')),
    idempotency_key {TEXT} NOT NULL UNIQUE,
    gateway_reference {TEXT} NOT NULL,
    decline_code {TEXT} NOT NULL,
    decline_class {TEXT} NOT NULL,
    message {TEXT} NOT NULL,
    action_url {TEXT} NOT NULL,
    reference {TEXT} NOT NULL,
    received_on {DATE},
    purpose {TEXT} NOT NULL,
    group_key {TEXT} NOT NULL,
    method_id {I64},
    presence {TEXT} NOT NULL CHECK (presence IN ('present', 'absent')),
    return_url {TEXT},
    created_at {I64} NOT NULL,
    updated_at {I64} NOT NULL,
    captured_at {I64},
    entry_id {I64},
    version {I64} NOT NULL,
    capture {TEXT} NOT NULL DEFAULT 'at_once' CHECK (capture IN ('at_once', 'later')),
    held_until {I64},
    -- Captured money is in the books, and nothing else is.
    CHECK ((state = 'captured') = (entry_id IS NOT NULL)),
    CHECK ((state = 'captured') = (captured_at IS NOT NULL)),
    -- Whatever holds says until when.
    CHECK ((state <> 'held' AND state <> 'capturing' AND state <> 'releasing') OR held_until IS NOT NULL)
) {STRICT};
INSERT INTO payments_payments_next (id, customer_id, gateway, kind, currency, amount_minor, fee_minor, refunded_minor,
    state, idempotency_key, gateway_reference, decline_code, decline_class, message, action_url, reference, received_on,
    purpose, group_key, method_id, presence, return_url, created_at, updated_at, captured_at, entry_id, version)
SELECT id, customer_id, gateway, kind, currency, amount_minor, fee_minor, refunded_minor,
    state, idempotency_key, gateway_reference, decline_code, decline_class, message, action_url, reference, received_on,
    purpose, group_key, method_id, presence, return_url, created_at, updated_at, captured_at, entry_id, version
FROM payments_payments;
DROP TABLE payments_payments;
ALTER TABLE payments_payments_next RENAME TO payments_payments;

-- The vendor's charge belongs to one payment.
CREATE UNIQUE INDEX payments_payments_reference ON payments_payments (gateway, gateway_reference)
    WHERE gateway_reference <> '';
CREATE INDEX payments_payments_customer ON payments_payments (customer_id, id);
CREATE INDEX payments_payments_vendor ON payments_payments (gateway_reference) WHERE gateway_reference <> '';
CREATE INDEX payments_payments_captured ON payments_payments ((COALESCE(captured_at, 0)), id) WHERE state = 'captured';
-- What the reconciler asks about.
CREATE INDEX payments_payments_open ON payments_payments (updated_at, id)
    WHERE state = 'created' OR state = 'sent' OR state = 'pending' OR state = 'requires_action' OR state = 'unknown'
        OR state = 'held' OR state = 'capturing' OR state = 'releasing';
CREATE INDEX payments_payments_failed ON payments_payments (id)
    WHERE state = 'declined' OR state = 'failed' OR state = 'cancelled' OR state = 'released' OR state = 'expired';
-- What staff see of the money that is held.
CREATE INDEX payments_payments_held ON payments_payments (id)
    WHERE state = 'held' OR state = 'capturing' OR state = 'releasing';

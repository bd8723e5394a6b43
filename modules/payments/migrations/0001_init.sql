CREATE TABLE payments_methods (
    id {ID},
    customer_id {I64} NOT NULL,
    gateway {TEXT} NOT NULL,
    token_sealed {TEXT} NOT NULL,
    label {TEXT} NOT NULL,
    brand {TEXT} NOT NULL,
    last4 {TEXT} NOT NULL,
    expires {TEXT},
    is_default {I64} NOT NULL CHECK (is_default IN (0, 1)),
    status {TEXT} NOT NULL CHECK (status IN ('active', 'once', 'forgotten')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};

CREATE INDEX payments_methods_customer ON payments_methods (customer_id, id);
-- A customer has at most one default.
CREATE UNIQUE INDEX payments_methods_default ON payments_methods (customer_id) WHERE is_default = 1;

CREATE TABLE payments_payments (
    id {ID},
    customer_id {I64} NOT NULL,
    gateway {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('charge', 'manual', 'imported')),
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor > 0),
    fee_minor {I64} NOT NULL,
    refunded_minor {I64} NOT NULL CHECK (refunded_minor BETWEEN 0 AND amount_minor),
    state {TEXT} NOT NULL CHECK (state IN ('created', 'sent', 'pending', 'requires_action', 'unknown',
        'captured', 'declined', 'failed', 'cancelled')),
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
    -- Captured money is in the books, and nothing else is.
    CHECK ((state = 'captured') = (entry_id IS NOT NULL)),
    CHECK ((state = 'captured') = (captured_at IS NOT NULL))
) {STRICT};

-- The vendor's charge belongs to one payment.
CREATE UNIQUE INDEX payments_payments_reference ON payments_payments (gateway, gateway_reference)
    WHERE gateway_reference <> '';
CREATE INDEX payments_payments_customer ON payments_payments (customer_id, id);
-- What the reconciler asks about.
CREATE INDEX payments_payments_open ON payments_payments (updated_at, id)
    WHERE state IN ('created', 'sent', 'pending', 'requires_action', 'unknown');

CREATE TABLE payments_refunds (
    id {ID},
    payment_id {I64},
    customer_id {I64} NOT NULL,
    gateway {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor > 0),
    currency {TEXT} NOT NULL,
    destination {TEXT} NOT NULL CHECK (destination IN ('gateway', 'manual', 'credit')),
    state {TEXT} NOT NULL CHECK (state IN ('created', 'sent', 'pending', 'unknown', 'settled', 'failed')),
    idempotency_key {TEXT} NOT NULL UNIQUE,
    gateway_reference {TEXT} NOT NULL,
    reason {TEXT} NOT NULL,
    failure_code {TEXT} NOT NULL,
    message {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    updated_at {I64} NOT NULL,
    settled_at {I64},
    entry_id {I64},
    version {I64} NOT NULL
) {STRICT};

CREATE UNIQUE INDEX payments_refunds_reference ON payments_refunds (gateway, gateway_reference)
    WHERE gateway_reference <> '';
CREATE INDEX payments_refunds_payment ON payments_refunds (payment_id, id);
CREATE INDEX payments_refunds_open ON payments_refunds (updated_at, id)
    WHERE state IN ('created', 'sent', 'pending', 'unknown');

CREATE TABLE payments_webhooks (
    id {ID},
    gateway {TEXT} NOT NULL,
    vendor_event_id {TEXT} NOT NULL,
    subject {TEXT} NOT NULL CHECK (subject IN ('charge', 'refund', 'other')),
    subject_key {TEXT} NOT NULL,
    subject_reference {TEXT} NOT NULL,
    headers {TEXT} NOT NULL,
    body {BYTES} NOT NULL,
    received_at {I64} NOT NULL,
    state {TEXT} NOT NULL CHECK (state IN ('new', 'done', 'parked')),
    why {TEXT} NOT NULL,
    UNIQUE (gateway, vendor_event_id)
) {STRICT};

CREATE INDEX payments_webhooks_parked ON payments_webhooks (id) WHERE state = 'parked';

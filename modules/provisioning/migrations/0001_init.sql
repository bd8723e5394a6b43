-- What was sold and is delivered: one for each part of a subscription that a driver makes.
CREATE TABLE provisioning_services (
    id {ID},
    customer_id {I64} NOT NULL,
    -- What bills it; none for what staff made without one.
    subscription_id {I64},
    -- Which part of the subscription: `product`, or `addon:` and the add-on.
    slot {TEXT} NOT NULL,
    product_id {I64} NOT NULL,
    order_id {I64},
    label {TEXT} NOT NULL,
    -- Host name or domain, where there is one.
    name {TEXT},
    -- JSON list of option, value and quantity.
    options {TEXT} NOT NULL,
    -- Facts that decide what it should be.
    is_started {I64} NOT NULL CHECK (is_started IN (0, 1)),
    is_held_by_billing {I64} NOT NULL CHECK (is_held_by_billing IN (0, 1)),
    is_held_by_staff {I64} NOT NULL CHECK (is_held_by_staff IN (0, 1)),
    is_ended {I64} NOT NULL CHECK (is_ended IN (0, 1)),
    hold_reason {TEXT} NOT NULL,
    -- What it should be, from these facts; what we have brought it to; what the vendor last showed.
    desired {TEXT} NOT NULL CHECK (desired IN ('nothing', 'active', 'suspended', 'gone')),
    state {TEXT} NOT NULL CHECK (state IN ('pending', 'queued', 'provisioning', 'active', 'suspending', 'suspended',
        'resuming', 'updating', 'deprovisioning', 'deprovisioned', 'failed')),
    observed {TEXT} NOT NULL,
    observed_at {I64},
    -- Counts what was decided to be done to it: part of each idempotency key.
    generation {I64} NOT NULL,
    -- Which plan is wanted, and which one the vendor has.
    plan_wanted {I64} NOT NULL,
    plan_applied {I64} NOT NULL,
    -- Why it waits or failed, for staff.
    why {TEXT} NOT NULL,
    failed_at {I64},
    created_at {I64} NOT NULL,
    updated_at {I64} NOT NULL,
    version {I64} NOT NULL,
    CHECK ((state = 'failed') = (failed_at IS NOT NULL))
) {STRICT};
-- A part of a subscription is delivered once.
CREATE UNIQUE INDEX provisioning_services_part ON provisioning_services (subscription_id, slot)
    WHERE subscription_id IS NOT NULL;
CREATE INDEX provisioning_services_customer ON provisioning_services (customer_id, id);
CREATE INDEX provisioning_services_order ON provisioning_services (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX provisioning_services_state ON provisioning_services (state, id);

-- What a driver made for a service.
CREATE TABLE provisioning_resources (
    id {ID},
    service_id {I64} NOT NULL REFERENCES provisioning_services (id),
    -- 0 until there is a place for it.
    server_id {I64} NOT NULL,
    driver {TEXT} NOT NULL,
    -- Our name of it at the vendor, chosen before the first call and never used again.
    tag {TEXT} NOT NULL UNIQUE,
    origin {TEXT} NOT NULL CHECK (origin IN ('made', 'adopted')),
    reference {TEXT},
    state {TEXT} NOT NULL CHECK (state IN ('wanted', 'live', 'gone')),
    -- What the vendor last showed of it, as JSON.
    shown {TEXT} NOT NULL,
    password_sealed {TEXT},
    created_at {I64} NOT NULL,
    gone_at {I64},
    CHECK ((state = 'gone') = (gone_at IS NOT NULL))
) {STRICT};
-- A service has at most one that is there or may be there.
CREATE UNIQUE INDEX provisioning_resources_service ON provisioning_resources (service_id) WHERE state <> 'gone';
-- And what the vendor has belongs to one service.
CREATE UNIQUE INDEX provisioning_resources_reference ON provisioning_resources (server_id, reference)
    WHERE reference IS NOT NULL AND state <> 'gone';
CREATE INDEX provisioning_resources_history ON provisioning_resources (service_id, id);

-- One thing to do to a service, with a memory: decided, acted on, recorded.
CREATE TABLE provisioning_operations (
    id {ID},
    service_id {I64} NOT NULL REFERENCES provisioning_services (id),
    resource_id {I64} NOT NULL REFERENCES provisioning_resources (id),
    -- The server whose turn it takes; 0 while there is none.
    server_id {I64} NOT NULL,
    action {TEXT} NOT NULL,
    -- `do`, or `clean` when what a vendor left half made has to go first.
    step {TEXT} NOT NULL CHECK (step IN ('do', 'clean')),
    -- Named after resource, action and generation: the same in every repetition.
    key {TEXT} NOT NULL UNIQUE,
    state {TEXT} NOT NULL CHECK (state IN ('waiting', 'running', 'done', 'dead', 'dropped')),
    -- Why it has to wait, as a word, and in the vendor's words.
    class {TEXT} NOT NULL,
    why {TEXT} NOT NULL,
    due_at {I64} NOT NULL,
    -- Until when a worker holds it. Whoever takes it over counts the fence on, and what the first one brings is refused.
    lease_until {I64},
    fence {I64} NOT NULL,
    -- The last call may have had an effect: look before acting.
    is_unsure {I64} NOT NULL CHECK (is_unsure IN (0, 1)),
    attempts {I64} NOT NULL,
    polls {I64} NOT NULL,
    vendor_failures {I64} NOT NULL,
    -- Servers that had no room for it, as JSON.
    tried {TEXT} NOT NULL,
    task {TEXT},
    percent {I64},
    plan_version {I64} NOT NULL,
    created_at {I64} NOT NULL,
    first_tried_at {I64},
    ended_at {I64},
    CHECK ((state = 'running') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('done', 'dead', 'dropped')) = (ended_at IS NOT NULL))
) {STRICT};
-- One at a time for each service.
CREATE UNIQUE INDEX provisioning_operations_open ON provisioning_operations (service_id)
    WHERE state IN ('waiting', 'running');
CREATE INDEX provisioning_operations_due ON provisioning_operations (due_at, id) WHERE state = 'waiting';
CREATE INDEX provisioning_operations_held ON provisioning_operations (lease_until, id) WHERE state = 'running';
CREATE INDEX provisioning_operations_dead ON provisioning_operations (id) WHERE state = 'dead';
CREATE INDEX provisioning_operations_service ON provisioning_operations (service_id, id);

-- What was said to vendors, redacted.
CREATE TABLE provisioning_calls (
    id {ID},
    operation_id {I64} NOT NULL,
    service_id {I64} NOT NULL,
    server_id {I64} NOT NULL,
    what {TEXT} NOT NULL,
    outcome {TEXT} NOT NULL,
    -- JSON list of requests and answers.
    exchanges {TEXT} NOT NULL,
    at {I64} NOT NULL,
    took_micros {I64} NOT NULL
) {STRICT};
CREATE INDEX provisioning_calls_operation ON provisioning_calls (operation_id, id);

-- How each service came to its state; only ever added to.
CREATE TABLE provisioning_transitions (
    id {ID},
    service_id {I64} NOT NULL,
    operation_id {I64},
    from_state {TEXT} NOT NULL,
    event {TEXT} NOT NULL,
    to_state {TEXT} NOT NULL,
    why {TEXT} NOT NULL,
    actor_kind {TEXT} NOT NULL,
    actor_id {I64},
    at {I64} NOT NULL
) {STRICT};
CREATE INDEX provisioning_transitions_service ON provisioning_transitions (service_id, id);

-- How a server is to be asked: shared by every process.
CREATE TABLE provisioning_lanes (
    server_id {ID},
    -- As set when it was last asked: calls at once, and calls a minute where there is a limit.
    at_once {I64} NOT NULL CHECK (at_once >= 1),
    per_minute {I64},
    -- Failures in a row; while the breaker is open, when it opened and how often a trial failed.
    failures {I64} NOT NULL,
    opened_at {I64},
    trials {I64} NOT NULL,
    why {TEXT} NOT NULL,
    -- Nothing is asked before this.
    rests_until {I64} NOT NULL,
    -- When this minute's calls are all there again.
    full_at {I64} NOT NULL
) {STRICT};
CREATE INDEX provisioning_lanes_open ON provisioning_lanes (opened_at, server_id) WHERE opened_at IS NOT NULL;
CREATE INDEX provisioning_lanes_resting ON provisioning_lanes (rests_until);

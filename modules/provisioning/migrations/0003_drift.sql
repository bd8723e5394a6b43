-- When each service was last compared with what its vendor has.
CREATE INDEX provisioning_resources_live ON provisioning_resources (service_id) WHERE state = 'live';

-- Numbers made of the vendor's name of a resource and of our own, to find many at once by.
ALTER TABLE provisioning_resources ADD COLUMN reference_digest {I64} NOT NULL DEFAULT 0;
ALTER TABLE provisioning_resources ADD COLUMN tag_digest {I64} NOT NULL DEFAULT 0;
CREATE INDEX provisioning_resources_by_reference ON provisioning_resources (reference_digest);
CREATE INDEX provisioning_resources_by_tag ON provisioning_resources (tag_digest);

-- Where what is differs from what should be. One line for each difference, as long as it lasts.
CREATE TABLE provisioning_drift (
    id {ID},
    -- `missing`, `plan`, `state`, `unpaid` and the service, or `unowned` with server and reference.
    key {TEXT} NOT NULL UNIQUE,
    kind {TEXT} NOT NULL CHECK (kind IN ('missing', 'plan', 'state', 'unpaid', 'unowned')),
    service_id {I64},
    customer_id {I64},
    server_id {I64} NOT NULL,
    reference {TEXT} NOT NULL,
    label {TEXT} NOT NULL,
    detail {TEXT} NOT NULL,
    -- What it costs a month, where that is known.
    monthly_minor {I64},
    currency {TEXT},
    found_at {I64} NOT NULL,
    -- The comparison that saw it last.
    seen_in {I64} NOT NULL
) {STRICT};
CREATE INDEX provisioning_drift_kind ON provisioning_drift (kind, id);
CREATE INDEX provisioning_drift_service ON provisioning_drift (service_id) WHERE service_id IS NOT NULL;
CREATE INDEX provisioning_drift_seen ON provisioning_drift (seen_in);

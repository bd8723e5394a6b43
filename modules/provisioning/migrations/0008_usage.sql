-- How much services use, as their vendors measure it: one line each time that all are asked.
CREATE TABLE provisioning_usage (
    id {ID},
    service_id {I64} NOT NULL,
    -- The hour for which they were asked, the same for all.
    at {I64} NOT NULL,
    cpu_ppm {I64},
    memory_bytes {I64},
    disk_bytes {I64},
    -- Through the network since the line before; none for the first.
    in_bytes {I64},
    out_bytes {I64}
) {STRICT};
CREATE UNIQUE INDEX provisioning_usage_service ON provisioning_usage (service_id, at);
CREATE INDEX provisioning_usage_age ON provisioning_usage (at);

-- Where the counters of the network stood when they were last read.
CREATE TABLE provisioning_usage_meters (
    resource_id {ID},
    in_bytes {I64} NOT NULL,
    out_bytes {I64} NOT NULL,
    at {I64} NOT NULL
) {STRICT};
CREATE INDEX provisioning_usage_meters_age ON provisioning_usage_meters (at);

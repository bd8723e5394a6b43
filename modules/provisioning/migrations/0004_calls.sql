-- How each server answered, by the hour: counted as calls are recorded, so that reading it never walks over them.
CREATE TABLE provisioning_call_hours (
    id {ID},
    server_id {I64} NOT NULL,
    hour_at {I64} NOT NULL,
    calls {I64} NOT NULL,
    -- Those without an outcome: not answered, not understood, not let in.
    failed {I64} NOT NULL,
    -- Those that were not the first of their operation.
    repeated {I64} NOT NULL,
    -- Together, and the longest of them.
    took_micros {I64} NOT NULL,
    longest_micros {I64} NOT NULL,
    -- Those that took no longer than a second, and no longer than ten.
    within_second {I64} NOT NULL,
    within_ten_seconds {I64} NOT NULL,
    CHECK (failed <= calls AND repeated <= calls AND within_second <= within_ten_seconds AND within_ten_seconds <= calls)
) {STRICT};
CREATE UNIQUE INDEX provisioning_call_hours_server ON provisioning_call_hours (server_id, hour_at);
CREATE INDEX provisioning_call_hours_newest ON provisioning_call_hours (hour_at, id);

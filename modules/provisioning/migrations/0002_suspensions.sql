-- How many services were suspended by themselves on a day: more than usual wait for a person.
CREATE TABLE provisioning_suspension_days (
    on_day {DATE} NOT NULL PRIMARY KEY,
    decided {I64} NOT NULL
) {CLUSTERED};

-- Suspensions that wait for a person, because that many on one day are more likely our mistake than the customers'.
CREATE TABLE provisioning_suspensions_held (
    service_id {ID},
    subscription_id {I64} NOT NULL,
    customer_id {I64} NOT NULL,
    label {TEXT} NOT NULL,
    reason {TEXT} NOT NULL,
    held_at {I64} NOT NULL
) {STRICT};
CREATE INDEX provisioning_suspensions_held_subscription ON provisioning_suspensions_held (subscription_id);

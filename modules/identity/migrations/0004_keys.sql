-- Keys for programs: they act with some of the rights of whoever made them.
CREATE TABLE identity_api_tokens (
    id {ID},
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    -- For which customer a user's token acts.
    customer_id {I64},
    name {TEXT} NOT NULL,
    token_hash {TEXT} NOT NULL UNIQUE,
    -- Names of permissions, separated by spaces.
    scopes {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    expires_at {I64} NOT NULL,
    last_used_at {I64}
) {STRICT};
CREATE INDEX identity_api_tokens_subject ON identity_api_tokens (kind, subject_id);
CREATE INDEX identity_api_tokens_expires ON identity_api_tokens (expires_at);

-- Staff who look through a user's eyes, for as long as their own session lasts and an hour at most.
CREATE TABLE identity_impersonations (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    session_hash {TEXT} NOT NULL,
    staff_id {I64} NOT NULL,
    user_id {I64} NOT NULL,
    customer_id {I64} NOT NULL,
    expires_at {I64} NOT NULL
) {CLUSTERED};
CREATE INDEX identity_impersonations_expires ON identity_impersonations (expires_at);

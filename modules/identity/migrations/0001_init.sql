CREATE TABLE identity_staff (
    id {ID},
    email {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL,
    password_hash {TEXT} NOT NULL,
    role {TEXT} NOT NULL CHECK (role IN ('owner')),
    status {TEXT} NOT NULL CHECK (status IN ('active', 'blocked')),
    last_sign_in_at {I64},
    created_at {I64} NOT NULL
) {STRICT};

-- Only hashes of tokens are kept: whoever reads this table cannot sign in with it.
CREATE TABLE identity_sessions (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'customer')),
    subject_id {I64} NOT NULL,
    name {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    expires_at {I64} NOT NULL
) {CLUSTERED};
CREATE INDEX identity_sessions_subject ON identity_sessions (kind, subject_id);
CREATE INDEX identity_sessions_expires ON identity_sessions (expires_at);

CREATE TABLE identity_portal_links (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    customer_id {I64} NOT NULL,
    name {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    expires_at {I64} NOT NULL,
    used_at {I64}
) {CLUSTERED};
CREATE INDEX identity_portal_links_expires ON identity_portal_links (expires_at);

-- The one-time page that makes the first owner.
CREATE TABLE identity_setup (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    expires_at {I64} NOT NULL
) {CLUSTERED};

-- One row per try at something that can be guessed or abused.
CREATE TABLE identity_attempts (
    id {ID},
    what {TEXT} NOT NULL,
    at {I64} NOT NULL
) {STRICT};
CREATE INDEX identity_attempts_what ON identity_attempts (what, at);

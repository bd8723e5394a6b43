-- One app that makes codes for each person.
CREATE TABLE identity_totp (
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    secret_sealed {TEXT} NOT NULL,
    -- None: a code has not been shown yet, and it is not asked for.
    confirmed_at {I64},
    -- The step of the last code used: none works twice.
    last_step {I64} NOT NULL,
    PRIMARY KEY (kind, subject_id)
) {CLUSTERED};

CREATE TABLE identity_recovery_codes (
    code_hash {TEXT} NOT NULL PRIMARY KEY,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL
) {CLUSTERED};
CREATE INDEX identity_recovery_codes_subject ON identity_recovery_codes (kind, subject_id);

CREATE TABLE identity_passkeys (
    id {ID},
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    credential_id {TEXT} NOT NULL UNIQUE,
    -- The public key and its counter, as the library writes them.
    credential {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    last_used_at {I64}
) {STRICT};
CREATE INDEX identity_passkeys_subject ON identity_passkeys (kind, subject_id);

-- Something begun that must be finished by the same browser: the second half of a sign-in, the making of a passkey.
CREATE TABLE identity_challenges (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    purpose {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    -- 0: nobody is named yet.
    subject_id {I64} NOT NULL,
    customer_id {I64},
    method {TEXT} NOT NULL,
    -- What the library needs to check the answer.
    state {TEXT} NOT NULL,
    tries {I64} NOT NULL,
    expires_at {I64} NOT NULL
) {CLUSTERED};
CREATE INDEX identity_challenges_expires ON identity_challenges (expires_at);

-- Browsers somebody has signed in with.
CREATE TABLE identity_devices (
    token_hash {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    agent {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    seen_at {I64} NOT NULL,
    -- Until when no second factor is asked for on it.
    trusted_until {I64},
    PRIMARY KEY (token_hash, kind, subject_id)
) {CLUSTERED};
CREATE INDEX identity_devices_subject ON identity_devices (kind, subject_id);
CREATE INDEX identity_devices_seen ON identity_devices (seen_at);

-- Who signed in, and who tried to.
CREATE TABLE identity_sign_ins (
    id {ID},
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    at {I64} NOT NULL,
    is_success {I64} NOT NULL CHECK (is_success IN (0, 1)),
    method {TEXT} NOT NULL,
    address {TEXT} NOT NULL,
    agent {TEXT} NOT NULL
) {STRICT};
CREATE INDEX identity_sign_ins_subject ON identity_sign_ins (kind, subject_id, id);
CREATE INDEX identity_sign_ins_at ON identity_sign_ins (at);

-- Links that work once: a new password, an address that is shown to be somebody's, an invitation into a team.
CREATE TABLE identity_links (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    purpose {TEXT} NOT NULL CHECK (purpose IN ('reset', 'verify', 'invite')),
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    -- 0: nobody has the address yet.
    subject_id {I64} NOT NULL,
    email {TEXT} NOT NULL,
    customer_id {I64},
    role {TEXT} NOT NULL,
    customer_name {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    expires_at {I64} NOT NULL
) {CLUSTERED};
CREATE INDEX identity_links_subject ON identity_links (kind, subject_id, purpose);
CREATE INDEX identity_links_customer ON identity_links (customer_id, purpose);
CREATE INDEX identity_links_expires ON identity_links (expires_at);

-- Keys that sign who somebody is, for apps of the business. A key is published before it signs, and for a while after.
CREATE TABLE identity_signing_keys (
    kid {TEXT} NOT NULL PRIMARY KEY,
    private_sealed {TEXT} NOT NULL,
    -- The public half as a JSON Web Key.
    public_jwk {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    signs_from {I64} NOT NULL
) {CLUSTERED};
CREATE INDEX identity_signing_keys_from ON identity_signing_keys (signs_from);

-- Apps: other services of the business that sign people in here.
CREATE TABLE identity_apps (
    id {ID},
    -- What the app calls itself when it asks.
    client_id {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL,
    -- None: a program on the person's own device, which can keep no secret.
    secret_hash {TEXT},
    audience {TEXT} NOT NULL CHECK (audience IN ('users', 'staff', 'both')),
    -- The business's own: people are not asked whether it may know them.
    is_first_party {I64} NOT NULL CHECK (is_first_party IN (0, 1)),
    -- Addresses, one a line.
    redirect_uris {TEXT} NOT NULL,
    logout_uris {TEXT} NOT NULL,
    status {TEXT} NOT NULL CHECK (status IN ('active', 'blocked')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};

CREATE INDEX identity_apps_name ON identity_apps (name, id);
CREATE INDEX identity_apps_status ON identity_apps (status, name, id);

-- One sign-in of a person at an app, and everything that follows from it. Whoever revokes it deletes it.
CREATE TABLE identity_app_grants (
    id {ID},
    app_id {I64} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    -- Separated by spaces.
    scopes {TEXT} NOT NULL,
    nonce {TEXT} NOT NULL,
    -- How and when the person showed who they are.
    method {TEXT} NOT NULL,
    proved_at {I64} NOT NULL,
    created_at {I64} NOT NULL,
    expires_at {I64} NOT NULL
) {STRICT};
CREATE INDEX identity_app_grants_subject ON identity_app_grants (kind, subject_id);
CREATE INDEX identity_app_grants_app ON identity_app_grants (app_id);
CREATE INDEX identity_app_grants_expires ON identity_app_grants (expires_at);

CREATE TABLE identity_app_codes (
    code_hash {TEXT} NOT NULL PRIMARY KEY,
    grant_id {I64} NOT NULL,
    redirect_uri {TEXT} NOT NULL,
    -- What the verifier must hash to; empty where none was given.
    challenge {TEXT} NOT NULL,
    expires_at {I64} NOT NULL,
    used_at {I64}
) {CLUSTERED};
CREATE INDEX identity_app_codes_grant ON identity_app_codes (grant_id);

CREATE TABLE identity_app_tokens (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    grant_id {I64} NOT NULL,
    purpose {TEXT} NOT NULL CHECK (purpose IN ('access', 'refresh')),
    scopes {TEXT} NOT NULL,
    expires_at {I64} NOT NULL,
    -- A refresh token is kept after its use: whoever comes with it again has stolen it or was robbed.
    used_at {I64}
) {CLUSTERED};
CREATE INDEX identity_app_tokens_grant ON identity_app_tokens (grant_id);
CREATE INDEX identity_app_tokens_expires ON identity_app_tokens (expires_at);

-- What a person has allowed an app to know.
CREATE TABLE identity_app_consents (
    app_id {I64} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    scopes {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    PRIMARY KEY (app_id, kind, subject_id)
) {CLUSTERED};
CREATE INDEX identity_app_consents_subject ON identity_app_consents (kind, subject_id);

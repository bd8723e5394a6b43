-- Staff may hold any role, not only the owner's.
CREATE TABLE identity_staff_next (
    id {ID},
    email {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL,
    password_hash {TEXT} NOT NULL,
    password_changed_at {I64} NOT NULL,
    role {TEXT} NOT NULL,
    department {TEXT} NOT NULL,
    phone {TEXT} NOT NULL,
    status {TEXT} NOT NULL CHECK (status IN ('active', 'blocked')),
    last_sign_in_at {I64},
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};
INSERT INTO identity_staff_next (id, email, name, password_hash, password_changed_at, role, department, phone, status,
    last_sign_in_at, created_at, version)
SELECT id, email, name, password_hash, created_at, role, '', '', status, last_sign_in_at, created_at, 1
FROM identity_staff;
DROP TABLE identity_staff;
ALTER TABLE identity_staff_next RENAME TO identity_staff;

-- Roles of one's own. The ready-made ones follow from what the modules declare and are not stored.
CREATE TABLE identity_roles (
    id {ID},
    -- As staff hold it: own-<id>.
    code {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL UNIQUE,
    -- Names of permissions, separated by spaces.
    permissions {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};

-- Who signs in for customers.
CREATE TABLE identity_users (
    id {ID},
    email {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL,
    -- None: the user signs in by link, or another way.
    password_hash {TEXT},
    password_changed_at {I64},
    status {TEXT} NOT NULL CHECK (status IN ('active', 'blocked')),
    email_verified_at {I64},
    last_sign_in_at {I64},
    -- Which customer the user acted for last.
    last_customer_id {I64},
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};

CREATE TABLE identity_memberships (
    user_id {I64} NOT NULL,
    customer_id {I64} NOT NULL,
    role {TEXT} NOT NULL CHECK (role IN ('owner', 'billing', 'technical', 'read_only')),
    -- What to call the customer in the switcher; this module does not know customers.
    customer_name {TEXT} NOT NULL,
    -- The customer is closed or banned: nobody acts for it.
    is_suspended {I64} NOT NULL CHECK (is_suspended IN (0, 1)),
    created_at {I64} NOT NULL,
    PRIMARY KEY (user_id, customer_id)
) {CLUSTERED};
CREATE INDEX identity_memberships_customer ON identity_memberships (customer_id, user_id);

-- Everybody signs in again: a session now says for which customer, and what was proved.
DROP TABLE identity_sessions;
CREATE TABLE identity_sessions (
    id {ID},
    token_hash {TEXT} NOT NULL UNIQUE,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    -- For which customer a user acts.
    customer_id {I64},
    -- 'enrol': a second factor must be set up before anything else.
    stage {TEXT} NOT NULL CHECK (stage IN ('full', 'enrol')),
    -- How the person signed in: password, link, passkey, …
    method {TEXT} NOT NULL,
    address {TEXT} NOT NULL,
    agent {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    -- When the person last proved who they are.
    confirmed_at {I64} NOT NULL,
    seen_at {I64} NOT NULL,
    idle_at {I64} NOT NULL,
    expires_at {I64} NOT NULL
) {STRICT};
CREATE INDEX identity_sessions_subject ON identity_sessions (kind, subject_id);
CREATE INDEX identity_sessions_expires ON identity_sessions (expires_at);

-- A link signs in the user with an address, and makes the user when there is none.
DROP TABLE identity_portal_links;
CREATE TABLE identity_portal_links (
    token_hash {TEXT} NOT NULL PRIMARY KEY,
    customer_id {I64} NOT NULL,
    customer_name {TEXT} NOT NULL,
    email {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    -- Sent to the address: who uses it has shown that the address is theirs.
    is_mailed {I64} NOT NULL CHECK (is_mailed IN (0, 1)),
    created_at {I64} NOT NULL,
    expires_at {I64} NOT NULL,
    used_at {I64}
) {CLUSTERED};
CREATE INDEX identity_portal_links_expires ON identity_portal_links (expires_at);

-- Other services that vouch for people who sign in here.
CREATE TABLE identity_providers (
    id {ID},
    -- As it stands in addresses, which the provider must know.
    code {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL,
    issuer {TEXT} NOT NULL,
    client_id {TEXT} NOT NULL,
    secret_sealed {TEXT} NOT NULL,
    audience {TEXT} NOT NULL CHECK (audience IN ('users', 'staff', 'both')),
    -- Users are made for people nobody knows yet; staff never are.
    may_create {I64} NOT NULL CHECK (may_create IN (0, 1)),
    -- It asks for a second factor itself.
    is_second_factor {I64} NOT NULL CHECK (is_second_factor IN (0, 1)),
    -- Of addresses, separated by spaces; empty: all.
    domains {TEXT} NOT NULL,
    status {TEXT} NOT NULL CHECK (status IN ('active', 'blocked')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX identity_providers_name ON identity_providers (name, id);

-- Whom a provider means by a name of its own.
CREATE TABLE identity_provider_links (
    id {ID},
    provider_id {I64} NOT NULL,
    -- What the provider calls the person; it never gives the name to another.
    outside_subject {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('staff', 'user')),
    subject_id {I64} NOT NULL,
    -- As the provider knew it then, for the person to tell accounts apart.
    email {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    UNIQUE (provider_id, kind, outside_subject)
) {STRICT};
CREATE INDEX identity_provider_links_subject ON identity_provider_links (kind, subject_id, id);

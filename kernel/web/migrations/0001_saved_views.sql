-- An address of a list under a name of a person's own.
CREATE TABLE kernel_saved_views (
    id {ID},
    actor_kind {TEXT} NOT NULL,
    actor_id {I64} NOT NULL,
    resource {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    query {TEXT} NOT NULL,
    is_first {I64} NOT NULL CHECK (is_first IN (0, 1)),
    saved_at {I64} NOT NULL,
    UNIQUE (actor_kind, actor_id, resource, name)
) {STRICT};

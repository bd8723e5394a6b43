-- Every version of every public text. A version never changes: orders remember which one was agreed to.
CREATE TABLE storefront_texts (
    id {ID},
    name {TEXT} NOT NULL,
    locale {TEXT} NOT NULL,
    version {I64} NOT NULL CHECK (version >= 1),
    title {TEXT} NOT NULL,
    body_md {TEXT} NOT NULL,
    hash {TEXT} NOT NULL,
    actor_kind {TEXT} NOT NULL,
    actor_id {I64},
    published_at {I64} NOT NULL
) {STRICT};
CREATE UNIQUE INDEX storefront_texts_version ON storefront_texts (name, version);
CREATE INDEX storefront_texts_current ON storefront_texts (name, locale, version);

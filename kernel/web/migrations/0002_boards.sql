-- In which order a person sees the cards of the first page.
CREATE TABLE kernel_boards (
    actor_kind {TEXT} NOT NULL,
    actor_id {I64} NOT NULL,
    layout {TEXT} NOT NULL,
    saved_at {I64} NOT NULL,
    PRIMARY KEY (actor_kind, actor_id)
) {CLUSTERED};

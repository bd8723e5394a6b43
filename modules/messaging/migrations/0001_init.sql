CREATE TABLE messaging_messages (
    id {ID},
    to_email {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    body_text {TEXT} NOT NULL,
    kind {TEXT} NOT NULL,
    -- Held: no sender is set up, so that people read it in the outbox.
    state {TEXT} NOT NULL CHECK (state IN ('held', 'sent')),
    customer_id {I64},
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX messaging_messages_customer ON messaging_messages (customer_id, id) WHERE customer_id IS NOT NULL;

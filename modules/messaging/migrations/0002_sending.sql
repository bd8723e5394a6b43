-- States, language, HTML and attachments come to messages. A CHECK cannot be changed on SQLite, so the table is made anew.
ALTER TABLE messaging_messages RENAME TO messaging_messages_first;
CREATE TABLE messaging_messages (
    id {ID},
    kind {TEXT} NOT NULL,
    locale {TEXT} NOT NULL,
    to_email {TEXT} NOT NULL,
    to_name {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    body_text {TEXT} NOT NULL,
    body_html {TEXT} NOT NULL,
    -- [{"kind": …, "id": …}]: made when the message is sent.
    attachments {TEXT} NOT NULL,
    -- The address of the recipient's choices, on mails that can be refused; empty otherwise.
    preferences_url {TEXT} NOT NULL,
    customer_id {I64},
    -- Held: no sender was set up. Handed over: the server took the command, and its answer to the content is awaited.
    -- Unknown: that answer never came.
    state {TEXT} NOT NULL
        CHECK (state IN ('held', 'queued', 'sending', 'handed_over', 'sent', 'failed', 'unknown', 'dropped')),
    attempts {I64} NOT NULL CHECK (attempts >= 0),
    last_error {TEXT} NOT NULL,
    -- The same on every attempt, so that a server that has the mail already can tell.
    message_id {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    sent_at {I64}
) {STRICT};
INSERT INTO messaging_messages (id, kind, locale, to_email, to_name, subject, body_text, body_html, attachments,
        preferences_url, customer_id, state, attempts, last_error, message_id, created_at, sent_at)
    SELECT id, kind, 'en', to_email, '', subject, body_text, '', '[]', '', customer_id, state, 0, '', '', created_at, NULL
    FROM messaging_messages_first;
DROP TABLE messaging_messages_first;
CREATE INDEX messaging_messages_by_customer ON messaging_messages (customer_id, id) WHERE customer_id IS NOT NULL;
CREATE INDEX messaging_messages_by_state ON messaging_messages (state, id);
CREATE TABLE messaging_templates (
    name {TEXT} NOT NULL,
    locale {TEXT} NOT NULL,
    subject {TEXT} NOT NULL,
    body {TEXT} NOT NULL,
    updated_at {I64} NOT NULL,
    PRIMARY KEY (name, locale)
) {STRICT};
-- What a customer does not want to get.
CREATE TABLE messaging_refused_kinds (
    customer_id {I64} NOT NULL,
    kind {TEXT} NOT NULL,
    refused_at {I64} NOT NULL,
    PRIMARY KEY (customer_id, kind)
) {STRICT};
-- Lets a customer choose without signing in: the link at the foot of a mail.
CREATE TABLE messaging_preference_links (
    customer_id {ID},
    token {TEXT} NOT NULL UNIQUE
) {STRICT};

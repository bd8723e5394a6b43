-- Mails are looked for by address and by what they are about.
CREATE INDEX messaging_messages_to ON messaging_messages ((LOWER(to_email)), id);
CREATE INDEX messaging_messages_kind ON messaging_messages (kind, id);

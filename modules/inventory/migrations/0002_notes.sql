-- What a driver whose vendor is ourselves writes down: licences given out, cards for staff. Only drivers read the texts.
CREATE TABLE inventory_notes (
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    name {TEXT} NOT NULL,
    text {TEXT} NOT NULL,
    -- A number made of the name, to find many at once by.
    digest {I64} NOT NULL,
    PRIMARY KEY (server_id, name)
) {STRICT};
CREATE INDEX inventory_notes_digest ON inventory_notes (digest);

-- With how many seats taken a server is full by its panel's own word, as of the last look; none where it does not say.
ALTER TABLE inventory_health ADD COLUMN full_at {I64};

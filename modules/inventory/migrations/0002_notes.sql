-- What a driver whose vendor is ourselves writes down: licences given out, cards for staff. Only drivers read the texts.
CREATE TABLE inventory_notes (
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    name {TEXT} NOT NULL,
    text {TEXT} NOT NULL,
    PRIMARY KEY (server_id, name)
) {STRICT};

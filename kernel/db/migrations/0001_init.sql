-- Ids are made in the process from ascending blocks; this row is where the blocks come from.
CREATE TABLE kernel_id_blocks (
    name {TEXT} NOT NULL PRIMARY KEY,
    next {I64} NOT NULL CHECK (next > 0)
) {STRICT};
INSERT INTO kernel_id_blocks (name, next) VALUES ('ids', 1);

-- Settings of every module, one JSON document per key.
CREATE TABLE kernel_settings (
    key {TEXT} NOT NULL PRIMARY KEY,
    value {TEXT} NOT NULL,
    updated_at {I64} NOT NULL
) {STRICT};

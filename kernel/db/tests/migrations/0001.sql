CREATE TABLE t_rows (id {ID}, name {TEXT} NOT NULL, on_date {DATE}, blob {BYTES}, n {I64} NOT NULL CHECK (n >= 0)) {STRICT};
CREATE UNIQUE INDEX t_rows_name ON t_rows (name);
CREATE TABLE t_pairs (a {I64} NOT NULL, b {I64} NOT NULL, v {TEXT}, PRIMARY KEY (a, b)) {CLUSTERED};

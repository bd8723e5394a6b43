-- A question may ask for a date. Neither engine changes a check in place, so that the table is made anew.
CREATE TABLE ordering_questions_new (
    id {ID},
    product_id {I64},
    name {TEXT} NOT NULL,
    label {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('line', 'text', 'choice', 'yes_no', 'hostname', 'date')),
    help {TEXT} NOT NULL,
    choices {TEXT} NOT NULL,
    required {I64} NOT NULL CHECK (required IN (0, 1)),
    position {I64} NOT NULL
) {STRICT};
INSERT INTO ordering_questions_new (id, product_id, name, label, kind, help, choices, required, position)
    SELECT id, product_id, name, label, kind, help, choices, required, position FROM ordering_questions;
DROP TABLE ordering_questions;
ALTER TABLE ordering_questions_new RENAME TO ordering_questions;
CREATE INDEX ordering_questions_product ON ordering_questions (product_id, position, id);

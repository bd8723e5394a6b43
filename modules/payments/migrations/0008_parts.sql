-- Less than all that is held can be taken: where the vendor says so, and how much that is.
ALTER TABLE payments_payments ADD COLUMN takes_parts {I64} NOT NULL DEFAULT 0 CHECK (takes_parts IN (0, 1));
ALTER TABLE payments_payments ADD COLUMN part_minor {I64} CHECK (part_minor > 0);

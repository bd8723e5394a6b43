-- Had a second factor in another system, which cannot come along: they set one up before anything else.
ALTER TABLE identity_users ADD COLUMN must_enrol {I64} NOT NULL DEFAULT 0 CHECK (must_enrol IN (0, 1));

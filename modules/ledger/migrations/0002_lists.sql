-- Corrections, for the list of staff.
CREATE INDEX ledger_entries_reversals ON ledger_entries (id) WHERE reverses_id IS NOT NULL;

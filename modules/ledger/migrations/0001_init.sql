-- Accounts are made when first used; the code says what, the currency in what.
CREATE TABLE ledger_accounts (
    id {ID},
    code {TEXT} NOT NULL,
    currency {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('asset', 'liability', 'income', 'expense', 'equity')),
    UNIQUE (code, currency)
) {STRICT};

-- Never updated, never deleted: corrected by an entry that reverses.
CREATE TABLE ledger_entries (
    id {ID},
    posted_on {DATE} NOT NULL,
    kind {TEXT} NOT NULL,
    source_kind {TEXT} NOT NULL,
    source_id {I64} NOT NULL,
    memo {TEXT} NOT NULL,
    reverses_id {I64},
    created_at {I64} NOT NULL,
    actor {TEXT} NOT NULL
) {STRICT};

-- An entry is reversed at most once, whatever runs in parallel.
CREATE UNIQUE INDEX ledger_entries_reversed_once ON ledger_entries (reverses_id) WHERE reverses_id IS NOT NULL;

-- Debit is positive, credit negative. No foreign keys on this fan-out edge; `verify` looks for orphans.
CREATE TABLE ledger_postings (
    entry_id {I64} NOT NULL,
    line_no {I64} NOT NULL,
    account_id {I64} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor <> 0),
    PRIMARY KEY (entry_id, line_no)
) {CLUSTERED};

CREATE INDEX ledger_postings_account ON ledger_postings (account_id, entry_id);

-- One unit of base is worth `rate` units of quote from this date on.
CREATE TABLE ledger_exchange_rates (
    base {TEXT} NOT NULL,
    quote {TEXT} NOT NULL,
    valid_from_on {DATE} NOT NULL,
    rate {TEXT} NOT NULL,
    PRIMARY KEY (base, quote, valid_from_on)
) {CLUSTERED};

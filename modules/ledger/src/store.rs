//! All SQL of the ledger.

bursar_db::statements! {
    /// An account's id.
    pub(crate) FIND_ACCOUNT = "SELECT id FROM ledger_accounts WHERE code = $1 AND currency = $2";
    /// Makes an account unless somebody else just did.
    pub(crate) INSERT_ACCOUNT = "INSERT INTO ledger_accounts (id, code, currency, kind) VALUES ($1, $2, $3, $4)
        ON CONFLICT (code, currency) DO NOTHING";
    /// One account's balance over all time.
    pub(crate) BALANCE = "SELECT COALESCE(CAST(SUM(p.amount_minor) AS BIGINT), 0)
        FROM ledger_accounts AS a JOIN ledger_postings AS p ON p.account_id = a.id
        WHERE a.code = $1 AND a.currency = $2";
    /// Every account's balance at the end of a date.
    pub(crate) TRIAL_BALANCE = "SELECT a.code, a.currency, CAST(SUM(p.amount_minor) AS BIGINT)
        FROM ledger_postings AS p
        JOIN ledger_entries AS e ON e.id = p.entry_id
        JOIN ledger_accounts AS a ON a.id = p.account_id
        WHERE e.posted_on <= $1
        GROUP BY a.code, a.currency ORDER BY a.code, a.currency";
    /// The head of an entry.
    pub(crate) FIND_ENTRY = "SELECT source_kind, source_id FROM ledger_entries WHERE id = $1";
    /// The lines of an entry.
    pub(crate) POSTINGS = "SELECT p.account_id, a.code, a.currency, p.amount_minor
        FROM ledger_postings AS p JOIN ledger_accounts AS a ON a.id = p.account_id
        WHERE p.entry_id = $1 ORDER BY p.line_no";
    /// The entry that reverses another.
    pub(crate) FIND_REVERSAL = "SELECT id FROM ledger_entries WHERE reverses_id = $1";
    /// Writes or replaces a rate.
    pub(crate) SET_RATE = "INSERT INTO ledger_exchange_rates (base, quote, valid_from_on, rate)
        VALUES ($1, $2, $3, $4)
        ON CONFLICT (base, quote, valid_from_on) DO UPDATE SET rate = excluded.rate";
    /// The newest rate that is not younger than a date.
    pub(crate) FIND_RATE = "SELECT rate FROM ledger_exchange_rates
        WHERE base = $1 AND quote = $2 AND valid_from_on <= $3 ORDER BY valid_from_on DESC LIMIT 1";

    /// How many entries there are.
    pub(crate) COUNT_ENTRIES = "SELECT COUNT(*) FROM ledger_entries";
    /// How many postings there are.
    pub(crate) COUNT_POSTINGS = "SELECT COUNT(*) FROM ledger_postings";
    /// Entries that do not balance in some currency.
    pub(crate) UNBALANCED = "SELECT p.entry_id, a.currency, CAST(SUM(p.amount_minor) AS BIGINT)
        FROM ledger_postings AS p JOIN ledger_accounts AS a ON a.id = p.account_id
        GROUP BY p.entry_id, a.currency HAVING SUM(p.amount_minor) <> 0
        ORDER BY p.entry_id";
    /// Postings without their account or entry.
    pub(crate) ORPHANS = "SELECT p.entry_id, p.line_no
        FROM ledger_postings AS p
        LEFT JOIN ledger_accounts AS a ON a.id = p.account_id
        LEFT JOIN ledger_entries AS e ON e.id = p.entry_id
        WHERE a.id IS NULL OR e.id IS NULL ORDER BY p.entry_id, p.line_no";
    /// Entries without postings.
    pub(crate) EMPTY = "SELECT e.id FROM ledger_entries AS e
        WHERE NOT EXISTS (SELECT 1 FROM ledger_postings AS p WHERE p.entry_id = e.id) ORDER BY e.id";
    /// How many entries reverse another.
    pub(crate) COUNT_REVERSALS = "SELECT COUNT(*) FROM ledger_entries WHERE reverses_id IS NOT NULL";
    /// Reversals that leave something of what they reverse.
    pub(crate) BAD_REVERSALS = "SELECT id, account_id, CAST(SUM(amount_minor) AS BIGINT) FROM (
            SELECT e.id, p.account_id, p.amount_minor FROM ledger_entries AS e
            JOIN ledger_postings AS p ON p.entry_id = e.id WHERE e.reverses_id IS NOT NULL
            UNION ALL
            SELECT e.id, p.account_id, p.amount_minor FROM ledger_entries AS e
            JOIN ledger_postings AS p ON p.entry_id = e.reverses_id WHERE e.reverses_id IS NOT NULL
        ) AS both_sides GROUP BY id, account_id HAVING SUM(amount_minor) <> 0 ORDER BY id";
}

bursar_db::bulk! {
    /// Entry heads.
    pub(crate) INSERT_ENTRIES = insert "ledger_entries" {
        id: int, posted_on: text, kind: text, source_kind: text, source_id: int, memo: text, reverses_id: int,
        created_at: int, actor: text
    };
    /// Entry lines.
    pub(crate) INSERT_POSTINGS = insert "ledger_postings" {
        entry_id: int, line_no: int, account_id: int, amount_minor: int
    };
}

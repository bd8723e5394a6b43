//! What the floor writes: the rows of each of the run's transactions, found again in the measured database. The same for
//! both engines; how they are written is each floor's own.

/// One table, and how its rows of the transaction with the ids from `$1` to `$2` are found.
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) select: &'static str,
}

/// Tables in the order in which the engine writes them.
pub(crate) const TABLES: &[Table] = &[
    Table {
        name: "billing_billed_periods",
        select: "SELECT b.* FROM billing_lines l JOIN billing_billed_periods b ON b.item_id = l.item_id
            WHERE l.invoice_id BETWEEN $1 AND $2",
    },
    Table { name: "billing_lines", select: "SELECT * FROM billing_lines WHERE invoice_id BETWEEN $1 AND $2" },
    Table { name: "ledger_entries", select: "SELECT * FROM ledger_entries WHERE id BETWEEN $1 AND $2" },
    Table {
        name: "ledger_postings",
        select: "SELECT * FROM ledger_postings WHERE entry_id BETWEEN $1 AND $2",
    },
    Table { name: "kernel_events", select: "SELECT * FROM kernel_events WHERE id BETWEEN $1 AND $2" },
    Table {
        name: "kernel_deliveries",
        select: "SELECT * FROM kernel_deliveries WHERE event_id BETWEEN $1 AND $2",
    },
    Table { name: "kernel_jobs", select: "SELECT * FROM kernel_jobs WHERE id BETWEEN $1 AND $2" },
    Table { name: "billing_invoices", select: "SELECT * FROM billing_invoices WHERE id BETWEEN $1 AND $2" },
];

/// What the run changed in the subscriptions of a transaction: the new values, the id, the version before.
pub(crate) const ADVANCED: &str =
    "SELECT s.status, s.next_start_on, s.next_end_on, s.next_bill_on, s.ended_on, s.periods_left,
        s.version, s.id, s.version - 1 AS old
    FROM billing_lines l JOIN billing_subscriptions s ON s.id = l.subscription_id
    WHERE l.invoice_id BETWEEN $1 AND $2";

/// Small tables that the rows refer to: copied whole, untimed.
pub(crate) const REFERRED: &[&str] = &["ledger_accounts", "billing_series"];

/// Deliveries have ids of the database's own, so they are found by their event; untimed, after the run.
pub(crate) const INDEX_DELIVERIES: &str =
    "CREATE INDEX bench_deliveries_of_event ON kernel_deliveries (event_id)";

/// The ids of the run's invoices, ascending.
pub(crate) const INVOICES: &str = "SELECT id FROM billing_invoices ORDER BY id";

/// The id ranges of the run's transactions: ids of one batch are taken together, invoices first, so that a jump
/// between two invoice ids is where the next batch begins.
#[derive(Default)]
pub(crate) struct Batches {
    starts: Vec<i64>,
    previous: Option<i64>,
}

impl Batches {
    /// Takes the next invoice id.
    pub(crate) fn add(&mut self, id: i64) {
        if self.previous != Some(id - 1) {
            self.starts.push(id);
        }
        self.previous = Some(id);
    }

    /// First and last id of each transaction.
    pub(crate) fn ranges(&self) -> Vec<(i64, i64)> {
        let end_of = |n: usize| self.starts.get(n + 1).map_or(i64::MAX, |next| next - 1);
        self.starts.iter().enumerate().map(|(n, lo)| (*lo, end_of(n))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_between_two_ids_begins_a_batch() {
        let mut batches = Batches::default();
        for id in [5, 6, 7, 20, 21, 40] {
            batches.add(id);
        }
        assert_eq!(batches.ranges(), [(5, 19), (20, 39), (40, i64::MAX)]);
        assert!(Batches::default().ranges().is_empty());
    }
}

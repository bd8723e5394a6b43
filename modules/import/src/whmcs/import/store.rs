//! All SQL of the import that the modules have no function for: bulk rows with what the old system said, and the totals.

use std::collections::BTreeSet;

use bursar_db::{Statement, Tx, params};
use bursar_fault::Fault;

bursar_db::statements! {
    /// Whether anything is there that no import brought.
    pub(crate) ANY_CUSTOMER = "SELECT id FROM customers_customers ORDER BY id LIMIT 1";
    /// Which of some customers are there.
    pub(crate) HAVE_CUSTOMERS = "SELECT id FROM customers_customers WHERE id {any:$1}";
    /// Which of some users are there.
    pub(crate) HAVE_USERS = "SELECT id FROM identity_users WHERE id {any:$1}";
    /// What the teams of some customers need of them.
    pub(crate) CUSTOMER_FACES = "SELECT id, email, status, company, first_name, last_name FROM customers_customers
        WHERE id {any:$1}";
    /// Which of some contacts are there.
    pub(crate) HAVE_CONTACTS = "SELECT id FROM customers_contacts WHERE id {any:$1}";
    /// Which of some notes are there.
    pub(crate) HAVE_NOTES = "SELECT id FROM customers_notes WHERE id {any:$1}";
    /// Which of some subscriptions are there.
    pub(crate) HAVE_SUBSCRIPTIONS = "SELECT id FROM billing_subscriptions WHERE id {any:$1}";
    /// Which options some subscriptions have.
    pub(crate) HAVE_OPTIONS = "SELECT subscription_id, source_id FROM billing_items
        WHERE subscription_id {any:$1} AND kind = 'option' AND source_id IS NOT NULL";
    /// Which of some invoices are there.
    pub(crate) HAVE_INVOICES = "SELECT id FROM billing_invoices WHERE id {any:$1}";
    /// Which of some credit moves are there.
    pub(crate) HAVE_MOVES = "SELECT id FROM billing_credit_moves WHERE id {any:$1}";
    /// Which of some customers have a balance row.
    pub(crate) HAVE_BALANCES = "SELECT customer_id FROM billing_credit_balances WHERE customer_id {any:$1}";
    /// What the old system said of every imported subscription.
    pub(crate) LEGACY_SUBSCRIPTIONS = "SELECT id, legacy FROM billing_subscriptions
        WHERE source = 'import' AND legacy IS NOT NULL ORDER BY id";

    /// Customers by status and currency.
    pub(crate) CUSTOMERS = "SELECT status, currency, COUNT(*) FROM customers_customers
        GROUP BY status, currency ORDER BY status, currency";
    /// Imported subscriptions with what their items come to.
    pub(crate) SUBSCRIPTIONS = "SELECT s.id, s.currency, s.cycle, s.product_id, s.legacy,
            COALESCE((SELECT CAST(SUM(i.unit_minor * i.quantity) AS BIGINT) FROM billing_items AS i
                WHERE i.subscription_id = s.id), 0)
        FROM billing_subscriptions AS s WHERE s.source = 'import' AND s.legacy IS NOT NULL ORDER BY s.id";
    /// Imported invoices with the credit used on each.
    pub(crate) INVOICES = "SELECT i.id, i.state, i.currency, i.subtotal_minor, i.tax1_minor, i.tax2_minor,
            i.total_minor, i.settled_minor, i.legacy,
            COALESCE((SELECT CAST(SUM(a.amount_minor) AS BIGINT) FROM billing_allocations AS a
                WHERE a.invoice_id = i.id AND a.source_kind = 'credit' AND a.reversed_at IS NULL), 0)
        FROM billing_invoices AS i WHERE i.series = 'imported' ORDER BY i.id";
    /// Lines by currency and what the old system called them.
    pub(crate) LINES = "SELECT i.currency, l.legacy, COUNT(*), CAST(SUM(l.net_minor) AS BIGINT)
        FROM billing_lines AS l JOIN billing_invoices AS i ON i.id = l.invoice_id
        WHERE i.series = 'imported' AND l.legacy IS NOT NULL GROUP BY i.currency, l.legacy
        ORDER BY i.currency, l.legacy";
    /// What the lines of each invoice come to, and the taxed ones, with the rate of their first tax.
    pub(crate) LINE_SUMS = "SELECT invoice_id, CAST(SUM(net_minor) AS BIGINT),
            CAST(SUM(net_minor * taxable) AS BIGINT), MAX(tax1_ppm)
        FROM billing_lines WHERE legacy IS NOT NULL GROUP BY invoice_id ORDER BY invoice_id";
    /// Numbers that more than one imported payment or refund of a gateway has.
    pub(crate) REPEATED_NUMBERS = "SELECT COUNT(*) FROM (
            SELECT n.gateway FROM (
                SELECT id, gateway, reference FROM payments_payments WHERE kind = 'imported' AND reference <> ''
                UNION SELECT id, gateway, reference FROM payments_refunds
                    WHERE idempotency_key LIKE 'import:%' AND reference <> '') AS n
            GROUP BY n.gateway, n.reference HAVING COUNT(*) > 1) AS r";
    /// Imported refunds that name the payment they give back.
    pub(crate) LINKED_REFUNDS = "SELECT COUNT(*) FROM payments_refunds
        WHERE idempotency_key LIKE 'import:%' AND payment_id IS NOT NULL";
    /// Imported refunds for no invoice; one that came in the same row as a payment is that row.
    pub(crate) LONE_REFUNDS = "SELECT COUNT(*) FROM ledger_entries AS e
        WHERE e.kind = 'imported_refund' AND e.source_kind = 'refund' AND NOT EXISTS (
            SELECT 1 FROM payments_payments AS p WHERE p.id = e.source_id AND p.kind = 'imported')";
    /// Imported payments.
    pub(crate) PAYMENTS = "SELECT gateway, currency, amount_minor, fee_minor, purpose FROM payments_payments
        WHERE kind = 'imported' ORDER BY id";
    /// Imported refunds by gateway.
    pub(crate) REFUNDS = "SELECT gateway, currency, COUNT(*), CAST(SUM(amount_minor) AS BIGINT) FROM payments_refunds
        WHERE idempotency_key LIKE 'import:%' GROUP BY gateway, currency ORDER BY gateway, currency";
    /// What was refunded of each imported invoice, from the journal.
    pub(crate) REFUNDED = "SELECT e.source_id, a.currency, CAST(SUM(p.amount_minor) AS BIGINT)
        FROM ledger_entries AS e
        JOIN ledger_postings AS p ON p.entry_id = e.id
        JOIN ledger_accounts AS a ON a.id = p.account_id
        WHERE e.kind = 'imported_refund' AND e.source_kind = 'invoice' AND a.code = 'refunds'
        GROUP BY e.source_id, a.currency ORDER BY e.source_id";
    /// Credit by currency.
    pub(crate) CREDIT = "SELECT currency, CAST(SUM(balance_minor) AS BIGINT),
            CAST(SUM(CASE WHEN balance_minor <> 0 THEN 1 ELSE 0 END) AS BIGINT)
        FROM billing_credit_balances GROUP BY currency ORDER BY currency";
    /// Imported credit moves by currency.
    pub(crate) CREDIT_LOG = "SELECT currency, CAST(SUM(amount_minor) AS BIGINT) FROM billing_credit_moves
        WHERE source_kind = 'import' GROUP BY currency ORDER BY currency";
    /// Customers whose balance was not the sum of their moves.
    pub(crate) CREDIT_ADJUSTED = "SELECT customer_id FROM billing_credit_moves
        WHERE source_kind = 'import_adjustment' ORDER BY customer_id";
    /// Coupons by kind.
    pub(crate) COUPONS = "SELECT kind, COUNT(*) FROM catalog_coupons GROUP BY kind ORDER BY kind";
}

pub(crate) use bursar_billing::brought::{
    INSERT_ALLOCATIONS, INSERT_APPLIED, INSERT_BALANCES, INSERT_INVOICES, INSERT_LINES, INSERT_MOVES,
};

/// Which of some ids are there already.
pub(super) async fn present(
    tx: &mut Tx,
    statement: &'static Statement,
    ids: impl Iterator<Item = i64>,
) -> Result<BTreeSet<i64>, Fault> {
    let ids: Vec<i64> = ids.collect();
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    Ok(tx.query(statement, params![ids.as_slice()], |row| row.get(0)).await?.into_iter().collect())
}

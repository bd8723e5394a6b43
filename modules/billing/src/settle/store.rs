//! All SQL of settlement.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::Currency;
use bursar_time::Instant;

use super::delivery::money_is_held;

bursar_db::statements! {
    /// Settles part of an open invoice, never more than is open; the last part closes it.
    pub(crate) SETTLE = "UPDATE billing_invoices SET settled_minor = settled_minor + $2,
            state = CASE WHEN settled_minor + $2 = total_minor THEN $3 ELSE state END,
            paid_at = CASE WHEN settled_minor + $2 = total_minor THEN $4 ELSE paid_at END,
            version = version + 1
        WHERE id = $1 AND kind = 'invoice' AND state = 'open' AND $2 > 0 AND settled_minor + $2 <= total_minor";
    /// Takes a settled part back; the invoice is owed again.
    pub(crate) UNSETTLE = "UPDATE billing_invoices SET settled_minor = settled_minor - $2, state = 'open', paid_at = NULL,
            version = version + 1
        WHERE id = $1 AND kind = 'invoice' AND state IN ('open', 'paid') AND $2 > 0 AND settled_minor >= $2";
    /// A new allocation.
    pub(crate) ALLOCATE = "INSERT INTO billing_allocations
            (id, invoice_id, source_kind, source_id, amount_minor, entry_id, created_at, reversed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, NULL)";
    /// Undoes an allocation.
    pub(crate) REVERSE = "UPDATE billing_allocations SET reversed_at = $2 WHERE id = $1 AND reversed_at IS NULL";
    /// What settles an invoice.
    pub(crate) ALLOCATIONS = "SELECT id, invoice_id, source_kind, source_id, amount_minor, entry_id, created_at, reversed_at
        FROM billing_allocations WHERE invoice_id = $1 ORDER BY id";
    /// What a payment settles of an invoice, newest first.
    pub(crate) BY_PAYMENT = "SELECT id, amount_minor FROM billing_allocations
        WHERE invoice_id = $1 AND source_kind = 'payment' AND source_id = $2 AND reversed_at IS NULL ORDER BY id DESC";
    /// The invoices a payment settles.
    pub(crate) OF_PAYMENT = "SELECT id, invoice_id, source_kind, source_id, amount_minor, entry_id, created_at, reversed_at
        FROM billing_allocations WHERE source_kind = 'payment' AND source_id = $1 ORDER BY id";
    /// Deposits on an invoice.
    pub(crate) DEPOSITS = "SELECT COALESCE(CAST(SUM(net_minor) AS BIGINT), 0) FROM billing_lines
        WHERE invoice_id = $1 AND kind = 'add_funds'";
    /// Deposits that credit notes took back.
    pub(crate) DEPOSITS_CREDITED = "SELECT COALESCE(CAST(SUM(l.net_minor) AS BIGINT), 0)
        FROM billing_invoices AS d JOIN billing_lines AS l ON l.invoice_id = d.id
        WHERE d.corrects_id = $1 AND d.kind = 'credit_note' AND l.kind = 'add_funds'";

    /// Invoices that ask, or asked, something for a subscription and can still be taken back.
    pub(crate) LIVE_WITH = "SELECT DISTINCT d.id FROM billing_invoices AS d JOIN billing_lines AS l ON l.invoice_id = d.id
        WHERE d.customer_id = (SELECT customer_id FROM billing_subscriptions WHERE id = $1)
            AND d.kind = 'invoice' AND d.state IN ('open', 'paid') AND l.subscription_id = $1
        ORDER BY d.id";

    /// More credit.
    pub(crate) GIVE = "INSERT INTO billing_credit_balances (customer_id, currency, balance_minor, version)
        VALUES ($1, $2, $3, 1) ON CONFLICT (customer_id, currency)
        DO UPDATE SET balance_minor = billing_credit_balances.balance_minor + excluded.balance_minor,
            version = billing_credit_balances.version + 1";
    /// Less credit, never below nothing.
    pub(crate) TAKE = "UPDATE billing_credit_balances SET balance_minor = balance_minor - $3, version = version + 1
        WHERE customer_id = $1 AND currency = $2 AND balance_minor >= $3";
    /// What there is.
    pub(crate) BALANCE = "SELECT balance_minor FROM billing_credit_balances WHERE customer_id = $1 AND currency = $2";
    /// All of a customer's.
    pub(crate) BALANCES = "SELECT currency, balance_minor FROM billing_credit_balances WHERE customer_id = $1
        ORDER BY currency";
    /// Why it changed.
    pub(crate) MOVE = "INSERT INTO billing_credit_moves
            (id, customer_id, currency, amount_minor, reason, source_kind, source_id, entry_id, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// A customer's moves, newest first.
    pub(crate) MOVES = "SELECT id, currency, amount_minor, reason, source_kind, source_id, created_at
        FROM billing_credit_moves WHERE customer_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3";

    /// A payment is applied once.
    pub(crate) CLAIM_PAYMENT = "INSERT INTO billing_applied_payments
            (payment_id, customer_id, currency, amount_minor, applied_at)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (payment_id) DO NOTHING";

    /// Whether a payment was applied.
    pub(crate) IS_APPLIED = "SELECT applied_at FROM billing_applied_payments WHERE payment_id = $1";

    /// The charge that is under way for an invoice.
    pub(crate) LIVE_CHARGE = "SELECT payment_id FROM billing_charges WHERE invoice_id = $1 AND live = 1";
    /// How many charges an invoice has seen.
    pub(crate) COUNT_CHARGES = "SELECT COUNT(*) FROM billing_charges WHERE invoice_id = $1";
    /// A charge begins.
    pub(crate) BEGIN_CHARGE = "INSERT INTO billing_charges (payment_id, invoice_id, live, started_at) VALUES ($1, $2, 1, $3)";
    /// A charge ended, with or without money.
    pub(crate) END_CHARGE = "UPDATE billing_charges SET live = 0 WHERE payment_id = $1 AND live = 1";

    /// A form to pay begins its work, unless it was sent before.
    pub(crate) CLAIM_FORM = "INSERT INTO billing_pay_forms (form_key, customer_id, payment_id, credit_minor, sent_at)
        VALUES ($1, $2, NULL, 0, $3) ON CONFLICT (form_key) DO NOTHING";
    /// What it did.
    pub(crate) FINISH_FORM = "UPDATE billing_pay_forms SET payment_id = $2, credit_minor = $3 WHERE form_key = $1";
    /// What a form did that was sent before.
    pub(crate) PAY_FORM = "SELECT payment_id, credit_minor FROM billing_pay_forms
        WHERE form_key = $1 AND customer_id = $2";
    /// The charges under way for some invoices.
    pub(crate) LIVE_OF_MANY = "SELECT DISTINCT payment_id FROM billing_charges WHERE invoice_id {any:$1} AND live = 1
        ORDER BY payment_id";
    /// What a customer can pay, what is due first, first. Where money is held none is asked for.
    pub(crate) PAYABLE = concat!("SELECT i.id FROM billing_invoices AS i
        WHERE i.customer_id = $1 AND i.kind = 'invoice' AND i.state = 'open'
            AND NOT ", money_is_held!("i.id"), "
        ORDER BY i.due_on, i.id LIMIT $2");

    /// The refund a form started.
    pub(crate) REFUND_OF_FORM = "SELECT refund_id, payment_id, amount_minor FROM billing_refunds WHERE form_key = $1";
    /// A refund begins.
    pub(crate) BEGIN_REFUND = "INSERT INTO billing_refunds
            (refund_id, payment_id, customer_id, currency, amount_minor, state, form_key, started_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (refund_id) DO NOTHING";
    /// The money left.
    pub(crate) SETTLE_REFUND = "UPDATE billing_refunds SET state = 'settled' WHERE refund_id = $1 AND state = 'open'";
    /// The money did not leave, or came back.
    pub(crate) FAIL_REFUND = "UPDATE billing_refunds SET state = 'failed' WHERE refund_id = $1 AND state <> 'failed'";
}

/// What settles part of an invoice, as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allocation {
    /// Its id.
    pub id: i64,
    /// The invoice.
    pub invoice_id: i64,
    /// `payment`, `credit`, `credit_note`, `write_off`.
    pub source_kind: String,
    /// The payment, the credit move, the credit note, or the invoice itself.
    pub source_id: i64,
    /// How much, in minor units.
    pub amount_minor: i64,
    /// Its journal entry.
    pub entry_id: Option<i64>,
    /// When.
    pub created_at: Instant,
    /// When it was undone.
    pub reversed_at: Option<Instant>,
}

/// What settles an invoice, oldest first, with what was undone.
pub async fn allocations(tx: &mut Tx, invoice_id: i64) -> Result<Vec<Allocation>, Fault> {
    tx.query(&ALLOCATIONS, params![invoice_id], read_allocation).await
}

/// What a payment settles, oldest first, with what was undone.
pub async fn allocations_of_payment(tx: &mut Tx, payment_id: i64) -> Result<Vec<Allocation>, Fault> {
    tx.query(&OF_PAYMENT, params![payment_id], read_allocation).await
}

fn read_allocation(row: &Row<'_>) -> Result<Allocation, Fault> {
    Ok(Allocation {
        id: row.get(0)?,
        invoice_id: row.get(1)?,
        source_kind: row.get(2)?,
        source_id: row.get(3)?,
        amount_minor: row.get(4)?,
        entry_id: row.get(5)?,
        created_at: row.get(6)?,
        reversed_at: row.get(7)?,
    })
}

/// A customer's credit in a currency.
pub(crate) async fn balance(tx: &mut Tx, customer_id: i64, currency: Currency) -> Result<i64, Fault> {
    Ok(tx.query_opt(&BALANCE, params![customer_id, currency], |row| row.get(0)).await?.unwrap_or(0))
}

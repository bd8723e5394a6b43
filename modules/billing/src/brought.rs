//! How an importer writes documents of another system as they were issued: beside the ordinary paths, because nothing is
//! computed, numbered or announced again. Whoever writes here keeps the sums that `verify` checks.

bursar_db::bulk! {
    /// Documents with what the old system said of them.
    pub INSERT_INVOICES = insert "billing_invoices" {
        id: int, kind: text, state: text, customer_id: int, currency: text, series: text, number: text,
        issued_on: text, due_on: text, seller_id: int, buyer_id: int, discount_minor: int, subtotal_minor: int,
        tax1_minor: int, tax2_minor: int, total_minor: int, settled_minor: int, entry_id: int, source: text,
        notes: text, issued_at: int, paid_at: int, closed_at: int, closed_why: text, legacy: text, created_at: int,
        version: int
    };
    /// Lines; one that is there stays.
    pub INSERT_LINES = insert "billing_lines" {
        invoice_id: int, line_no: int, kind: text, subscription_id: int, description: text, quantity: int,
        unit_minor: int, start_on: text, end_on: text, gross_minor: int, discount_minor: int, net_minor: int,
        taxable: int, tax1_ppm: int, tax1_minor: int, tax2_ppm: int, tax2_minor: int, legacy: text
    } "ON CONFLICT (invoice_id, line_no) DO NOTHING";
    /// What settled a document.
    pub INSERT_ALLOCATIONS = insert "billing_allocations" {
        id: int, invoice_id: int, source_kind: text, source_id: int, amount_minor: int, entry_id: int, created_at: int
    };
    /// Payments that are applied.
    pub INSERT_APPLIED = insert "billing_applied_payments" {
        payment_id: int, customer_id: int, currency: text, amount_minor: int, applied_at: int
    };
    /// Credit moves.
    pub INSERT_MOVES = insert "billing_credit_moves" {
        id: int, customer_id: int, currency: text, amount_minor: int, reason: text, source_kind: text, source_id: int,
        entry_id: int, created_at: int, legacy: text
    };
    /// Credit balances.
    pub INSERT_BALANCES = insert "billing_credit_balances" {
        customer_id: int, currency: text, balance_minor: int, version: int
    };
}

-- What a customer's form to pay did: sent twice, it pays once.
CREATE TABLE billing_pay_forms (
    form_key {TEXT} NOT NULL PRIMARY KEY,
    customer_id {I64} NOT NULL,
    -- The charge it started; none when credit paid all of it.
    payment_id {I64},
    credit_minor {I64} NOT NULL,
    sent_at {I64} NOT NULL
) {STRICT};
-- What of a customer is open, the oldest first: for paying all of it.
CREATE INDEX billing_invoices_owed ON billing_invoices (customer_id, due_on, id) WHERE state = 'open';

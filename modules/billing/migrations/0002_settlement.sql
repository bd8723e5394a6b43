-- A payment that arrived is applied once: to invoices, the rest to credit.
CREATE TABLE billing_applied_payments (
    payment_id {I64} NOT NULL PRIMARY KEY,
    customer_id {I64} NOT NULL,
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor > 0),
    applied_at {I64} NOT NULL
) {STRICT};

-- Which charges were started for which invoices. An invoice never has two that are under way.
CREATE TABLE billing_charges (
    payment_id {I64} NOT NULL,
    invoice_id {I64} NOT NULL,
    live {I64} NOT NULL CHECK (live IN (0, 1)),
    started_at {I64} NOT NULL,
    PRIMARY KEY (payment_id, invoice_id)
) {CLUSTERED};
CREATE UNIQUE INDEX billing_charges_live ON billing_charges (invoice_id) WHERE live = 1;
CREATE INDEX billing_charges_invoice ON billing_charges (invoice_id, payment_id);

-- Money on its way back to a customer, taken from their credit when it was started.
CREATE TABLE billing_refunds (
    refund_id {I64} NOT NULL PRIMARY KEY,
    payment_id {I64} NOT NULL,
    customer_id {I64} NOT NULL,
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor > 0),
    state {TEXT} NOT NULL CHECK (state IN ('open', 'settled', 'failed')),
    form_key {TEXT} NOT NULL UNIQUE,
    started_at {I64} NOT NULL
) {STRICT};
CREATE INDEX billing_refunds_payment ON billing_refunds (payment_id, refund_id);

-- Invoices that were seen past their due date, and the late fee each was given.
CREATE TABLE billing_overdue (
    invoice_id {I64} NOT NULL PRIMARY KEY,
    noticed_at {I64} NOT NULL,
    fee_invoice_id {I64}
) {STRICT};

-- What was moved from deferred revenue to revenue; the first day stands for the month.
CREATE TABLE billing_recognitions (
    month_on {DATE} NOT NULL,
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL,
    entry_id {I64},
    recognised_at {I64} NOT NULL,
    PRIMARY KEY (month_on, currency)
) {CLUSTERED};

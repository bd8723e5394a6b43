-- Invoices whose money is to be taken when what they ask for is delivered.
CREATE TABLE billing_deliveries (
    invoice_id {I64} NOT NULL PRIMARY KEY,
    -- The payment that holds the money for it; none while nothing is held.
    payment_id {I64},
    -- Since when it waits.
    since {I64} NOT NULL,
    -- When it was delivered: from then on money is taken at once.
    delivered_at {I64}
) {STRICT};
CREATE INDEX billing_deliveries_held ON billing_deliveries (payment_id) WHERE payment_id IS NOT NULL;

-- What the lists of staff are answered by. The billing run adds to the first two at their end; the others hold few rows
-- or are written when a document is settled.
CREATE INDEX billing_invoices_issued ON billing_invoices ((COALESCE(issued_on, '9999-12-31')), id);
CREATE INDEX billing_subscriptions_status ON billing_subscriptions (status, id);
CREATE INDEX billing_subscriptions_label ON billing_subscriptions ((LOWER(label)), id);
CREATE INDEX billing_invoices_credit_notes ON billing_invoices (id) WHERE kind = 'credit_note';
CREATE INDEX billing_invoices_paid ON billing_invoices ((COALESCE(paid_at, 0)), id) WHERE state = 'paid';
CREATE INDEX billing_invoices_aside ON billing_invoices (state, id) WHERE state IN ('draft', 'void', 'uncollectible');

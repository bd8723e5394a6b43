-- What the lists of staff are answered by.
CREATE INDEX payments_payments_captured ON payments_payments ((COALESCE(captured_at, 0)), id) WHERE state = 'captured';
CREATE INDEX payments_payments_failed ON payments_payments (id) WHERE state IN ('declined', 'failed', 'cancelled');
CREATE INDEX payments_payments_vendor ON payments_payments (gateway_reference) WHERE gateway_reference <> '';
CREATE INDEX payments_refunds_failed ON payments_refunds (id) WHERE state = 'failed';
CREATE INDEX payments_refunds_customer ON payments_refunds (customer_id, id);

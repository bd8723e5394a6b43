-- The bank's or the old system's number of a refund; a gateway's own is gateway_reference.
ALTER TABLE payments_refunds ADD COLUMN reference {TEXT} NOT NULL DEFAULT '';

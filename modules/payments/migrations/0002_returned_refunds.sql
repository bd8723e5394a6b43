-- When the vendor was last asked whether a refund that had left came back.
ALTER TABLE payments_refunds ADD COLUMN return_asked_at {I64};
CREATE INDEX payments_refunds_left ON payments_refunds (settled_at, id)
    WHERE state = 'settled' AND destination = 'gateway';

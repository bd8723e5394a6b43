-- Pieces of its product's stock that a subscription holds. None written for an imported one: it holds as many as it
-- has, because the old system took them.
ALTER TABLE billing_subscriptions ADD COLUMN stock_held {I64} CHECK (stock_held >= 0);

-- Terms that have run out and still hold something. What is sold once is gone for good.
CREATE INDEX billing_subscriptions_holding ON billing_subscriptions (ended_on, id)
    WHERE status = 'ended' AND cycle <> 'one_time' AND stock_held > 0;

-- SQLite makes a table of a list of three or more for every row it looks at; comparisons cost next to nothing.
DROP INDEX payments_payments_open;
CREATE INDEX payments_payments_open ON payments_payments (updated_at, id)
    WHERE state = 'created' OR state = 'sent' OR state = 'pending' OR state = 'requires_action' OR state = 'unknown';
DROP INDEX payments_payments_failed;
CREATE INDEX payments_payments_failed ON payments_payments (id)
    WHERE state = 'declined' OR state = 'failed' OR state = 'cancelled';

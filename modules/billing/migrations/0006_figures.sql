-- Sums that are kept as things happen, because the first page asks for them all day. Rows that many write at once are
-- spread over a few places, so that two writers seldom meet.

-- What was invoiced on a day without tax and deposits, less what credit notes gave back and what was voided.
CREATE TABLE billing_days (
    day_on {DATE} NOT NULL,
    currency {TEXT} NOT NULL,
    net_minor {I64} NOT NULL,
    PRIMARY KEY (day_on, currency)
) {CLUSTERED};
INSERT INTO billing_days (day_on, currency, net_minor)
SELECT d.issued_on, d.currency,
    CAST(SUM(CASE WHEN d.kind = 'credit_note' THEN -l.net_minor ELSE l.net_minor END) AS BIGINT)
FROM billing_invoices AS d, billing_lines AS l
WHERE l.invoice_id = d.id AND d.state NOT IN ('draft', 'void') AND d.issued_on IS NOT NULL AND l.kind <> 'add_funds'
GROUP BY d.issued_on, d.currency;

-- What open invoices ask for, by the day on which they are due.
CREATE TABLE billing_owed (
    currency {TEXT} NOT NULL,
    due_on {DATE} NOT NULL,
    place {I64} NOT NULL,
    invoices {I64} NOT NULL,
    open_minor {I64} NOT NULL,
    PRIMARY KEY (currency, due_on, place)
) {CLUSTERED};
INSERT INTO billing_owed (currency, due_on, place, invoices, open_minor)
SELECT currency, COALESCE(due_on, '9999-12-31'), id % 8, COUNT(*), CAST(SUM(total_minor - settled_minor) AS BIGINT)
FROM billing_invoices WHERE state = 'open' AND kind = 'invoice'
GROUP BY currency, COALESCE(due_on, '9999-12-31'), id % 8;

-- What each subscription that runs is worth a month, and the sums of it.
CREATE TABLE billing_running (
    subscription_id {I64} NOT NULL PRIMARY KEY,
    currency {TEXT} NOT NULL,
    product_id {I64} NOT NULL,
    monthly_minor {I64} NOT NULL
) {STRICT};
INSERT INTO billing_running (subscription_id, currency, product_id, monthly_minor)
SELECT s.id, s.currency, COALESCE(s.product_id, 0), CASE WHEN s.status = 'trial' THEN 0 ELSE
    COALESCE((SELECT CAST(SUM(i.quantity * i.unit_minor) AS BIGINT) FROM billing_items AS i
        WHERE i.subscription_id = s.id AND i.ended_on IS NULL
            AND i.unit_minor BETWEEN -1000000000000000 / NULLIF(i.quantity, 0)
                AND 1000000000000000 / NULLIF(i.quantity, 0)), 0)
    * CASE s.cycle WHEN 'hourly' THEN 730 WHEN 'daily' THEN 365 WHEN 'weekly' THEN 365 ELSE 1 END
    / CASE s.cycle WHEN 'daily' THEN 12 WHEN 'weekly' THEN 84 WHEN 'quarterly' THEN 3 WHEN 'semi_annual' THEN 6
        WHEN 'annual' THEN 12 WHEN 'biennial' THEN 24 WHEN 'triennial' THEN 36 WHEN 'quadrennial' THEN 48
        WHEN 'quinquennial' THEN 60 ELSE 1 END END
FROM billing_subscriptions AS s WHERE s.status IN ('trial', 'active', 'past_due') AND s.cycle <> 'one_time';
CREATE TABLE billing_running_sums (
    currency {TEXT} NOT NULL,
    product_id {I64} NOT NULL,
    place {I64} NOT NULL,
    subscriptions {I64} NOT NULL,
    monthly_minor {I64} NOT NULL,
    PRIMARY KEY (currency, product_id, place)
) {CLUSTERED};
INSERT INTO billing_running_sums (currency, product_id, place, subscriptions, monthly_minor)
SELECT currency, product_id, subscription_id % 8, COUNT(*), CAST(SUM(monthly_minor) AS BIGINT)
FROM billing_running GROUP BY currency, product_id, subscription_id % 8;

-- How many customers came on a day, and how many are what: sums for the first page, kept as it happens.
CREATE TABLE customers_days (
    day_on {DATE} NOT NULL PRIMARY KEY,
    came {I64} NOT NULL
) {CLUSTERED};
CREATE TABLE customers_counts (
    status {TEXT} NOT NULL PRIMARY KEY,
    customers {I64} NOT NULL
) {CLUSTERED};
INSERT INTO customers_counts (status, customers) SELECT status, COUNT(*) FROM customers_customers GROUP BY status;

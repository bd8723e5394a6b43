-- SQLite makes a table of a list of three or more for every row it looks at; two are compared.
DROP INDEX billing_invoices_aside;
CREATE INDEX billing_invoices_aside ON billing_invoices (state, id) WHERE state NOT IN ('open', 'paid');

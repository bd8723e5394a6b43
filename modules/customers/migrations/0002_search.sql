-- The name customers are sorted by takes the place of the text that searches went through letter by letter.
ALTER TABLE customers_customers RENAME COLUMN search_text TO sort_name;
UPDATE customers_customers
    SET sort_name = LOWER(CASE WHEN company <> '' THEN company ELSE first_name || ' ' || last_name END);
CREATE INDEX customers_customers_name ON customers_customers (sort_name, id);
CREATE INDEX customers_customers_country ON customers_customers (country, id);

-- The words of names, companies and addresses, in small letters: what a search begins with is found by an index.
CREATE TABLE customers_words (
    word {TEXT} NOT NULL,
    customer_id {I64} NOT NULL,
    PRIMARY KEY (word, customer_id)
) {CLUSTERED};
CREATE INDEX customers_words_customer ON customers_words (customer_id, word);

-- Whether a piece of limited stock is there again when the subscription that took it is over.
ALTER TABLE catalog_products ADD COLUMN stock_return {TEXT} NOT NULL DEFAULT 'unstarted'
    CHECK (stock_return IN ('unstarted', 'ended'));

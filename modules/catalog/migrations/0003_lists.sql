-- What the lists of staff are answered by.
CREATE INDEX catalog_products_name ON catalog_products (name, id);
CREATE INDEX catalog_products_status ON catalog_products (status, name, id);
CREATE INDEX catalog_coupons_code ON catalog_coupons (code, id);

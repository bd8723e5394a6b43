CREATE TABLE customers_groups (
    id {ID},
    name {TEXT} NOT NULL UNIQUE,
    colour {TEXT} NOT NULL,
    discount_ppm {I64} NOT NULL CHECK (discount_ppm BETWEEN 0 AND 1000000),
    separate_invoices {I64} NOT NULL CHECK (separate_invoices IN (0, 1)),
    dunning_exempt {I64} NOT NULL CHECK (dunning_exempt IN (0, 1))
) {STRICT};

-- Who a customer was on the documents issued at that time. Never updated, never deleted.
CREATE TABLE customers_snapshots (
    id {ID},
    customer_id {I64} NOT NULL,
    party {TEXT} NOT NULL,
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX customers_snapshots_customer ON customers_snapshots (customer_id, id);

CREATE TABLE customers_customers (
    id {ID},
    first_name {TEXT} NOT NULL,
    last_name {TEXT} NOT NULL,
    company {TEXT} NOT NULL,
    -- Not unique: old systems let several accounts share an address.
    email {TEXT} NOT NULL,
    email_verified_at {I64},
    phone {TEXT} NOT NULL,
    address1 {TEXT} NOT NULL,
    address2 {TEXT} NOT NULL,
    city {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    postcode {TEXT} NOT NULL,
    country {TEXT} NOT NULL,
    tax_id {TEXT} NOT NULL,
    tax_id_status {TEXT} NOT NULL CHECK (tax_id_status IN ('none', 'unchecked', 'valid', 'invalid')),
    tax_exempt {I64} NOT NULL CHECK (tax_exempt IN (0, 1)),
    currency {TEXT} NOT NULL,
    language {TEXT} NOT NULL,
    group_id {I64} REFERENCES customers_groups (id),
    status {TEXT} NOT NULL CHECK (status IN ('active', 'inactive', 'suspended', 'banned', 'closed')),
    grouping {TEXT} NOT NULL CHECK (grouping IN ('separate', 'daily')),
    auto_apply_credit {I64} NOT NULL CHECK (auto_apply_credit IN (0, 1)),
    late_fee_exempt {I64} NOT NULL CHECK (late_fee_exempt IN (0, 1)),
    dunning_exempt {I64} NOT NULL CHECK (dunning_exempt IN (0, 1)),
    billing_contact_id {I64},
    shipping_contact_id {I64},
    default_gateway {TEXT} NOT NULL,
    custom_fields {TEXT} NOT NULL,
    snapshot_id {I64} NOT NULL REFERENCES customers_snapshots (id),
    search_text {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    updated_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX customers_customers_email ON customers_customers (email);
CREATE INDEX customers_customers_group ON customers_customers (group_id, id);
CREATE INDEX customers_customers_status ON customers_customers (status, id);

CREATE TABLE customers_contacts (
    id {ID},
    customer_id {I64} NOT NULL REFERENCES customers_customers (id),
    first_name {TEXT} NOT NULL,
    last_name {TEXT} NOT NULL,
    company {TEXT} NOT NULL,
    email {TEXT} NOT NULL,
    phone {TEXT} NOT NULL,
    address1 {TEXT} NOT NULL,
    address2 {TEXT} NOT NULL,
    city {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    postcode {TEXT} NOT NULL,
    country {TEXT} NOT NULL,
    tax_id {TEXT} NOT NULL,
    receives_general {I64} NOT NULL CHECK (receives_general IN (0, 1)),
    receives_invoices {I64} NOT NULL CHECK (receives_invoices IN (0, 1)),
    receives_services {I64} NOT NULL CHECK (receives_services IN (0, 1)),
    receives_domains {I64} NOT NULL CHECK (receives_domains IN (0, 1)),
    receives_support {I64} NOT NULL CHECK (receives_support IN (0, 1)),
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX customers_contacts_customer ON customers_contacts (customer_id, id);

CREATE TABLE customers_notes (
    id {ID},
    customer_id {I64} NOT NULL REFERENCES customers_customers (id),
    body {TEXT} NOT NULL,
    sticky {I64} NOT NULL CHECK (sticky IN (0, 1)),
    author {TEXT} NOT NULL,
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX customers_notes_customer ON customers_notes (customer_id, id);

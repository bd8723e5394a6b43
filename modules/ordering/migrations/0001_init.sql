-- A cart belongs to the browser that holds its token, and to a customer once somebody has signed in over it.
CREATE TABLE ordering_carts (
    id {ID},
    token_hash {TEXT} NOT NULL UNIQUE,
    customer_id {I64},
    currency {TEXT} NOT NULL,
    country {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    -- JSON list of codes.
    coupons {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    updated_at {I64} NOT NULL
) {STRICT};
CREATE INDEX ordering_carts_customer ON ordering_carts (customer_id, updated_at) WHERE customer_id IS NOT NULL;
CREATE INDEX ordering_carts_updated ON ordering_carts (updated_at);

CREATE TABLE ordering_cart_items (
    id {ID},
    cart_id {I64} NOT NULL REFERENCES ordering_carts (id),
    -- What was picked, as JSON: ids, never prices.
    wish {TEXT} NOT NULL,
    -- Answers to the product's own questions, as JSON.
    answers {TEXT} NOT NULL,
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX ordering_cart_items_cart ON ordering_cart_items (cart_id, id);

-- What a product asks of who orders it; no product means every product.
CREATE TABLE ordering_questions (
    id {ID},
    product_id {I64},
    name {TEXT} NOT NULL,
    label {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('line', 'text', 'choice', 'yes_no', 'hostname')),
    help {TEXT} NOT NULL,
    choices {TEXT} NOT NULL,
    required {I64} NOT NULL CHECK (required IN (0, 1)),
    position {I64} NOT NULL
) {STRICT};
CREATE INDEX ordering_questions_product ON ordering_questions (product_id, position, id);

CREATE TABLE ordering_sequences (
    name {TEXT} NOT NULL PRIMARY KEY,
    next_number {I64} NOT NULL CHECK (next_number >= 1)
) {CLUSTERED};

CREATE TABLE ordering_orders (
    id {ID},
    number {TEXT} NOT NULL UNIQUE,
    customer_id {I64} NOT NULL,
    status {TEXT} NOT NULL
        CHECK (status IN ('pending_payment', 'pending_review', 'accepted', 'rejected', 'cancelled', 'fraud')),
    source {TEXT} NOT NULL CHECK (source IN ('shop', 'staff')),
    currency {TEXT} NOT NULL,
    total_minor {I64} NOT NULL,
    invoice_id {I64},
    gateway {TEXT} NOT NULL,
    -- Coupons that were used, as JSON: coupon, code, and the subscription each was counted for.
    coupons {TEXT} NOT NULL,
    -- Why a person is to look, as JSON list of codes; empty for nobody.
    review {TEXT} NOT NULL,
    customer_note {TEXT} NOT NULL,
    from_address {TEXT} NOT NULL,
    placed_at {I64} NOT NULL,
    -- Until when it is held without payment; none once it is paid or over.
    expires_at {I64},
    paid_at {I64},
    decided_at {I64},
    decided_why {TEXT} NOT NULL,
    version {I64} NOT NULL,
    CHECK (status <> 'pending_payment' OR decided_at IS NULL)
) {STRICT};
CREATE INDEX ordering_orders_status ON ordering_orders (status, id);
CREATE INDEX ordering_orders_customer ON ordering_orders (customer_id, id);
CREATE UNIQUE INDEX ordering_orders_invoice ON ordering_orders (invoice_id) WHERE invoice_id IS NOT NULL;

CREATE TABLE ordering_items (
    id {ID},
    order_id {I64} NOT NULL REFERENCES ordering_orders (id),
    position {I64} NOT NULL,
    label {TEXT} NOT NULL,
    wish {TEXT} NOT NULL,
    answers {TEXT} NOT NULL,
    subscription_id {I64} NOT NULL,
    cycle {TEXT} NOT NULL,
    now_minor {I64} NOT NULL,
    renewal_minor {I64},
    -- Pieces that were taken from stock and go back when the sale does not happen.
    stock_taken {I64} NOT NULL CHECK (stock_taken >= 0)
) {STRICT};
CREATE UNIQUE INDEX ordering_items_order ON ordering_items (order_id, position);
CREATE UNIQUE INDEX ordering_items_subscription ON ordering_items (subscription_id);

-- Which text was agreed to, in which version, when and from where.
CREATE TABLE ordering_agreements (
    id {ID},
    order_id {I64} NOT NULL REFERENCES ordering_orders (id),
    text_name {TEXT} NOT NULL,
    text_title {TEXT} NOT NULL,
    text_version {I64} NOT NULL,
    text_hash {TEXT} NOT NULL,
    agreed_at {I64} NOT NULL,
    from_address {TEXT} NOT NULL
) {STRICT};
CREATE UNIQUE INDEX ordering_agreements_order ON ordering_agreements (order_id, text_name);

CREATE TABLE ordering_history (
    id {ID},
    order_id {I64} NOT NULL REFERENCES ordering_orders (id),
    what {TEXT} NOT NULL,
    note {TEXT} NOT NULL,
    actor_kind {TEXT} NOT NULL,
    actor_id {I64},
    at {I64} NOT NULL
) {STRICT};
CREATE INDEX ordering_history_order ON ordering_history (order_id, id);

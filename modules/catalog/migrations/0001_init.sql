CREATE TABLE catalog_groups (
    id {ID},
    name {TEXT} NOT NULL,
    slug {TEXT} NOT NULL UNIQUE,
    headline {TEXT} NOT NULL,
    hidden {I64} NOT NULL CHECK (hidden IN (0, 1)),
    position {I64} NOT NULL
) {STRICT};

CREATE TABLE catalog_products (
    id {ID},
    group_id {I64} NOT NULL REFERENCES catalog_groups (id),
    kind {TEXT} NOT NULL,
    name {TEXT} NOT NULL,
    slug {TEXT} NOT NULL UNIQUE,
    description_md {TEXT} NOT NULL,
    features {TEXT} NOT NULL,
    status {TEXT} NOT NULL CHECK (status IN ('active', 'hidden', 'archived')),
    featured {I64} NOT NULL CHECK (featured IN (0, 1)),
    position {I64} NOT NULL,
    pay {TEXT} NOT NULL CHECK (pay IN ('free', 'one_time', 'recurring')),
    taxable {I64} NOT NULL CHECK (taxable IN (0, 1)),
    stock_control {I64} NOT NULL CHECK (stock_control IN (0, 1)),
    stock_qty {I64} NOT NULL CHECK (stock_qty >= 0),
    allow_quantity {I64} NOT NULL CHECK (allow_quantity IN (0, 1)),
    trial_days {I64} NOT NULL CHECK (trial_days >= 0),
    prorate_to_day {I64} CHECK (prorate_to_day BETWEEN 1 AND 31),
    recurring_limit {I64} NOT NULL CHECK (recurring_limit >= 0),
    billing_mode {TEXT} NOT NULL CHECK (billing_mode IN ('prepaid', 'arrears')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX catalog_products_group ON catalog_products (group_id, position, id);

-- A change of price is a new row; the rows before stay, and subscriptions keep what they copied.
CREATE TABLE catalog_prices (
    id {ID},
    owner_kind {TEXT} NOT NULL CHECK (owner_kind IN ('product', 'addon', 'option_value')),
    owner_id {I64} NOT NULL,
    currency {TEXT} NOT NULL,
    cycle {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor >= 0),
    setup_minor {I64} NOT NULL CHECK (setup_minor >= 0),
    version {I64} NOT NULL,
    valid_from_on {DATE} NOT NULL,
    superseded_at {I64}
) {STRICT};
CREATE UNIQUE INDEX catalog_prices_current ON catalog_prices (owner_kind, owner_id, currency, cycle, valid_from_on)
    WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX catalog_prices_version ON catalog_prices (owner_kind, owner_id, currency, cycle, version);

CREATE TABLE catalog_option_groups (
    id {ID},
    name {TEXT} NOT NULL
) {STRICT};

CREATE TABLE catalog_options (
    id {ID},
    group_id {I64} NOT NULL REFERENCES catalog_option_groups (id),
    name {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('choice', 'radio', 'yes_no', 'quantity')),
    min_qty {I64} NOT NULL CHECK (min_qty >= 0),
    max_qty {I64} NOT NULL CHECK (max_qty >= min_qty),
    position {I64} NOT NULL,
    hidden {I64} NOT NULL CHECK (hidden IN (0, 1))
) {STRICT};
CREATE INDEX catalog_options_group ON catalog_options (group_id, position, id);

CREATE TABLE catalog_option_values (
    id {ID},
    option_id {I64} NOT NULL REFERENCES catalog_options (id),
    name {TEXT} NOT NULL,
    position {I64} NOT NULL,
    hidden {I64} NOT NULL CHECK (hidden IN (0, 1))
) {STRICT};
CREATE INDEX catalog_option_values_option ON catalog_option_values (option_id, position, id);

CREATE TABLE catalog_product_option_groups (
    product_id {I64} NOT NULL REFERENCES catalog_products (id),
    group_id {I64} NOT NULL REFERENCES catalog_option_groups (id),
    PRIMARY KEY (product_id, group_id)
) {CLUSTERED};

CREATE TABLE catalog_addons (
    id {ID},
    name {TEXT} NOT NULL,
    description_md {TEXT} NOT NULL,
    pay {TEXT} NOT NULL CHECK (pay IN ('free', 'one_time', 'recurring')),
    taxable {I64} NOT NULL CHECK (taxable IN (0, 1)),
    allow_quantity {I64} NOT NULL CHECK (allow_quantity IN (0, 1)),
    hidden {I64} NOT NULL CHECK (hidden IN (0, 1)),
    position {I64} NOT NULL
) {STRICT};

CREATE TABLE catalog_addon_products (
    product_id {I64} NOT NULL REFERENCES catalog_products (id),
    addon_id {I64} NOT NULL REFERENCES catalog_addons (id),
    PRIMARY KEY (product_id, addon_id)
) {CLUSTERED};

CREATE TABLE catalog_upgrades (
    product_id {I64} NOT NULL REFERENCES catalog_products (id),
    to_product_id {I64} NOT NULL REFERENCES catalog_products (id),
    PRIMARY KEY (product_id, to_product_id)
) {CLUSTERED};

CREATE TABLE catalog_coupons (
    id {ID},
    -- Upper case, so that it is unique whatever people type.
    code {TEXT} NOT NULL UNIQUE,
    kind {TEXT} NOT NULL
        CHECK (kind IN ('percent', 'fixed', 'price_override', 'free_setup', 'trial_extension')),
    value_ppm {I64} NOT NULL CHECK (value_ppm BETWEEN 0 AND 1000000),
    trial_days {I64} NOT NULL CHECK (trial_days >= 0),
    starts_on {DATE},
    expires_on {DATE},
    max_uses {I64} NOT NULL CHECK (max_uses >= 0),
    max_uses_per_customer {I64} NOT NULL CHECK (max_uses_per_customer >= 0),
    uses {I64} NOT NULL CHECK (uses >= 0),
    cycles {TEXT} NOT NULL,
    first_order_only {I64} NOT NULL CHECK (first_order_only IN (0, 1)),
    existing_customers_only {I64} NOT NULL CHECK (existing_customers_only IN (0, 1)),
    recurring_periods {I64} NOT NULL CHECK (recurring_periods >= 0),
    stackable {I64} NOT NULL CHECK (stackable IN (0, 1)),
    notes {TEXT} NOT NULL,
    created_at {I64} NOT NULL
) {STRICT};

-- What a fixed or override coupon is worth, per currency; stored, never converted.
CREATE TABLE catalog_coupon_amounts (
    coupon_id {I64} NOT NULL REFERENCES catalog_coupons (id),
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor >= 0),
    PRIMARY KEY (coupon_id, currency)
) {CLUSTERED};

-- No row: the coupon is good for everything.
CREATE TABLE catalog_coupon_targets (
    coupon_id {I64} NOT NULL REFERENCES catalog_coupons (id),
    target_kind {TEXT} NOT NULL CHECK (target_kind IN ('product', 'addon')),
    target_id {I64} NOT NULL,
    PRIMARY KEY (coupon_id, target_kind, target_id)
) {CLUSTERED};

CREATE TABLE catalog_coupon_redemptions (
    id {ID},
    coupon_id {I64} NOT NULL REFERENCES catalog_coupons (id),
    customer_id {I64} NOT NULL,
    subscription_id {I64} NOT NULL,
    redeemed_at {I64} NOT NULL
) {STRICT};
CREATE UNIQUE INDEX catalog_coupon_redemptions_once ON catalog_coupon_redemptions (coupon_id, subscription_id);
CREATE INDEX catalog_coupon_redemptions_customer ON catalog_coupon_redemptions (coupon_id, customer_id);

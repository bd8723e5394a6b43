-- Subscriptions: what is billed. The next period is always the one that starts at next_start_on.
CREATE TABLE billing_subscriptions (
    id {ID},
    customer_id {I64} NOT NULL,
    product_id {I64},
    label {TEXT} NOT NULL,
    currency {TEXT} NOT NULL,
    cycle {TEXT} NOT NULL,
    mode {TEXT} NOT NULL CHECK (mode IN ('prepaid', 'arrears')),
    status {TEXT} NOT NULL CHECK (status IN ('pending', 'trial', 'active', 'past_due', 'paused', 'cancelled', 'ended')),
    anchor_on {DATE} NOT NULL,
    anchor_day {I64} NOT NULL CHECK (anchor_day BETWEEN 1 AND 31),
    next_start_on {DATE} NOT NULL,
    next_end_on {DATE} NOT NULL,
    -- The date from which the run bills the next period; NULL when nothing will be billed.
    next_bill_on {DATE},
    lead_days {I64} NOT NULL CHECK (lead_days BETWEEN 0 AND 365),
    trial_ends_on {DATE},
    cancel_on {DATE},
    cancel_reason {TEXT},
    paused_on {DATE},
    ended_on {DATE},
    periods_left {I64},
    gateway {TEXT} NOT NULL,
    started_on {DATE} NOT NULL,
    source {TEXT} NOT NULL,
    legacy {TEXT},
    created_at {I64} NOT NULL,
    version {I64} NOT NULL,
    CHECK (next_end_on > next_start_on)
) {STRICT};
-- The run walks this index: by date, then by customer, so that one customer's work lies together.
CREATE INDEX billing_subscriptions_due ON billing_subscriptions (next_bill_on, customer_id, id) WHERE next_bill_on IS NOT NULL;
CREATE INDEX billing_subscriptions_customer ON billing_subscriptions (customer_id, id);
-- Only columns that the run never writes, so that it never touches this index.
CREATE INDEX billing_subscriptions_cancelling ON billing_subscriptions (cancel_on, id) WHERE cancel_on IS NOT NULL;

CREATE TABLE billing_items (
    id {ID},
    subscription_id {I64} NOT NULL REFERENCES billing_subscriptions (id),
    kind {TEXT} NOT NULL CHECK (kind IN ('product', 'option', 'addon', 'custom')),
    source_id {I64},
    value_id {I64},
    description {TEXT} NOT NULL,
    quantity {I64} NOT NULL CHECK (quantity >= 0),
    unit_minor {I64} NOT NULL,
    setup_minor {I64} NOT NULL,
    -- 1 until the set-up fee has been invoiced.
    setup_due {I64} NOT NULL CHECK (setup_due IN (0, 1)),
    taxable {I64} NOT NULL CHECK (taxable IN (0, 1)),
    -- The item is billed for periods that start on or after this date.
    billed_from_on {DATE} NOT NULL,
    ended_on {DATE},
    legacy {TEXT},
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX billing_items_subscription ON billing_items (subscription_id, id);

CREATE TABLE billing_discounts (
    id {ID},
    subscription_id {I64} NOT NULL REFERENCES billing_subscriptions (id),
    coupon_id {I64},
    label {TEXT} NOT NULL,
    kind {TEXT} NOT NULL CHECK (kind IN ('percent', 'fixed', 'unit_price')),
    value_ppm {I64} NOT NULL,
    value_minor {I64} NOT NULL,
    -- How many more periods it applies to; NULL for ever.
    periods_left {I64},
    waives_setup {I64} NOT NULL CHECK (waives_setup IN (0, 1)),
    -- JSON list of item ids it applies to; NULL for all.
    item_ids {TEXT},
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX billing_discounts_subscription ON billing_discounts (subscription_id, id);

-- An item is billed once per period: the database says so, whatever runs in parallel or crashes.
CREATE TABLE billing_billed_periods (
    item_id {I64} NOT NULL,
    start_on {DATE} NOT NULL,
    end_on {DATE} NOT NULL,
    invoice_id {I64} NOT NULL,
    line_no {I64} NOT NULL,
    PRIMARY KEY (item_id, start_on)
) {CLUSTERED};

-- Invoices and credit notes. A credit note's figures are positive and reduce what corrects_id asked for.
CREATE TABLE billing_invoices (
    id {ID},
    kind {TEXT} NOT NULL CHECK (kind IN ('invoice', 'credit_note')),
    state {TEXT} NOT NULL CHECK (state IN ('draft', 'open', 'paid', 'void', 'uncollectible')),
    customer_id {I64} NOT NULL,
    currency {TEXT} NOT NULL,
    series {TEXT} NOT NULL,
    sequence {I64},
    number {TEXT},
    issued_on {DATE},
    due_on {DATE},
    seller_id {I64},
    buyer_id {I64},
    -- subtotal is after discounts and without tax; total = subtotal + tax1 + tax2.
    discount_minor {I64} NOT NULL,
    subtotal_minor {I64} NOT NULL,
    tax1_minor {I64} NOT NULL,
    tax2_minor {I64} NOT NULL,
    total_minor {I64} NOT NULL,
    -- What allocations have settled so far (payments, credit, credit notes, write-off).
    settled_minor {I64} NOT NULL,
    corrects_id {I64},
    entry_id {I64},
    source {TEXT} NOT NULL,
    tax_note {TEXT},
    notes {TEXT},
    -- SHA-256 of the document as issued, and of the chain up to it.
    content_hash {BYTES},
    hash {BYTES},
    issued_at {I64},
    paid_at {I64},
    closed_at {I64},
    closed_why {TEXT},
    -- What the old system said, for imported documents.
    legacy {TEXT},
    created_at {I64} NOT NULL,
    version {I64} NOT NULL,
    CHECK (state = 'draft' OR (number IS NOT NULL AND issued_on IS NOT NULL)),
    CHECK (total_minor = subtotal_minor + tax1_minor + tax2_minor)
) {STRICT};
CREATE UNIQUE INDEX billing_invoices_number ON billing_invoices (series, sequence) WHERE sequence IS NOT NULL;
CREATE INDEX billing_invoices_by_number ON billing_invoices (number) WHERE number IS NOT NULL;
CREATE INDEX billing_invoices_customer ON billing_invoices (customer_id, id);
CREATE INDEX billing_invoices_unsettled ON billing_invoices (due_on, id) WHERE state = 'open';
CREATE INDEX billing_invoices_corrects ON billing_invoices (corrects_id) WHERE corrects_id IS NOT NULL;

CREATE TABLE billing_lines (
    invoice_id {I64} NOT NULL,
    line_no {I64} NOT NULL,
    kind {TEXT} NOT NULL,
    subscription_id {I64},
    item_id {I64},
    description {TEXT} NOT NULL,
    quantity {I64} NOT NULL,
    unit_minor {I64} NOT NULL,
    start_on {DATE},
    end_on {DATE},
    gross_minor {I64} NOT NULL,
    discount_minor {I64} NOT NULL,
    net_minor {I64} NOT NULL,
    taxable {I64} NOT NULL CHECK (taxable IN (0, 1)),
    tax1_rule_id {I64},
    tax1_ppm {I64} NOT NULL,
    tax1_minor {I64} NOT NULL,
    tax2_rule_id {I64},
    tax2_ppm {I64} NOT NULL,
    tax2_minor {I64} NOT NULL,
    -- The inputs of the computation, for the explanation a person can ask for.
    inputs {TEXT},
    legacy {TEXT},
    PRIMARY KEY (invoice_id, line_no)
) {CLUSTERED};

-- One row per series: the next number and the head of the hash chain.
CREATE TABLE billing_series (
    name {TEXT} NOT NULL PRIMARY KEY,
    kind {TEXT} NOT NULL CHECK (kind IN ('invoice', 'credit_note', 'imported')),
    format {TEXT} NOT NULL,
    next_sequence {I64} NOT NULL CHECK (next_sequence >= 1),
    first_sequence {I64} NOT NULL,
    last_issued_on {DATE},
    last_hash {BYTES} NOT NULL
) {STRICT};

-- How an invoice is settled; undone ones stay with their reversal time.
CREATE TABLE billing_allocations (
    id {ID},
    invoice_id {I64} NOT NULL,
    source_kind {TEXT} NOT NULL CHECK (source_kind IN ('payment', 'credit', 'credit_note', 'write_off')),
    source_id {I64} NOT NULL,
    amount_minor {I64} NOT NULL CHECK (amount_minor > 0),
    entry_id {I64},
    created_at {I64} NOT NULL,
    reversed_at {I64}
) {STRICT};
CREATE INDEX billing_allocations_invoice ON billing_allocations (invoice_id, id);
CREATE INDEX billing_allocations_source ON billing_allocations (source_kind, source_id);

CREATE TABLE billing_credit_balances (
    customer_id {I64} NOT NULL,
    currency {TEXT} NOT NULL,
    balance_minor {I64} NOT NULL,
    version {I64} NOT NULL,
    PRIMARY KEY (customer_id, currency)
) {CLUSTERED};
CREATE TABLE billing_credit_moves (
    id {ID},
    customer_id {I64} NOT NULL,
    currency {TEXT} NOT NULL,
    amount_minor {I64} NOT NULL,
    reason {TEXT} NOT NULL,
    source_kind {TEXT} NOT NULL,
    source_id {I64} NOT NULL,
    entry_id {I64},
    created_at {I64} NOT NULL,
    legacy {TEXT}
) {STRICT};
CREATE INDEX billing_credit_moves_customer ON billing_credit_moves (customer_id, id);

-- Subscriptions that could not be billed, with the reason, until somebody mends them.
CREATE TABLE billing_put_aside (
    subscription_id {I64} NOT NULL PRIMARY KEY,
    start_on {DATE} NOT NULL,
    reason {TEXT} NOT NULL,
    detail {TEXT} NOT NULL,
    first_at {I64} NOT NULL,
    last_at {I64} NOT NULL
) {STRICT};

CREATE TABLE billing_tax_rules (
    id {ID},
    level {I64} NOT NULL CHECK (level IN (1, 2)),
    name {TEXT} NOT NULL,
    country {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    rate_ppm {I64} NOT NULL CHECK (rate_ppm BETWEEN 0 AND 1000000),
    active {I64} NOT NULL CHECK (active IN (0, 1)),
    created_at {I64} NOT NULL
) {STRICT};

-- The seller's legal identity as printed; immutable, a change makes a new row.
CREATE TABLE billing_sellers (
    id {ID},
    party {TEXT} NOT NULL,
    created_at {I64} NOT NULL
) {STRICT};

-- Runs, for the page that shows what the last nights did.
CREATE TABLE billing_runs (
    id {ID},
    as_of {DATE} NOT NULL,
    started_at {I64} NOT NULL,
    finished_at {I64},
    report {TEXT}
) {STRICT};

-- What a changed subscription was, for its history page.
CREATE TABLE billing_changes (
    id {ID},
    subscription_id {I64} NOT NULL,
    kind {TEXT} NOT NULL,
    effective_on {DATE} NOT NULL,
    -- 'done', or 'scheduled' until the period ends.
    state {TEXT} NOT NULL CHECK (state IN ('scheduled', 'done', 'dropped')),
    detail {TEXT} NOT NULL,
    invoice_id {I64},
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX billing_changes_subscription ON billing_changes (subscription_id, id);
CREATE INDEX billing_changes_scheduled ON billing_changes (effective_on, id) WHERE state = 'scheduled';

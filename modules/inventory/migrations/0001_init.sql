CREATE TABLE inventory_regions (
    id {ID},
    code {TEXT} NOT NULL UNIQUE,
    name {TEXT} NOT NULL,
    -- ISO 3166, two letters; empty when it does not matter.
    country {TEXT} NOT NULL,
    -- Which building, hall or rack, for staff.
    datacentre {TEXT} NOT NULL,
    position {I64} NOT NULL,
    created_at {I64} NOT NULL
) {STRICT};
CREATE INDEX inventory_regions_position ON inventory_regions (position, id);

CREATE TABLE inventory_servers (
    id {ID},
    name {TEXT} NOT NULL UNIQUE,
    driver {TEXT} NOT NULL,
    region_id {I64} REFERENCES inventory_regions (id),
    -- {"name": "value"} as the driver's manifest declares them; nothing secret.
    settings {TEXT} NOT NULL,
    -- Draining: what is there goes on, nothing new comes. Disabled: it is not called at all.
    mode {TEXT} NOT NULL CHECK (mode IN ('enabled', 'draining', 'disabled')),
    seat_limit {I64} CHECK (seat_limit >= 0),
    weight {I64} NOT NULL CHECK (weight BETWEEN 1 AND 1000),
    -- The driver's own pace where they are NULL.
    at_once {I64} CHECK (at_once BETWEEN 1 AND 1000),
    per_minute {I64} CHECK (per_minute BETWEEN 1 AND 1000000),
    notes {TEXT} NOT NULL,
    -- The last word on its health; the rest is in inventory_health.
    health {TEXT} NOT NULL CHECK (health IN ('not_asked', 'up', 'warning', 'refused', 'down')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX inventory_servers_driver ON inventory_servers (driver, id);
CREATE INDEX inventory_servers_unwell ON inventory_servers (id) WHERE health IN ('warning', 'refused', 'down');
CREATE INDEX inventory_servers_idle ON inventory_servers (id) WHERE mode <> 'enabled';

-- Each value is sealed for its own row.
CREATE TABLE inventory_server_secrets (
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    name {TEXT} NOT NULL,
    sealed {TEXT} NOT NULL,
    set_at {I64} NOT NULL,
    PRIMARY KEY (server_id, name)
) {CLUSTERED};

-- How many services a server carries or is about to. Apart from the server, because it changes with every order.
CREATE TABLE inventory_seats (
    server_id {ID} REFERENCES inventory_servers (id),
    taken {I64} NOT NULL CHECK (taken >= 0)
) {STRICT};

CREATE TABLE inventory_health (
    server_id {ID} REFERENCES inventory_servers (id),
    checked_at {I64} NOT NULL,
    -- Since when the state has been what it is.
    since {I64} NOT NULL,
    why {TEXT} NOT NULL,
    panel_version {TEXT} NOT NULL,
    -- ["…"]: what will not work, and what staff should know.
    remarks {TEXT} NOT NULL,
    cpu_ppm {I64},
    memory_used {I64},
    memory_total {I64},
    disk_used {I64},
    disk_total {I64},
    resource_count {I64},
    resource_limit {I64},
    -- The certificate that was shown and not believed, to be compared and pinned.
    shown_fingerprint {TEXT} NOT NULL
) {STRICT};

-- What a panel offers to choose from, as it said last.
CREATE TABLE inventory_listings (
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    kind {TEXT} NOT NULL,
    -- [["id", "label"]]
    items {TEXT} NOT NULL,
    listed_at {I64} NOT NULL,
    PRIMARY KEY (server_id, kind)
) {CLUSTERED};

CREATE TABLE inventory_groups (
    id {ID},
    name {TEXT} NOT NULL UNIQUE,
    driver {TEXT} NOT NULL,
    fill {TEXT} NOT NULL CHECK (fill IN ('round_robin', 'least_used', 'weighted', 'by_region', 'until_full')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};

CREATE TABLE inventory_group_servers (
    group_id {I64} NOT NULL REFERENCES inventory_groups (id),
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    position {I64} NOT NULL,
    -- For round robin: whoever has the smallest is next. 0 for a server that was never chosen.
    turn {I64} NOT NULL,
    PRIMARY KEY (group_id, server_id)
) {CLUSTERED};
CREATE INDEX inventory_group_servers_server ON inventory_group_servers (server_id);

-- What a product of the catalogue is made from.
CREATE TABLE inventory_plan_maps (
    id {ID},
    product_id {I64} NOT NULL UNIQUE,
    driver {TEXT} NOT NULL,
    group_id {I64} NOT NULL REFERENCES inventory_groups (id),
    -- Only servers there; NULL for any.
    region_id {I64} REFERENCES inventory_regions (id),
    -- Delivered on a machine of this model; empty when it is not.
    model {TEXT} NOT NULL,
    -- {"name": "value"} as the driver's manifest declares plan settings.
    settings {TEXT} NOT NULL,
    ipv4_count {I64} NOT NULL CHECK (ipv4_count BETWEEN 0 AND 256),
    ipv6_count {I64} NOT NULL CHECK (ipv6_count BETWEEN 0 AND 256),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL
) {STRICT};
CREATE INDEX inventory_plan_maps_group ON inventory_plan_maps (group_id);

-- What a value of an option changes in it.
CREATE TABLE inventory_plan_choices (
    id {ID},
    map_id {I64} NOT NULL REFERENCES inventory_plan_maps (id),
    value_id {I64} NOT NULL,
    group_id {I64} REFERENCES inventory_groups (id),
    region_id {I64} REFERENCES inventory_regions (id),
    -- {"name": "value"}: put in place of the map's.
    sets {TEXT} NOT NULL,
    -- {"name": "8"}: added to the map's number, once for each piece that was bought.
    adds {TEXT} NOT NULL,
    ipv4_more {I64} NOT NULL CHECK (ipv4_more BETWEEN 0 AND 256),
    ipv6_more {I64} NOT NULL CHECK (ipv6_more BETWEEN 0 AND 256),
    UNIQUE (map_id, value_id)
) {STRICT};

CREATE TABLE inventory_pools (
    id {ID},
    name {TEXT} NOT NULL UNIQUE,
    family {I64} NOT NULL CHECK (family IN (4, 6)),
    -- "192.0.2.0/24"
    network {TEXT} NOT NULL,
    prefix {I64} NOT NULL CHECK (prefix BETWEEN 0 AND 128),
    -- What one service gets: 32 or 128 for one address, less for a network of its own.
    unit_prefix {I64} NOT NULL CHECK (unit_prefix BETWEEN 0 AND 128),
    -- Addresses are 32 hexadecimal digits in keys, so that their order is the order of the text.
    first_key {TEXT} NOT NULL,
    last_key {TEXT} NOT NULL,
    -- The first that was never given away; after last_key when there is none left.
    next_key {TEXT} NOT NULL,
    gateway {TEXT} NOT NULL,
    -- Name servers, a space between them.
    dns {TEXT} NOT NULL,
    region_id {I64} REFERENCES inventory_regions (id),
    mode {TEXT} NOT NULL CHECK (mode IN ('enabled', 'disabled')),
    created_at {I64} NOT NULL,
    version {I64} NOT NULL,
    CHECK (first_key <= last_key)
) {STRICT};

-- A pool that names servers serves those; one that names none serves its region, or every server without one.
CREATE TABLE inventory_pool_servers (
    pool_id {I64} NOT NULL REFERENCES inventory_pools (id),
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    PRIMARY KEY (pool_id, server_id)
) {CLUSTERED};
CREATE INDEX inventory_pool_servers_server ON inventory_pool_servers (server_id);

-- Addresses that were ever given away or set aside; the others of a pool have no row.
CREATE TABLE inventory_addresses (
    id {ID},
    address_key {TEXT} NOT NULL UNIQUE,
    -- As people write it.
    address {TEXT} NOT NULL,
    pool_id {I64} NOT NULL REFERENCES inventory_pools (id),
    state {TEXT} NOT NULL CHECK (state IN ('assigned', 'quarantined', 'blocked')),
    service_id {I64},
    -- Within its service, from 0: the first is the main one.
    position {I64} NOT NULL,
    -- Quarantined: from when it may be given to somebody else.
    free_at {I64},
    reverse_dns {TEXT} NOT NULL,
    note {TEXT} NOT NULL,
    changed_at {I64} NOT NULL,
    CHECK ((state = 'assigned') = (service_id IS NOT NULL)),
    CHECK ((state = 'quarantined') = (free_at IS NOT NULL))
) {STRICT};
CREATE INDEX inventory_addresses_pool ON inventory_addresses (pool_id, address_key);
CREATE INDEX inventory_addresses_free ON inventory_addresses (pool_id, free_at) WHERE state = 'quarantined';
CREATE INDEX inventory_addresses_service ON inventory_addresses (service_id, position) WHERE service_id IS NOT NULL;
CREATE INDEX inventory_addresses_assigned ON inventory_addresses (address_key, id) WHERE state = 'assigned';
CREATE INDEX inventory_addresses_waiting ON inventory_addresses (address_key, id) WHERE state = 'quarantined';
CREATE INDEX inventory_addresses_blocked ON inventory_addresses (address_key, id) WHERE state = 'blocked';

-- Whole machines.
CREATE TABLE inventory_machines (
    id {ID},
    label {TEXT} NOT NULL UNIQUE,
    model {TEXT} NOT NULL,
    specification {TEXT} NOT NULL,
    serial {TEXT} NOT NULL,
    region_id {I64} REFERENCES inventory_regions (id),
    -- The panel that steers it, if any.
    server_id {I64} REFERENCES inventory_servers (id),
    -- Plan settings that are its own: the panel's number of it.
    settings {TEXT} NOT NULL,
    -- Returned: a customer had it, and somebody must wipe it first.
    state {TEXT} NOT NULL CHECK (state IN ('free', 'reserved', 'in_use', 'returned', 'broken')),
    service_id {I64},
    note {TEXT} NOT NULL,
    created_at {I64} NOT NULL,
    version {I64} NOT NULL,
    CHECK ((state IN ('reserved', 'in_use')) = (service_id IS NOT NULL))
) {STRICT};
CREATE UNIQUE INDEX inventory_machines_service ON inventory_machines (service_id) WHERE service_id IS NOT NULL;
CREATE INDEX inventory_machines_free ON inventory_machines (model, id) WHERE state = 'free';
CREATE INDEX inventory_machines_state ON inventory_machines (state, id);
CREATE INDEX inventory_machines_model ON inventory_machines (model, id);

-- Services that wait for a machine of a model, first come, first served.
CREATE TABLE inventory_waiting (
    service_id {ID},
    product_id {I64} NOT NULL,
    model {TEXT} NOT NULL,
    since {I64} NOT NULL
) {STRICT};
CREATE INDEX inventory_waiting_model ON inventory_waiting (model, since, service_id);

-- Where a service is, or will be: one place each.
CREATE TABLE inventory_reservations (
    service_id {ID},
    product_id {I64} NOT NULL,
    server_id {I64} NOT NULL REFERENCES inventory_servers (id),
    machine_id {I64} REFERENCES inventory_machines (id),
    driver {TEXT} NOT NULL,
    region_id {I64},
    -- The plan as it was sold; later changes of the map leave it alone.
    plan {TEXT} NOT NULL,
    -- Held: nothing was made yet, and it falls back by itself.
    state {TEXT} NOT NULL CHECK (state IN ('held', 'confirmed')),
    until {I64},
    created_at {I64} NOT NULL,
    CHECK ((state = 'held') = (until IS NOT NULL))
) {STRICT};
CREATE INDEX inventory_reservations_server ON inventory_reservations (server_id, service_id);

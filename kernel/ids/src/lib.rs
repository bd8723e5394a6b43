//! Typed ids, tenants, actors and seeded generation.

//! Test databases on both engines, frozen clock, seeded randomness.

//! Module trait, registry, start-up and shutdown.

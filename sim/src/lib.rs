//! Deterministic simulation with an independent auditor.

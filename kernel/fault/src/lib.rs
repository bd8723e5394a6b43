//! Fault, error kinds and field errors.

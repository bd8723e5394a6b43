//! An offline tax-number register.

//! What we ask of a tax-number register.

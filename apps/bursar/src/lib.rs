//! The bursar binary.

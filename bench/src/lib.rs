//! Benchmarks with the raw floor beside them.

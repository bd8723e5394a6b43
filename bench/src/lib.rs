//! Benchmarks, each with the raw floor measured in the same run: the same rows, written by prepared statements in the
//! same batches, without anything that makes them.

pub mod billing_run;
pub mod dump;
mod floor_postgres;
mod floor_sqlite;
pub mod import;
mod memory;
pub mod pages;
pub mod pdf;
pub mod provisioning;
pub mod reconcile;
mod rows;
pub mod seed;
pub mod shop;

pub use memory::{peak_resident_mb, reset_peak};

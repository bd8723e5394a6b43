//! Provisioning through its public surface, over the sandbox panel and panels that misbehave on purpose.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod calls;
mod drift;
mod faults;
mod hidden;
mod house;
mod lifecycle;
mod moving;
mod rivals;
mod servers;

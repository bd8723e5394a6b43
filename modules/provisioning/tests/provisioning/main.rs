//! Provisioning through its public surface, over the sandbox panel and panels that misbehave on purpose.

mod drift;
mod faults;
mod house;
mod lifecycle;
mod rivals;
mod servers;

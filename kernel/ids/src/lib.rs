//! Typed ids, tenants, actors and seeded generation.
//!
//! Pure: nothing here reads a clock or a database. The one place that asks the operating system for randomness is
//! [`Rng::from_os`]; everything else is a function of a seed, so that a run can be repeated.

mod actor;
mod id;
mod rng;
mod tenant;

pub use actor::Actor;
pub use id::{Entity, Id, IdBlock, ParseIdError};
pub use rng::Rng;
pub use tenant::{InvalidTenantId, TenantId};

//! A hosting panel that makes nothing real: for trying Bursar out, for demonstrations, scenarios and the simulation.
//!
//! Two halves. [`Panel`] is the vendor: it has its own memory (optionally a file), its own idea of what was made, and
//! sends webhooks. [`SandboxHosting`] is the driver: it speaks to the panel through the contract only. The panel
//! outlives a crash of the application, as a real vendor does.
//!
//! What happens to calls on the way is chosen by [`FaultPlan`] or by [`Panel::next_calls`].

mod capabilities;
mod hosting;
mod journal;
mod machine;
mod panel;
mod plan;
mod webhook;

pub use hosting::SandboxHosting;
pub use machine::{Copy, Machine, Stage};
pub use panel::Panel;
pub use plan::{CallTrouble, FaultPlan};

/// The driver's id, stored with every server and resource.
pub const ID: &str = "sandbox";

//! A payment gateway that moves no money: for trying Bursar out, for demonstrations, scenarios and the simulation.
//!
//! Two halves. [`Processor`] is the vendor: it has its own memory (optionally a file), its own idea of what was
//! charged, and sends webhooks. [`SandboxGateway`] is the driver: it speaks to the processor through the contract only.
//! The processor outlives a crash of the application, as a real vendor does.
//!
//! How a charge behaves is chosen by the card's token ([`cards`]) or, for a plain card, by the amount; what happens to
//! calls and webhooks on the way by [`FaultPlan`] or by [`Processor::next_calls`].

mod announce;
pub mod cards;
mod gateway;
mod holds;
mod journal;
mod plan;
mod processor;
mod refunds;
mod setups;
mod webhook;

pub use gateway::SandboxGateway;
pub use holds::HOLD_SECONDS;
pub use journal::{Charge, ChargeStatus, Method, Refund, RefundStatus, Setup, SetupStatus};
pub use plan::{CallTrouble, FaultPlan};
pub use processor::{Authentication, Processor, SandboxError};
pub use webhook::Courier;

/// The driver's id, stored with every payment.
pub const ID: &str = "sandbox";

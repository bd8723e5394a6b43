//! The contract as JSON, for drivers that are somebody else's: a program, a script, a service behind HTTP.
//!
//! One question is one object, and so is its answer. A [`Carrier`] brings it there and back; [`Relay`] is the driver that
//! the rest of Bursar sees. What a program cannot do it does not answer: which capabilities a server offers stands in its
//! setting [`OFFERS`], so that nobody is shown a button that leads nowhere.
//!
//! The form is described for its authors in `docs/guides/write-an-exec-driver.md` and is never changed without a new
//! [`VERSION`].

mod answer;
mod driver;
#[cfg(feature = "conformance")]
pub mod fake;
mod question;
mod settings;

use async_trait::async_trait;
use bursar_outbound::{Call, CallError, Settings};
use serde_json::Value;

use crate::{Capability, Manifest};
pub use question::Question;
pub use settings::{OFFERS, PLAN_SETTINGS, SERVER_SETTINGS, WEBHOOK_HEADER, WEBHOOK_SECRET};

/// The version of the form, said in every question.
pub const VERSION: u32 = 1;

/// Brings questions to a program.
#[async_trait]
pub trait Carrier: Send + Sync {
    /// The driver's description.
    fn manifest(&self) -> &Manifest;

    /// Whether the program of a server with these settings has a capability: as its setting says.
    fn offers(&self, settings: &Settings, capability: Capability) -> bool {
        settings::offers(settings, capability)
    }

    /// Brings one question there and its answer back. How a program says without words that it failed is the
    /// carrier's to know; whatever it cannot tell for certain is `Unknown`.
    async fn carry(&self, call: &Call, question: &Question) -> Result<Value, CallError>;
}

/// A driver that asks a program.
#[derive(Debug, Clone, Default)]
pub struct Relay<C>(pub C);

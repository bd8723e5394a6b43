//! Whole machines: what there is of each model, who has which, and who waits for one.
//!
//! A machine that a customer had is not free again before somebody has said that it was wiped.

pub mod save;
pub(crate) mod store;

use bursar_outbound::Settings;

pub use save::{assign_machine, save_machine, set_machine_state};
pub use store::{Waiting, find_machine, models, stock_of, waiting};

coded! {
    /// Where a machine stands.
    MachineState {
        /// Ready for whoever comes.
        Free = "free",
        /// Kept for a service that is not made yet.
        Reserved = "reserved",
        /// A service's.
        InUse = "in_use",
        /// Come back from a service, and to be wiped.
        Returned = "returned",
        /// Not to be used.
        Broken = "broken",
    }
}

/// What people may change about a machine.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MachineDetails {
    /// Unique, as on its sticker.
    pub label: String,
    /// What it is sold as: plan maps name it.
    pub model: String,
    /// What is in it, in words.
    pub specification: String,
    /// The maker's number.
    pub serial: String,
    /// Where it stands.
    pub region_id: Option<i64>,
    /// The panel that steers it; none when people do.
    pub server_id: Option<i64>,
    /// Plan settings that are its own: the panel's number of it.
    pub settings: Settings,
    /// For staff.
    pub note: String,
}

/// A machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: MachineDetails,
    /// Where it stands.
    pub state: MachineState,
    /// Whose it is, or is kept for.
    pub service_id: Option<i64>,
    /// Counts the changes.
    pub version: i64,
}

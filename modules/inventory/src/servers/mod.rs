//! Servers: panels and nodes that a driver talks to.
//!
//! What opens a server is sealed in rows of its own and never read back onto a page. A server that carries services is
//! never removed.

pub mod access;
pub mod health;
pub mod listing;
pub mod notebook;
pub mod probe;
pub mod save;
pub(crate) mod store;
pub mod supply;

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_outbound::Settings;

pub use store::{find_server, seats_taken, secrets_set, server_names, servers, servers_with_room};

coded! {
    /// What may be done with a server.
    ServerMode {
        /// Everything.
        Enabled = "enabled",
        /// What is there goes on; nothing new comes.
        Draining = "draining",
        /// It is not called.
        Disabled = "disabled",
    }
}

coded! {
    /// How a server was when it was asked last.
    HealthState {
        /// Nobody asked yet.
        NotAsked = "not_asked",
        /// It answers and has nothing to complain of.
        Up = "up",
        /// It answers, and staff should look at what it says.
        Warning = "warning",
        /// It answers and does not let us in.
        Refused = "refused",
        /// It does not answer.
        Down = "down",
    }
}

/// What people may change about a server, without what opens it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerDetails {
    /// Unique, for people.
    pub name: String,
    /// The driver's id.
    pub driver: String,
    /// Where it stands.
    pub region_id: Option<i64>,
    /// As the driver's manifest declares them.
    pub settings: Settings,
    /// What may be done with it.
    pub mode: ServerMode,
    /// How many services it may carry; none for as many as its panel takes.
    pub seat_limit: Option<i64>,
    /// Its share where a group fills by weight.
    pub weight: i64,
    /// Calls under way at once, where the driver's own pace will not do.
    pub at_once: Option<i64>,
    /// Calls a minute, likewise.
    pub per_minute: Option<i64>,
    /// For staff.
    pub notes: String,
}

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: ServerDetails,
    /// How it was when it was asked last.
    pub health: HealthState,
    /// Counts the changes.
    pub version: i64,
}

/// Some servers of a driver after an id, by id, whatever their mode: for a reconciler that goes over all of them.
///
/// # Errors
/// Faults of the database.
pub async fn servers_of_driver(
    tx: &mut Tx,
    driver: &str,
    after: i64,
    limit: i64,
) -> Result<Vec<Server>, Fault> {
    store::of_driver(tx, driver, after, limit).await
}

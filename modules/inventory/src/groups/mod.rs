//! Groups of servers of one driver, and the rule by which they fill.

mod fill;
pub mod save;
pub(crate) mod store;

pub use fill::{Candidate, Fill, order};
pub use store::{find_group, groups, members};

/// What people may change about a group.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct GroupDetails {
    /// Unique, for people.
    pub name: String,
    /// The driver of all its servers: plans are written for one driver.
    pub driver: String,
    /// How it fills.
    pub fill: Fill,
}

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: GroupDetails,
    /// Counts the changes.
    pub version: i64,
}

/// A server in a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The server.
    pub server_id: i64,
    /// Its name.
    pub name: String,
    /// Smaller first.
    pub position: i64,
}

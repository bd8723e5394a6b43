//! Plan maps: what a product of the catalogue is made from, and what each value of its options changes in that.
//!
//! [`resolve`] is the one function that turns a product and what was picked into a plan. What it gives is copied to the
//! service's place: a map that is changed later changes nothing that was sold.

mod resolve;
pub mod save;
pub(crate) mod store;

use bursar_outbound::Settings;

pub use resolve::{Resolved, plan_problems, resolve};
pub use store::{choices, find_map, map_of_product};

/// What people may change about a plan map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MapDetails {
    /// The product of the catalogue; one map each.
    pub product_id: i64,
    /// The driver that makes it.
    pub driver: String,
    /// The servers it is put on.
    pub group_id: i64,
    /// Only those there; none for any.
    pub region_id: Option<i64>,
    /// Delivered on a machine of this model; empty when it is not.
    pub model: String,
    /// As the driver's manifest declares plan settings.
    pub settings: Settings,
    /// Addresses that go with it.
    pub ipv4_count: i64,
    /// Likewise; one is what the pool gives at a time: an address or a network.
    pub ipv6_count: i64,
}

/// A plan map.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanMap {
    /// Identity.
    pub id: i64,
    /// The rest.
    pub details: MapDetails,
    /// Counts the changes.
    pub version: i64,
}

/// What a value of an option changes in a map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// The value of the catalogue.
    pub value_id: i64,
    /// Other servers.
    pub group_id: Option<i64>,
    /// Another region.
    pub region_id: Option<i64>,
    /// Put in place of the map's settings.
    pub sets: Settings,
    /// Added to the map's numbers, once for each piece that was bought.
    pub adds: Settings,
    /// More addresses for each piece.
    pub ipv4_more: i64,
    /// Likewise.
    pub ipv6_more: i64,
}

impl Choice {
    /// Whether it changes nothing.
    pub fn is_empty(&self) -> bool {
        let nothing = Self { value_id: self.value_id, ..Self::default() };
        *self == nothing
    }
}

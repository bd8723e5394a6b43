//! The place of a service: a seat on a server, with the addresses and the machine that go with it.
//!
//! Everything here runs in the caller's transaction and commits with it. The order of things:
//!
//! 1. [`reserve`] before money is taken. Without room nothing is written, and [`NoRoom`] says what is missing.
//! 2. [`confirm`] before the first call that makes something at the panel. A place that nobody confirms falls back when
//!    its time is over, and what was in it may then be given to somebody else at once.
//! 3. [`release`] once nothing is left at the panel. Addresses rest before somebody else gets them.
//!
//! Each may be called again with the same effect. A service has one place; what it was sold is copied into it.

mod expire;
mod moving;
mod reserve;
pub(crate) mod store;

use bursar_fault::Fault;
use bursar_hosting::Address;
use bursar_outbound::Settings;
use bursar_time::Instant;

pub(crate) use expire::{ExpireReservation, expire};
pub use moving::{hand_over, move_to, replan, take_on};
pub use reserve::{confirm, leave_waiting_list, release, reserve, wait_for_machine};
pub use store::{of_server, placement, plans_of};

use crate::addresses::{Assigned, Family};

/// What a service wants.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Who wants it.
    pub service_id: i64,
    /// What was bought.
    pub product_id: i64,
    /// Option, value and how many, as orders have them.
    pub options: Vec<(i64, i64, i64)>,
    /// A region that was asked for apart from the options.
    pub region_id: Option<i64>,
    /// Until when the place is held unless it is confirmed.
    pub until: Instant,
    /// Servers that were tried and have no room, whatever is known of them here.
    pub avoid: Vec<i64>,
}

/// How firm a place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PlacementState {
    /// Until then.
    Held {
        /// When it falls back.
        until: Instant,
    },
    /// Until it is released.
    Confirmed,
}

/// The place of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placement {
    /// Whose it is.
    pub service_id: i64,
    /// What was bought.
    pub product_id: i64,
    /// On which server.
    pub server_id: i64,
    /// That server's driver.
    pub driver: String,
    /// In which region.
    pub region_id: Option<i64>,
    /// On which machine, where it has one to itself.
    pub machine_id: Option<i64>,
    /// The driver's plan settings, whole: what a driver's specification calls the plan.
    pub plan: Settings,
    /// The addresses of our pools that go with it, the main one first.
    pub addresses: Vec<Assigned>,
    /// How firm it is.
    pub state: PlacementState,
}

impl Placement {
    /// The addresses as a driver's specification has them.
    pub fn addresses_for_driver(&self) -> Vec<Address> {
        self.addresses.iter().map(Assigned::for_driver).collect()
    }
}

/// Why a service has no place.
#[derive(Debug, thiserror::Error)]
pub enum NoRoom {
    /// Nobody has said what the product is made from.
    #[error("product {product_id} has no plan map")]
    NotMapped {
        /// Which product.
        product_id: i64,
    },
    /// What was picked does not make a plan that the driver takes.
    #[error("the plan of product {product_id} is not complete: {}", .problems.join(" "))]
    BadPlan {
        /// Which product.
        product_id: i64,
        /// What is wrong, a sentence each.
        problems: Vec<String>,
    },
    /// No server of the group has room, in the region that was asked for.
    #[error("no server of group {group_id} has room")]
    NoServer {
        /// Which group.
        group_id: i64,
    },
    /// There are servers, and no pool that serves one of them has enough addresses.
    #[error("there are not enough {family} addresses")]
    NoAddress {
        /// Of which family.
        family: Family,
    },
    /// No machine of the model is free, or others waited before.
    #[error("no machine of model {model} is free")]
    NoMachine {
        /// Which model.
        model: String,
        /// How many services came before.
        ahead: i64,
    },
    /// The service has no place that could be moved or changed.
    #[error("service {service_id} has no place")]
    NoPlace {
        /// Which service.
        service_id: i64,
    },
    /// The place can only be on servers of its own driver.
    #[error("server {server_id} speaks {driver}, and the service was made by another driver")]
    OtherDriver {
        /// Which server.
        server_id: i64,
        /// What it speaks.
        driver: String,
    },
    /// The server that was chosen has no seat left, or may not be used.
    #[error("server {server_id} has no seat")]
    NoSeat {
        /// Which server.
        server_id: i64,
    },
    /// The service has a machine to itself and stays where that one is.
    #[error("the service is on machine {machine_id}")]
    OnMachine {
        /// Which machine.
        machine_id: i64,
    },
    /// The product is made on machines of its own, and not wherever there is a seat.
    #[error("the product is made on machines of model {model}")]
    NeedsMachine {
        /// Which model.
        model: String,
    },
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

impl NoRoom {
    /// Whether there may be room later without anybody changing the product or its map.
    pub const fn may_come(&self) -> bool {
        match self {
            Self::NoServer { .. } | Self::NoAddress { .. } | Self::NoMachine { .. } | Self::NoSeat { .. } => {
                true
            }
            Self::NotMapped { .. }
            | Self::BadPlan { .. }
            | Self::NoPlace { .. }
            | Self::OtherDriver { .. }
            | Self::OnMachine { .. }
            | Self::NeedsMachine { .. }
            | Self::Fault(_) => false,
        }
    }

    /// What staff should do about it, in a sentence or two.
    pub fn advice(&self) -> String {
        match self {
            Self::NotMapped { .. } => {
                "Nobody has said what this product is made from. Make a plan map for it.".to_owned()
            }
            Self::BadPlan { problems, .. } => {
                format!("The plan map does not make a whole plan of what was ordered. {}", problems.join(" "))
            }
            Self::NoServer { .. } => {
                "No server of the group has room. Add a server, raise a limit, or enable one that is draining."
                    .to_owned()
            }
            Self::NoAddress { family } => {
                format!("The pools that serve these servers have too few {family} addresses left. Add a pool.")
            }
            Self::NoMachine { model, ahead: 0 } => {
                format!("No machine of model {model} is free. Add one, or say that a returned one is ready.")
            }
            Self::NoMachine { model, ahead } => {
                format!("No machine of model {model} is free for this service: {ahead} came before it.")
            }
            Self::NoPlace { .. } => "The service has no place on any server.".to_owned(),
            Self::OtherDriver { driver, .. } => {
                format!("The service was made by another driver than {driver}; choose a server of its own.")
            }
            Self::NoSeat { .. } => {
                "The server is full or disabled. Raise its limit, enable it, or choose another one.".to_owned()
            }
            Self::OnMachine { .. } => {
                "The service has a machine to itself. Give it another machine instead.".to_owned()
            }
            Self::NeedsMachine { model } => {
                format!("This product is made on machines of model {model}. Give the service another machine instead.")
            }
            Self::Fault(fault) => bursar_fault::Refusal::message(fault),
        }
    }
}

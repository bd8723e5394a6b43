//! What services are put on: servers and their groups, what a product is made from, addresses, machines, and the place
//! that each service has.
//!
//! A place is a seat on a server with the addresses and the machine that go with it. It is reserved in the caller's
//! transaction, before money is taken, and falls back by itself unless it is confirmed; see [`reservations`]. No seat,
//! address or machine is ever given twice at once: keys and guarded updates say so, not only the code.
//!
//! Deliberately absent: services, and what is done at a panel for one. A service is a number here. This module calls
//! panels only to ask how they are and what they offer.

/// An enum stored as text: declares it with its codes.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $code)] $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in the database and in forms.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// Reads [`code`](Self::code); `None` for any other text.
            pub fn parse(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.code() == code)
            }

            /// The stored text, or a fault that names it.
            pub(crate) fn stored(code: &str) -> Result<Self, bursar_fault::Fault> {
                Self::parse(code).ok_or_else(|| {
                    bursar_fault::Fault::corrupt(format!("{code:?} is not a {}", stringify!($name)))
                })
            }
        }
    };
}

pub mod addresses;
mod check;
mod drivers;
mod error;
pub mod groups;
pub mod hardware;
mod jobs;
mod module;
mod pages;
pub mod permissions;
pub mod plans;
pub mod regions;
pub mod reservations;
pub mod servers;
pub mod settings;
mod stored;

use bursar_db::{Migrations, Statement};

pub use drivers::HostingDrivers;
pub use error::InventoryError;
pub use module::InventoryModule;
pub use reservations::{
    NoRoom, Placement, PlacementState, Wanted, confirm, hand_over, leave_waiting_list, move_to, placement,
    release, replan, reserve, take_on, wait_for_machine,
};
pub use servers::access::{ServerAccess, server_for_call};
pub use servers::probe::{Probe, probe_server, record_health};
pub use servers::servers_of_driver;

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!("inventory", "0001_init" => "../migrations/0001_init.sql",
        "0002_notes" => "../migrations/0002_notes.sql")
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        addresses::store::STATEMENTS,
        groups::store::STATEMENTS,
        hardware::store::STATEMENTS,
        pages::LIST_STATEMENTS,
        plans::store::STATEMENTS,
        regions::STATEMENTS,
        reservations::store::STATEMENTS,
        servers::health::STATEMENTS,
        servers::notebook::STATEMENTS,
        servers::store::STATEMENTS,
    ]
    .concat()
}

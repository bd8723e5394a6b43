//! The module trait, the registry that modules fill, and the background work of a running server.
//!
//! Nothing registers itself: the binary lists its modules, [`App::build`] asks each for its parts and refuses names
//! that clash. [`App::drain`] runs what is due (tests, simulation, demo); [`Background`] does it for a server, for ever.
//! Deliberately absent: knowledge of any module, and any state that outlives the process.

mod app;
mod background;
mod module;
mod personal;
mod pump;
mod site;

pub use app::App;
pub use background::Background;
pub use module::{Module, Permission, Registry};
pub use personal::{
    ErasePersonal, ExportPersonal, KeepPersonal, PERSONAL_ROWS, PersonalAsk, PersonalBook, PersonalData,
    PersonalRows,
};
pub use pump::Pump;
pub use site::{Bell, Languages, OneTenant};

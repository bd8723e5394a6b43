//! Settings on generated forms.
//!
//! A module declares the page of a [`SettingsDocument`] of its own: each setting with its kind, bounds, help and a worked
//! example. The shell makes the form, keeps what was typed beside what is wrong with it, asks the document itself
//! whether it could work, and records before and after. Where the values lie is the document's affair.

mod declare;
mod kind;
mod pages;
mod save;

pub use declare::{SettingsDocument, SettingsGroup, SettingsLink, SettingsPage};
pub use kind::{Example, LoadChoices, Setting};
pub(crate) use pages::index_routes;
pub use save::{NotSaved, SettingsWatch, save_settings};

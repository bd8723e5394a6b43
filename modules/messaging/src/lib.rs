//! Messages to customers and staff. While no sender is set up, every message is held and shown in the outbox.
//!
//! Deliberately absent: who a customer is. A message carries an address and, for lists, the customer's id.

mod messages;
mod module;
mod pages;
pub mod permissions;

use bursar_db::{Migrations, Statement};

pub use messages::{Message, NewMessage, find, list, queue};
pub use module::MessagingModule;

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!("messaging", "0001_init" => "../migrations/0001_init.sql")
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    messages::STATEMENTS.to_vec()
}

//! Who signs in: staff with a password, customers by a one-time link, and limits on guessing.
//!
//! Tokens leave this module once, when they are made; only their hashes are stored. A session is bound to the forms of
//! its pages through the hash. Every refusal of a sign-in reads the same, whether the address is known or not.
//!
//! Deliberately absent: customers. A session of a customer carries the customer's id and a name to show.

mod authenticator;
mod error;
mod limits;
mod links;
mod module;
mod pages;
mod password;
pub mod permissions;
mod sessions;
mod staff;
mod token;

use bursar_db::{Migrations, Statement};

pub use authenticator::SessionAuthenticator;
pub use error::IdentityError;
pub use limits::{Limit, spend};
pub use links::{LINK_MINUTES, create_portal_link, offer_portal_link, redeem_portal_link};
pub use module::IdentityModule;
pub use sessions::{SESSION_HOURS, Session, end_sessions_of_customer, sign_in, sign_out};
pub use staff::{NewStaff, Setup, add_owner, begin_setup, finish_setup, has_staff};

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!("identity", "0001_init" => "../migrations/0001_init.sql")
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        authenticator::STATEMENTS,
        limits::STATEMENTS,
        links::STATEMENTS,
        sessions::STATEMENTS,
        staff::STATEMENTS,
    ]
    .concat()
}

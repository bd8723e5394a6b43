//! The public pages: home, texts, shop, cart and checkout, the price API and the order button.
//!
//! Every figure comes from ordering's cart, and so from billing's one function. Texts are published in versions that
//! never change, because orders remember which one was agreed to. Pages work without scripts; with them, prices follow
//! while one chooses.
//!
//! How an order is paid is not here: that depends on the gateways' own forms, which the application knows.

mod module;
mod pages;
pub mod permissions;
pub mod settings;
pub mod texts;

use bursar_db::{Migrations, Statement};

pub use module::StorefrontModule;

/// The tables of this module.
pub fn migrations() -> Migrations {
    bursar_db::migrations!("storefront", "0001_init" => "../migrations/0001_init.sql")
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    texts::store::STATEMENTS.to_vec()
}

//! Ordering: carts, checkout, orders and the people who look at them.
//!
//! A cart holds ids and answers; every figure comes from billing's one function, with the tax of whoever looks. Placing
//! an order takes stock, uses up codes and makes subscriptions that wait, their one invoice and the order, all of it or
//! nothing. A paid order is accepted, or waits where staff see it; an order that ends otherwise gives everything back.
//!
//! What delivers listens to [`events::OrderAccepted`] and reads [`items_of_order`]; this module has never heard of it.
//! Things it does not understand come through the port [`ItemKind`]; whether there is room is asked through [`Delivery`].

pub mod carts;
mod delivery;
mod error;
pub mod events;
mod kinds;
mod mails;
mod module;
pub mod orders;
mod pages;
pub mod permissions;
mod personal;
pub mod questions;
pub mod settings;

use bursar_db::{Migrations, Statement, Tx};
use bursar_fault::Fault;

pub use delivery::{Delivery, Holding};
pub use error::OrderError;
pub use kinds::{ItemKind, Kinds, Pricing};
pub use module::OrderingModule;

use orders::{Order, OrderItem};

/// Ordering's tables.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "ordering",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_dates" => "../migrations/0002_dates.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        carts::store::STATEMENTS,
        orders::store::STATEMENTS,
        orders::list::STATEMENTS,
        pages::LIST_STATEMENTS,
        questions::STATEMENTS,
        personal::STATEMENTS,
    ]
    .concat()
}

/// One order.
///
/// # Errors
/// Faults of the database.
pub async fn find_order(tx: &mut Tx, id: i64) -> Result<Option<Order>, Fault> {
    orders::store::find(tx, id).await
}

/// The order an invoice was made for.
///
/// # Errors
/// Faults of the database.
pub async fn order_of_invoice(tx: &mut Tx, invoice: i64) -> Result<Option<Order>, Fault> {
    orders::store::by_invoice(tx, invoice).await
}

/// The things of an order in order: product with options, add-ons and answers, and the subscription of each.
///
/// # Errors
/// Faults of the database.
pub async fn items_of_order(tx: &mut Tx, order: i64) -> Result<Vec<OrderItem>, Fault> {
    orders::store::items(tx, order).await
}

/// The thing a subscription was made for; none for one that staff made without an order.
///
/// # Errors
/// Faults of the database.
pub async fn item_of_subscription(tx: &mut Tx, subscription: i64) -> Result<Option<OrderItem>, Fault> {
    orders::store::item_of_subscription(tx, subscription).await
}

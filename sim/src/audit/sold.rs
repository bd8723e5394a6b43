//! What the auditor reads about sales: orders, how subscriptions ended, and what customers were told.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;

bursar_db::statements! {
    /// Every order.
    ORDERS = "SELECT id, status, invoice_id FROM ordering_orders ORDER BY id";
    /// The subscription of every thing that was ordered.
    THINGS = "SELECT order_id, subscription_id FROM ordering_items ORDER BY order_id, position";
    /// Subscriptions that ended, and why.
    ENDED = "SELECT id, cancel_reason FROM billing_subscriptions WHERE cancel_reason IS NOT NULL ORDER BY id";
    /// Mails that something could not be made.
    TOLD = "SELECT customer_id, COUNT(*) FROM messaging_messages
        WHERE kind = 'provisioning.failed' AND customer_id IS NOT NULL GROUP BY customer_id ORDER BY customer_id";
}

/// The reason that the product gives by itself when something could not be made.
const NOT_MADE: &str = "We could not set it up.";

/// An order as the product has it.
#[derive(Debug, Clone)]
pub struct Order {
    pub status: String,
    pub invoice: Option<i64>,
    /// In the order in which they were in the cart.
    pub subscriptions: Vec<i64>,
}

/// Everything about sales.
#[derive(Debug, Clone, Default)]
pub struct Sold {
    pub orders: BTreeMap<i64, Order>,
    /// Why a subscription ended.
    pub ends: BTreeMap<i64, String>,
    /// How often each customer was told that something could not be made.
    pub told: BTreeMap<i64, i64>,
}

impl Sold {
    /// Whether the product called a subscription off because what it pays for could not be made.
    pub fn is_called_off(&self, subscription: i64) -> bool {
        self.ends.get(&subscription).is_some_and(|why| why == NOT_MADE)
    }

    pub(super) async fn read(tx: &mut Tx) -> Result<Self, Fault> {
        let orders = tx.query(&ORDERS, params![], |row| {
            let subscriptions = Vec::new();
            let (status, invoice) = (row.get(1)?, row.get(2)?);
            Ok((row.get::<i64>(0)?, Order { status, invoice, subscriptions }))
        });
        let mut orders: BTreeMap<i64, Order> = orders.await?.into_iter().collect();
        let things = tx.query(&THINGS, params![], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?)));
        for (order, subscription) in things.await? {
            if let Some(order) = orders.get_mut(&order) {
                order.subscriptions.push(subscription);
            }
        }
        let ends = tx.query(&ENDED, params![], |row| Ok((row.get(0)?, row.get(1)?))).await?;
        let told = tx.query(&TOLD, params![], |row| Ok((row.get(0)?, row.get(1)?))).await?;
        Ok(Self { orders, ends: ends.into_iter().collect(), told: told.into_iter().collect() })
    }
}

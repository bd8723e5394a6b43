//! Lists of orders, a page at a time, and one order with all its parts.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use super::states::OrderStatus;
use super::{Agreement, HistoryEntry, Order, OrderItem, store};

bursar_db::statements! {
    /// A page, newest first; status and customer when given.
    pub(crate) LIST = "SELECT id, number, customer_id, status, source, currency, total_minor, invoice_id, coupons, review,
        customer_note, from_address, placed_at, expires_at, paid_at, decided_at, decided_why, version
        FROM ordering_orders WHERE id < $1 AND (status = $2 OR $2 IS NULL) AND (customer_id = $3 OR $3 IS NULL)
        ORDER BY id DESC LIMIT $4";
    /// How many stand somewhere.
    pub(crate) COUNT = "SELECT COUNT(*) FROM ordering_orders WHERE status = $1";
}

/// Which orders.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderFilter {
    /// Only those that stand here.
    pub status: Option<OrderStatus>,
    /// Only this customer's.
    pub customer_id: Option<i64>,
}

/// An order with all its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderDetail {
    /// The order.
    pub order: Order,
    /// What was bought.
    pub items: Vec<OrderItem>,
    /// What was agreed to.
    pub agreements: Vec<Agreement>,
    /// What happened, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// A page of orders, newest first, older than `before`.
///
/// # Errors
/// Faults of the database.
pub async fn list_orders(
    tx: &mut Tx,
    filter: &OrderFilter,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Order>, Fault> {
    let status = filter.status.map(OrderStatus::code);
    let values = params![before.unwrap_or(i64::MAX), status, filter.customer_id, limit];
    tx.query(&LIST, values, store::order).await
}

/// How many orders stand somewhere.
///
/// # Errors
/// Faults of the database.
pub async fn count_orders(tx: &mut Tx, status: OrderStatus) -> Result<i64, Fault> {
    tx.query_one(&COUNT, params![status.code()], |row| row.get(0)).await
}

/// One order with all its parts.
///
/// # Errors
/// Faults of the database.
pub async fn find_detail(tx: &mut Tx, id: i64) -> Result<Option<OrderDetail>, Fault> {
    let Some(order) = store::find(tx, id).await? else { return Ok(None) };
    Ok(Some(OrderDetail {
        order,
        items: store::items(tx, id).await?,
        agreements: store::agreements(tx, id).await?,
        history: store::history(tx, id).await?,
    }))
}

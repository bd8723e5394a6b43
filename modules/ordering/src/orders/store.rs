//! All SQL of orders but their lists.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Money};
use bursar_time::Cycle;
use serde::{Deserialize, Serialize};

use super::states::OrderStatus;
use super::{Agreement, HistoryEntry, Order, OrderItem, UsedCoupon};
use crate::carts::store::{read, text};
use crate::error::OrderError;

bursar_db::statements! {
    /// Takes the next number of a sequence.
    pub(crate) TAKE_NUMBER = "INSERT INTO ordering_sequences (name, next_number) VALUES ($1, 2)
        ON CONFLICT (name) DO UPDATE SET next_number = ordering_sequences.next_number + 1 RETURNING next_number - 1";
    /// A new order.
    pub(crate) INSERT = "INSERT INTO ordering_orders (id, number, customer_id, status, source, currency, total_minor,
        invoice_id, gateway, coupons, review, customer_note, from_address, placed_at, expires_at, paid_at, decided_at,
        decided_why, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', $9, $10, $11, $12, $13, $14, NULL, NULL, '', 1)";
    /// One order.
    pub(crate) FIND = "SELECT id, number, customer_id, status, source, currency, total_minor, invoice_id, coupons, review,
        customer_note, from_address, placed_at, expires_at, paid_at, decided_at, decided_why, version
        FROM ordering_orders WHERE id = $1";
    /// The order an invoice was made for.
    pub(crate) BY_INVOICE = "SELECT id, number, customer_id, status, source, currency, total_minor, invoice_id, coupons,
        review, customer_note, from_address, placed_at, expires_at, paid_at, decided_at, decided_why, version
        FROM ordering_orders WHERE invoice_id = $1";
    /// Saves what may change, over the version that was read.
    pub(crate) SAVE = "UPDATE ordering_orders SET status = $1, expires_at = $2, paid_at = $3, decided_at = $4,
        decided_why = $5, version = version + 1 WHERE id = $6 AND version = $7";
    /// A thing of an order.
    pub(crate) INSERT_ITEM = "INSERT INTO ordering_items (id, order_id, position, label, wish, answers, subscription_id,
        cycle, now_minor, renewal_minor, stock_taken) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    /// The things of an order.
    pub(crate) ITEMS = "SELECT id, order_id, position, label, wish, answers, subscription_id, cycle, now_minor,
        renewal_minor, stock_taken FROM ordering_items WHERE order_id = $1 ORDER BY position LIMIT 100";
    /// The thing a subscription was made for.
    pub(crate) ITEM_OF_SUBSCRIPTION = "SELECT id, order_id, position, label, wish, answers, subscription_id, cycle,
        now_minor, renewal_minor, stock_taken FROM ordering_items WHERE subscription_id = $1";
    /// A text that was agreed to.
    pub(crate) INSERT_AGREEMENT = "INSERT INTO ordering_agreements (id, order_id, text_name, text_title, text_version,
        text_hash, agreed_at, from_address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// What was agreed to.
    pub(crate) AGREEMENTS = "SELECT text_name, text_title, text_version, text_hash FROM ordering_agreements
        WHERE order_id = $1 ORDER BY text_name LIMIT 50";
    /// A line of history.
    pub(crate) INSERT_HISTORY = "INSERT INTO ordering_history (id, order_id, what, note, actor_kind, actor_id, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// The history, oldest first.
    pub(crate) HISTORY = "SELECT what, note, actor_kind, actor_id, at FROM ordering_history
        WHERE order_id = $1 ORDER BY id LIMIT 1000";
}

/// Codes and what they were counted for, in one column.
#[derive(Serialize, Deserialize)]
struct Coupons {
    codes: Vec<String>,
    used: Vec<UsedCoupon>,
}

/// The next number of a sequence, in the transaction that uses it: none is lost.
pub(crate) async fn take_number(tx: &mut Tx, name: &str) -> Result<i64, Fault> {
    tx.query_one(&TAKE_NUMBER, params![name], |row| row.get(0)).await
}

pub(crate) async fn insert(tx: &mut Tx, order: &Order) -> Result<(), Fault> {
    let coupons = text(&Coupons { codes: order.codes.clone(), used: order.coupons.clone() })?;
    let review = text(&order.review)?;
    let values = params![
        order.id,
        &order.number,
        order.customer_id,
        order.status.code(),
        &order.source,
        order.currency(),
        order.total.minor(),
        order.invoice_id,
        &coupons,
        &review,
        &order.customer_note,
        &order.from_address,
        order.placed_at,
        order.expires_at
    ];
    tx.exec_one(&INSERT, values).await
}

pub(crate) async fn find(tx: &mut Tx, id: i64) -> Result<Option<Order>, Fault> {
    tx.query_opt(&FIND, params![id], order).await
}

pub(crate) async fn get(tx: &mut Tx, id: i64) -> Result<Order, OrderError> {
    find(tx, id).await?.ok_or(OrderError::NotFound("order"))
}

pub(crate) async fn by_invoice(tx: &mut Tx, invoice: i64) -> Result<Option<Order>, Fault> {
    tx.query_opt(&BY_INVOICE, params![invoice], order).await
}

/// Saves over the version that was read, and counts it on.
pub(crate) async fn save(tx: &mut Tx, order: &mut Order) -> Result<(), OrderError> {
    let values = params![
        order.status.code(),
        order.expires_at,
        order.paid_at,
        order.decided_at,
        &order.decided_why,
        order.id,
        order.version
    ];
    if tx.exec(&SAVE, values).await? != 1 {
        return Err(OrderError::Changed);
    }
    order.version += 1;
    Ok(())
}

pub(crate) async fn insert_item(tx: &mut Tx, item: &OrderItem) -> Result<(), Fault> {
    let (wish, answers) = (text(&item.wish)?, text(&item.answers)?);
    let values = params![
        item.id,
        item.order_id,
        item.position,
        &item.label,
        &wish,
        &answers,
        item.subscription_id,
        item.cycle.code(),
        item.now_minor,
        item.renewal_minor,
        item.stock_taken
    ];
    tx.exec_one(&INSERT_ITEM, values).await
}

pub(crate) async fn items(tx: &mut Tx, order: i64) -> Result<Vec<OrderItem>, Fault> {
    tx.query(&ITEMS, params![order], item).await
}

pub(crate) async fn item_of_subscription(tx: &mut Tx, subscription: i64) -> Result<Option<OrderItem>, Fault> {
    tx.query_opt(&ITEM_OF_SUBSCRIPTION, params![subscription], item).await
}

pub(crate) async fn insert_agreement(tx: &mut Tx, order: &Order, agreed: &Agreement) -> Result<(), Fault> {
    let id = tx.new_raw_id()?;
    let values = params![
        id,
        order.id,
        &agreed.name,
        &agreed.title,
        agreed.version,
        &agreed.hash,
        order.placed_at,
        &order.from_address
    ];
    tx.exec_one(&INSERT_AGREEMENT, values).await
}

pub(crate) async fn agreements(tx: &mut Tx, order: i64) -> Result<Vec<Agreement>, Fault> {
    tx.query(&AGREEMENTS, params![order], |row| {
        Ok(Agreement { name: row.get(0)?, title: row.get(1)?, version: row.get(2)?, hash: row.get(3)? })
    })
    .await
}

/// Writes down what happened, who did it and when.
pub(crate) async fn note(tx: &mut Tx, order: i64, what: &str, note: &str) -> Result<(), Fault> {
    let (id, now, actor) = (tx.new_raw_id()?, tx.now(), *tx.actor());
    let values = params![id, order, what, note, actor.kind(), actor.id(), now];
    tx.exec_one(&INSERT_HISTORY, values).await
}

pub(crate) async fn history(tx: &mut Tx, order: i64) -> Result<Vec<HistoryEntry>, Fault> {
    tx.query(&HISTORY, params![order], |row| {
        Ok(HistoryEntry {
            what: row.get(0)?,
            note: row.get(1)?,
            actor_kind: row.get(2)?,
            actor_id: row.get(3)?,
            at: row.get(4)?,
        })
    })
    .await
}

pub(crate) fn order(row: &Row<'_>) -> Result<Order, Fault> {
    let currency = Currency::parse(row.text(5)?)
        .map_err(|e| Fault::corrupt("an order has an unknown currency").caused_by(e))?;
    let status = OrderStatus::parse(row.text(3)?);
    let coupons: Coupons = read(row.text(8)?)?;
    Ok(Order {
        id: row.get(0)?,
        number: row.get(1)?,
        customer_id: row.get(2)?,
        status: status.ok_or_else(|| Fault::corrupt("an order has an unknown status"))?,
        source: row.get(4)?,
        total: Money::new(row.get(6)?, currency),
        invoice_id: row.get(7)?,
        coupons: coupons.used,
        codes: coupons.codes,
        review: read(row.text(9)?)?,
        customer_note: row.get(10)?,
        from_address: row.get(11)?,
        placed_at: row.get(12)?,
        expires_at: row.get(13)?,
        paid_at: row.get(14)?,
        decided_at: row.get(15)?,
        decided_why: row.get(16)?,
        version: row.get(17)?,
    })
}

fn item(row: &Row<'_>) -> Result<OrderItem, Fault> {
    Ok(OrderItem {
        id: row.get(0)?,
        order_id: row.get(1)?,
        position: row.get(2)?,
        label: row.get(3)?,
        wish: read(row.text(4)?)?,
        answers: read(row.text(5)?)?,
        subscription_id: row.get(6)?,
        cycle: Cycle::parse(row.text(7)?)
            .map_err(|e| Fault::corrupt("an order has an unknown cycle").caused_by(e))?,
        now_minor: row.get(8)?,
        renewal_minor: row.get(9)?,
        stock_taken: row.get(10)?,
    })
}

//! Reading payments for pages and other modules.

use bursar_db::{Param, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Id;
use bursar_money::{Currency, Money};

use crate::payment::{Payment, PaymentState};
use crate::refund::Refund;
use crate::{refund_store, store};

/// Which payments to list; everything that is not set does not narrow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PaymentFilter {
    /// Of one customer.
    pub customer: Option<i64>,
    /// In one state.
    pub state: Option<PaymentState>,
    /// Through one gateway.
    pub gateway: Option<String>,
    /// Only those that are neither captured nor ended.
    pub only_open: bool,
}

/// One payment.
pub async fn find(tx: &mut Tx, id: Id<Payment>) -> Result<Option<Payment>, Fault> {
    store::find(tx, id).await
}

/// Some payments by id, newest first.
pub async fn find_many(tx: &mut Tx, ids: &[i64]) -> Result<Vec<Payment>, Fault> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    tx.query(&store::FIND_MANY, params![ids], store::payment).await
}

/// The payment of an attempt group.
pub async fn find_by_key(tx: &mut Tx, group_key: &str) -> Result<Option<Payment>, Fault> {
    store::find_by_key(tx, &format!("pay:{group_key}")).await
}

/// What is awaited from a customer by charges whose attempt group begins with `group`: neither captured nor ended.
pub async fn awaited(
    tx: &mut Tx,
    customer: i64,
    currency: Currency,
    group: &'static str,
) -> Result<Money, Fault> {
    let pattern = format!("{group}%");
    let values = params![customer, currency, &pattern];
    let minor = tx.query_one(&store::AWAITED, values, |row| row.get(0)).await?;
    Ok(Money::new(minor, currency))
}

/// One refund.
pub async fn find_refund(tx: &mut Tx, id: Id<Refund>) -> Result<Option<Refund>, Fault> {
    refund_store::find(tx, id).await
}

/// The refunds of a payment, oldest first.
pub async fn refunds_of(tx: &mut Tx, payment: Id<Payment>) -> Result<Vec<Refund>, Fault> {
    refund_store::of_payment(tx, payment).await
}

/// Payments, newest first, at most `limit`, older than `before` when that is given: the last id of the page before.
pub async fn list(
    tx: &mut Tx,
    filter: &PaymentFilter,
    before: Option<Id<Payment>>,
    limit: i64,
) -> Result<Vec<Payment>, Fault> {
    let mut conditions = vec!["1 = 1".to_owned()];
    let mut values: Vec<Param<'_>> = vec![limit.into()];
    let wanted: [(&str, Option<Param<'_>>); 4] = [
        ("customer_id =", filter.customer.map(Param::from)),
        ("state =", filter.state.map(|state| Param::from(state.code()))),
        ("gateway =", filter.gateway.as_ref().map(Param::from)),
        ("id <", before.map(Param::from)),
    ];
    for (condition, value) in wanted {
        if let Some(value) = value {
            values.push(value);
            conditions.push(format!("{condition} ${}", values.len()));
        }
    }
    if filter.only_open {
        conditions.push(store::waiting!("").to_owned());
    }
    let text = format!(
        "SELECT {} FROM payments_payments WHERE {} ORDER BY id DESC LIMIT $1",
        store::COLUMNS,
        conditions.join(" AND ")
    );
    tx.query_text(&text, &values, store::payment).await
}

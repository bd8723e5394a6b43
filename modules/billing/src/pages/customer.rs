//! What other pages show of billing: one customer's money, and the figures of the dashboard.

use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::Money;
use serde::Serialize;
use serde_json::{Value, json};

use super::{store, views};
use crate::invoices::ageing::aged_receivables;
use crate::invoices::list::{InvoiceFilter, list_invoices};
use crate::settle::{credit_balances, credit_moves};

/// Rows of each list.
const NEWEST: i64 = 10;

/// What a customer bought, owes and has.
#[derive(Debug, Serialize)]
pub struct CustomerMoney {
    /// The newest invoices.
    pub invoices: Vec<views::InvoiceRow>,
    /// The newest subscriptions.
    pub subscriptions: Vec<Value>,
    /// Credit per currency.
    pub credit: Vec<Money>,
    /// The newest changes of it.
    pub credit_moves: Vec<Value>,
}

/// Reads it.
pub async fn customer_money(tx: &mut Tx, customer: i64) -> Result<CustomerMoney, Fault> {
    let filter = InvoiceFilter { customer_id: Some(customer), ..InvoiceFilter::default() };
    let documents = list_invoices(tx, &filter, None, NEWEST).await?;
    let subscriptions = store::subscriptions(tx, None, Some(customer), "", None, NEWEST).await?;
    let moves = credit_moves(tx, customer, None, NEWEST).await?;
    Ok(CustomerMoney {
        invoices: views::rows(tx, &documents).await?,
        subscriptions: subscriptions.iter().map(|row| json!(row)).collect(),
        credit: credit_balances(tx, customer).await?,
        credit_moves: moves
            .iter()
            .map(|it| json!({ "amount": it.amount, "reason": it.reason, "at": it.created_at }))
            .collect(),
    })
}

/// The figures of the dashboard.
#[derive(Debug, Serialize)]
pub struct Overview {
    /// Subscriptions that will be billed again.
    pub running: i64,
    /// Subscriptions that could not be billed.
    pub put_aside: i64,
    /// What open invoices ask for, per currency.
    pub open: Vec<Owed>,
}

/// What is owed in one currency.
#[derive(Debug, Serialize)]
pub struct Owed {
    /// How many invoices.
    pub invoices: i64,
    /// In all.
    pub open: Money,
    /// Of it past its due date.
    pub overdue: Money,
}

/// Reads them.
pub async fn overview(tx: &mut Tx) -> Result<Overview, Fault> {
    let today = tx.today();
    let open = aged_receivables(tx, today)
        .await?
        .into_iter()
        .map(|aged| Owed {
            invoices: aged.invoices,
            open: Money::new(aged.total_minor(), aged.currency),
            overdue: Money::new(aged.overdue_minor(), aged.currency),
        })
        .collect();
    Ok(Overview { running: store::count_running(tx).await?, put_aside: store::count_aside(tx).await?, open })
}

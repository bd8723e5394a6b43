//! What open invoices ask for, by the day on which they are due: what is owed is the sum, what is overdue the part of
//! it that was due before today.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Money};
use bursar_time::Date;

use super::place;
use crate::invoices::InvoiceState;
use crate::invoices::store::Document;

bursar_db::statements! {
    /// More or less is owed.
    pub(crate) ADD = "INSERT INTO billing_owed (currency, due_on, place, invoices, open_minor)
        VALUES ($1, $2, $3, $4, $5) ON CONFLICT (currency, due_on, place)
        DO UPDATE SET invoices = billing_owed.invoices + excluded.invoices,
            open_minor = billing_owed.open_minor + excluded.open_minor";
    /// What is owed, and what of it was due before $1.
    pub(crate) BY_CURRENCY = "SELECT currency, CAST(SUM(invoices) AS BIGINT), CAST(SUM(open_minor) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $1 THEN invoices ELSE 0 END) AS BIGINT),
            CAST(SUM(CASE WHEN due_on < $1 THEN open_minor ELSE 0 END) AS BIGINT)
        FROM billing_owed GROUP BY currency ORDER BY currency";
}

/// Where invoices without a due date stand: behind all others.
const NEVER: Date = Date::MAX;

/// What is added in one piece of work: invoices and minor units, by currency, due date and place.
#[derive(Debug, Default)]
pub(crate) struct Sums(BTreeMap<(Currency, Date, i64), (i64, i64)>);

impl Sums {
    pub(crate) fn add(
        &mut self,
        id: i64,
        currency: Currency,
        due_on: Option<Date>,
        invoices: i64,
        minor: i64,
    ) -> Result<(), Fault> {
        let sum = self.0.entry((currency, due_on.unwrap_or(NEVER), place(id))).or_default();
        sum.0 += invoices;
        sum.1 = sum.1.checked_add(minor).ok_or_else(|| Fault::new("what is owed is too large"))?;
        Ok(())
    }

    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), Fault> {
        for ((currency, due_on, place), (invoices, minor)) in self.0 {
            if (invoices, minor) != (0, 0) {
                tx.exec_one(&ADD, params![currency, due_on, place, invoices, minor]).await?;
            }
        }
        Ok(())
    }
}

async fn add(tx: &mut Tx, invoice: &Document, invoices: i64, minor: i64) -> Result<(), Fault> {
    let mut sums = Sums::default();
    sums.add(invoice.id, invoice.currency, invoice.due_on, invoices, minor)?;
    sums.write(tx).await
}

/// An amount settled part of an open invoice, which is now as given.
pub(crate) async fn settled(tx: &mut Tx, now: &Document, amount_minor: i64) -> Result<(), Fault> {
    let closed = i64::from(now.state != InvoiceState::Open);
    add(tx, now, -closed, -amount_minor).await
}

/// An amount was taken off an invoice again, which is now open as given.
pub(crate) async fn reopened(tx: &mut Tx, now: &Document, amount_minor: i64) -> Result<(), Fault> {
    let was_paid = i64::from(now.settled_minor + amount_minor == now.totals.total_minor);
    add(tx, now, was_paid, amount_minor).await
}

/// An open invoice is void.
pub(crate) async fn voided(tx: &mut Tx, before: &Document) -> Result<(), Fault> {
    add(tx, before, -1, before.settled_minor - before.totals.total_minor).await
}

/// What is owed in one currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// Open invoices.
    pub invoices: i64,
    /// What they ask for.
    pub open: Money,
    /// Those past their due date.
    pub overdue_invoices: i64,
    /// What these ask for.
    pub overdue: Money,
}

/// What is owed per currency; due today is not overdue yet. Currencies in which nothing is owed are left out.
pub async fn owed(tx: &mut Tx, today: Date) -> Result<Vec<Owed>, Fault> {
    let mut all = tx
        .query(&BY_CURRENCY, params![today], |row| {
            let currency: Currency = row.get(0)?;
            Ok(Owed {
                invoices: row.get(1)?,
                open: Money::new(row.get(2)?, currency),
                overdue_invoices: row.get(3)?,
                overdue: Money::new(row.get(4)?, currency),
            })
        })
        .await?;
    all.retain(|owed| owed.invoices != 0);
    Ok(all)
}

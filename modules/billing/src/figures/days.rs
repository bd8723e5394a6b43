//! What was invoiced on each day: without tax and deposits, less what credit notes gave back. A voided invoice is taken
//! out of the day on which it was issued.

use std::collections::BTreeMap;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_money::{Currency, Money};
use bursar_time::Date;

use crate::invoices::line::{Line, LineKind};

bursar_db::statements! {
    /// More or less on a day.
    pub(crate) ADD = "INSERT INTO billing_days (day_on, currency, net_minor) VALUES ($1, $2, $3)
        ON CONFLICT (day_on, currency) DO UPDATE SET net_minor = billing_days.net_minor + excluded.net_minor";
    /// The days from one to another, both included.
    pub(crate) BETWEEN = "SELECT day_on, currency, net_minor FROM billing_days
        WHERE day_on >= $1 AND day_on <= $2 ORDER BY day_on, currency";
}

/// What is added to the days in one piece of work.
#[derive(Debug, Default)]
pub(crate) struct Sums(BTreeMap<(Date, Currency), i64>);

impl Sums {
    pub(crate) fn add(&mut self, on: Date, net: Money) -> Result<(), Fault> {
        let sum = self.0.entry((on, net.currency())).or_default();
        *sum =
            sum.checked_add(net.minor()).ok_or_else(|| Fault::new("the turnover of a day is too large"))?;
        Ok(())
    }

    pub(crate) async fn write(self, tx: &mut Tx) -> Result<(), Fault> {
        for ((on, currency), minor) in self.0.into_iter().filter(|(_, minor)| *minor != 0) {
            tx.exec_one(&ADD, params![on, currency, minor]).await?;
        }
        Ok(())
    }
}

/// What a document turns over: its lines without tax. A deposit is no turnover.
pub(crate) fn turnover(lines: &[Line]) -> i64 {
    lines.iter().filter(|line| line.spec.kind != LineKind::AddFunds).map(|line| line.net_minor).sum()
}

/// What was invoiced on a day in a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Day {
    /// The day.
    pub on: Date,
    /// How much; negative when more was given back.
    pub net: Money,
}

/// The days from one to another, both included. A day on which nothing was invoiced is absent.
pub async fn between(tx: &mut Tx, from: Date, to: Date) -> Result<Vec<Day>, Fault> {
    tx.query(&BETWEEN, params![from, to], |row| {
        Ok(Day { on: row.get(0)?, net: Money::new(row.get(2)?, row.get(1)?) })
    })
    .await
}

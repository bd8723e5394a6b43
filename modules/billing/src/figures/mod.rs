//! Sums that are kept as things happen: what was invoiced a day, what is owed, what runs.
//!
//! Each is written in the transaction of the fact it counts, so that it is exact at every moment, and read by the first
//! page in a few rows however many invoices there are. `verify` compares them with what they count.

pub mod days;
pub mod owed;
pub mod running;

use bursar_db::{Bulk, Statement, Tx};
use bursar_fault::Fault;
use bursar_money::Money;
use bursar_time::Date;

pub(crate) fn statements() -> Vec<&'static Statement> {
    [days::STATEMENTS, owed::STATEMENTS, running::STATEMENTS].concat()
}

pub(crate) fn bulks() -> Vec<&'static Bulk> {
    running::BULKS.to_vec()
}

/// Where a writer of this row adds: of eight places, so that parallel writers seldom wait for each other.
fn place(id: i64) -> i64 {
    id.rem_euclid(8)
}

/// An invoice of another system as it counts here.
#[derive(Debug, Clone, Copy)]
pub struct Brought {
    /// Its id.
    pub id: i64,
    /// The day it counts to; none for a draft and for one that is void.
    pub issued_on: Option<Date>,
    /// What it asked for without tax and deposits.
    pub net: Money,
    /// When it is due.
    pub due_on: Option<Date>,
    /// What is still open of it; zero unless it is open.
    pub open_minor: i64,
    /// Whether it is open.
    pub is_open: bool,
}

/// Counts invoices that an importer brought, once each.
pub async fn count_brought(tx: &mut Tx, invoices: &[Brought]) -> Result<(), Fault> {
    let mut by_day = days::Sums::default();
    for invoice in invoices {
        if let Some(on) = invoice.issued_on {
            by_day.add(on, invoice.net)?;
        }
    }
    by_day.write(tx).await?;
    let mut owed = owed::Sums::default();
    for invoice in invoices.iter().filter(|invoice| invoice.is_open) {
        owed.add(invoice.id, invoice.net.currency(), invoice.due_on, 1, invoice.open_minor)?;
    }
    owed.write(tx).await
}

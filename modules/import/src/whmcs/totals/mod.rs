//! Control totals: what a WHMCS database holds, added up from the rows of the dump as they stand.
//!
//! Nothing of the importer's mapping is used here, so that the two can prove each other. Statuses, cycles and gateways are
//! counted under the names stored. A client that does not exist counts under the currency `?no-client`, a currency that does
//! not exist under `?` and its id.
//!
//! One pass, in any order of tables. Kept in memory are the clients' currencies and one small record per invoice, service
//! and transaction number, never texts or rows.

mod collect;
mod figures;
mod finish;
mod records;

#[cfg(test)]
mod tests;

pub use collect::{TotalsError, control_totals};
pub use figures::{
    ControlTotals, Counts, CycleFigures, Defects, DueFigures, GatewayFigures, InvoiceArithmetic,
    InvoiceFigures, InvoiceSpecial, ItemFigures, Kinds, MonthlyRevenue, TransactionsSpecial,
};

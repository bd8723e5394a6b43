//! Control totals: what a WHMCS database holds, added up from the rows of the dump as they stand.
//!
//! Nothing of the importer's mapping is used here, so that the two can prove each other. Statuses, cycles and gateways are
//! counted under the names stored. A client that does not exist counts under the currency `?no-client`, a currency that does
//! not exist under `?` and its id.
//!
//! Two passes, in any order of tables: the first learns what there is, the second counts what names it. Memory does not grow
//! with the dump: what is needed of every client, service and invoice lies in [`Pages`](crate::spill::Pages).

mod collect;
mod figures;
mod finish;
mod records;

#[cfg(test)]
mod tests;

pub use collect::TotalsError;
pub(crate) use collect::{Collected, is_billed, is_invoiced_ahead};
pub use figures::{
    Arithmetic, ControlTotals, Counts, CycleFigures, Defects, DueFigures, GatewayFigures, InvoiceArithmetic,
    InvoiceFigures, InvoiceSpecial, ItemFigures, Kinds, MonthlyRevenue, RECURRING_DEFINITION,
    TransactionsSpecial,
};
pub(crate) use records::Names;

//! Billing: subscriptions, the billing run, invoices and credit notes, credit, tax, dunning.
//!
//! Owns every `billing_` table. An item is billed once per period, an issued document never changes, numbers have no
//! gap, and every figure comes from one function. Knows customers, the catalogue, payments and the ledger; has never
//! heard of servers, pages of other modules, or gateways' own words.

pub mod brought;
pub mod changes;
pub mod document;
mod error;
pub mod events;
pub mod figures;
pub mod invoices;
pub mod jobs;
mod mails;
mod module;
pub mod nightly;
pub mod pages;
pub mod permissions;
mod personal;
pub mod revenue;
pub mod run;
pub mod sellers;
pub mod settings;
pub mod settle;
pub mod subscriptions;
pub mod taxes;
pub mod verify;

use bursar_db::{Bulk, Migrations, Statement};

pub use error::BillError;
pub use module::BillingModule;

/// Billing's tables.
pub fn migrations() -> Migrations {
    bursar_db::migrations!(
        "billing",
        "0001_init" => "../migrations/0001_init.sql",
        "0002_settlement" => "../migrations/0002_settlement.sql",
        "0003_stock_held" => "../migrations/0003_stock_held.sql",
        "0004_lists" => "../migrations/0004_lists.sql",
        "0005_pay_forms" => "../migrations/0005_pay_forms.sql",
        "0006_figures" => "../migrations/0006_figures.sql",
        "0007_quick_conditions" => "../migrations/0007_quick_conditions.sql",
        "0008_deliveries" => "../migrations/0008_deliveries.sql",
    )
}

/// Every statement, for the test that prepares them on both engines.
pub fn statements() -> Vec<&'static Statement> {
    [
        changes::reprice::STATEMENTS,
        changes::store::STATEMENTS,
        &figures::statements(),
        invoices::ageing::STATEMENTS,
        invoices::overdue::STATEMENTS,
        invoices::store::STATEMENTS,
        pages::LIST_STATEMENTS,
        pages::STATEMENTS,
        revenue::STATEMENTS,
        run::store::STATEMENTS,
        sellers::STATEMENTS,
        settle::delivery::STATEMENTS,
        settle::store::STATEMENTS,
        subscriptions::daily::STATEMENTS,
        subscriptions::detail::STATEMENTS,
        subscriptions::list::STATEMENTS,
        subscriptions::order::STATEMENTS,
        subscriptions::stock::STATEMENTS,
        subscriptions::store::STATEMENTS,
        taxes::store::STATEMENTS,
        personal::STATEMENTS,
        &verify::statements(),
    ]
    .concat()
}

/// Every bulk statement, for the same test.
pub fn bulks() -> Vec<&'static Bulk> {
    [
        brought::BULKS,
        &figures::bulks(),
        invoices::store::BULKS,
        run::store::BULKS,
        subscriptions::daily::BULKS,
        subscriptions::store::BULKS,
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use bursar_db::Tx;
    use bursar_fault::Fault;
    use bursar_testkit::on_both_engines;

    #[test]
    fn every_statement_can_be_prepared_on_both_engines() {
        on_both_engines(vec![super::migrations()], async |cx| {
            cx.read(async |tx: &mut Tx| {
                for statement in super::statements() {
                    tx.prepare(statement).await?;
                }
                for bulk in super::bulks() {
                    tx.prepare_bulk(bulk).await?;
                }
                Ok::<_, Fault>(())
            })
            .await
            .unwrap();
        });
    }
}

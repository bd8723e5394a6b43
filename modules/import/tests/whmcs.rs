//! A whole import on both engines: figures worked out by hand, broken rows, damaged files, and imports that are killed.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use bursar_db::{Migrations, Tx, params};
use bursar_fault::Fault;
use bursar_import::whmcs::{ImportError, ImportOptions, ImportReport, import};
use bursar_testkit::{TestCx, on_both_engines};
use futures_util::FutureExt as _;

const DUMP: &str = include_str!("business.sql");

fn migrations() -> Vec<Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_catalog::migrations(),
        bursar_payments::migrations(),
        bursar_billing::migrations(),
    ]
}

fn options(file: &Path) -> ImportOptions {
    ImportOptions { file: file.to_owned(), dry_run: false, progress: None }
}

fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(bytes).unwrap();
    file
}

async fn bring_in(cx: &TestCx, dump: &str) -> ImportReport {
    let file = file(dump.as_bytes());
    import(&cx.cx(), options(file.path())).await.map_err(|e| e.to_string()).unwrap()
}

async fn rows(cx: &TestCx, sql: &'static str) -> Vec<String> {
    cx.read(async move |tx: &mut Tx| tx.query_text(sql, params![], |row| row.get::<String>(0)).await)
        .await
        .unwrap()
}

/// How many rows every table that an import writes has.
async fn sizes(cx: &TestCx) -> Vec<i64> {
    cx.read(async |tx: &mut Tx| {
        let mut sizes = Vec::new();
        for table in [
            "customers_customers",
            "customers_snapshots",
            "customers_contacts",
            "customers_notes",
            "catalog_products",
            "catalog_prices",
            "catalog_coupons",
            "billing_tax_rules",
            "billing_subscriptions",
            "billing_items",
            "billing_invoices",
            "billing_lines",
            "billing_allocations",
            "billing_applied_payments",
            "billing_credit_moves",
            "billing_credit_balances",
            "payments_payments",
            "payments_refunds",
            "ledger_entries",
            "ledger_postings",
        ] {
            let query = format!("SELECT COUNT(*) FROM {table}");
            sizes.extend(tx.query_text(&query, params![], |row| row.get::<i64>(0)).await?);
        }
        Ok::<_, Fault>(sizes)
    })
    .await
    .unwrap()
}

async fn assert_verified(cx: &TestCx) {
    let mut checks = cx
        .read(async |tx: &mut Tx| {
            let mut checks = bursar_ledger::verify(tx).await?;
            checks.extend(bursar_payments::verify(tx).await?);
            Ok::<_, Fault>(checks)
        })
        .await
        .unwrap();
    checks.extend(bursar_billing::verify::verify(&cx.cx()).await.unwrap());
    let failed: Vec<_> = checks.iter().filter(|check| check.failed > 0).collect();
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn a_business_comes_over_with_every_total_equal_or_explained() {
    on_both_engines(migrations(), async |cx| {
        let report = bring_in(&cx, DUMP).await;
        assert_eq!(report.differences, []);
        let totals = report.totals.as_ref().unwrap();
        assert_eq!(totals["credit_balance_by_currency"]["USD"], "5.00");
        // 7.00 of the invoice whose status is written in small letters.
        assert_eq!(totals["receivable_by_currency_excluding_mass_pay"]["USD"], "7.00");
        // 743.50 + 74.35 = 817.85 yen; what is to be paid is rounded to 818, the tax to 74, and the rest is net.
        let yen = &totals["invoices_by_currency_status"]["JPY"]["Unpaid"];
        assert_eq!(
            (&yen["total"], &yen["tax"], &yen["subtotal"]),
            (&"818.00".into(), &"74.00".into(), &"744.00".into())
        );
        assert_eq!(totals["mrr_by_kind_currency"]["services"]["USD"], "10.0000");
        let explained: BTreeSet<&str> = report.explained.iter().map(|e| e.path.as_str()).collect();
        for path in [
            "clients_by_currency.?9",
            "services_by_cycle.",
            "invoices_by_currency_status.?no-client.Unpaid.total",
            "invoices_by_currency_status.JPY.Unpaid.total",
            "receivable_by_currency_excluding_mass_pay.USD",
            "transactions_by_currency_gateway.USD.bank.amountout",
        ] {
            assert!(explained.contains(path), "{path} in {explained:?}");
        }
        assert_verified(&cx).await;
    });
}

#[test]
fn what_was_issued_paid_and_sold_is_there_as_it_was() {
    on_both_engines(migrations(), async |cx| {
        bring_in(&cx, DUMP).await;
        let invoices = rows(
            &cx,
            "SELECT CAST(id AS TEXT) || ' ' || state || ' ' || COALESCE(number, '-') || ' ' || CAST(total_minor AS TEXT)
                || ' ' || CAST(settled_minor AS TEXT) FROM billing_invoices ORDER BY id",
        )
        .await;
        assert_eq!(
            invoices,
            [
                "1 paid A-1 1073 1073",
                "2 open 2 818 0",
                "3 void 3 1200 0",
                "5 draft - 300 0",
                "6 open 6 700 0",
                "7 paid 7 1317 1317"
            ]
        );
        // 0.73 of tax on lines of 8.00 and 2.00: 0.584 and the rest.
        let lines = rows(
            &cx,
            "SELECT kind || ' ' || CAST(net_minor AS TEXT) || ' ' || CAST(tax1_minor AS TEXT) FROM billing_lines
                WHERE invoice_id = 1 ORDER BY line_no",
        )
        .await;
        assert_eq!(lines, ["recurring 800 58", "recurring 200 15"]);
        let subscriptions = rows(
            &cx,
            "SELECT label || ' ' || status || ' ' || cycle || ' ' || next_start_on || ' '
                || CAST(anchor_day AS TEXT) || ' ' || COALESCE(next_bill_on, 'never')
                FROM billing_subscriptions ORDER BY label",
        )
        .await;
        assert_eq!(
            subscriptions,
            [
                // It began on a 31st and comes back to it.
                "Backup active monthly 2026-02-28 31 2026-02-14",
                "Starter - example1.com active monthly 2026-02-28 31 2026-02-14",
                // The invoice from 15 January 2026 is made already.
                "Starter - example2.com active annual 2027-01-15 15 2027-01-01",
                "Starter - example4.com active one_time 2025-01-31 31 never",
            ]
        );
        let money = rows(
            &cx,
            "SELECT a.code || ' ' || a.currency || ' ' || CAST(SUM(p.amount_minor) AS TEXT) FROM ledger_postings AS p
                JOIN ledger_accounts AS a ON a.id = p.account_id
                WHERE a.code IN ('receivable', 'customer_credit', 'revenue', 'cash:stripe', 'unapplied_payments')
                GROUP BY a.code, a.currency ORDER BY a.code, a.currency",
        )
        .await;
        assert_eq!(
            money,
            [
                // 8.73 less the fee of 0.50 and the refund of 1.00.
                "cash:stripe USD 723",
                "customer_credit JPY 0",
                "customer_credit USD -500",
                "receivable JPY 818",
                "receivable USD 700",
                "revenue JPY -1941",
                "revenue USD -1700",
                "unapplied_payments JPY 0",
                "unapplied_payments USD 0",
            ]
            .iter()
            .filter(|line| **line != "customer_credit JPY 0")
            .copied()
            .collect::<Vec<_>>()
        );
    });
}

#[test]
fn a_second_import_changes_nothing_and_a_dry_run_writes_nothing() {
    on_both_engines(migrations(), async |cx| {
        let file = file(DUMP.as_bytes());
        let dry = ImportOptions { dry_run: true, ..options(file.path()) };
        let report = import(&cx.cx(), dry).await.map_err(|e| e.to_string()).unwrap();
        assert!(report.totals.is_none() && !report.problems.is_empty());
        assert!(sizes(&cx).await.iter().all(|rows| *rows == 0));
        let first = bring_in(&cx, DUMP).await;
        let after = sizes(&cx).await;
        let second = bring_in(&cx, DUMP).await;
        assert_eq!(sizes(&cx).await, after);
        assert_eq!(second.explained, first.explained);
        assert_eq!(second.problems, first.problems);
        assert!(second.counts.values().all(|count| count.written == 0));
    });
}

#[test]
fn an_import_that_was_killed_is_finished_by_the_next_one() {
    on_both_engines(migrations(), async |cx| {
        let file = file(DUMP.as_bytes());
        let size = DUMP.len() as u64;
        for killed_at in 1..=4 {
            let progress: bursar_import::whmcs::Progress =
                Arc::new(move |done, _| assert!(done < killed_at * size + size / 2, "killed"));
            let killed = ImportOptions { progress: Some(progress), ..options(file.path()) };
            let cx = cx.cx();
            let end = AssertUnwindSafe(import(&cx, killed)).catch_unwind().await;
            assert!(end.is_err() || killed_at > 4);
        }
        let report = bring_in(&cx, DUMP).await;
        assert_eq!(report.differences, []);
        assert_verified(&cx).await;
    });
}

#[test]
fn damaged_and_foreign_files_are_refused_and_nothing_is_written() {
    on_both_engines(migrations(), async |cx| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        packed.write_all(DUMP.as_bytes()).unwrap();
        let packed = packed.finish().unwrap();
        let cut = &DUMP.as_bytes()[..DUMP.find("INSERT INTO `tblinvoices`").unwrap() + 60];
        let wide = DUMP.replace("(1,1,'2025-10-01','Gift','7.00',0)", "(1,1,'2025-10-01','Gift','7.00',0,0)");
        let word = DUMP.replace("'Gift','7.00'", "'Gift','seven'");
        for (bytes, expected) in [
            (&packed[..packed.len() / 2], ""),
            (cut, "tblinvoices"),
            (wide.as_bytes(), "tblcredit"),
            (word.as_bytes(), "table tblcredit, row 1, column amount"),
            (b"CREATE TABLE a (id int);\n-- Dump completed\n".as_slice(), "no WHMCS clients"),
        ] {
            let file = file(bytes);
            let error = import(&cx.cx(), options(file.path())).await.err().unwrap().to_string();
            assert!(error.contains(expected), "{expected:?} in {error}");
        }
        assert!(sizes(&cx).await.iter().all(|rows| *rows == 0));
    });
}

#[test]
fn values_that_cannot_be_right_are_told_with_their_row_and_field() {
    let broken = DUMP
        .replace("'Sales tax','','US','7.250'", "'Sales tax','','US','1000.000'")
        .replace("'SAVE20','Percentage',0,'20.00'", "'SAVE20','Percentage',0,'150.00'")
        .replace("'-1.00','-1.00','100.00'", "'-1.00','-1.00','1000000000000000000'")
        .replace("'example1.com','stripe',1", "'example1.com','stripe',-1")
        .replace("'2025-05-05 10:00:00'", "'2025-02-31 10:00:00'");
    on_both_engines(migrations(), async |cx| {
        let report = bring_in(&cx, &broken).await;
        assert_eq!(report.differences, []);
        let told: BTreeSet<(&str, Option<i64>, &str)> =
            report.problems.iter().map(|p| (p.table.as_str(), p.row_id, p.field.as_str())).collect();
        for expected in [
            ("tbltax", Some(1), "taxrate"),
            ("tblpromotions", Some(1), "value"),
            ("tblpricing", Some(1), "annually"),
            ("tblhosting", Some(1), "qty"),
            ("tblnotes", Some(1), "created"),
            ("tblclients", Some(3), "currency"),
        ] {
            assert!(told.contains(&expected), "{expected:?} in {told:?}");
        }
        assert_verified(&cx).await;
    });
}

#[test]
fn a_database_with_customers_of_its_own_is_refused() {
    on_both_engines(migrations(), async |cx| {
        let new = bursar_customers::NewCustomer {
            currency: bursar_money::Currency::EUR,
            details: bursar_customers::CustomerDetails::default(),
        };
        cx.write(async move |tx: &mut Tx| {
            let (id, now) = (tx.new_id()?, tx.now());
            bursar_customers::import_customer(tx, id, &new, bursar_customers::Status::Active, now).await
        })
        .await
        .unwrap();
        let file = file(DUMP.as_bytes());
        let error = import(&cx.cx(), options(file.path())).await.err().unwrap();
        assert!(matches!(error, ImportError::NotEmpty));
    });
}

#[test]
fn every_statement_is_accepted_by_both_engines() {
    on_both_engines(migrations(), async |cx| {
        cx.read(async |tx: &mut Tx| {
            for statement in bursar_import::statements() {
                tx.prepare(statement).await?;
            }
            Ok::<_, Fault>(())
        })
        .await
        .unwrap();
    });
}

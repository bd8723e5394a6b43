//! A whole import on both engines: figures worked out by hand, broken rows, damaged files, and imports that are killed.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails like the test")]

use std::collections::BTreeSet;
use std::io::Write as _;
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;

use bursar_db::{Migrations, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Rng;
use bursar_import::whmcs::{BATCH, ImportError, ImportOptions, ImportReport, import};
use bursar_payments::Gateways;
use bursar_testkit::{TestCx, on_both_engines};
use bursar_vault::{KeyRing, Secret, Vault};
use futures_util::FutureExt as _;

const DUMP: &str = include_str!("business.sql");

fn migrations() -> Vec<Migrations> {
    vec![
        bursar_events::migrations(),
        bursar_identity::migrations(),
        bursar_customers::migrations(),
        bursar_ledger::migrations(),
        bursar_catalog::migrations(),
        bursar_payments::migrations(),
        bursar_billing::migrations(),
    ]
}

fn options(file: &Path) -> ImportOptions {
    ImportOptions {
        file: file.to_owned(),
        dry_run: false,
        scratch: std::env::temp_dir(),
        batch: BATCH,
        gateways: Gateways::new(vault()),
        encryption_hash: None,
        progress: None,
    }
}

fn vault() -> Vault {
    Vault::new(KeyRing::generate(&mut Rng::from_seed(9)))
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
            "identity_users",
            "identity_memberships",
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
            "payments_methods",
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

/// The hash with which the tokens of the dump were encrypted, apart from this code.
const HASH: &str = "5f4dcc3b5aa765d61d8327deb882cf99c0ffee00c0ffee00c0ffee00c0ffee00";

#[test]
fn stored_methods_come_over_with_their_tokens_sealed() {
    on_both_engines(migrations(), async |cx| {
        let file = file(DUMP.as_bytes());
        let without_key = import(&cx.cx(), options(file.path())).await.map_err(|e| e.to_string()).unwrap();
        assert!(told(&without_key, "tblcreditcards", 1, "data").contains("--configuration"));
        let hash = Some(Secret::new(HASH.to_owned()));
        let with_key = ImportOptions { encryption_hash: hash, ..options(file.path()) };
        let report = import(&cx.cx(), with_key).await.map_err(|e| e.to_string()).unwrap();
        assert_eq!(
            (report.counts["payment_methods"].found, report.counts["payment_methods"].written),
            (2, 2)
        );
        // A whole card number is not a token, one has no card row, one was deleted.
        assert_eq!(report.counts["payment_methods"].left_out, 3);
        assert!(told(&report, "tblcreditcards", 2, "data").contains("no token of a gateway"));
        assert!(told(&report, "tblpaymethods", 5, "deleted_at").contains("deleted"));
        let shown = rows(
            &cx,
            "SELECT CAST(id AS TEXT) || ' ' || gateway || ' ' || label || ' ' || COALESCE(expires, '-') || ' '
                || CAST(is_default AS TEXT) FROM payments_methods ORDER BY id",
        )
        .await;
        // Neither gateway is set up, so that nothing is charged by itself.
        assert_eq!(shown, ["1 stripe Visa ···· 4242 2030-08 0", "2 gocardless Volksbank - 0"]);
        let sealed = rows(&cx, "SELECT token_sealed FROM payments_methods ORDER BY id").await;
        for ((sealed, token), id) in sealed.iter().zip(["tok_able", "MD0001"]).zip(1..) {
            assert!(!sealed.contains(token));
            let opened = vault().open_text(sealed, &format!("payments_methods:{id}:token")).unwrap();
            assert_eq!(opened.expose(), token);
        }
    });
}

/// What was said of a field of a row.
fn told<'r>(report: &'r ImportReport, table: &str, id: i64, field: &str) -> &'r str {
    let found = report.problems.iter().find(|p| p.table == table && p.row_id == Some(id) && p.field == field);
    found
        .map(|problem| problem.what.as_str())
        .unwrap_or_else(|| panic!("nothing was said of {table} {id} {field}"))
}

#[test]
fn chosen_options_come_over_and_their_price_stays_in_the_service() {
    on_both_engines(migrations(), async |cx| {
        let report = bring_in(&cx, DUMP).await;
        let items = rows(
            &cx,
            "SELECT CAST(s.id AS TEXT) || ' ' || i.kind || ' ' || i.description || ' ' || CAST(i.quantity AS TEXT) || ' '
                || CAST(i.unit_minor AS TEXT) FROM billing_items AS i
                JOIN billing_subscriptions AS s ON s.id = i.subscription_id WHERE s.id = 1 ORDER BY i.id",
        )
        .await;
        // The tick box is not ticked: that is no choice.
        assert_eq!(
            items,
            ["1 product Starter - example1.com 1 1000", "1 option Memory: 4 GB 1 0", "1 option Extra IP 3 0"]
        );
        assert!(told(&report, "tblhostingconfigoptions", 4, "relid").contains("no service 9"));
        assert!(told(&report, "tblhostingconfigoptions", 5, "optionid").contains("option 1 has no value 2"));
        assert_eq!(report.totals.as_ref().unwrap()["mrr_by_kind_currency"]["services"]["USD"], "10.0000");
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
            (&packed[..packed.len() / 2], "the gzip file is truncated"),
            (b"\xff\xfeC\0R\0".as_slice(), "UTF-16"),
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
        .replace(
            "(2,2,0,1,'2025-01-15','example2.com','stripe',1,",
            "(2,2,0,1,'2025-01-15','example2.com','stripe',-1,",
        )
        .replace(
            "'Monthly','2026-02-28','2026-02-28','0000-00-00','Active','',0",
            "'Monthly','0000-00-00','0000-00-00','0000-00-00','Active','',0",
        )
        .replace("'2025-05-05 10:00:00'", "'2025-02-31 10:00:00'")
        .replace("(2,'JPY','','',4,", "(2,'BTCX','','',4,");
    on_both_engines(migrations(), async |cx| {
        let report = bring_in(&cx, &broken).await;
        assert_eq!(report.differences, []);
        for (table, row, field, what) in [
            ("tbltax", 1, "taxrate", "1000.000"),
            ("tblpromotions", 1, "value", "150.00"),
            ("tblpricing", 1, "annually", "1000000000000000000"),
            ("tblhosting", 2, "qty", "-1"),
            ("tblhosting", 1, "nextduedate", "no due date"),
            ("tblnotes", 1, "created", "2025-02-31"),
            ("tblclients", 3, "currency", "9"),
            ("tblcurrencies", 2, "code", "BTCX"),
            ("tblclients", 2, "currency", "2"),
        ] {
            let said = told(&report, table, row, field);
            assert!(said.contains(what), "{table} {row} {field}: {said}");
        }
        assert_verified(&cx).await;
    });
}

#[test]
fn texts_in_another_character_set_are_read_as_they_were_meant() {
    // Two names typed through a connection of another character set: single bytes, and UTF-8 that was encoded twice in
    // a table that says so.
    let single = DUMP.replace("(1,'Ann','Able'", "(1,'J\u{1}rg','Able'").into_bytes();
    let single: Vec<u8> = single.into_iter().map(|byte| if byte == 1 { 0xf6 } else { byte }).collect();
    let (head, clients) = DUMP.split_once("CREATE TABLE `tblclients`").unwrap();
    let twice = format!(
        "{head}CREATE TABLE `tblclients`{}",
        clients.replacen("CHARSET=utf8mb3", "CHARSET=latin1", 1).replacen(
            "(1,'Ann','Able'",
            "(1,'JÃ¶rg','Able'",
            1
        )
    );
    on_both_engines(migrations(), async |cx| {
        let file = file(&single);
        let dry = ImportOptions { dry_run: true, ..options(file.path()) };
        let report = import(&cx.cx(), dry).await.map_err(|e| e.to_string()).unwrap();
        assert!(report.repaired_texts > 0);
        let report = bring_in(&cx, &twice).await;
        assert!(report.repaired_texts > 0);
        let names = rows(&cx, "SELECT first_name FROM customers_customers WHERE id = 1").await;
        assert_eq!(names, ["Jörg"]);
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

/// `Hunter2!` as WHMCS hashed it before bcrypt.
const HUNTER: &str = "62497ec27fd56edd5fc92c206f4b3086:x7Kq2";

/// Logins of WHMCS 8: an owner with a code app, a member whose password nobody can check, and one without an address.
fn logins() -> String {
    format!(
        "CREATE TABLE `tblusers` (`id` int, `first_name` text, `last_name` text, `email` text, `password` text, \
         `second_factor` text, `email_verified_at` timestamp NULL, `created_at` timestamp NULL) DEFAULT CHARSET=utf8mb3;\n\
         INSERT INTO `tblusers` VALUES (11,'Ann','Able','Ann@example.com','{HUNTER}','totp',NULL,'2024-05-01 10:00:00'),\
         (12,'Ben','Able','ben@example.com','nonsense','',NULL,NULL),(13,'','','nobody','{HUNTER}','',NULL,NULL);\n\
         CREATE TABLE `tblusers_clients` (`id` int, `auth_user_id` int, `client_id` int, `owner` int, `permissions` text) \
         DEFAULT CHARSET=utf8mb3;\n\
         INSERT INTO `tblusers_clients` VALUES (1,11,1,1,''),(2,12,1,0,'profile,invoices'),(3,13,1,0,''),(4,11,3,1,''),\
         (5,11,2,0,'tickets');\n"
    )
}

const LOGINS: &str = "SELECT CAST(id AS TEXT) || ' ' || email || ' ' || COALESCE(password_hash, '-') || ' '
        || CASE WHEN email_verified_at IS NULL THEN 'unshown' ELSE 'shown' END || ' ' || CAST(must_enrol AS TEXT)
    FROM identity_users ORDER BY id";
const TEAMS: &str =
    "SELECT CAST(user_id AS TEXT) || ' ' || CAST(customer_id AS TEXT) || ' ' || role || ' ' || customer_name
    FROM identity_memberships ORDER BY user_id, customer_id";

#[test]
fn logins_come_along_with_their_passwords_and_the_second_factors_they_must_set_up_anew() {
    on_both_engines(migrations(), async |cx| {
        let dump = format!("{DUMP}\n{}", logins());
        let report = bring_in(&cx, &dump).await;
        assert_eq!(report.differences, []);
        // Ann has bought under this address for long; of Ben nothing shows that it is his.
        let ann = format!("11 ann@example.com {HUNTER} shown 1");
        assert_eq!(rows(&cx, LOGINS).await, [ann.as_str(), "12 ben@example.com - unshown 0"]);
        let teams = ["11 1 owner Able & Co", "11 2 technical Able & Co", "12 1 billing Able & Co"];
        assert_eq!(rows(&cx, TEAMS).await, teams);
        let count = |kind: &str| (report.counts[kind].written, report.counts[kind].left_out);
        // The third names a user without an address, the fourth a client without a currency.
        assert_eq!((count("users"), count("team_members")), ((2, 1), (3, 2)));
        let told: Vec<_> = report
            .problems
            .iter()
            .filter(|it| it.table.starts_with("tblusers"))
            .map(|it| (it.row_id.unwrap_or(0), it.field.as_str()))
            .collect();
        assert_eq!(told, [(11, "second_factor"), (12, "password"), (13, "email"), (3, ""), (4, "")]);
        let before = sizes(&cx).await;
        let second = bring_in(&cx, &dump).await;
        assert!(second.counts.values().all(|count| count.written == 0));
        assert_eq!(sizes(&cx).await, before);
    });
}

#[test]
fn before_version_8_a_client_is_its_own_login() {
    on_both_engines(migrations(), async |cx| {
        let dump =
            DUMP.replacen("0,1,'Active','german','')", &format!("0,1,'Active','german','{HUNTER}')"), 1);
        assert_ne!(dump, DUMP);
        bring_in(&cx, &dump).await;
        assert_eq!(rows(&cx, LOGINS).await, [format!("1 ann@example.com {HUNTER} shown 0")]);
        assert_eq!(rows(&cx, TEAMS).await, ["1 1 owner Able & Co"]);
        // The column is stale once users are rows of their own.
        assert!(bring_in(&cx, &dump).await.counts.values().all(|count| count.written == 0));
    });
}

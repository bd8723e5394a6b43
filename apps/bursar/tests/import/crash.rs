//! `kill -9` of a whole import at random moments, again and again: the next one completes it, and what is there at the end
//! is what an import that was left alone gives.
//!
//! `BURSAR_IMPORT_KILLS` says how many kills there are on each engine; 24 without it, 200 to be thorough.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Rng;
use bursar_time::Stopwatch;
use serde_json::Value;

const KILLS: u32 = 24;
/// About 5,000 rows, which small batches write in some sixty transactions.
const CLIENTS: i64 = 150;
const BATCH: &str = "50";

/// Everything an import writes, without the ids and instants that are new each time.
const CONTENT: &[&str] = &[
    "SELECT id, currency, status, email FROM customers_customers",
    "SELECT id, customer_id, body FROM customers_notes WHERE id <= $1",
    "SELECT id, name FROM catalog_products",
    "SELECT owner_kind, owner_id, currency, cycle, amount_minor FROM catalog_prices",
    "SELECT legacy, customer_id, status, next_start_on, next_bill_on FROM billing_subscriptions",
    "SELECT s.legacy, i.kind, i.quantity, i.unit_minor FROM billing_items AS i
        JOIN billing_subscriptions AS s ON s.id = i.subscription_id",
    "SELECT id, state, number, issued_on, customer_id, total_minor, settled_minor FROM billing_invoices",
    "SELECT invoice_id, line_no, kind, subscription_id, net_minor, tax1_minor, description FROM billing_lines",
    "SELECT invoice_id, source_kind, source_id, amount_minor FROM billing_allocations",
    "SELECT customer_id, currency, amount_minor, source_kind, reason FROM billing_credit_moves",
    "SELECT customer_id, currency, balance_minor FROM billing_credit_balances",
    "SELECT id, gateway, currency, amount_minor, fee_minor, refunded_minor, reference FROM payments_payments",
    "SELECT id, payment_id, gateway, amount_minor, reference FROM payments_refunds",
    "SELECT a.code, a.currency, e.kind, e.posted_on, SUM(p.amount_minor) FROM ledger_postings AS p
        JOIN ledger_accounts AS a ON a.id = p.account_id JOIN ledger_entries AS e ON e.id = p.entry_id
        GROUP BY a.code, a.currency, e.kind, e.posted_on",
];

struct Place {
    data: tempfile::TempDir,
    database: String,
    file: PathBuf,
}

impl Place {
    fn new(database: impl FnOnce(&Path) -> String, file: &Path) -> Self {
        let data = tempfile::tempdir().unwrap();
        let place = Self { database: database(data.path()), data, file: file.to_owned() };
        assert!(place.command(&["migrate"]).status().unwrap().success());
        place
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_bursar"));
        command
            .args(args)
            .arg("--json")
            .env("BURSAR_DATA", self.data.path())
            .env("BURSAR_DATABASE", &self.database)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn import(&self) -> Command {
        self.command(&["import", "whmcs", self.file.to_str().unwrap(), "--batch", BATCH])
    }

    /// The report of a command that is left alone.
    fn report(&self, command: &mut Command) -> Value {
        let output = command.output().unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{errors}");
        serde_json::from_slice(&output.stdout).unwrap()
    }

    fn content(&self) -> BTreeMap<&'static str, Vec<String>> {
        let url = self.database.parse().unwrap();
        tokio::runtime::Runtime::new().unwrap().block_on(async {
            let cx = bursar_testkit::open(url, bursar_testkit::Setup::new(Vec::new())).await;
            let read = cx.read(async |tx: &mut Tx| {
                let mut content = BTreeMap::new();
                for sql in CONTENT {
                    content.insert(*sql, rows(tx, sql).await?);
                }
                Ok::<_, Fault>(content)
            });
            read.await.unwrap()
        })
    }
}

/// Every row as one text; columns of both kinds are cast to texts by the engine. Sorted here, because rows that a query
/// holds for equal may come in any order.
async fn rows(tx: &mut Tx, sql: &'static str) -> Result<Vec<String>, Fault> {
    let (columns, rest) = sql.strip_prefix("SELECT ").and_then(|sql| sql.split_once(" FROM ")).unwrap();
    let shown: Vec<String> = split_columns(columns)
        .into_iter()
        .map(|column| format!("COALESCE(CAST({column} AS TEXT), '-')"))
        .collect();
    let text = format!("SELECT {} FROM {rest}", shown.join(" || ' ' || "));
    // Ids up to this are those of the dump.
    let own = i64::from(u16::MAX);
    let bound = params![own];
    let bound = if sql.contains("$1") { &bound[..] } else { &[] };
    let mut rows = tx.query_text(&text, bound, |row| row.get::<String>(0)).await?;
    rows.sort_unstable();
    Ok(rows)
}

/// Columns are separated by commas outside brackets; these queries have none inside.
fn split_columns(columns: &str) -> Vec<&str> {
    columns.split(',').map(str::trim).collect()
}

/// Waits for the child or kills it without warning; `true` when it was killed before its end.
#[expect(clippy::disallowed_methods, reason = "the moment of the kill is the point of this test")]
fn kill_after(mut child: Child, wait: Duration) -> bool {
    let pause = Duration::from_millis(2);
    let mut waited = Duration::ZERO;
    while waited < wait {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "an import that was left alone succeeds");
            return false;
        }
        std::thread::sleep(pause);
        waited += pause;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    true
}

fn kills() -> u32 {
    std::env::var("BURSAR_IMPORT_KILLS").ok().map_or(KILLS, |kills| kills.parse().unwrap())
}

fn killed_imports(database: impl Fn(&Path) -> String, seed: u64) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("business.sql");
    bursar_bench::dump::write_business(&mut File::create(&file).unwrap(), CLIENTS).unwrap();
    let alone = Place::new(&database, &file);
    let watch = Stopwatch::start();
    let undisturbed = alone.report(&mut alone.import());
    // Moments are spread over as long as this machine takes, which is followed: later after a kill, earlier after an end.
    let mut window = u64::try_from(watch.elapsed().as_millis()).unwrap().max(50);
    assert_eq!(undisturbed["differences"], serde_json::json!([]));
    let expected = alone.content();
    let (mut rng, mut killed, mut rounds) = (Rng::from_seed(seed), 0, 0);
    while killed < kills() {
        let place = Place::new(&database, &file);
        rounds += 1;
        loop {
            let child = place.import().spawn().unwrap();
            if !kill_after(child, Duration::from_millis(rng.below(window))) {
                window = (window * 3 / 4).max(20);
                break;
            }
            killed += 1;
            window += window / 8 + 1;
        }
        let report = place.report(&mut place.import());
        assert!(
            report["counts"].as_object().unwrap().values().all(|count| count["written"] == 0),
            "the last import left nothing to do: {}",
            report["counts"]
        );
        assert_eq!(report["totals"], undisturbed["totals"]);
        assert_eq!(report["explained"], undisturbed["explained"]);
        assert_eq!(report["problems"], undisturbed["problems"]);
        for (query, found) in place.content() {
            assert_eq!(found, expected[query], "{query}");
        }
        let verified = place.report(&mut place.command(&["verify"]));
        assert_eq!(verified["ok"], true, "{verified:#}");
        assert!(rounds < 20 + kills(), "the moments of the kills never hit an import");
    }
}

#[test]
fn an_import_killed_at_random_moments_gives_what_one_left_alone_gives_on_sqlite() {
    killed_imports(|data| format!("sqlite:{}", data.join("bursar.sqlite").display()), 3);
}

#[test]
fn an_import_killed_at_random_moments_gives_what_one_left_alone_gives_on_postgres() {
    killed_imports(|_| bursar_testkit::fresh_database(), 4);
}

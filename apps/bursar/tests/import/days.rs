//! A WHMCS database comes in and its next 35 days are billed: exactly the periods that fall due on each day, as worked out
//! here from the rows of the dump with a calendar of this file's own.
//!
//! The committed business is always there. A larger one beside the checkout is used when it is there, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use bursar::config::Config;
use bursar::office::Office;
use bursar_billing::nightly::night;
use bursar_billing::run::RunOptions;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Rng;
use bursar_import::whmcs::{BATCH, ImportOptions, import};
use bursar_payments::Gateways;
use bursar_time::{Instant, ManualClock};
use serde_json::Value;

use crate::calendar::{Business, Day, Due};

const DAYS: i64 = 35;
/// Documents of which the paper is added up.
const PAPERS: usize = 6;

struct House {
    data: tempfile::TempDir,
    clock: ManualClock,
    cx: Cx,
    gateways: Gateways,
}

impl House {
    async fn open(on: Day) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Config::embedded(data.path());
        let clock = ManualClock::at(noon(on));
        let office = Office::open_hasty(&config, Arc::new(clock.clone()), Rng::from_seed(11)).await.unwrap();
        let cx = office.system("thirty-five days");
        Self { data, clock, cx, gateways: office.drivers.gateways.clone() }
    }

    fn bursar(&self, args: &[&str]) -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_bursar"))
            .args(args)
            .arg("--json")
            .env("BURSAR_DATA", self.data.path())
            .env("BURSAR_DATABASE", format!("sqlite:{}", self.data.path().join("bursar.sqlite").display()))
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|e| panic!("{args:?} gave no JSON ({e}): {errors}"))
    }
}

fn noon(day: Day) -> Instant {
    Instant::parse(&format!("{day}T12:00:00Z")).unwrap()
}

/// What was billed in the run of each day: what was sold, and from when to when.
async fn billed(cx: &Cx) -> BTreeMap<String, BTreeSet<Due>> {
    let rows = cx
        .read(async |tx: &mut Tx| {
            let sql = "SELECT i.issued_on, s.legacy, b.start_on, b.end_on FROM billing_billed_periods AS b
                JOIN billing_items AS t ON t.id = b.item_id
                JOIN billing_subscriptions AS s ON s.id = t.subscription_id
                JOIN billing_invoices AS i ON i.id = b.invoice_id
                WHERE t.kind <> 'option'";
            tx.query_text(sql, params![], |row| {
                Ok([row.get::<String>(0)?, row.get(1)?, row.get(2)?, row.get(3)?])
            })
            .await
        })
        .await
        .map_err(|fault: Fault| fault.chain().to_string())
        .unwrap();
    let mut days: BTreeMap<String, BTreeSet<Due>> = BTreeMap::new();
    for [on, legacy, start, end] in rows {
        let old: Value = serde_json::from_str(&legacy).unwrap();
        let (kind, id) = (old["kind"].as_str().unwrap().to_owned(), old["id"].as_i64().unwrap());
        let is_new = days.entry(on).or_default().insert(Due { kind, id, start, end });
        assert!(is_new, "a period is billed once");
    }
    days
}

/// Brings the dump in on a day and bills the following 35.
async fn bring_in_and_bill(file: &Path, on: Day) {
    let business = Business::read(file);
    let house = House::open(on).await;
    let cx = &house.cx;
    let options = ImportOptions {
        file: file.to_owned(),
        dry_run: false,
        scratch: house.data.path().to_owned(),
        batch: BATCH,
        gateways: house.gateways.clone(),
        encryption_hash: None,
        progress: None,
    };
    let report = import(cx, options).await.map_err(|e| e.to_string()).unwrap();
    assert_eq!(report.differences, []);
    for n in 1..=DAYS {
        let day = on.plus_days(n);
        house.clock.set(noon(day));
        let as_of = day.to_string().parse().unwrap();
        let report = night(cx, RunOptions::for_date(as_of)).await.map_err(|e| e.to_string()).unwrap();
        assert_eq!(report.run.put_aside, 0, "{day}: {:?}", report.run.problems);
    }
    let expected = business.falls_due(on, DAYS);
    let found = billed(cx).await;
    for n in 0..=DAYS {
        let day = on.plus_days(n).to_string();
        let (found, expected) = (found.get(&day), expected.get(&day));
        assert_eq!(found, expected, "what is billed on {day}");
    }
    assert!(found.values().map(BTreeSet::len).sum::<usize>() > 0, "something falls due in five weeks");
    assert_eq!(found.len(), expected.len());
    let verified = house.bursar(&["verify"]);
    assert_eq!(verified["ok"], true, "{verified:#}");
    for paper in papers(cx).await {
        assert_paper(&house, &paper);
    }
}

/// A document of a run with its amounts as they should be printed.
struct Paper {
    number: String,
    currency: String,
    lines: Vec<i64>,
    taxes: [i64; 2],
    total: i64,
}

/// Some documents of the runs: those with most lines first, which are those with most to add up.
async fn papers(cx: &Cx) -> Vec<Paper> {
    let rows = cx
        .read(async |tx: &mut Tx| {
            let sql = "SELECT i.number, i.currency, i.total_minor, i.tax1_minor, i.tax2_minor, i.id
                FROM billing_invoices AS i WHERE i.series <> 'imported' AND i.total_minor > 0
                ORDER BY (SELECT COUNT(*) FROM billing_lines AS l WHERE l.invoice_id = i.id) DESC, i.id LIMIT 6";
            let found = tx
                .query_text(sql, params![], |row| {
                    let texts = [row.get::<String>(0)?, row.get(1)?];
                    Ok((texts, [row.get::<i64>(2)?, row.get(3)?, row.get(4)?, row.get(5)?]))
                })
                .await?;
            let mut papers = Vec::new();
            for ([number, currency], [total, tax1, tax2, id]) in found {
                let sql = "SELECT net_minor FROM billing_lines WHERE invoice_id = $1 ORDER BY line_no";
                let lines = tx.query_text(sql, params![id], |row| row.get(0)).await?;
                papers.push(Paper { number, currency, lines, taxes: [tax1, tax2], total });
            }
            Ok::<_, Fault>(papers)
        })
        .await
        .unwrap();
    assert!(!rows.is_empty() && rows.len() <= PAPERS);
    rows
}

/// The digits at the end of a line of the paper, whatever the language puts between them.
fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The paper opens, prints every line, tax and sum at the end of a line of its own, and they add up.
fn assert_paper(house: &House, paper: &Paper) {
    let file = house.data.path().join("paper.pdf");
    house.bursar(&["invoice", "pdf", &paper.number, "--output", file.to_str().unwrap()]);
    let output = Command::new("pdftotext").arg("-layout").arg(&file).arg("-").output().unwrap();
    assert!(output.status.success(), "pdftotext opens {}", paper.number);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains(&paper.number), "{text}");
    let net: i64 = paper.lines.iter().sum();
    assert_eq!(net + paper.taxes.iter().sum::<i64>(), paper.total, "{} adds up", paper.number);
    let mut printed: Vec<String> = text.lines().map(digits).collect();
    let taxes = paper.taxes.iter().filter(|minor| **minor > 0);
    for minor in paper.lines.iter().chain(taxes).chain([&net, &paper.total]).filter(|minor| **minor >= 0) {
        // At least the decimals and one digit before them.
        let places = if paper.currency == "JPY" { 1 } else { 3 };
        let amount = format!("{minor:0places$}");
        let at = printed.iter().position(|line| line.ends_with(&amount));
        let at = at.unwrap_or_else(|| panic!("{} prints {amount} once more: {text}", paper.number));
        printed.remove(at);
    }
}

fn beside_the_checkout(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(3)?;
    Some(root.join("shared/data").join(name)).filter(|path| path.exists())
}

fn on_a_runtime(file: &Path, on: Day) {
    tokio::runtime::Runtime::new().unwrap().block_on(bring_in_and_bill(file, on));
}

#[test]
fn the_committed_business_is_billed_for_what_falls_due_on_each_day() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../modules/import/tests/business.sql");
    on_a_runtime(&file, Day::new(2026, 2, 1));
}

/// Five hundred services of every cycle, begun on every day of the month, by a generator with a fixed seed.
#[test]
fn a_generated_business_is_billed_for_what_falls_due_on_each_day() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("generated.sql");
    bursar_bench::dump::write_business(&mut File::create(&file).unwrap(), 150).unwrap();
    // Through the end of February: the 29th, 30th and 31st fall on the 28th.
    on_a_runtime(&file, Day::new(2026, 1, 25));
}

#[test]
fn a_real_sized_business_beside_the_checkout_is_billed_for_what_falls_due_on_each_day() {
    for name in ["whmcs-300.sql.gz", "whmcs-40-latin1.sql"] {
        if let Some(file) = beside_the_checkout(name) {
            on_a_runtime(&file, Day::new(2026, 11, 20));
        }
    }
}

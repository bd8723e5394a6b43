//! `kill -9` at random moments, two hundred times on each engine: nothing is billed or charged twice, no number is missing,
//! no payment is lost, and the work completes. `BURSAR_TEST_KILLS` sets another number.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use bursar_ids::Rng;
use serde_json::Value;

#[path = "crash/office.rs"]
mod office;
#[path = "crash/payments.rs"]
mod payments;
#[path = "crash/services.rs"]
mod services;

const SUBSCRIPTIONS: i64 = 600;

/// Kills per engine and kind of work.
fn kills() -> u32 {
    std::env::var("BURSAR_TEST_KILLS")
        .map_or(200, |text| text.parse().expect("BURSAR_TEST_KILLS is a number"))
}

struct Place {
    data: tempfile::TempDir,
    database: String,
}

impl Place {
    fn on_sqlite() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let database = format!("sqlite:{}", data.path().join("bursar.sqlite").display());
        Self { data, database }
    }

    fn on_postgres() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        Self { data, database: bursar_testkit::fresh_database() }
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

    fn json(&self, args: &[&str]) -> Value {
        let output = self.command(args).output().expect("the binary runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{args:?} gave no JSON ({e}): {text} {errors}"))
    }
}

/// Waits for the child or kills it without warning; `true` when it was killed before its end.
#[expect(clippy::disallowed_methods, reason = "the moment of the kill is the point of this test")]
fn kill_after(mut child: Child, wait: Duration) -> bool {
    let pause = Duration::from_millis(2);
    let mut waited = Duration::ZERO;
    while waited < wait {
        if let Some(status) = child.try_wait().expect("the child can be asked") {
            assert!(status.success(), "a run that was left alone succeeds");
            return false;
        }
        std::thread::sleep(pause);
        waited += pause;
    }
    child.kill().expect("SIGKILL is sent");
    child.wait().expect("the child is gone");
    true
}

fn seed(database: &str, data: &Path) {
    let setup = bursar_testkit::Setup::new(Vec::new());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    // The binary itself makes the schema, so that both agree.
    let status = Command::new(env!("CARGO_BIN_EXE_bursar"))
        .args(["migrate", "--json"])
        .env("BURSAR_DATA", data)
        .env("BURSAR_DATABASE", database)
        .stdout(Stdio::null())
        .status()
        .expect("the binary runs");
    assert!(status.success());
    runtime.block_on(async {
        let url = database.parse().expect("a database address");
        let cx = bursar_testkit::open(url, setup).await;
        let due = jiff::civil::date(2026, 1, 31);
        bursar_bench::seed::business(&cx, SUBSCRIPTIONS, due).await.expect("the business is seeded");
    });
}

fn killed_runs(place: &Place, seed_of_moments: u64) {
    let mut rng = Rng::from_seed(seed_of_moments);
    let (mut killed, mut months) = (0, 0_u32);
    // Follows the speed of the machine, so that most kills fall into the work and not before or after it.
    let mut window = 200_u64;
    while killed < kills() {
        months += 1;
        let as_of = month_end(months);
        loop {
            let args = ["bill", "run", "--as-of", &as_of, "--batch", "25"];
            let child = place.command(&args).spawn().expect("the binary runs");
            let wait = Duration::from_millis(10 + rng.below(window));
            if kill_after(child, wait) {
                killed += 1;
                window = (window + 15).min(400);
            } else {
                window = window.saturating_sub(30).max(20);
                break;
            }
        }
        assert!(months < 150, "the moments of the kills never hit a run");
    }
    let last = place.json(&["bill", "run", "--as-of", &month_end(months)]);
    assert_eq!(last["subscriptions_due"], 0, "the last run left nothing: {last}");
    let report = place.json(&["verify"]);
    assert_eq!(report["ok"], true, "{report:#}");
    let expected = SUBSCRIPTIONS * i64::from(months);
    assert_eq!(report["counts"]["invoices"], expected, "each period once: {months} months");
}

/// The last day of the n-th month from January 2026: the 31st is remembered, so everything is due on it.
fn month_end(n: u32) -> String {
    let months = i16::try_from(n - 1).expect("a few years");
    let first = jiff::civil::date(2026 + months / 12, i8::try_from(months % 12 + 1).expect("a month"), 1);
    first.last_of_month().to_string()
}

#[test]
fn a_billing_run_killed_at_random_moments_completes_exactly_once_on_sqlite() {
    let place = Place::on_sqlite();
    seed(&place.database, place.data.path());
    killed_runs(&place, 1);
}

#[test]
fn a_billing_run_killed_at_random_moments_completes_exactly_once_on_postgres() {
    let place = Place::on_postgres();
    seed(&place.database, place.data.path());
    killed_runs(&place, 2);
}

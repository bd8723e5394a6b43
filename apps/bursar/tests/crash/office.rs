//! An office that goes on from process to process at a time of its own, and this very program as such a process.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

use bursar::config::Config;
use bursar::office::Office;
use bursar_fault::Fault;
use bursar_ids::Rng;
use bursar_time::{Clock as _, Instant, ManualClock};

use super::Place;

pub fn config(data: &Path, database: &str, connections: usize) -> Config {
    let database = database.parse().expect("a database address");
    Config { database, connections: Some(connections), ..Config::embedded(data) }
}

/// Where a process that is to be killed finds its office.
pub fn config_of_child(connections: usize) -> Config {
    let get = |name| std::env::var(name).expect("the storm says where");
    config(Path::new(&get("BURSAR_DATA")), &get("BURSAR_DATABASE"), connections)
}

/// Where the time of this business stands.
fn clock_file(data: &Path) -> PathBuf {
    data.join("storm-clock")
}

pub fn remember(data: &Path, now: Instant) {
    let new = data.join("storm-clock.new");
    std::fs::write(&new, now.micros().to_string()).expect("the time can be written");
    std::fs::rename(&new, clock_file(data)).expect("the time can be kept");
}

/// Opens the office at its own time, `later` seconds after it was last open.
pub async fn open(config: &Config, not_before: Instant, later: i64) -> Result<(Office, ManualClock), Fault> {
    let known = std::fs::read_to_string(clock_file(&config.data)).ok().and_then(|text| text.parse().ok());
    let now = known.map_or(not_before, |micros| Instant::from_micros(micros).plus_seconds(later));
    let clock = ManualClock::at(now.max(not_before));
    remember(&config.data, clock.now());
    let office = Office::open_with(config, Arc::new(clock.clone()), Rng::from_os()).await?;
    Ok((office, clock))
}

pub fn run<T>(work: impl Future<Output = Result<T, Fault>>) -> T {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(work).unwrap_or_else(|fault| panic!("{}", fault.chain()))
}

/// One test of this very program as a process of its own, which is told by a variable that it is one.
pub fn spawn(place: &Place, test: &str, (variable, value): (&str, &str)) -> Child {
    Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", test, "--test-threads", "1"])
        .env(variable, value)
        .env("BURSAR_DATA", place.data.path())
        .env("BURSAR_DATABASE", &place.database)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .spawn()
        .expect("this program starts again")
}

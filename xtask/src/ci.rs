//! The whole check, the same on every machine: formatting, lints, build, and all tests on both engines.

use std::error::Error;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

type Outcome = Result<String, Box<dyn Error>>;

/// Runs every step, stops at the first that fails, and says how long each took. The tests all run, so that one report
/// names everything that is wrong.
pub fn run() -> Outcome {
    let started = now();
    step("formatting", &["fmt", "--all", "--check"], None)?;
    step(
        "lints",
        &["clippy", "--workspace", "--all-targets", "--locked", "--quiet", "--", "-D", "warnings"],
        None,
    )?;
    // The whole-product tests start the binary, so it must be there and be new.
    step("build", &["build", "--workspace", "--locked", "--quiet"], None)?;
    let cluster = Cluster::start()?;
    let tests = step("tests", &["test", "--workspace", "--locked", "--no-fail-fast"], Some(&cluster.url));
    cluster.stop()?;
    tests?;
    Ok(format!("ci: all passed in {} s", started.elapsed().as_secs()))
}

/// Runs cargo with its output going straight to ours.
fn step(name: &str, arguments: &[&str], postgres: Option<&str>) -> Result<(), Box<dyn Error>> {
    say(&format!("ci: {name}: cargo {}", arguments.join(" ")))?;
    let started = now();
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).stdin(Stdio::null());
    if let Some(url) = postgres {
        cargo.env("BURSAR_TEST_POSTGRES", url);
    }
    if std::env::var_os("CI").is_some() {
        // What is built once and thrown away needs no state for the next build.
        cargo.env("CARGO_INCREMENTAL", "0");
        // Nor lines for a debugger: they are most of what two hundred test programs weigh.
        cargo.env("CARGO_PROFILE_DEV_DEBUG", "false");
    }
    let status = cargo.status()?;
    let seconds = started.elapsed().as_secs();
    if !status.success() {
        return Err(format!("ci: {name} failed after {seconds} s ({status})").into());
    }
    say(&format!("ci: {name}: ok in {seconds} s"))
}

/// A PostgreSQL server of our own on a loopback port.
struct Cluster {
    url: String,
    keeper: Child,
}

impl Cluster {
    fn start() -> Result<Self, Box<dyn Error>> {
        let folder = tempfile::Builder::new().prefix("bursar-ci-pg-").tempdir()?.keep();
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut keeper = Command::new("bash")
            .args(["-c", include_str!("postgres.sh"), "postgres.sh"])
            .arg(&folder)
            .arg(port.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut output = BufReader::new(keeper.stdout.take().ok_or("the keeper's output is piped")?);
        let mut line = String::new();
        output.read_line(&mut line)?;
        if line.trim() != "ready" {
            std::io::Read::read_to_string(&mut output, &mut line)?;
            return Err(format!("ci: PostgreSQL did not start: {line}").into());
        }
        say(&format!("ci: PostgreSQL runs on port {port}"))?;
        Ok(Self { url: format!("postgres://postgres@127.0.0.1:{port}"), keeper })
    }

    /// The keeper stops the server when its input ends, which also happens when this process dies.
    fn stop(mut self) -> Result<(), Box<dyn Error>> {
        drop(self.keeper.stdin.take());
        self.keeper.wait()?;
        Ok(())
    }
}

fn say(line: &str) -> Result<(), Box<dyn Error>> {
    Ok(writeln!(std::io::stderr(), "{line}")?)
}

#[expect(clippy::disallowed_methods, reason = "chores measure how long they take and decide nothing by it")]
fn now() -> Instant {
    Instant::now()
}

//! `bursar provision`.

use std::fmt::Write as _;
use std::process::ExitCode;

use bursar_app::Pump as _;
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_provisioning::{
    Operations, ProvisionError, Seals, actions, calls, drift, failing_servers, reconcile, services,
};
use serde::Serialize;

use super::CommandError;
use crate::cli::ProvisionRetryArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

/// Servers that are named one by one.
const MOST_SERVERS: i64 = 100;
/// How far back calls are added up: this hour and those of a day before it.
const HOURS: i64 = 24;

#[derive(Debug, Serialize)]
struct Status {
    services: Vec<(String, i64)>,
    failing_servers: Vec<Failing>,
    differences: Vec<Difference>,
    /// How every server that was called within a day answered.
    calls: Vec<Called>,
}

#[derive(Debug, Serialize)]
struct Called {
    server_id: i64,
    calls: i64,
    answered_percent: i64,
    repeated: i64,
    average_ms: i64,
    longest_ms: i64,
}

#[derive(Debug, Serialize)]
struct Failing {
    server_id: i64,
    since: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Difference {
    kind: &'static str,
    count: i64,
    monthly: Option<String>,
}

/// Says what stands where, which servers are left alone, and what differs.
pub async fn status(config: &Config, output: Output) -> Result<ExitCode, CommandError> {
    let office = Office::open(config).await?;
    let cx = office.system("provision status");
    let (counts, failing, sums, called) = cx
        .read(async |tx: &mut Tx| {
            let counts = services::count_by_state(tx).await?;
            let called = calls::of_last_hours(tx, HOURS, MOST_SERVERS).await?;
            let failing = failing_servers(tx, MOST_SERVERS).await?;
            Ok::<_, Fault>((counts, failing, drift::sums(tx).await?, called))
        })
        .await?;
    let called = called.into_iter().map(|(server_id, calls)| Called {
        server_id,
        calls: calls.calls,
        answered_percent: calls.answered_percent(),
        repeated: calls.repeated,
        average_ms: calls.average_ms(),
        longest_ms: calls.longest_ms(),
    });
    let failing = failing.into_iter().map(|lane| Failing {
        server_id: lane.server_id,
        since: lane.breaker.opened_at.map(|at| at.rfc3339()).unwrap_or_default(),
        why: lane.breaker.why,
    });
    let differences = sums.into_iter().map(|sum| Difference {
        kind: sum.kind.code(),
        count: sum.count,
        monthly: sum.monthly.map(|monthly| monthly.to_string()),
    });
    let status = Status {
        services: counts.into_iter().map(|(state, count)| (state.code().to_owned(), count)).collect(),
        failing_servers: failing.collect(),
        differences: differences.collect(),
        calls: called.collect(),
    };
    output.result(&status, || describe(&status));
    Ok(ExitCode::SUCCESS)
}

fn describe(status: &Status) -> String {
    let mut text = String::from("Services\n");
    let mut line = |args: std::fmt::Arguments<'_>| {
        text.write_fmt(args).expect("writing to a string cannot fail");
        text.push('\n');
    };
    if status.services.is_empty() {
        line(format_args!("  none"));
    }
    for (state, count) in &status.services {
        line(format_args!("  {count:>8} {state}"));
    }
    for server in &status.failing_servers {
        line(format_args!(
            "Server {} does not work since {}: {}",
            server.server_id, server.since, server.why
        ));
    }
    for it in &status.calls {
        line(format_args!(
            "Server {}: {} calls within a day, {} % answered, {} repeated, {} ms on average, {} ms the longest",
            it.server_id, it.calls, it.answered_percent, it.repeated, it.average_ms, it.longest_ms
        ));
    }
    for difference in &status.differences {
        let monthly = difference.monthly.as_ref().map(|sum| format!(", {sum} a month")).unwrap_or_default();
        line(format_args!("Differences: {} {}{monthly}", difference.count, difference.kind));
    }
    text
}

/// Tries again what waits or was given up, and does it.
pub async fn retry(
    config: &Config,
    args: ProvisionRetryArgs,
    output: Output,
) -> Result<ExitCode, CommandError> {
    let office = Office::open(config).await?;
    let cx = office.system("provision retry");
    let mut ids = args.services;
    if args.failed {
        ids.extend(cx.read(async |tx: &mut Tx| services::list_failed(tx, 0, 1_000).await).await?);
    }
    if ids.is_empty() && !args.failed {
        return Err(CommandError::Refused("name services by their number, or say --failed".to_owned()));
    }
    let mut refused = Vec::new();
    for id in &ids {
        match actions::retry_service(&cx, *id).await {
            Ok(()) => {}
            Err(ProvisionError::Fault(fault)) => return Err(fault.into()),
            Err(error) => refused.push((*id, error.message())),
        }
    }
    let pump = Operations::new(office.drivers.hosting.clone(), Seals::new(office.vault.clone()));
    let turns = pump.drain(&cx, &|| true).await?;
    let tried = ids.len() - refused.len();
    output.result(&serde_json::json!({ "tried": tried, "turns": turns, "refused": refused }), || {
        let mut text = format!("{tried} services are tried again, {turns} steps were taken.");
        for (id, why) in &refused {
            write!(text, "\nService {id}: {why}").expect("writing to a string cannot fail");
        }
        text
    });
    Ok(if refused.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Compares every service and server with what the vendors have, now.
pub async fn compare(config: &Config, output: Output) -> Result<ExitCode, CommandError> {
    let office = Office::open(config).await?;
    let cx = office.system("provision reconcile");
    let done = reconcile::reconcile(&cx, &office.drivers.hosting).await?;
    let shown = serde_json::json!({
        "services": done.services, "unanswered": done.unanswered, "hidden": done.hidden,
        "accounts": done.accounts, "differences": done.differences,
    });
    output.result(&shown, || {
        format!(
            "{} services compared ({} without an answer, {} that cannot be compared), {} accounts looked at, \
             {} differences.",
            done.services, done.unanswered, done.hidden, done.accounts, done.differences
        )
    });
    Ok(ExitCode::SUCCESS)
}

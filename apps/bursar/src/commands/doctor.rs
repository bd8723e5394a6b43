//! `bursar doctor`: is this installation fit to run?

use std::process::ExitCode;

use bursar_context::Cx;
use bursar_db::{DatabaseUrl, Engine, Tx, params};
use bursar_fault::{Fault, Refusal as _};
use bursar_inventory::probe_server;
use bursar_inventory::servers::{self, HealthState, ServerMode};
use bursar_time::Instant;
use serde::Serialize;

use super::CommandError;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

/// Less free space than this is a warning: a billing run of a large business writes about a gigabyte.
const LITTLE_SPACE_KIB: u64 = 2 * 1_024 * 1_024;
/// 2026-01-01: a clock before the product existed is wrong.
const NEWEST_KNOWN: Instant = Instant::from_micros(1_767_225_600_000_000);

#[derive(Serialize)]
struct Finding {
    name: &'static str,
    ok: bool,
    detail: String,
}

#[derive(Serialize)]
struct Findings {
    ok: bool,
    checks: Vec<Finding>,
}

/// Checks everything and says what is wrong and how to mend it.
pub async fn run(config: &Config, output: Output) -> Result<ExitCode, CommandError> {
    let mut checks = vec![Finding {
        name: "configuration",
        ok: true,
        detail: format!("data in {}, database {}", config.data.display(), config.database),
    }];
    match Office::open(config).await {
        Ok(office) => {
            let cx = office.system("doctor");
            checks.push(Finding { name: "database", ok: true, detail: "opens, schema at head".to_owned() });
            checks.push(finding("database version", version(&cx).await));
            checks.push(finding("database settings", engine_settings(&cx).await));
            checks.push(finding("keys", keys(config)));
            checks.push(finding("clock", clock(&cx).await));
            checks.push(finding("seller", seller(&cx).await));
            checks.push(finding("work that waits for a person", waiting(&cx).await));
            match panels(&office, &cx).await {
                Ok(found) => checks.extend(found),
                Err(fault) => checks.push(finding("servers", Err(fault))),
            }
        }
        Err(fault) => checks.push(Finding { name: "database", ok: false, detail: fault.chain() }),
    }
    checks.push(finding("disk", disk(config)));
    let ok = checks.iter().all(|check| check.ok);
    let findings = Findings { ok, checks };
    output.result(&findings, || {
        let lines = findings.checks.iter().map(|c| {
            let mark = if c.ok { "ok  " } else { "BAD " };
            format!("{mark} {}: {}", c.name, c.detail)
        });
        lines.collect::<Vec<_>>().join("\n")
    });
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

fn finding(name: &'static str, outcome: Result<String, Fault>) -> Finding {
    match outcome {
        Ok(detail) => Finding { name, ok: true, detail },
        Err(fault) => Finding { name, ok: false, detail: fault.chain() },
    }
}

async fn text(cx: &Cx, query: &'static str) -> Result<String, Fault> {
    let rows = cx
        .read(async move |tx: &mut Tx| tx.query_text(query, params![], |row| row.get::<String>(0)).await)
        .await?;
    Ok(rows.into_iter().next().unwrap_or_default())
}

async fn version(cx: &Cx) -> Result<String, Fault> {
    match cx.db().engine() {
        Engine::Sqlite => Ok(format!("SQLite {}", text(cx, "SELECT sqlite_version()").await?)),
        Engine::Postgres => {
            let version = text(cx, "SELECT current_setting('server_version_num')").await?;
            let major = version.parse::<i64>().unwrap_or(0) / 10_000;
            if major < 14 {
                return Err(Fault::new(format!("PostgreSQL {major} is too old: 14 or newer is needed")));
            }
            Ok(format!("PostgreSQL {major}"))
        }
    }
}

async fn engine_settings(cx: &Cx) -> Result<String, Fault> {
    let (query, wanted) = match cx.db().engine() {
        Engine::Sqlite => ("SELECT journal_mode FROM pragma_journal_mode", "wal"),
        Engine::Postgres => ("SELECT current_setting('fsync')", "on"),
    };
    let found = text(cx, query).await?;
    if found != wanted {
        return Err(Fault::new(format!("{query} says {found}, not {wanted}: committed money could be lost")));
    }
    Ok(format!("durable ({wanted})"))
}

fn keys(config: &Config) -> Result<String, Fault> {
    use std::os::unix::fs::PermissionsExt as _;
    let path = config.data.join("keys");
    let mode = std::fs::metadata(&path).map_err(|e| Fault::wrap("the key file", e))?.permissions().mode();
    if mode & 0o077 != 0 {
        return Err(Fault::new(format!("{} can be read by others: chmod 600 it", path.display())));
    }
    Ok("present, readable by the owner only; keep a copy apart from the database's backups".to_owned())
}

async fn clock(cx: &Cx) -> Result<String, Fault> {
    let now = cx.now();
    if now < NEWEST_KNOWN {
        return Err(Fault::new(format!("the clock says {}: set it", now.rfc3339())));
    }
    Ok(format!("{} in {}", now.rfc3339(), cx.zone().iana_name().unwrap_or("UTC")))
}

async fn seller(cx: &Cx) -> Result<String, Fault> {
    let set = cx.read(async |tx: &mut Tx| bursar_billing::sellers::current(tx).await).await?;
    match set {
        Some(_) => Ok("the seller's identity is set".to_owned()),
        None => Ok("not set yet; nothing can be invoiced before it is".to_owned()),
    }
}

async fn waiting(cx: &Cx) -> Result<String, Fault> {
    let parked = bursar_events::Dispatcher::parked(cx, 1_000).await?.len();
    let dead = bursar_jobs::Runner::dead(cx, 1_000).await?.len();
    Ok(format!("{dead} dead jobs, {parked} parked deliveries"))
}

/// Asks every server that may be called how it is, as its page does.
async fn panels(office: &Office, cx: &Cx) -> Result<Vec<Finding>, Fault> {
    const AT_ONCE: i64 = 100;
    let mut findings = Vec::new();
    let mut after = 0;
    loop {
        let page = cx.read(async move |tx: &mut Tx| servers::servers(tx, after, AT_ONCE).await).await?;
        let Some(last) = page.last() else { return Ok(findings) };
        after = last.id;
        for server in page.iter().filter(|server| server.details.mode != ServerMode::Disabled) {
            let (ok, said) = match probe_server(cx, &office.drivers.hosting, server.id).await {
                Ok(look) if look.state == HealthState::Up => (true, "answers and lets us in".to_owned()),
                Ok(look) if look.state == HealthState::Warning => (true, look.remarks.join(" ")),
                Ok(look) => (false, look.why),
                Err(error) => (false, error.message()),
            };
            let detail = format!("{} ({}): {said}", server.details.name, server.details.driver);
            findings.push(Finding { name: "server", ok, detail });
        }
    }
}

/// Free space as `df` tells it: the standard library cannot ask.
fn disk(config: &Config) -> Result<String, Fault> {
    let place = match &config.database {
        DatabaseUrl::Sqlite(path) => path.parent().map_or(config.data.clone(), std::path::Path::to_path_buf),
        DatabaseUrl::Postgres(_) => config.data.clone(),
    };
    let answer = std::process::Command::new("df").arg("-Pk").arg(&place).output();
    let answer = answer.map_err(|e| Fault::wrap("asking df for free space", e))?;
    let text = String::from_utf8_lossy(&answer.stdout).into_owned();
    let free = text.lines().nth(1).and_then(|line| line.split_whitespace().nth(3)?.parse::<u64>().ok());
    match free {
        Some(kib) if kib < LITTLE_SPACE_KIB => {
            Err(Fault::new(format!("only {} MiB are free in {}", kib / 1_024, place.display())))
        }
        Some(kib) => Ok(format!("{} GiB free in {}", kib / 1_024 / 1_024, place.display())),
        None => Ok("free space cannot be read here".to_owned()),
    }
}

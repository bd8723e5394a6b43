//! `bursar import whmcs FILE`.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use bursar_import::whmcs::{ImportError, ImportOptions, ImportReport, encryption_hash, import};
use bursar_vault::Secret;
use serde_json::{Value, json};

use super::CommandError;
use crate::cli::WhmcsArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

/// Problems written out for people; `--json` has them all.
const SHOWN_PROBLEMS: usize = 50;

/// Imports, compares, and says what differs. Exit code 1 when a difference has no reason.
pub async fn whmcs(config: &Config, args: WhmcsArgs, output: Output) -> Result<ExitCode, CommandError> {
    if args.batch == 0 {
        return Err(CommandError::Refused("--batch must be at least 1".to_owned()));
    }
    let office = Office::open(config).await?;
    let cx = office.system("import of a WHMCS dump");
    let bar = output.progress("importing");
    let watched = bar.clone();
    let options = ImportOptions {
        file: args.file,
        dry_run: args.dry_run,
        scratch: config.data.clone(),
        batch: args.batch,
        gateways: office.drivers.gateways.clone(),
        encryption_hash: args.configuration.as_deref().map(hash_in).transpose()?,
        progress: Some(Arc::new(move |done, of| {
            watched.set_length(of);
            watched.set_position(done);
        })),
    };
    let report = import(&cx, options).await.map_err(|error| match error {
        ImportError::Fault(fault) => CommandError::Fault(fault),
        refused => CommandError::Refused(refused.to_string()),
    })?;
    bar.finish_and_clear();
    if let Some(path) = &args.report {
        let text = serde_json::to_string_pretty(&totals_file(&report))
            .map_err(|e| CommandError::Refused(format!("the report cannot be written as JSON: {e}")))?;
        std::fs::write(path, text + "\n").map_err(|e| {
            CommandError::Refused(format!("the report {} cannot be written: {e}", path.display()))
        })?;
    }
    output.result(&report, || describe(&report));
    Ok(if report.differences.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// The key of stored payment methods in a `configuration.php`.
fn hash_in(path: &Path) -> Result<Secret<String>, CommandError> {
    let text = std::fs::read_to_string(path)
        .map_err(|e| CommandError::Refused(format!("{} cannot be read: {e}", path.display())))?;
    encryption_hash(&text).ok_or_else(|| {
        let shown = path.display();
        CommandError::Refused(format!(
            "{shown} sets no $cc_encryption_hash; give the configuration.php of WHMCS"
        ))
    })
}

/// The totals from Bursar's own tables with what is explained about them.
fn totals_file(report: &ImportReport) -> Value {
    let mut file = report.totals.clone().unwrap_or_else(|| json!({}));
    if let Value::Object(map) = &mut file {
        map.insert("explained".to_owned(), json!(report.explained));
        map.insert("differences".to_owned(), json!(report.differences));
    }
    file
}

fn describe(report: &ImportReport) -> String {
    let mut text = String::new();
    let mut line = |args: std::fmt::Arguments<'_>| {
        text.write_fmt(args).expect("writing to a string cannot fail");
        text.push('\n');
    };
    let done = if report.dry_run { "Read and checked, nothing written" } else { "Imported" };
    line(format_args!("{done}: {} rows of the money core", report.rows));
    for (kind, count) in &report.counts {
        line(format_args!(
            "  {kind}: {} found, {} written, {} left out",
            count.found, count.written, count.left_out
        ));
    }
    if report.repaired_texts > 0 {
        line(format_args!("  {} texts were in a wrong encoding and were corrected", report.repaired_texts));
    }
    line(format_args!("{} rows were not taken over as they are:", report.problems.len()));
    for problem in report.problems.iter().take(SHOWN_PROBLEMS) {
        let id = problem.row_id.map_or_else(|| "?".to_owned(), |id| id.to_string());
        line(format_args!(
            "  {} {id}, {}: {} - {}",
            problem.table, problem.field, problem.what, problem.done
        ));
    }
    if report.problems.len() > SHOWN_PROBLEMS {
        line(format_args!("  … and {} more; --json lists all", report.problems.len() - SHOWN_PROBLEMS));
    }
    line(format_args!("{} totals differ for a known reason:", report.explained.len()));
    for found in &report.explained {
        line(format_args!(
            "  {}: {} in the dump, {} here: {}",
            found.path, found.dump, found.bursar, found.reason
        ));
    }
    if report.totals.is_some() {
        line(format_args!("{} totals differ without a known reason", report.differences.len()));
    }
    for found in &report.differences {
        line(format_args!("  {}: {} in the dump, {} here", found.path, found.dump, found.bursar));
    }
    text
}

//! `bursar bill run`.

use std::fmt::Write as _;
use std::process::ExitCode;
use std::sync::Arc;

use bursar_billing::nightly::night;
use bursar_billing::run::{RunOptions, RunReport};
use bursar_money::{Currency, Money};

use super::CommandError;
use crate::cli::BillRunArgs;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

/// Bills everything that is due, or says what would be billed.
pub async fn run(config: &Config, args: BillRunArgs, output: Output) -> Result<ExitCode, CommandError> {
    if args.batch == 0 || args.workers == 0 {
        return Err(CommandError::Refused("--batch and --workers must be at least 1".to_owned()));
    }
    let office = Office::open(config).await?;
    let cx = office.system("bill run");
    let as_of = args.as_of.unwrap_or_else(|| cx.today());
    let bar = output.progress("billing");
    let watched = bar.clone();
    let options = RunOptions {
        as_of,
        dry_run: args.dry_run,
        batch: args.batch,
        workers: args.workers,
        progress: Some(Arc::new(move |done, of| {
            watched.set_length(of);
            watched.set_position(done);
        })),
    };
    // The whole night: a change that is due must be made before its period is billed.
    let report = night(&cx, options).await.map_err(|e| CommandError::Refused(e.to_string()))?.run;
    bar.finish_and_clear();
    output.result(&report, || describe(&report, args.dry_run));
    Ok(ExitCode::SUCCESS)
}

fn describe(report: &RunReport, dry: bool) -> String {
    let mut text = String::new();
    let (would, issued) =
        if dry { ("would be ", "invoices would be issued") } else { ("", "invoices issued") };
    let line = |text: &mut String, args: std::fmt::Arguments<'_>| {
        text.write_fmt(args).expect("writing to a string cannot fail");
        text.push('\n');
    };
    line(&mut text, format_args!("Billing for {}", report.as_of));
    line(
        &mut text,
        format_args!(
            "  {} subscriptions due, {} {would}billed",
            report.subscriptions_due, report.subscriptions_billed
        ),
    );
    line(&mut text, format_args!("  {} {issued}", report.invoices_issued));
    for (code, sums) in &report.totals {
        if let Ok(currency) = Currency::parse(code) {
            let total = Money::new(sums.total_minor, currency);
            let tax = Money::new(sums.tax_minor, currency);
            line(&mut text, format_args!("  {total} on {} invoices, of it tax {tax}", sums.invoices));
        }
    }
    for outlier in &report.outliers {
        line(
            &mut text,
            format_args!(
                "  unusual: customer {} with {} minor units of {} (average {})",
                outlier.customer_id, outlier.total_minor, outlier.currency, outlier.average_minor
            ),
        );
    }
    if report.put_aside > 0 {
        line(&mut text, format_args!("  {} put aside:", report.put_aside));
        for problem in &report.problems {
            line(&mut text, format_args!("    subscription {}: {}", problem.subscription_id, problem.detail));
        }
    }
    text
}

//! `bursar verify`: every invariant over the whole database.

use std::collections::BTreeMap;
use std::process::ExitCode;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use serde::Serialize;

use super::CommandError;
use crate::config::Config;
use crate::office::Office;
use crate::output::Output;

/// What is counted, by the name it has in the report.
const COUNTED: &[(&str, &str)] = &[
    ("customers", "customers_customers"),
    ("subscriptions", "billing_subscriptions"),
    ("invoices", "billing_invoices"),
    ("lines", "billing_lines"),
    ("payments", "payments_payments"),
    ("postings", "ledger_postings"),
];

/// One check's result; its JSON form is a documented contract.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// What was checked.
    pub name: String,
    /// How many things.
    pub checked: i64,
    /// How many of them were wrong.
    pub failed: i64,
    /// The first wrong ones, in words.
    pub examples: Vec<String>,
}

/// The whole report; its JSON form is a documented contract.
#[derive(Debug, Clone, Serialize)]
pub struct VerifyReport {
    /// Nothing failed.
    pub ok: bool,
    /// One per invariant.
    pub checks: Vec<CheckReport>,
    /// Rows by kind.
    pub counts: BTreeMap<&'static str, i64>,
}

/// Checks and reports; exit code 1 when something is wrong.
pub async fn run(config: &Config, output: Output) -> Result<ExitCode, CommandError> {
    let office = Office::open(config).await?;
    let report = verify(&office.system("verify")).await?;
    output.result(&report, || describe(&report));
    Ok(if report.ok { ExitCode::SUCCESS } else { ExitCode::from(1) })
}

/// Every module's checks and the audit chain.
pub async fn verify(cx: &Cx) -> Result<VerifyReport, Fault> {
    let mut checks: Vec<CheckReport> = Vec::new();
    let ledger = cx.read(async |tx: &mut Tx| bursar_ledger::verify(tx).await).await?;
    checks.extend(ledger.into_iter().map(of_ledger));
    let payments = cx.read(async |tx: &mut Tx| bursar_payments::verify(tx).await).await?;
    checks.extend(payments.into_iter().map(of_ledger));
    let billing = bursar_billing::verify::verify(cx).await?;
    checks.extend(billing.into_iter().map(of_ledger));
    checks.push(audit_chain(cx).await?);
    let counts = counts(cx).await?;
    Ok(VerifyReport { ok: checks.iter().all(|check| check.failed == 0), checks, counts })
}

fn of_ledger(check: bursar_ledger::Check) -> CheckReport {
    CheckReport {
        name: check.name.to_string(),
        checked: check.checked,
        failed: check.failed,
        examples: check.examples,
    }
}

async fn audit_chain(cx: &Cx) -> Result<CheckReport, Fault> {
    let report = cx.read(async |tx: &mut Tx| bursar_audit::verify_chain(tx).await).await?;
    Ok(CheckReport {
        name: "the audit log is an unbroken chain".to_owned(),
        checked: i64::try_from(report.checked).unwrap_or(i64::MAX),
        failed: i64::from(!report.is_ok()),
        examples: if report.is_ok() { Vec::new() } else { vec![format!("{report:?}")] },
    })
}

async fn counts(cx: &Cx) -> Result<BTreeMap<&'static str, i64>, Fault> {
    cx.read(async |tx: &mut Tx| {
        let mut counts = BTreeMap::new();
        for (name, table) in COUNTED {
            let query = format!("SELECT COUNT(*) FROM {table}");
            let rows = tx.query_text(&query, params![], |row| row.get::<i64>(0)).await?;
            counts.insert(*name, rows.first().copied().unwrap_or(0));
        }
        Ok::<_, Fault>(counts)
    })
    .await
}

fn describe(report: &VerifyReport) -> String {
    let mut lines = Vec::new();
    for check in &report.checks {
        let mark = if check.failed == 0 { "ok  " } else { "BAD " };
        lines.push(format!("{mark} {} ({} checked, {} failed)", check.name, check.checked, check.failed));
        lines.extend(check.examples.iter().map(|example| format!("       {example}")));
    }
    let counts: Vec<String> = report.counts.iter().map(|(name, n)| format!("{n} {name}")).collect();
    lines.push(counts.join(", "));
    lines.join("\n")
}

//! The night: what the day brings to subscriptions, the billing run, overdue notices and late fees, in this order.

use bursar_app::Registry;
use bursar_context::Cx;
use bursar_fault::Refusal as _;
use bursar_jobs::{Job, JobOutcome, Schedule};
use bursar_time::Date;
use serde::{Deserialize, Serialize};

use crate::error::BillError;
use crate::events::{InvoicePaid, InvoiceVoided, InvoiceWrittenOff};
use crate::invoices::overdue;
use crate::run::{self, RunError, RunOptions, RunReport};
use crate::subscriptions::daily::{self, DailyReport};

/// Everything that happens in the night of a date. Safe to run twice: each part finds its work done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NightlyRun {
    /// The civil date.
    pub as_of: Date,
}

impl Job for NightlyRun {
    const KIND: &'static str = "billing.nightly";
}

/// What a night did.
#[derive(Debug, Clone)]
pub struct NightReport {
    /// To subscriptions.
    pub daily: DailyReport,
    /// The run.
    pub run: RunReport,
    /// Invoices that became overdue.
    pub overdue: u64,
    /// Late fees that were charged.
    pub late_fees: u64,
}

/// Why a night did not finish.
#[derive(Debug, thiserror::Error)]
pub enum NightError {
    /// Around the run.
    #[error(transparent)]
    Bill(#[from] BillError),
    /// In the run.
    #[error(transparent)]
    Run(#[from] RunError),
}

/// The work of a night. A dry run only plans the run and leaves everything else alone.
///
/// # Errors
/// [`NightError`]; what is done stays done, and the next call goes on.
pub async fn night(cx: &Cx, options: RunOptions) -> Result<NightReport, NightError> {
    let (as_of, dry) = (options.as_of, options.dry_run);
    let daily = if dry { DailyReport::default() } else { daily::daily(cx, as_of).await? };
    let run = run::run(cx, options).await?;
    let (mut noticed, mut fees) = (0, 0);
    if !dry {
        noticed = overdue::notice_overdue(cx, as_of).await?;
        fees = overdue::charge_late_fees(cx, as_of).await?;
    }
    Ok(NightReport { daily, run, overdue: noticed, late_fees: fees })
}

/// At two in the morning, once for every date.
pub fn schedule() -> Schedule {
    Schedule::daily("billing.nightly", 2, |as_of| NightlyRun { as_of })
}

/// The schedule with its job, and what brings subscriptions back from past due.
pub(crate) fn register(registry: &mut Registry) {
    registry.schedule(schedule());
    registry.job::<NightlyRun, _, _>(handle);
    registry.on::<InvoicePaid, _>("billing.recover_after_payment", daily::on_paid);
    registry.on::<InvoiceVoided, _>("billing.recover_after_void", daily::on_voided);
    registry.on::<InvoiceWrittenOff, _>("billing.recover_after_write_off", daily::on_written_off);
}

/// The job of a night.
pub(crate) async fn handle(cx: Cx, job: NightlyRun) -> JobOutcome {
    match night(&cx, RunOptions::for_date(job.as_of)).await {
        Ok(_) => JobOutcome::Done,
        Err(NightError::Run(RunError::NoSeller) | NightError::Bill(BillError::NoSeller)) => {
            JobOutcome::Park { why: BillError::NoSeller.message() }
        }
        Err(NightError::Run(RunError::Fault(fault)) | NightError::Bill(BillError::Fault(fault))) => {
            fault.into()
        }
        Err(other) => JobOutcome::Retry { why: other.to_string() },
    }
}

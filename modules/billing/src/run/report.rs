//! What a run did, or would do.

use std::collections::BTreeMap;

use bursar_time::Date;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::plan::Plan;
use crate::settings::BillingSettings;
use crate::subscriptions::Subscription;

/// Outliers shown at most.
const MOST_OUTLIERS: usize = 50;
/// Problems shown at most; the rest is on the page of what waits.
const MOST_PROBLEMS: usize = 100;

/// Sums of one currency, in minor units.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct CurrencyTotals {
    /// Invoices made.
    pub invoices: u64,
    /// Net of discounts, without tax.
    pub subtotal_minor: i64,
    /// Both levels.
    pub tax_minor: i64,
    /// What is asked for.
    pub total_minor: i64,
}

/// An invoice that is much larger than the others of its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Outlier {
    /// Who would pay it.
    pub customer_id: i64,
    /// ISO currency.
    pub currency: &'static str,
    /// Its total.
    pub total_minor: i64,
    /// The average of the run's invoices in this currency so far.
    pub average_minor: i64,
}

/// A subscription that was put aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which one.
    pub subscription_id: i64,
    /// A stable code.
    pub reason: &'static str,
    /// What is wrong and how to mend it.
    pub detail: String,
}

/// The report of a run; its JSON form is a documented contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunReport {
    /// The date billed for.
    pub as_of: Date,
    /// Subscriptions that were due when the run began.
    pub subscriptions_due: i64,
    /// Subscriptions looked at.
    pub subscriptions_seen: u64,
    /// Subscriptions billed for at least one period.
    pub subscriptions_billed: u64,
    /// Invoices issued, or that would be.
    pub invoices_issued: u64,
    /// Subscriptions put aside.
    pub put_aside: u64,
    /// Sums by currency.
    pub totals: BTreeMap<&'static str, CurrencyTotals>,
    /// Unusually large invoices.
    pub outliers: Vec<Outlier>,
    /// The first problems.
    pub problems: Vec<Problem>,
    /// How long it took.
    pub elapsed_micros: i64,
}

impl RunReport {
    pub(super) fn new(as_of: Date, due: i64) -> Self {
        Self {
            as_of,
            subscriptions_due: due,
            subscriptions_seen: 0,
            subscriptions_billed: 0,
            invoices_issued: 0,
            put_aside: 0,
            totals: BTreeMap::new(),
            outliers: Vec::new(),
            problems: Vec::new(),
            elapsed_micros: 0,
        }
    }

    pub(super) fn add(&mut self, due: &[Subscription], plan: &Plan, settings: &BillingSettings) {
        self.subscriptions_seen += due.len() as u64;
        self.subscriptions_billed += plan.billed as u64;
        self.invoices_issued += plan.invoices.len() as u64;
        self.put_aside += plan.put_aside.len() as u64;
        for invoice in &plan.invoices {
            let sums = self.totals.entry(invoice.currency.code()).or_default();
            let average =
                i64::try_from(sums.invoices).ok().filter(|n| *n >= 20).map(|n| sums.total_minor / n);
            let total = invoice.totals.total_minor;
            if let Some(average) = average
                && self.outliers.len() < MOST_OUTLIERS
                && total > average.saturating_mul(settings.outlier_factor)
            {
                self.outliers.push(Outlier {
                    customer_id: invoice.customer_id,
                    currency: invoice.currency.code(),
                    total_minor: total,
                    average_minor: average,
                });
            }
            sums.invoices += 1;
            sums.subtotal_minor = sums.subtotal_minor.saturating_add(invoice.totals.subtotal_minor);
            let tax = invoice.totals.tax1_minor.saturating_add(invoice.totals.tax2_minor);
            sums.tax_minor = sums.tax_minor.saturating_add(tax);
            sums.total_minor = sums.total_minor.saturating_add(total);
        }
        let room = MOST_PROBLEMS.saturating_sub(self.problems.len());
        self.problems.extend(plan.put_aside.iter().take(room).map(|p| Problem {
            subscription_id: p.subscription_id,
            reason: p.problem.reason,
            detail: p.problem.detail.clone(),
        }));
    }
}

impl Serialize for RunReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("RunReport", 9)?;
        out.serialize_field("as_of", &self.as_of.to_string())?;
        out.serialize_field("subscriptions_due", &self.subscriptions_due)?;
        out.serialize_field("subscriptions_billed", &self.subscriptions_billed)?;
        out.serialize_field("invoices_issued", &self.invoices_issued)?;
        out.serialize_field("put_aside", &self.put_aside)?;
        out.serialize_field("totals", &self.totals)?;
        out.serialize_field("outliers", &self.outliers)?;
        out.serialize_field("problems", &self.problems)?;
        out.serialize_field("elapsed_seconds", &Seconds(self.elapsed_micros))?;
        out.end()
    }
}

/// Micros as a JSON number of seconds; a measurement, never money.
struct Seconds(i64);

impl Serialize for Seconds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = format!("{}.{:06}", self.0 / 1_000_000, self.0 % 1_000_000);
        serializer.serialize_f64(text.parse().unwrap_or_default())
    }
}

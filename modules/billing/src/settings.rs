//! Settings of billing, edited in the admin pages.

use bursar_context::settings;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_time::Date;
use serde::{Deserialize, Serialize};

use crate::invoices::number::NumberFormat;

/// Where the settings lie.
pub const KEY: &str = "billing.invoices";

/// How invoices are numbered, dated and grouped.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BillingSettings {
    /// Number format of invoices, for example `INV-{YYYY}-{000000}`.
    pub invoice_format: String,
    /// Number format of credit notes.
    pub credit_note_format: String,
    /// Begin again at 1 every calendar year; the format must then contain the year.
    pub reset_yearly: bool,
    /// Days before a period starts on which its invoice is made, for new subscriptions.
    pub lead_days: i64,
    /// The least number of days a customer has to pay.
    pub due_days: i64,
    /// A subscription whose invoice would exceed this many times its usual amount is listed as an outlier.
    pub outlier_factor: i64,
    /// Late fee as a share of what is open, in ppm; 0 for none.
    pub late_fee_ppm: i64,
    /// Least late fee in minor units of the invoice's currency.
    pub late_fee_minor: i64,
    /// Days after the due date on which the late fee is added.
    pub late_fee_days: i64,
    /// How a customer pays by bank transfer; printed on documents.
    pub payment_instructions: String,
}

impl Default for BillingSettings {
    fn default() -> Self {
        Self {
            invoice_format: "INV-{YYYY}-{000000}".to_owned(),
            credit_note_format: "CN-{YYYY}-{000000}".to_owned(),
            reset_yearly: true,
            lead_days: 7,
            due_days: 7,
            outlier_factor: 10,
            late_fee_ppm: 0,
            late_fee_minor: 0,
            late_fee_days: 14,
            payment_instructions: String::new(),
        }
    }
}

impl BillingSettings {
    /// The settings in force.
    pub async fn load(tx: &mut Tx) -> Result<Self, Fault> {
        settings::get(tx, KEY).await
    }

    /// Refuses what could not work, field by field.
    pub fn problems(&self) -> Vec<FieldError> {
        let mut wrong = Vec::new();
        for (field, format) in
            [("invoice_format", &self.invoice_format), ("credit_note_format", &self.credit_note_format)]
        {
            if let Err(why) = NumberFormat::parse(format) {
                wrong.push(FieldError::new(field, why.to_string()));
            } else if self.reset_yearly && !format.contains("{YY") {
                wrong.push(FieldError::new(
                    field,
                    "Numbers that begin again every year need the year in them: add {YYYY}.",
                ));
            }
        }
        for (field, days) in [
            ("lead_days", self.lead_days),
            ("due_days", self.due_days),
            ("late_fee_days", self.late_fee_days),
        ] {
            if !(0..=365).contains(&days) {
                wrong.push(FieldError::new(field, "Choose between 0 and 365 days."));
            }
        }
        if !(0..=1_000_000).contains(&self.late_fee_ppm) {
            wrong.push(FieldError::new("late_fee_ppm", "A late fee is at most 100 %."));
        }
        if !(1..=1_000).contains(&self.outlier_factor) {
            wrong.push(FieldError::new("outlier_factor", "Choose between 1 and 1,000 times."));
        }
        if self.late_fee_minor < 0 {
            wrong.push(FieldError::new("late_fee_minor", "A late fee is nothing or more."));
        }
        wrong
    }

    /// The name of the series a document of this date belongs to.
    pub fn series(&self, kind: &str, issued_on: Date) -> String {
        if self.reset_yearly { format!("{kind}-{:04}", issued_on.year()) } else { kind.to_owned() }
    }
}

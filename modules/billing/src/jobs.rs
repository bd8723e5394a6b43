//! Work billing does later.

use bursar_jobs::Job;
use serde::{Deserialize, Serialize};

/// Settles a fresh invoice from the customer's credit and, where they agreed to it, charges their stored method.
/// Safe to run twice: credit and charges are keyed by the invoice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettleInvoice {
    /// The invoice.
    pub invoice_id: i64,
}

impl Job for SettleInvoice {
    const KIND: &'static str = "billing.settle_invoice";
}

//! Everything billing announces.

use bursar_events::Event;
use bursar_money::Currency;
use bursar_time::Date;
use serde::{Deserialize, Serialize};

/// A document became final and is owed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceIssued {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owes it.
    pub customer_id: i64,
    /// In which currency.
    pub currency: Currency,
    /// How much, in minor units.
    pub total_minor: i64,
    /// Its date.
    pub issued_on: Date,
    /// When it is due.
    pub due_on: Option<Date>,
}

impl Event for InvoiceIssued {
    const NAME: &'static str = "billing.invoice.issued";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

/// An invoice was settled in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoicePaid {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owed it.
    pub customer_id: i64,
}

impl Event for InvoicePaid {
    const NAME: &'static str = "billing.invoice.paid";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

/// An invoice should never have existed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceVoided {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owed it.
    pub customer_id: i64,
}

impl Event for InvoiceVoided {
    const NAME: &'static str = "billing.invoice.voided";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

/// An invoice is past its due date; said once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceOverdue {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owes it.
    pub customer_id: i64,
}

impl Event for InvoiceOverdue {
    const NAME: &'static str = "billing.invoice.overdue";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

/// An invoice was written off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceWrittenOff {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owed it.
    pub customer_id: i64,
    /// How much was given up, in minor units.
    pub amount_minor: i64,
}

impl Event for InvoiceWrittenOff {
    const NAME: &'static str = "billing.invoice.written_off";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

/// A credit note was issued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CreditNoteIssued {
    /// The credit note.
    pub credit_note_id: i64,
    /// The invoice it corrects.
    pub invoice_id: i64,
    /// Whose invoice it is.
    pub customer_id: i64,
    /// In which currency.
    pub currency: Currency,
    /// How much it gives back, in minor units.
    pub total_minor: i64,
}

impl Event for CreditNoteIssued {
    const NAME: &'static str = "billing.credit_note.issued";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

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

/// The money for all that an invoice asks for is held: it may be delivered, and nobody is asked for more.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceSecured {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owes it.
    pub customer_id: i64,
}

impl Event for InvoiceSecured {
    const NAME: &'static str = "billing.invoice.secured";

    fn subject(&self) -> String {
        format!("invoice:{}", self.invoice_id)
    }
}

/// What was held for an invoice did not come: it is owed like any other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceUnsecured {
    /// The invoice.
    pub invoice_id: i64,
    /// Who owes it.
    pub customer_id: i64,
    /// What became of the payment: `declined`, `released`, `expired`.
    pub state: String,
}

impl Event for InvoiceUnsecured {
    const NAME: &'static str = "billing.invoice.unsecured";

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

/// A subscription was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionStarted {
    /// The subscription.
    pub subscription_id: i64,
    /// Who pays.
    pub customer_id: i64,
    /// The product it was made from.
    pub product_id: Option<i64>,
}

impl Event for SubscriptionStarted {
    const NAME: &'static str = "billing.subscription.started";

    fn subject(&self) -> String {
        format!("subscription:{}", self.subscription_id)
    }
}

/// A subscription changed its status.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionStatusChanged {
    /// The subscription.
    pub subscription_id: i64,
    /// Who pays.
    pub customer_id: i64,
    /// The status code before.
    pub from: String,
    /// The status code now.
    pub to: String,
}

impl Event for SubscriptionStatusChanged {
    const NAME: &'static str = "billing.subscription.status_changed";

    fn subject(&self) -> String {
        format!("subscription:{}", self.subscription_id)
    }
}

/// What a subscription consists of changed: product, options, add-ons, quantity, cycle or price.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionChanged {
    /// The subscription.
    pub subscription_id: i64,
    /// Who pays.
    pub customer_id: i64,
    /// The product it is now.
    pub product_id: Option<i64>,
    /// `switch`, `cycle`, `quantity`, `add_addon`, `remove`, `price`.
    pub kind: String,
}

impl Event for SubscriptionChanged {
    const NAME: &'static str = "billing.subscription.changed";

    fn subject(&self) -> String {
        format!("subscription:{}", self.subscription_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What was written once must be readable for ever.
    #[test]
    fn news_of_held_money_can_be_read_for_ever() {
        let secured: InvoiceSecured = serde_json::from_str(r#"{"invoice_id":1,"customer_id":2}"#).unwrap();
        assert_eq!(secured.subject(), "invoice:1");
        let text = r#"{"invoice_id":1,"customer_id":2,"state":"expired"}"#;
        assert_eq!(serde_json::from_str::<InvoiceUnsecured>(text).unwrap().state, "expired");
    }
}

//! Everything this module announces.

use bursar_events::Event;
use bursar_money::Currency;
use serde::{Deserialize, Serialize};

use crate::payment::Purpose;

/// Money arrived: exactly once per payment, whatever its origin.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCaptured {
    /// The payment.
    pub payment_id: i64,
    /// Whose money it is.
    pub customer_id: i64,
    /// What the payer paid; on `unapplied_payments` until somebody applies it.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
    /// What it was meant for.
    pub purpose: Purpose,
}

impl Event for PaymentCaptured {
    const NAME: &'static str = "payments.payment.captured";

    fn subject(&self) -> String {
        format!("payment:{}", self.payment_id)
    }
}

/// Money is set aside at a gateway and still the payer's: once per payment, and only of those that are taken later. It
/// ends with [`PaymentCaptured`] or [`PaymentFailed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentHeld {
    /// The payment.
    pub payment_id: i64,
    /// Whose money it is.
    pub customer_id: i64,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
    /// Until when it can be taken.
    pub until_micros: i64,
    /// What it is meant for.
    pub purpose: Purpose,
}

impl Event for PaymentHeld {
    const NAME: &'static str = "payments.payment.held";

    fn subject(&self) -> String {
        format!("payment:{}", self.payment_id)
    }
}

/// A charge ended without money: declined, refused, withdrawn, or held and not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentFailed {
    /// The payment.
    pub payment_id: i64,
    /// Who did not pay.
    pub customer_id: i64,
    /// What was asked for.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
    /// `declined`, `failed`, `cancelled`; of what was held also `released` or `expired`.
    pub state: String,
    /// The decline's word, empty when there is none.
    pub decline_code: String,
    /// `retry_later`, `customer_must_act`, `never_retry`, or empty.
    pub decline_class: String,
    /// The attempt group.
    pub group_key: String,
    /// The money had been set aside.
    #[serde(default)]
    pub was_held: bool,
    /// What it was meant for.
    pub purpose: Purpose,
}

impl Event for PaymentFailed {
    const NAME: &'static str = "payments.payment.failed";

    fn subject(&self) -> String {
        format!("payment:{}", self.payment_id)
    }
}

/// A refund left through the gateway or by hand: once per refund that stays settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundSettled {
    /// The refund.
    pub refund_id: i64,
    /// The refunded payment; none for an imported refund whose payment is unknown.
    pub payment_id: Option<i64>,
    /// Who got it.
    pub customer_id: i64,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
}

impl Event for RefundSettled {
    const NAME: &'static str = "payments.refund.settled";

    fn subject(&self) -> String {
        format!("refund:{}", self.refund_id)
    }
}

/// A refund did not reach the payer, or came back: the money is on `unapplied_payments` again and must be put on credit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefundFailed {
    /// The refund.
    pub refund_id: i64,
    /// The payment it was to refund.
    pub payment_id: Option<i64>,
    /// Whose money it is.
    pub customer_id: i64,
    /// How much.
    pub amount_minor: i64,
    /// In what.
    pub currency: Currency,
    /// The vendor's word, or ours.
    pub failure_code: String,
}

impl Event for RefundFailed {
    const NAME: &'static str = "payments.refund.failed";

    fn subject(&self) -> String {
        format!("refund:{}", self.refund_id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stored events must be readable for ever: these texts are never edited, only added to.
    #[test]
    fn the_stored_forms_still_decode() {
        let captured: PaymentCaptured = serde_json::from_str(
            r#"{"payment_id":1,"customer_id":2,"amount_minor":1250,"currency":"EUR","purpose":{"invoices":[[9,1250]],"reason":"renewal"}}"#,
        )
        .unwrap();
        assert_eq!(captured.purpose, Purpose { invoices: vec![(9, 1_250)], reason: "renewal".to_owned() });
        let held: PaymentHeld = serde_json::from_str(
            r#"{"payment_id":1,"customer_id":2,"amount_minor":1250,"currency":"EUR","until_micros":9,"purpose":{"invoices":[[9,1250]],"reason":"order"}}"#,
        )
        .unwrap();
        assert_eq!((held.amount_minor, held.until_micros), (1_250, 9));
        serde_json::from_str::<PaymentFailed>(
            r#"{"payment_id":1,"customer_id":2,"amount_minor":1250,"currency":"EUR","state":"declined","decline_code":"expired_card","decline_class":"customer_must_act","group_key":"inv-9:1","purpose":{"invoices":[],"reason":""}}"#,
        )
        .unwrap();
        let money = r#""customer_id":2,"amount_minor":1250,"currency":"KWD""#;
        serde_json::from_str::<RefundSettled>(&format!(r#"{{"refund_id":1,"payment_id":null,{money}}}"#))
            .unwrap();
        serde_json::from_str::<RefundFailed>(&format!(
            r#"{{"refund_id":1,"payment_id":5,"failure_code":"x",{money}}}"#
        ))
        .unwrap();
    }
}

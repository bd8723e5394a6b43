//! Payments that did not come through a driver: recorded by staff.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, FieldError};
use bursar_gateway::Presence;
use bursar_ids::Id;
use bursar_money::Money;
use bursar_time::{Date, Instant};

use crate::capture::{captured, post_capture};
use crate::error::PayError;
use crate::payment::{Capture, Payment, PaymentKind, PaymentState, Purpose};
use crate::{permissions, store};

/// A payment that staff has seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManualPayment {
    /// Who paid.
    pub customer: i64,
    /// Where: `bank_transfer`, `cash`, `cheque`, or a gateway's id.
    pub gateway: String,
    /// What was paid; positive.
    pub amount: Money,
    /// What was kept on the way; from zero up to the amount, in its currency.
    pub fee: Money,
    /// When it was received.
    pub received_on: Date,
    /// The bank's reference or the cheque's number.
    pub reference: String,
    /// What it is for.
    pub purpose: Purpose,
    /// A token of the form that was sent: the same token records once.
    pub form_key: String,
}

/// Records a payment as staff: checks the right to do so and what was typed.
pub async fn record_payment(cx: &Cx, payment: ManualPayment) -> Result<Id<Payment>, PayError> {
    cx.require(permissions::PAYMENT_RECORD)?;
    let wrong = problems(&payment, cx.today());
    if !wrong.is_empty() {
        return Err(PayError::Invalid(wrong));
    }
    cx.write(async move |tx: &mut Tx| {
        let key = form_key(&payment);
        if let Some(known) = store::find_by_key(tx, &key).await? {
            return Ok(known.id);
        }
        let id = record_manual(tx, payment.clone()).await?;
        let after = serde_json::json!({
            "customer": payment.customer,
            "gateway": payment.gateway,
            "amount": payment.amount.to_string(),
            "fee": payment.fee.to_string(),
            "received_on": payment.received_on.to_string(),
            "reference": payment.reference,
        });
        let subject = format!("payment:{id}");
        let audit = Audit {
            action: permissions::PAYMENT_RECORD,
            subject: &subject,
            before: None,
            after: Some(after),
        };
        bursar_audit::record(tx, audit).await?;
        Ok(id)
    })
    .await
}

fn form_key(payment: &ManualPayment) -> String {
    format!("manual:{}", payment.form_key)
}

fn problems(payment: &ManualPayment, today: Date) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if !payment.amount.is_positive() {
        wrong.push(FieldError::new("amount", "Enter the amount received, above zero."));
    }
    if payment.fee.currency() != payment.amount.currency()
        || payment.fee.is_negative()
        || payment.fee.minor() > payment.amount.minor()
    {
        wrong.push(FieldError::new("fee", "The fee is between zero and the amount."));
    }
    if payment.received_on > today {
        wrong.push(FieldError::new("received_on", "The date of receipt cannot be in the future."));
    }
    if payment.gateway.trim().is_empty() {
        wrong.push(FieldError::new("gateway", "Choose how the payment was received."));
    }
    wrong
}

/// Records a payment at once as captured, with its entry and event. The same form key again gives the same payment.
///
/// # Errors
/// A fault when the amount is not positive or the fee is in another currency; the surface has checked what was typed.
pub async fn record_manual(tx: &mut Tx, manual: ManualPayment) -> Result<Id<Payment>, Fault> {
    let key = form_key(&manual);
    if let Some(known) = store::find_by_key(tx, &key).await? {
        return Ok(known.id);
    }
    let id = tx.new_id()?;
    let payment = Payment {
        customer: manual.customer,
        gateway: manual.gateway,
        kind: PaymentKind::Manual,
        fee: manual.fee,
        reference: manual.reference,
        purpose: manual.purpose,
        group_key: manual.form_key,
        ..received(id, key, manual.amount, manual.received_on, tx)
    };
    insert_captured(tx, payment).await?;
    Ok(id)
}

fn received(id: Id<Payment>, key: String, amount: Money, on: Date, tx: &Tx) -> Payment {
    let now = tx.now();
    Payment {
        id,
        customer: 0,
        gateway: String::new(),
        kind: PaymentKind::Manual,
        amount,
        fee: Money::zero(amount.currency()),
        refunded: Money::zero(amount.currency()),
        capture: Capture::AtOnce,
        held_until: None,
        takes_parts: false,
        part: None,
        state: PaymentState::Captured,
        key,
        gateway_reference: String::new(),
        decline_code: String::new(),
        decline_class: String::new(),
        message: String::new(),
        action_url: String::new(),
        reference: String::new(),
        received_on: Some(on),
        purpose: Purpose::default(),
        group_key: String::new(),
        method: None,
        presence: Presence::Absent,
        return_url: None,
        created_at: now,
        updated_at: now,
        captured_at: Some(Instant::from_date_start(on, tx.zone())),
        entry: None,
        version: 1,
    }
}

async fn insert_captured(tx: &mut Tx, mut payment: Payment) -> Result<(), Fault> {
    let on = payment.received_on.unwrap_or_else(|| tx.today());
    if !payment.amount.is_positive() {
        return Err(Fault::new(format!("a payment of {} cannot be recorded", payment.amount)));
    }
    payment.entry = Some(post_capture(tx, &payment, on).await?);
    store::insert(tx, &payment).await?;
    bursar_events::emit(tx, &captured(&payment)).await
}

#[cfg(test)]
mod tests {
    use bursar_money::Currency;

    use super::*;

    #[test]
    fn what_was_typed_is_checked_field_by_field() {
        let today = Date::constant(2026, 1, 10);
        let good = ManualPayment {
            customer: 1,
            gateway: "bank_transfer".into(),
            amount: Money::new(1_000, Currency::EUR),
            fee: Money::new(0, Currency::EUR),
            received_on: today,
            reference: String::new(),
            purpose: Purpose::default(),
            form_key: "f".into(),
        };
        let fields = |p: &ManualPayment| problems(p, today).into_iter().map(|e| e.field).collect::<Vec<_>>();
        assert_eq!(fields(&good), Vec::<&str>::new());
        let eur = |minor| Money::new(minor, Currency::EUR);
        assert_eq!(fields(&ManualPayment { amount: eur(0), ..good.clone() }), ["amount"]);
        assert_eq!(fields(&ManualPayment { fee: eur(1_001), ..good.clone() }), ["fee"]);
        assert_eq!(fields(&ManualPayment { fee: eur(-1), ..good.clone() }), ["fee"]);
        assert_eq!(fields(&ManualPayment { fee: Money::new(0, Currency::USD), ..good.clone() }), ["fee"]);
        let tomorrow = Date::constant(2026, 1, 11);
        assert_eq!(fields(&ManualPayment { received_on: tomorrow, ..good.clone() }), ["received_on"]);
        assert_eq!(fields(&ManualPayment { gateway: " ".into(), ..good }), ["gateway"]);
    }
}

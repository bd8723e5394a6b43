//! Refunds and kept methods at the processor.

use bursar_gateway::RefundRequest;
use bursar_outbound::CallError;
use bursar_time::Instant;

use crate::cards;
use crate::journal::{ChargeStatus, Method, Refund, RefundStatus};
use crate::processor::{Inner, PENDING_SECONDS, cannot_write, name_hash};

impl Inner {
    /// Refunds once per key, never more than what is left of the charge.
    pub(crate) fn refund(&mut self, now: Instant, request: &RefundRequest) -> Result<Refund, CallError> {
        self.settle_due(now);
        let (minor, currency) = (request.amount.minor(), request.amount.currency().code());
        if let Some(known) = self.refunds.get(request.key.as_str()) {
            if (known.amount_minor, known.currency.as_str()) != (minor, currency) {
                return Err(CallError::Refused(
                    "the idempotency key was used with another amount".to_owned(),
                ));
            }
            return Ok(known.clone());
        }
        let charge = self
            .charge_by_reference(request.charge.as_str())
            .ok_or_else(|| CallError::Refused("no charge has this reference".to_owned()))?;
        if minor <= 0 || currency != charge.currency {
            return Err(CallError::Refused("a refund is positive and in the charge's currency".to_owned()));
        }
        let refunded: i64 = self
            .refunds
            .values()
            .filter(|r| r.charge == charge.reference && !matches!(r.status, RefundStatus::Failed { .. }))
            .map(|r| r.amount_minor)
            .sum();
        let failed = |code: &str| RefundStatus::Failed { code: code.to_owned() };
        let pending = |succeeds| RefundStatus::Pending { until: now.plus_seconds(PENDING_SECONDS), succeeds };
        let status = match (&charge.status, charge.card.as_str()) {
            (ChargeStatus::Captured { .. }, _) if minor > charge.taken_minor() - refunded => {
                failed("charge_already_refunded")
            }
            (ChargeStatus::Captured { .. }, cards::REFUND_FAILS) => failed("expired_or_canceled_card"),
            (ChargeStatus::Captured { .. }, cards::REFUND_PENDING) => pending(true),
            (ChargeStatus::Captured { .. }, cards::REFUND_FAILS_LATER) => pending(false),
            (ChargeStatus::Captured { .. }, _) => RefundStatus::Settled,
            _ => failed("charge_not_captured"),
        };
        let refund = Refund {
            key: request.key.as_str().to_owned(),
            reference: format!("sbx_re_{:016x}", name_hash(request.key.as_str())),
            charge: charge.reference,
            amount_minor: minor,
            currency: currency.to_owned(),
            status,
        };
        self.save_refund(refund.clone()).map_err(cannot_write)?;
        self.announce_refund(now, &refund);
        Ok(refund)
    }

    /// Keeps a test card for a customer.
    pub(crate) fn store_method(&mut self, customer: i64, card: &str) -> Result<Method, CallError> {
        if cards::behaviour(card).is_none() {
            return Err(CallError::Refused("the method is not a test card".to_owned()));
        }
        let number = self.methods.len() + 1;
        let token = format!("sbx_pm_{number}_{:016x}", name_hash(&format!("{customer}:{card}")));
        let method = Method { token, card: card.to_owned(), customer, forgotten: false };
        self.save_method(method.clone()).map_err(cannot_write)?;
        Ok(method)
    }

    /// Makes a kept card unusable.
    pub(crate) fn forget_method(&mut self, token: &str) -> Result<(), CallError> {
        match self.methods.get(token).cloned() {
            Some(method) if !method.forgotten => {
                self.save_method(Method { forgotten: true, ..method }).map_err(cannot_write)
            }
            _ => Ok(()),
        }
    }
}

//! Money that is set aside at the processor: taken whole, let go, or run out.

use bursar_outbound::CallError;
use bursar_time::Instant;

use crate::cards;
use crate::journal::{Charge, ChargeStatus, Record};
use crate::plan::chance;
use crate::processor::{Inner, TimerOf, cannot_write};

/// How long money is held: what card networks allow for what is bought over the internet.
pub const HOLD_SECONDS: i64 = 7 * 86_400;
/// How long the card [`cards::HOLD_SHORT`] holds.
const SHORT_SECONDS: i64 = 3_600;

impl Inner {
    /// The payer's side agreed: money is taken, or set aside where that was asked for.
    pub(crate) fn succeed(&mut self, now: Instant, charge: &mut Charge) {
        if !charge.is_hold {
            return charge.capture(now);
        }
        let Self { plan, rng, .. } = self;
        let is_short = charge.card == cards::HOLD_SHORT || chance(rng, plan.hold_short_ppm);
        let seconds = if is_short { SHORT_SECONDS } else { HOLD_SECONDS };
        charge.status = ChargeStatus::Held { until: now.plus_seconds(seconds) };
    }

    /// Takes all that is held. What is over already stays as it is.
    pub(crate) fn capture_held(&mut self, now: Instant, key: &str) -> Result<Charge, CallError> {
        let mut charge = self.hold(now, key)?;
        if let ChargeStatus::Held { .. } = charge.status {
            let Self { plan, rng, .. } = self;
            if charge.card == cards::CAPTURE_DECLINED || chance(rng, plan.capture_decline_ppm) {
                charge.status = ChargeStatus::Declined { code: "insufficient_funds".to_owned() };
            } else {
                charge.capture(now);
            }
            self.end_hold(now, &charge)?;
        }
        Ok(charge)
    }

    /// Lets go of what is held, or withdraws what would become a hold. What is over already stays as it is.
    pub(crate) fn release_held(&mut self, now: Instant, key: &str) -> Result<Charge, CallError> {
        let mut charge = self.hold(now, key)?;
        if let ChargeStatus::Held { .. } | ChargeStatus::Pending { .. } | ChargeStatus::RequiresAction =
            charge.status
        {
            charge.status = ChargeStatus::Cancelled;
            self.end_hold(now, &charge)?;
        }
        Ok(charge)
    }

    fn hold(&mut self, now: Instant, key: &str) -> Result<Charge, CallError> {
        self.settle_due(now);
        let charge = self.charges.get(key).filter(|charge| charge.is_hold).cloned();
        charge.ok_or_else(|| CallError::Refused("nothing was held under this key".to_owned()))
    }

    fn end_hold(&mut self, now: Instant, charge: &Charge) -> Result<(), CallError> {
        self.timers.retain(|(_, subject, of)| *subject == TimerOf::Refund || *of != charge.key);
        self.save_charge(charge.clone()).map_err(cannot_write)?;
        self.announce_charge(now, charge);
        Ok(())
    }

    /// The time of a hold is over.
    pub(crate) fn run_out(&mut self, at: Instant, key: &str) {
        let Some(mut charge) = self.charges.get(key).cloned() else { return };
        let ChargeStatus::Held { .. } = charge.status else { return };
        charge.status = ChargeStatus::Expired;
        self.timers.retain(|(_, subject, of)| *subject == TimerOf::Refund || of != key);
        self.keep(Record::Charge(charge.clone()));
        self.announce_charge(at, &charge);
    }
}

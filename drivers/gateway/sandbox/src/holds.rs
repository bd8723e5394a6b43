//! Money that is set aside at the processor: taken whole or in part, let go, or run out.

use bursar_money::Money;
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

/// Whether less than all that a card holds can be taken.
pub(crate) fn takes_parts(card: &str) -> bool {
    card != cards::HOLD_WHOLE
}

/// A part of a hold in minor units, if it can be taken.
fn part_of(charge: &Charge, part: Money) -> Result<i64, CallError> {
    let minor = part.minor();
    let is_all = minor == charge.amount_minor;
    if part.currency().code() != charge.currency || !(1..=charge.amount_minor).contains(&minor) {
        return Err(CallError::Refused(format!("{part} is not a part of what is held")));
    }
    if !is_all && !takes_parts(&charge.card) {
        return Err(CallError::Refused("what this card holds is taken whole".to_owned()));
    }
    Ok(minor)
}

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

    /// Takes a part of what is held, or all. What is over already stays as it is.
    pub(crate) fn capture_held(
        &mut self,
        now: Instant,
        key: &str,
        part: Option<Money>,
    ) -> Result<Charge, CallError> {
        let mut charge = self.hold(now, key)?;
        if let ChargeStatus::Held { .. } = charge.status {
            let part = part.map(|part| part_of(&charge, part)).transpose()?;
            let Self { plan, rng, .. } = self;
            if charge.card == cards::CAPTURE_DECLINED || chance(rng, plan.capture_decline_ppm) {
                charge.status = ChargeStatus::Declined { code: "insufficient_funds".to_owned() };
            } else {
                charge.part_minor = part;
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

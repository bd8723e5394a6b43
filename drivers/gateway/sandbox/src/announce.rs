//! What the processor tells: webhooks, as often, as late and as truly as card and plan say.

use bursar_time::Instant;

use crate::cards;
use crate::journal::{Charge, ChargeStatus, Hook, Record, Refund, RefundStatus};
use crate::plan::chance;
use crate::processor::{Inner, name_hash};
use crate::webhook::{Body, Subject};

const LATE_SECONDS: i64 = 86_400;

impl Inner {
    pub(crate) fn announce_charge(&mut self, now: Instant, charge: &Charge) {
        let status = match &charge.status {
            ChargeStatus::Pending { .. } => "pending",
            ChargeStatus::RequiresAction => "requires_action",
            ChargeStatus::Captured { .. } => "captured",
            ChargeStatus::Declined { .. } => "declined",
            ChargeStatus::Held { .. } => "held",
            ChargeStatus::Cancelled => "cancelled",
            ChargeStatus::Expired => "expired",
        };
        let body = Body {
            id: String::new(),
            created_at: now,
            subject: Subject::Charge,
            key: charge.key.clone(),
            reference: charge.reference.clone(),
            status: status.to_owned(),
            amount_minor: charge.amount_minor,
            currency: charge.currency.clone(),
        };
        self.announce(now, body, &charge.card.clone());
    }

    pub(crate) fn announce_refund(&mut self, now: Instant, refund: &Refund) {
        let status = match &refund.status {
            RefundStatus::Pending { .. } => "pending",
            RefundStatus::Settled => "settled",
            RefundStatus::Failed { .. } => "failed",
        };
        let body = Body {
            id: String::new(),
            created_at: now,
            subject: Subject::Refund,
            key: refund.key.clone(),
            reference: refund.reference.clone(),
            status: status.to_owned(),
            amount_minor: refund.amount_minor,
            currency: refund.currency.clone(),
        };
        self.announce(now, body, "");
    }

    /// Queues a webhook, as often, as late and as truly as the card and the plan say.
    fn announce(&mut self, now: Instant, mut body: Body, card: &str) {
        let Inner { plan, rng, .. } = self;
        let lost = card == cards::WEBHOOK_NEVER || chance(rng, plan.webhook_lost_ppm);
        let twice = card == cards::WEBHOOK_TWICE || chance(rng, plan.webhook_twice_ppm);
        let late = card == cards::WEBHOOK_LATE || chance(rng, plan.webhook_late_ppm);
        let first = card == cards::WEBHOOK_FIRST || chance(rng, plan.webhook_first_ppm);
        let forged = card == cards::WEBHOOK_FORGED || chance(rng, plan.webhook_forged_ppm);
        let due_at = if late { now.plus_seconds(LATE_SECONDS) } else { now };
        let number = self.next_number();
        body.id = format!("evt_{:016x}_{number}", name_hash(&body.key));
        let text = serde_json::to_string(&body).expect("a webhook's body is plain data");
        if forged {
            let lie = Body { id: format!("{}_x", body.id), status: "captured".to_owned(), ..body };
            let text = serde_json::to_string(&lie).expect("a webhook's body is plain data");
            let number = self.next_number();
            self.keep(Record::Hook(Hook { number, due_at: now, body: text, forged: true, taken: false }));
        }
        if lost {
            return;
        }
        self.keep(Record::Hook(Hook { number, due_at, body: text.clone(), forged: false, taken: false }));
        if first {
            self.early.push(number);
        }
        if twice {
            let number = self.next_number();
            self.keep(Record::Hook(Hook { number, due_at, body: text, forged: false, taken: false }));
        }
    }
}

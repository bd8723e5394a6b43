//! What goes wrong on the way, drawn from a seed.

use bursar_ids::Rng;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTrouble {
    /// The connection is refused: nothing happens.
    Refuse,
    /// The vendor asks to wait: nothing happens.
    RateLimit,
    /// The request is lost: nothing happens, and the caller cannot know.
    LoseBefore,
    /// The vendor acts and its answer is lost.
    LoseAfter,
    /// The vendor acts and its answer is garbage.
    Garble,
}

/// How often things go wrong, in parts per million, each drawn independently from the seed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultPlan {
    /// Same seed and same calls: same faults.
    pub seed: u64,
    /// [`CallTrouble::Refuse`].
    pub refuse_ppm: u32,
    /// [`CallTrouble::RateLimit`].
    pub rate_limit_ppm: u32,
    /// [`CallTrouble::LoseBefore`].
    pub lose_before_ppm: u32,
    /// [`CallTrouble::LoseAfter`].
    pub lose_after_ppm: u32,
    /// [`CallTrouble::Garble`].
    pub garble_ppm: u32,
    /// A plain card declines with `insufficient_funds`.
    pub decline_ppm: u32,
    /// A webhook never comes.
    pub webhook_lost_ppm: u32,
    /// A webhook comes twice.
    pub webhook_twice_ppm: u32,
    /// A webhook comes a day late.
    pub webhook_late_ppm: u32,
    /// A webhook comes before the answer.
    pub webhook_first_ppm: u32,
    /// A forged webhook comes beside the true one.
    pub webhook_forged_ppm: u32,
    /// A batch of webhooks comes in the wrong order.
    pub webhook_reorder_ppm: u32,
    /// The bank refuses the capture of what was held.
    pub capture_decline_ppm: u32,
    /// What is held can be captured for an hour only.
    pub hold_short_ppm: u32,
}

impl FaultPlan {
    /// Nothing goes wrong.
    pub fn calm() -> Self {
        Self {
            seed: 0,
            refuse_ppm: 0,
            rate_limit_ppm: 0,
            lose_before_ppm: 0,
            lose_after_ppm: 0,
            garble_ppm: 0,
            decline_ppm: 0,
            webhook_lost_ppm: 0,
            webhook_twice_ppm: 0,
            webhook_late_ppm: 0,
            webhook_first_ppm: 0,
            webhook_forged_ppm: 0,
            webhook_reorder_ppm: 0,
            capture_decline_ppm: 0,
            hold_short_ppm: 0,
        }
    }

    /// Everything goes wrong now and then: about every third call and every other webhook.
    pub fn stormy(seed: u64) -> Self {
        Self {
            seed,
            refuse_ppm: 60_000,
            rate_limit_ppm: 40_000,
            lose_before_ppm: 80_000,
            lose_after_ppm: 100_000,
            garble_ppm: 30_000,
            decline_ppm: 100_000,
            webhook_lost_ppm: 100_000,
            webhook_twice_ppm: 200_000,
            webhook_late_ppm: 100_000,
            webhook_first_ppm: 100_000,
            webhook_forged_ppm: 50_000,
            webhook_reorder_ppm: 200_000,
            capture_decline_ppm: 50_000,
            hold_short_ppm: 50_000,
        }
    }

    /// The trouble of the next call.
    pub(crate) fn draw_call(&self, rng: &mut Rng) -> Option<CallTrouble> {
        [
            (self.refuse_ppm, CallTrouble::Refuse),
            (self.rate_limit_ppm, CallTrouble::RateLimit),
            (self.lose_before_ppm, CallTrouble::LoseBefore),
            (self.lose_after_ppm, CallTrouble::LoseAfter),
            (self.garble_ppm, CallTrouble::Garble),
        ]
        .into_iter()
        .find(|(ppm, _)| chance(rng, *ppm))
        .map(|(_, trouble)| trouble)
    }
}

/// A draw that costs no randomness when it cannot come true, so that calm plans leave the sequence alone.
pub(crate) fn chance(rng: &mut Rng, ppm: u32) -> bool {
    ppm > 0 && rng.below(1_000_000) < u64::from(ppm)
}

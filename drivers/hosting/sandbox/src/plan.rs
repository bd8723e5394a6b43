//! What goes wrong on the way, drawn from a seed.

use bursar_ids::Rng;

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallTrouble {
    /// The connection is refused: nothing happens.
    Refuse,
    /// The vendor asks to wait: nothing happens.
    RateLimit,
    /// The vendor refuses for good: nothing happens.
    Reject,
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
    /// [`CallTrouble::Reject`]. Nobody comes through it without a person, so that no plan but a special one has it.
    pub reject_ppm: u32,
    /// [`CallTrouble::LoseBefore`].
    pub lose_before_ppm: u32,
    /// [`CallTrouble::LoseAfter`].
    pub lose_after_ppm: u32,
    /// [`CallTrouble::Garble`].
    pub garble_ppm: u32,
    /// A machine fails to build.
    pub build_fails_ppm: u32,
    /// A node says that it has no room for another machine.
    pub full_ppm: u32,
    /// A webhook never comes.
    pub webhook_lost_ppm: u32,
    /// A webhook comes twice.
    pub webhook_twice_ppm: u32,
}

impl FaultPlan {
    /// Nothing goes wrong.
    pub fn calm() -> Self {
        Self {
            seed: 0,
            refuse_ppm: 0,
            rate_limit_ppm: 0,
            reject_ppm: 0,
            lose_before_ppm: 0,
            lose_after_ppm: 0,
            garble_ppm: 0,
            build_fails_ppm: 0,
            full_ppm: 0,
            webhook_lost_ppm: 0,
            webhook_twice_ppm: 0,
        }
    }

    /// Everything goes wrong now and then: about every third call, every tenth machine and every third webhook.
    pub fn stormy(seed: u64) -> Self {
        Self {
            seed,
            refuse_ppm: 60_000,
            rate_limit_ppm: 40_000,
            reject_ppm: 0,
            lose_before_ppm: 80_000,
            lose_after_ppm: 100_000,
            garble_ppm: 30_000,
            build_fails_ppm: 100_000,
            full_ppm: 0,
            webhook_lost_ppm: 100_000,
            webhook_twice_ppm: 200_000,
        }
    }

    /// The trouble of the next call.
    pub(crate) fn draw_call(&self, rng: &mut Rng) -> Option<CallTrouble> {
        [
            (self.refuse_ppm, CallTrouble::Refuse),
            (self.rate_limit_ppm, CallTrouble::RateLimit),
            (self.reject_ppm, CallTrouble::Reject),
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
    ppm > 0 && rng.chance_ppm(ppm)
}

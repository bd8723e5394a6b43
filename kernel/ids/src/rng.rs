//! Randomness that can be repeated.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng as _, SeedableRng as _};

/// A generator that gives the same values for the same seed, on every platform and in every release.
///
/// ChaCha20, so that a generator seeded by the operating system is also good enough for tokens and keys.
pub struct Rng(ChaCha20Rng);

impl Rng {
    /// The generator of this seed: for tests, simulation and demo data. Never for secrets.
    pub fn from_seed(seed: u64) -> Self {
        Self(ChaCha20Rng::seed_from_u64(seed))
    }

    /// A generator nobody can predict. The one place that asks the operating system.
    pub fn from_os() -> Self {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).expect("the operating system provides randomness");
        Self(ChaCha20Rng::from_seed(seed))
    }

    /// A generator of its own for one part of a run, so that what one part draws does not move the others.
    #[must_use]
    pub fn fork(&mut self) -> Self {
        Self(ChaCha20Rng::from_seed(self.bytes()))
    }

    /// Any number.
    pub fn u64(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.fill_bytes(&mut bytes);
        bytes
    }

    /// A secret of `n_bytes` random bytes, as base64url without padding (32 bytes are 43 characters).
    pub fn token(&mut self, n_bytes: usize) -> String {
        let mut bytes = vec![0; n_bytes];
        self.0.fill_bytes(&mut bytes);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// A number from 0 up to, but not including, `n`; every one equally likely. `n` must not be 0.
    pub fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "there is no number below 0");
        // The numbers under 2^64 mod n would make small results likelier; draw again.
        let skip = n.wrapping_neg() % n;
        loop {
            let drawn = self.u64();
            if drawn >= skip {
                return drawn % n;
            }
        }
    }

    /// True `ppm` times in a million.
    pub fn chance_ppm(&mut self, ppm: u32) -> bool {
        self.below(1_000_000) < u64::from(ppm)
    }

    /// One of them, or `None` when there is none.
    pub fn pick<'a, T>(&mut self, among: &'a [T]) -> Option<&'a T> {
        if among.is_empty() {
            return None;
        }
        let index = self.below(among.len() as u64);
        among.get(usize::try_from(index).expect("an index below a length"))
    }
}

impl fmt::Debug for Rng {
    /// Never shows the state: it predicts every token to come.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rng(..)")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Rng;

    #[test]
    fn the_same_seed_gives_the_same_values() {
        let draw = |seed| {
            let mut rng = Rng::from_seed(seed);
            (rng.u64(), rng.bytes::<5>(), rng.token(9), rng.below(1000), rng.fork().u64())
        };
        assert_eq!(draw(42), draw(42));
        assert_ne!(draw(42), draw(43));
        assert_ne!(Rng::from_os().u64(), Rng::from_os().u64());
    }

    #[test]
    fn a_seed_keeps_its_values_from_release_to_release() {
        let mut rng = Rng::from_seed(42);
        assert_eq!(
            (rng.u64(), rng.token(6), rng.below(1_000_000)),
            (9_482_535_800_248_027_256, "mWMXo_nJ".to_owned(), 428_821)
        );
    }

    #[test]
    fn a_token_is_base64url_without_padding() {
        for n_bytes in [0usize, 1, 2, 3, 16, 32] {
            let token = Rng::from_seed(1).token(n_bytes);
            assert_eq!(token.len(), (n_bytes * 4).div_ceil(3));
            assert!(token.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'));
        }
    }

    #[test]
    fn chance_is_never_at_nothing_and_always_at_a_million() {
        let mut rng = Rng::from_seed(3);
        assert!((0..1000).all(|_| !rng.chance_ppm(0)));
        assert!((0..1000).all(|_| rng.chance_ppm(1_000_000)));
        let hits = (0..10_000).filter(|_| rng.chance_ppm(250_000)).count();
        assert!((2_300..2_700).contains(&hits), "{hits}");
    }

    #[test]
    fn numbers_below_a_bound_are_spread_evenly() {
        let mut rng = Rng::from_seed(4);
        let mut counts = [0u32; 6];
        for _ in 0..60_000 {
            counts[usize::try_from(rng.below(6)).unwrap()] += 1;
        }
        assert!(counts.iter().all(|count| (9_500..10_500).contains(count)), "{counts:?}");
    }

    #[test]
    fn picks_nothing_from_nothing() {
        assert_eq!(Rng::from_seed(1).pick::<u8>(&[]), None);
    }

    proptest! {
        #[test]
        fn below_stays_below(seed: u64, n in 1u64..) {
            let mut rng = Rng::from_seed(seed);
            for _ in 0..20 {
                prop_assert!(rng.below(n) < n);
            }
        }

        #[test]
        fn picks_only_what_is_there(seed: u64, among in proptest::collection::vec(0u8.., 1..20)) {
            let picked = *Rng::from_seed(seed).pick(&among).unwrap();
            prop_assert!(among.contains(&picked));
        }
    }
}

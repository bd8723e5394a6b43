//! Passwords of resources: made up here, sealed for their row, opened for a call or for the customer's eyes.

use bursar_context::Cx;
use bursar_fault::Fault;
use bursar_vault::{Secret, Vault};

/// What they are sealed for: they do not open as anything else's.
const PLACE: &str = "provisioning_resources:password";
/// Letters and digits that are not taken for one another, read out over the telephone.
const ALPHABET: &[u8; 54] = b"abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ234567";
const LENGTH: usize = 20;

/// Seals passwords. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Seals(Vault);

impl Seals {
    /// With the keys of this installation.
    pub const fn new(vault: Vault) -> Self {
        Self(vault)
    }

    /// A new password, sealed. Twenty characters with small letters, capitals, digits and a hyphen, which the rules of every
    /// panel take.
    pub(crate) fn fresh_password(&self, cx: &Cx) -> String {
        cx.with_rng(|rng| {
            let mut password = String::with_capacity(LENGTH);
            while password.len() < LENGTH {
                match password.len() {
                    5 => password.push('7'),
                    11 => password.push('-'),
                    17 => password.push('K'),
                    _ => {
                        let index = usize::try_from(rng.below(ALPHABET.len() as u64)).unwrap_or_default();
                        password.push(char::from(ALPHABET[index]));
                    }
                }
            }
            self.0.seal(password.as_bytes(), PLACE, rng).to_string()
        })
    }

    /// Opens one.
    pub(crate) fn open(&self, sealed: &str) -> Result<Secret<String>, Fault> {
        Ok(self.0.open_text(sealed, PLACE)?)
    }
}

#[cfg(test)]
mod tests {
    use bursar_ids::Rng;
    use bursar_testkit::on_both_engines;
    use bursar_vault::KeyRing;

    use super::*;

    #[test]
    fn passwords_differ_open_again_and_please_every_panel() {
        let seals = Seals::new(Vault::new(KeyRing::generate(&mut Rng::from_seed(1))));
        on_both_engines(Vec::new(), async |cx| {
            let (one, two) = (seals.fresh_password(&cx), seals.fresh_password(&cx));
            let (one, two) = (seals.open(&one).unwrap(), seals.open(&two).unwrap());
            assert_ne!(one.expose(), two.expose());
            let has = |is: fn(char) -> bool| one.expose().chars().any(is);
            assert_eq!(one.expose().len(), 20);
            assert!(has(|c| c.is_ascii_lowercase()) && has(|c| c.is_ascii_uppercase()));
            assert!(has(|c| c.is_ascii_digit()) && has(|c| c == '-'));
        });
    }
}

//! Passwords: argon2id with the parameters OWASP recommends (19 MiB, two passes), in the usual `$argon2id$…` text.
//!
//! Hashes of other systems are recognised until the person has signed in once; see [`foreign`].

mod breached;
mod foreign;

use std::time::Duration;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use bursar_context::Cx;
use bursar_fault::{Fault, FieldError, Text};
use bursar_time::Stopwatch;
use subtle::ConstantTimeEq as _;

use crate::error::IdentityError;

pub use foreign::is_foreign_hash;

const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;
const SHORTEST: usize = 12;
const LONGEST: usize = 200;

/// What is wrong with a new password, if anything. Length is what counts; rules about signs only make people write
/// passwords down.
pub fn password_problem(password: &str) -> Option<FieldError> {
    let length = password.chars().count();
    if !(SHORTEST..=LONGEST).contains(&length) {
        let text = format!("Use {SHORTEST} to {LONGEST} characters; a sentence is a good password.");
        return Some(FieldError::new("password", text).in_words(password_rule()));
    }
    breached::is_common(password).then(|| {
        let text =
            "Everybody who guesses tries this one first. Choose another: a sentence is a good password.";
        FieldError::new("password", text).in_words(Text::new("identity-password-common"))
    })
}

/// What a new password must be, to be said before one is chosen.
pub fn password_rule() -> Text {
    Text::new("identity-password-length")
        .with("from", i64::try_from(SHORTEST).unwrap_or_default())
        .with("to", i64::try_from(LONGEST).unwrap_or_default())
}

/// A password as it is stored. Made outside of units of work, because it takes long on purpose.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    pub(crate) fn as_stored(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Checks and hashes a new password.
///
/// # Errors
/// [`IdentityError::Invalid`] about the field `password`.
pub async fn hash_password(cx: &Cx, password: String) -> Result<PasswordHash, IdentityError> {
    match password_problem(&password) {
        Some(wrong) => Err(IdentityError::Invalid(vec![wrong])),
        None => Ok(hash(cx, password).await?),
    }
}

/// Hashes a password away from the threads that answer requests.
pub(crate) async fn hash(cx: &Cx, password: String) -> Result<PasswordHash, Fault> {
    let salt: [u8; 16] = cx.with_rng(bursar_ids::Rng::bytes);
    off_thread(move || {
        let key = derive(&password, &salt, MEMORY_KIB, PASSES, LANES)?;
        let (salt, key) = (STANDARD_NO_PAD.encode(salt), STANDARD_NO_PAD.encode(key));
        Ok(PasswordHash(format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${salt}${key}")))
    })
    .await
}

/// Whether a password belongs to a stored hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Match {
    /// It does, and the hash is as good as those we make.
    Yes,
    /// It does, and should be hashed again: it came from another system or was made with other costs.
    Outdated,
    /// It does not.
    No,
}

/// How long a wrong password takes at least. Hashes of other systems take longer to check than ours, and an unknown
/// address shorter: under this floor all of them take the same time.
const WRONG_TAKES: Duration = Duration::from_millis(250);

/// Compares. Without a hash the same work is done and the answer is no, so that the time does not tell which addresses
/// are known.
pub(crate) async fn matches(stored: Option<String>, password: String) -> Result<Match, Fault> {
    let watch = Stopwatch::start();
    let found = off_thread(move || compare(stored.as_deref(), &password)).await?;
    if found == Match::No {
        rest_of(&watch).await;
    }
    Ok(found)
}

/// Compares with each of several and says which one fits. All of them are compared, so that neither the answer's time
/// nor the time of a right one tells how many there are.
pub(crate) async fn matches_one(
    stored: Vec<Option<String>>,
    password: String,
) -> Result<Option<(usize, Match)>, Fault> {
    let watch = Stopwatch::start();
    let found = off_thread(move || {
        let compared: Result<Vec<Match>, Fault> =
            stored.iter().map(|it| compare(it.as_deref(), &password)).collect();
        Ok(compared?.into_iter().enumerate().find(|(_, found)| *found != Match::No))
    })
    .await?;
    if found.is_none() {
        rest_of(&watch).await;
    }
    Ok(found)
}

/// Waits until a wrong password has taken as long as every wrong one.
async fn rest_of(watch: &Stopwatch) {
    let left = WRONG_TAKES.saturating_sub(watch.elapsed());
    // Nothing is waited for, so the wait can only run out.
    drop(tokio::time::timeout(left, std::future::pending::<()>()).await);
}

fn compare(stored: Option<&str>, password: &str) -> Result<Match, Fault> {
    let Some(stored) = stored else {
        derive(password, &[0; 16], MEMORY_KIB, PASSES, LANES)?;
        return Ok(Match::No);
    };
    if let Some(fits) = foreign::matches(stored, password) {
        return Ok(if fits { Match::Outdated } else { Match::No });
    }
    let (memory, passes, lanes, salt, key) =
        parse(stored).ok_or_else(|| Fault::corrupt("a stored password hash cannot be read"))?;
    let fits: bool = derive(password, &salt, memory, passes, lanes)?.ct_eq(key.as_slice()).into();
    Ok(match fits {
        false => Match::No,
        true if (memory, passes, lanes) == (MEMORY_KIB, PASSES, LANES) => Match::Yes,
        true => Match::Outdated,
    })
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    tokio::task::spawn_blocking(work).await.map_err(|e| Fault::wrap("hashing a password", e))?
}

fn derive(password: &str, salt: &[u8], memory: u32, passes: u32, lanes: u32) -> Result<[u8; 32], Fault> {
    let failed = |e: argon2::Error| Fault::new(format!("argon2: {e}"));
    let params = Params::new(memory, passes, lanes, Some(32)).map_err(failed)?;
    let mut key = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(password.as_bytes(), salt, &mut key)
        .map_err(failed)?;
    Ok(key)
}

fn parse(text: &str) -> Option<(u32, u32, u32, Vec<u8>, Vec<u8>)> {
    let mut parts = text.strip_prefix("$argon2id$v=19$")?.split('$');
    let mut costs = parts.next()?.split(',');
    let mut cost = |name: &str| costs.next()?.strip_prefix(name)?.strip_prefix('=')?.parse().ok();
    let (memory, passes, lanes) = (cost("m")?, cost("t")?, cost("p")?);
    let salt = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    let key = STANDARD_NO_PAD.decode(parts.next()?).ok()?;
    Some((memory, passes, lanes, salt, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_read_back_with_the_costs_it_was_made_with() {
        let text = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AQI";
        assert_eq!(parse(text), Some((19_456, 2, 1, vec![0; 16], vec![1, 2])));
        assert_eq!(parse("$argon2i$v=19$m=1,t=1,p=1$AA$AA"), None);
    }

    #[test]
    fn a_short_password_is_refused_with_the_remedy() {
        assert!(password_problem("elevenchars").is_some());
        assert!(password_problem("Password12345").is_some_and(|wrong| wrong.message.contains("guesses")));
        assert_eq!(password_problem("twelve chars"), None);
    }
}

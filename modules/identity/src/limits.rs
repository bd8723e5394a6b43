//! Limits on what can be guessed or abused, kept in the database so that they hold over restarts and nodes.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use sha2::{Digest as _, Sha256};

bursar_db::statements! {
    /// Tries since a time.
    pub(crate) COUNT = "SELECT COUNT(*) FROM identity_attempts WHERE what = $1 AND at > $2";
    /// One try.
    pub(crate) INSERT = "INSERT INTO identity_attempts (id, what, at) VALUES ($1, $2, $3)";
    /// It was the right person after all.
    pub(crate) CLEAR = "DELETE FROM identity_attempts WHERE what = $1";
    /// What no limit looks at any more.
    pub(crate) PURGE = "DELETE FROM identity_attempts WHERE at < $1";
}

const DAY_SECONDS: i64 = 24 * 60 * 60;

/// So many tries in so many minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Tries.
    pub tries: i64,
    /// Minutes.
    pub minutes: i64,
}

impl Limit {
    /// Wrong passwords for one address.
    pub const PASSWORDS: Self = Self { tries: 5, minutes: 15 };
    /// Wrong codes of a second factor for one person.
    pub const CODES: Self = Self { tries: 10, minutes: 15 };
    /// Invitations into one team: each writes to a stranger.
    pub const INVITATIONS: Self = Self { tries: 20, minutes: 24 * 60 };
    /// Sign-ins from one network, right or wrong: an office may share an address, a guesser of many accounts has one too.
    pub const FROM_NETWORK: Self = Self { tries: 60, minutes: 15 };
    /// Mails with a sign-in link to one address.
    pub const LINKS: Self = Self { tries: 3, minutes: 15 };
}

/// Takes one try before the work is done; false when none is left. `what` and `who` name what is limited, for instance
/// a page and an address; only their hash is stored.
pub async fn spend(tx: &mut Tx, limit: Limit, what: &str, who: &str) -> Result<bool, Fault> {
    let (key, now) = (key(what, who), tx.now());
    tx.exec(&PURGE, params![now.plus_seconds(-DAY_SECONDS)]).await?;
    let since = now.plus_minutes(-limit.minutes);
    let used = tx.query_one(&COUNT, params![&key, since], |row| row.get::<i64>(0)).await?;
    if used >= limit.tries {
        return Ok(false);
    }
    let id = tx.new_raw_id()?;
    tx.exec(&INSERT, params![id, &key, now]).await?;
    Ok(true)
}

/// Whether a try is left, without taking one: for what is counted only when it was wrong.
pub(crate) async fn is_left(tx: &mut Tx, limit: Limit, what: &str, who: &str) -> Result<bool, Fault> {
    let (key, since) = (key(what, who), tx.now().plus_minutes(-limit.minutes));
    let used = tx.query_one(&COUNT, params![&key, since], |row| row.get::<i64>(0)).await?;
    Ok(used < limit.tries)
}

/// Forgets the tries.
pub(crate) async fn clear(tx: &mut Tx, what: &str, who: &str) -> Result<(), Fault> {
    let key = key(what, who);
    tx.exec(&CLEAR, params![&key]).await.map(drop)
}

fn key(what: &str, who: &str) -> String {
    let digest = Sha256::digest(who.trim().to_lowercase().as_bytes());
    format!("{what}:{}", hex::encode(&digest[..16]))
}

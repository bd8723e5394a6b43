//! Limits on attempts, counted in the database so that they hold on every node together.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::error::IdentityError;

bursar_db::statements! {
    /// Counts one attempt and tells how many there were.
    pub(crate) COUNT = "INSERT INTO identity_attempts (bucket, window_start_at, attempts) VALUES ($1, $2, 1)
        ON CONFLICT (bucket, window_start_at) DO UPDATE SET attempts = identity_attempts.attempts + 1
        RETURNING attempts";
    /// Forgets a bucket after a success.
    pub(crate) CLEAR = "DELETE FROM identity_attempts WHERE bucket = $1";
    /// Forgets windows that have passed.
    pub(crate) SWEEP = "DELETE FROM identity_attempts WHERE window_start_at < $1";
}

const WINDOW_MINUTES: i64 = 15;
const WINDOW_MICROS: i64 = WINDOW_MINUTES * 60 * 1_000_000;

/// Counts one attempt; `false` when that was one too many. To be committed either way.
pub(crate) async fn count(tx: &mut Tx, bucket: &str, most: i64) -> Result<bool, Fault> {
    let now = tx.now().micros();
    let window = now - now.rem_euclid(WINDOW_MICROS);
    tx.exec(&SWEEP, params![window]).await?;
    let attempts: i64 = tx.query_one(&COUNT, params![bucket, window], |row| row.get(0)).await?;
    Ok(attempts <= most)
}

pub(crate) async fn clear(tx: &mut Tx, bucket: &str) -> Result<(), Fault> {
    tx.exec(&CLEAR, params![bucket]).await.map(drop)
}

/// The refusal, with the minutes until the window ends.
pub(crate) fn too_many(now: bursar_time::Instant) -> IdentityError {
    let left = WINDOW_MICROS - now.micros().rem_euclid(WINDOW_MICROS);
    IdentityError::TooManyAttempts { minutes: left.div_euclid(60_000_000) + 1 }
}

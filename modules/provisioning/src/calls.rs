//! How servers answer: counted by the hour in the transaction that records a call, and read from those sums.

use std::collections::BTreeMap;

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_outbound::CallError;
use bursar_time::Instant;

use crate::act::Acted;
use crate::service::Operation;
use crate::verdict::Answer;

const HOUR_MICROS: i64 = 3_600_000_000;
const SECOND_MICROS: i64 = 1_000_000;
/// Hours are kept for so many days.
const KEPT_DAYS: i64 = 90;

bursar_db::statements! {
    /// One call more in its hour.
    pub(crate) COUNT = "INSERT INTO provisioning_call_hours (id, server_id, hour_at, calls, failed, repeated, took_micros,
            longest_micros, within_second, within_ten_seconds)
        VALUES ($1, $2, $3, 1, $4, $5, $6, $6, $7, $8)
        ON CONFLICT (server_id, hour_at) DO UPDATE SET
            calls = provisioning_call_hours.calls + 1,
            failed = provisioning_call_hours.failed + excluded.failed,
            repeated = provisioning_call_hours.repeated + excluded.repeated,
            took_micros = provisioning_call_hours.took_micros + excluded.took_micros,
            longest_micros = CASE WHEN excluded.longest_micros > provisioning_call_hours.longest_micros
                THEN excluded.longest_micros ELSE provisioning_call_hours.longest_micros END,
            within_second = provisioning_call_hours.within_second + excluded.within_second,
            within_ten_seconds = provisioning_call_hours.within_ten_seconds + excluded.within_ten_seconds";
    /// Hours of a server, the newest first, before one.
    pub(crate) HOURS = "SELECT hour_at, calls, failed, repeated, took_micros, longest_micros, within_second,
            within_ten_seconds
        FROM provisioning_call_hours WHERE server_id = $1 AND hour_at < $2 ORDER BY hour_at DESC LIMIT $3";
    /// Every server that was called since a time, added up.
    pub(crate) SINCE = "SELECT server_id, CAST(SUM(calls) AS BIGINT), CAST(SUM(failed) AS BIGINT),
            CAST(SUM(repeated) AS BIGINT), CAST(SUM(took_micros) AS BIGINT), MAX(longest_micros),
            CAST(SUM(within_second) AS BIGINT), CAST(SUM(within_ten_seconds) AS BIGINT)
        FROM provisioning_call_hours WHERE hour_at >= $1 GROUP BY server_id ORDER BY server_id LIMIT $2";
    /// What nobody looks at any more.
    pub(crate) FORGET = "DELETE FROM provisioning_call_hours WHERE hour_at < $1";
}

/// Calls of a server, added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// How many.
    pub calls: i64,
    /// Those without an outcome: not answered, not understood, not let in.
    pub failed: i64,
    /// Those that were not the first of their operation.
    pub repeated: i64,
    /// How long they took together.
    pub took_micros: i64,
    /// How long the longest took.
    pub longest_micros: i64,
    /// Those that took no longer than a second.
    pub within_second: i64,
    /// Those that took no longer than ten.
    pub within_ten_seconds: i64,
}

impl Calls {
    /// One call by itself.
    fn of(answer: &Answer, is_repeated: bool, took_micros: i64) -> Self {
        Self {
            calls: 1,
            failed: i64::from(matches!(answer, Answer::Failed(error) if is_silence(error))),
            repeated: i64::from(is_repeated),
            took_micros,
            longest_micros: took_micros,
            within_second: i64::from(took_micros <= SECOND_MICROS),
            within_ten_seconds: i64::from(took_micros <= 10 * SECOND_MICROS),
        }
    }

    /// How many of a hundred were answered, rounded down: a hundred means every one.
    pub fn answered_percent(&self) -> i64 {
        if self.calls == 0 { 100 } else { (self.calls - self.failed) * 100 / self.calls }
    }

    /// How long one took on average, in milliseconds.
    pub fn average_ms(&self) -> i64 {
        if self.calls == 0 { 0 } else { self.took_micros / self.calls / 1_000 }
    }

    /// How long the longest took, in milliseconds.
    pub fn longest_ms(&self) -> i64 {
        self.longest_micros / 1_000
    }
}

/// Counts a call that is being recorded; `asked` is the operation as it was before.
pub(crate) async fn count(tx: &mut Tx, asked: &Operation, acted: &Acted) -> Result<(), Fault> {
    let is_repeated = asked.attempts + asked.polls + asked.vendor_failures > 0 || asked.is_unsure;
    let one = Calls::of(&acted.answer, is_repeated, acted.took_micros);
    let id = tx.new_raw_id()?;
    let values = params![
        id,
        asked.server_id,
        hour_of(acted.at),
        one.failed,
        one.repeated,
        one.took_micros,
        one.within_second,
        one.within_ten_seconds
    ];
    tx.exec(&COUNT, values).await.map(drop)
}

/// A refusal is an answer, and so is a wish to be asked later.
fn is_silence(error: &CallError) -> bool {
    match error {
        CallError::NotSent(_)
        | CallError::Unknown(_)
        | CallError::BadCredentials(_)
        | CallError::Unreadable(_) => true,
        CallError::Refused(_) | CallError::RateLimited { .. } => false,
    }
}

fn hour_of(at: Instant) -> Instant {
    Instant::from_micros(at.micros().div_euclid(HOUR_MICROS) * HOUR_MICROS)
}

/// A server's hours in which it was called, the newest first, before one of them.
pub(crate) async fn hours(
    tx: &mut Tx,
    server: i64,
    before: Instant,
    limit: i64,
) -> Result<Vec<(Instant, Calls)>, Fault> {
    tx.query(&HOURS, params![server, before, limit], |row| Ok((row.get(0)?, calls(row)?))).await
}

/// Every server that was called within the last so many hours, this one included.
///
/// # Errors
/// Faults of the database.
pub async fn of_last_hours(tx: &mut Tx, count: i64, limit: i64) -> Result<BTreeMap<i64, Calls>, Fault> {
    let since = Instant::from_micros(hour_of(tx.now()).micros() - (count - 1) * HOUR_MICROS);
    let rows = tx.query(&SINCE, params![since, limit], |row| Ok((row.get(0)?, calls(row)?))).await?;
    Ok(rows.into_iter().collect())
}

/// Forgets hours that nobody looks at any more.
pub(crate) async fn forget(tx: &mut Tx) -> Result<(), Fault> {
    let before = tx.now().plus_days(-KEPT_DAYS);
    tx.exec(&FORGET, params![before]).await.map(drop)
}

fn calls(row: &Row<'_>) -> Result<Calls, Fault> {
    Ok(Calls {
        calls: row.get(1)?,
        failed: row.get(2)?,
        repeated: row.get(3)?,
        took_micros: row.get(4)?,
        longest_micros: row.get(5)?,
        within_second: row.get(6)?,
        within_ten_seconds: row.get(7)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_an_answer_and_silence_is_none() {
        let failed = |error| Calls::of(&Answer::Failed(error), false, 0).failed;
        assert_eq!(failed(CallError::Refused("no such plan".to_owned())), 0);
        assert_eq!(failed(CallError::RateLimited { retry_after: None }), 0);
        assert_eq!(failed(CallError::NotSent(String::new())), 1);
        assert_eq!(failed(CallError::Unknown(String::new())), 1);
        assert_eq!(failed(CallError::Unreadable(String::new())), 1);
        assert_eq!(failed(CallError::BadCredentials(String::new())), 1);
        assert_eq!(Calls::of(&Answer::Full("full".to_owned()), false, 0).failed, 0);
    }

    #[test]
    fn a_call_falls_into_its_second_and_its_ten() {
        let within = |micros| {
            let one = Calls::of(&Answer::Done, true, micros);
            (one.within_second, one.within_ten_seconds)
        };
        assert_eq!([within(1_000_000), within(1_000_001), within(10_000_001)], [(1, 1), (0, 1), (0, 0)]);
    }

    /// 999 of 1,000 are 99 of a hundred: only when every one was answered it is a hundred. Three calls of 0.5 s together.
    #[test]
    fn shares_are_rounded_down_and_no_call_is_no_failure() {
        let calls = Calls { calls: 1_000, failed: 1, ..Calls::default() };
        assert_eq!((calls.answered_percent(), Calls::default().answered_percent()), (99, 100));
        let three = Calls { calls: 3, took_micros: 500_000, longest_micros: 400_999, ..Calls::default() };
        assert_eq!((three.average_ms(), three.longest_ms(), Calls::default().average_ms()), (166, 400, 0));
    }
}

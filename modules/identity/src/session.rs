//! Sessions of staff and customers.

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_vault::Secret;

use crate::token;

bursar_db::statements! {
    /// A new session.
    pub(crate) INSERT = "INSERT INTO identity_sessions (id, token_hash, kind, staff_id, customer_ids, name, created_at,
        expires_at, last_seen_at, ip, agent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $7, $9, $10)";
    /// A session that has not ended, of somebody who may still sign in.
    pub(crate) FIND = "SELECT s.id, s.kind, s.staff_id, s.customer_ids, COALESCE(p.name, s.name), s.last_seen_at
        FROM identity_sessions AS s LEFT JOIN identity_staff AS p ON p.id = s.staff_id
        WHERE s.token_hash = $1 AND s.expires_at > $2
        AND (s.kind = 'customer' OR p.status = 'active')";
    /// Notes that a session is in use.
    pub(crate) TOUCH = "UPDATE identity_sessions SET last_seen_at = $1 WHERE id = $2 AND last_seen_at < $1";
    /// Ends one session.
    pub(crate) DELETE = "DELETE FROM identity_sessions WHERE token_hash = $1";
    /// Ends every session of a staff member.
    pub(crate) DELETE_OF_STAFF = "DELETE FROM identity_sessions WHERE staff_id = $1";
    /// Forgets sessions that have ended.
    pub(crate) SWEEP = "DELETE FROM identity_sessions WHERE expires_at <= $1";
}

const STAFF_DAYS: i64 = 7;
const STAFF_IDLE_HOURS: i64 = 12;
const CUSTOMER_DAYS: i64 = 30;
const CUSTOMER_IDLE_DAYS: i64 = 7;
/// A session in use is noted at most this often, so that reading pages hardly writes.
const TOUCH_MINUTES: i64 = 5;

/// From where somebody signs in; kept with the session.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Origin {
    /// Network address.
    pub ip: String,
    /// What the browser calls itself; cut to 300 characters.
    pub agent: String,
}

/// Whose session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SessionOwner {
    /// Somebody who works here.
    Staff(i64),
    /// Somebody of these customers; never empty.
    Customers(Vec<i64>),
}

/// A session that was just begun. The token goes into the cookie and nowhere else.
#[derive(Debug, Clone)]
pub struct NewSession {
    /// The cookie's value.
    pub token: Secret<String>,
    /// The cookie's lifetime.
    pub max_age_seconds: u32,
    /// Whose.
    pub owner: SessionOwner,
}

/// A session that is going on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub id: i64,
    pub owner: SessionOwner,
    pub name: String,
    pub last_seen_at: Instant,
}

/// Begins a session with a fresh token, whatever cookie the browser sent before.
pub(crate) async fn begin(
    tx: &mut Tx,
    owner: SessionOwner,
    name: &str,
    origin: &Origin,
) -> Result<NewSession, Fault> {
    let token = Secret::new(tx.random_token(token::TOKEN_BYTES));
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let (kind, staff, customers, days) = match &owner {
        SessionOwner::Staff(id) => ("staff", Some(*id), String::new(), STAFF_DAYS),
        SessionOwner::Customers(ids) => ("customer", None, ids_text(ids), CUSTOMER_DAYS),
    };
    let agent: String = origin.agent.chars().filter(|c| !c.is_control()).take(300).collect();
    let hash = token::hash_text(token.expose());
    let expires = now.plus_days(days);
    tx.exec(&SWEEP, params![now]).await?;
    let values = params![id, &hash, kind, staff, &customers, name, now, expires, &origin.ip, &agent];
    tx.exec_one(&INSERT, values).await?;
    let max_age_seconds = u32::try_from(days * 86_400).expect("some days fit");
    Ok(NewSession { token, max_age_seconds, owner })
}

/// The session of a token, unless it has ended or was idle for too long.
pub(crate) async fn find(tx: &mut Tx, token: &str) -> Result<Option<Session>, Fault> {
    let (hash, now) = (token::hash_text(token), tx.now());
    let found = tx.query_opt(&FIND, params![&hash, now], session).await?;
    Ok(found.filter(|session| {
        let idle_until = match session.owner {
            SessionOwner::Staff(_) => session.last_seen_at.plus_minutes(STAFF_IDLE_HOURS * 60),
            SessionOwner::Customers(_) => session.last_seen_at.plus_days(CUSTOMER_IDLE_DAYS),
        };
        now < idle_until
    }))
}

/// Whether the session's use should be noted now.
pub(crate) fn is_stale(session: &Session, now: Instant) -> bool {
    now >= session.last_seen_at.plus_minutes(TOUCH_MINUTES)
}

pub(crate) async fn touch(tx: &mut Tx, session: i64) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec(&TOUCH, params![now, session]).await.map(drop)
}

/// Ends the session of a cookie's token; a token of no session is fine.
///
/// # Errors
/// Faults of the database.
pub async fn sign_out(cx: &Cx, token: &str) -> Result<(), Fault> {
    let hash = token::hash_text(token);
    cx.write(async move |tx| tx.exec(&DELETE, params![&hash]).await.map(drop)).await
}

/// Ends every session of a staff member.
///
/// # Errors
/// Faults of the database.
pub async fn end_sessions_of_staff(tx: &mut Tx, staff: i64) -> Result<u64, Fault> {
    tx.exec(&DELETE_OF_STAFF, params![staff]).await
}

/// Forgets sessions that have ended; beginning one does it too.
///
/// # Errors
/// Faults of the database.
pub async fn sweep(tx: &mut Tx) -> Result<u64, Fault> {
    let now = tx.now();
    tx.exec(&SWEEP, params![now]).await
}

pub(crate) fn ids_text(ids: &[i64]) -> String {
    ids.iter().map(i64::to_string).collect::<Vec<_>>().join(",")
}

pub(crate) fn ids_of(text: &str) -> Result<Vec<i64>, Fault> {
    text.split(',')
        .map(|id| id.parse().map_err(|e| Fault::corrupt("a list of customers cannot be read").caused_by(e)))
        .collect()
}

fn session(row: &Row<'_>) -> Result<Session, Fault> {
    let owner = match (row.text(1)?, row.get::<Option<i64>>(2)?) {
        ("staff", Some(id)) => SessionOwner::Staff(id),
        ("customer", None) => SessionOwner::Customers(ids_of(row.text(3)?)?),
        (kind, _) => return Err(Fault::corrupt(format!("a session of kind {kind:?} has no owner"))),
    };
    Ok(Session { id: row.get(0)?, owner, name: row.get(4)?, last_seen_at: row.get(5)? })
}

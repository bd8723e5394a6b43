//! Browsers people have signed in with, and the history of sign-ins. A browser carries a token of its own, apart from
//! sessions, which outlives them: by it a new one is noticed, and a trusted one is not asked for a second factor.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use crate::events::NewDeviceUsed;
use crate::sessions::Client;
use crate::subject::{self, Subject};
use crate::token;

bursar_db::statements! {
    /// The browser, for this person.
    pub(crate) FIND = "SELECT trusted_until FROM identity_devices
        WHERE token_hash = $1 AND kind = $2 AND subject_id = $3";
    /// None is known any more.
    pub(crate) FORGET = "DELETE FROM identity_devices WHERE kind = $1 AND subject_id = $2";
    /// Whether the person has used any other.
    pub(crate) ANY = "SELECT token_hash FROM identity_devices WHERE kind = $1 AND subject_id = $2 LIMIT 1";
    /// Used now.
    pub(crate) PUT = "INSERT INTO identity_devices
            (token_hash, kind, subject_id, agent, created_at, seen_at, trusted_until)
        VALUES ($1, $2, $3, $4, $5, $5, NULL)
        ON CONFLICT (token_hash, kind, subject_id) DO UPDATE SET seen_at = excluded.seen_at, agent = excluded.agent";
    /// Trusted until then.
    pub(crate) TRUST = "UPDATE identity_devices SET trusted_until = $4
        WHERE token_hash = $1 AND kind = $2 AND subject_id = $3";
    /// None is trusted any more.
    pub(crate) DISTRUST = "UPDATE identity_devices SET trusted_until = NULL WHERE kind = $1 AND subject_id = $2";
    /// How many are trusted.
    pub(crate) COUNT_TRUSTED = "SELECT COUNT(*) FROM identity_devices
        WHERE kind = $1 AND subject_id = $2 AND trusted_until > $3";
    /// Not seen for long.
    pub(crate) PURGE = "DELETE FROM identity_devices WHERE seen_at < $1";
    /// A sign-in, or a try.
    pub(crate) NOTE = "INSERT INTO identity_sign_ins (id, kind, subject_id, at, is_success, method, address, agent)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// The newest.
    pub(crate) HISTORY = "SELECT at, is_success, method, address, agent FROM identity_sign_ins
        WHERE kind = $1 AND subject_id = $2 ORDER BY id DESC LIMIT $3";
    /// Old ones.
    pub(crate) PURGE_HISTORY = "DELETE FROM identity_sign_ins WHERE at < $1";
}

/// For how long a browser is remembered that is not used.
pub(crate) const DEVICE_DAYS: i64 = 400;
/// For how long sign-ins are kept.
pub(crate) const HISTORY_DAYS: i64 = 180;

/// A sign-in, or a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInNote {
    /// When.
    pub at: Instant,
    /// Whether it led in.
    pub is_success: bool,
    /// By what.
    pub method: String,
    /// From where.
    pub address: String,
    /// What the browser called itself.
    pub agent: String,
}

/// Whether the browser is trusted by this person.
pub(crate) async fn is_trusted(tx: &mut Tx, subject: Subject, client: &Client) -> Result<bool, Fault> {
    let Some(device) = &client.device else { return Ok(false) };
    let (hash, now) = (token::stored(device), tx.now());
    let until = tx
        .query_opt(&FIND, params![&hash, subject.kind.code(), subject.id], |row| {
            row.get::<Option<Instant>>(0)
        })
        .await?;
    Ok(until.flatten().is_some_and(|until| now < until))
}

/// Whether this person has signed in with the browser before.
pub(crate) async fn is_known(tx: &mut Tx, subject: Subject, client: &Client) -> Result<bool, Fault> {
    let Some(device) = &client.device else { return Ok(false) };
    let hash = token::stored(device);
    let found = tx.query_opt(&FIND, params![&hash, subject.kind.code(), subject.id], |_| Ok(())).await?;
    Ok(found.is_some())
}

/// Notes the browser. Returns the token it must carry from now on when it had none, and tells the person when they use
/// one for the first time, the very first apart.
pub(crate) async fn note_device(
    tx: &mut Tx,
    subject: Subject,
    client: &Client,
) -> Result<Option<String>, Fault> {
    let now = tx.now();
    let (kind, id) = (subject.kind.code(), subject.id);
    let (token, is_given) = match &client.device {
        Some(device) => (device.clone(), true),
        None => (tx.random_token(token::BYTES), false),
    };
    let hash = token::stored(&token);
    let known = tx.query_opt(&FIND, params![&hash, kind, id], |_| Ok(())).await?.is_some();
    if !known && tx.query_opt(&ANY, params![kind, id], |_| Ok(())).await?.is_some() {
        let face = subject::get(tx, subject).await?;
        let event = NewDeviceUsed {
            kind: kind.to_owned(),
            subject_id: id,
            email: face.email,
            name: face.name,
            address: client.address.clone(),
            agent: client.agent.clone(),
        };
        bursar_events::emit(tx, &event).await?;
    }
    tx.exec_one(&PUT, params![&hash, kind, id, &client.agent, now]).await?;
    Ok((!is_given).then_some(token))
}

/// Asks for no second factor on this browser for some days.
pub(crate) async fn trust(tx: &mut Tx, subject: Subject, device: &str, days: i64) -> Result<(), Fault> {
    let (hash, until) = (token::stored(device), tx.now().plus_days(days));
    tx.exec(&TRUST, params![&hash, subject.kind.code(), subject.id, until]).await.map(drop)
}

/// Asks for the second factor everywhere again.
pub(crate) async fn distrust_all(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    tx.exec(&DISTRUST, params![subject.kind.code(), subject.id]).await.map(drop)
}

/// Knows none of the browsers any more.
pub(crate) async fn forget_all(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    tx.exec(&FORGET, params![subject.kind.code(), subject.id]).await.map(drop)
}

pub(crate) async fn count_trusted(tx: &mut Tx, subject: Subject) -> Result<i64, Fault> {
    let now = tx.now();
    tx.query_one(&COUNT_TRUSTED, params![subject.kind.code(), subject.id, now], |row| row.get(0)).await
}

/// Writes a sign-in or a try into the history.
pub(crate) async fn note_sign_in(
    tx: &mut Tx,
    subject: Subject,
    is_success: bool,
    method: &str,
    client: &Client,
) -> Result<(), Fault> {
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let (kind, who) = (subject.kind.code(), subject.id);
    let values = params![id, kind, who, now, is_success, method, &client.address, &client.agent];
    tx.exec_one(&NOTE, values).await
}

/// The newest sign-ins and tries.
pub async fn sign_ins_of(tx: &mut Tx, subject: Subject, limit: i64) -> Result<Vec<SignInNote>, Fault> {
    tx.query(&HISTORY, params![subject.kind.code(), subject.id, limit], |row| {
        Ok(SignInNote {
            at: row.get(0)?,
            is_success: row.get(1)?,
            method: row.get(2)?,
            address: row.get(3)?,
            agent: row.get(4)?,
        })
    })
    .await
}

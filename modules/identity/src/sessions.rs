//! Sessions: begun by a password or a link, ended by signing out or by time.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::error::IdentityError;
use crate::limits::{self, Limit};
use crate::{password, staff, token};

bursar_db::statements! {
    /// A new session.
    pub(crate) INSERT = "INSERT INTO identity_sessions (token_hash, kind, subject_id, name, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Signed out.
    pub(crate) DELETE = "DELETE FROM identity_sessions WHERE token_hash = $1";
    /// Everywhere.
    pub(crate) DELETE_ALL = "DELETE FROM identity_sessions WHERE kind = $1 AND subject_id = $2";
    /// What ended by time.
    pub(crate) PURGE = "DELETE FROM identity_sessions WHERE expires_at < $1";
}

/// How long a session lasts.
pub const SESSION_HOURS: i64 = 12;

/// A session that has just begun. The only time its token is known.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// For the cookie.
    pub token: String,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(…)")
    }
}

/// Signs staff in.
///
/// # Errors
/// [`IdentityError::NoMatch`] for every reason not to let somebody in, [`IdentityError::TooMany`] after five of them.
pub async fn sign_in(cx: &Cx, email: &str, password: String) -> Result<Session, IdentityError> {
    let address = staff::tidy_email(email);
    let tried = address.clone();
    // Counted before the password is looked at: many guesses at once are counted too.
    let allowed = cx
        .write(async move |tx: &mut Tx| limits::spend(tx, Limit::PASSWORDS, "sign-in", &tried).await)
        .await?;
    if !allowed {
        return Err(IdentityError::TooMany);
    }
    let wanted = address.clone();
    let found = cx.read(async move |tx: &mut Tx| staff::find_active(tx, &wanted).await).await?;
    let stored = found.as_ref().map(|person| person.password_hash.clone());
    if !password::matches(stored, password).await? {
        return Err(IdentityError::NoMatch);
    }
    let person = found.ok_or(IdentityError::NoMatch)?;
    cx.write(async move |tx: &mut Tx| {
        limits::clear(tx, "sign-in", &address).await?;
        staff::note_sign_in(tx, person.id).await?;
        let subject = format!("staff:{}", person.id);
        let audit = Audit { action: "identity.session.begin", subject: &subject, before: None, after: None };
        bursar_audit::record(tx, audit).await?;
        Ok(begin(tx, "staff", person.id, &person.name).await?)
    })
    .await
}

/// Begins a session in the caller's transaction.
pub(crate) async fn begin(tx: &mut Tx, kind: &str, subject: i64, name: &str) -> Result<Session, Fault> {
    let token = tx.random_token(token::BYTES);
    let now = tx.now();
    tx.exec(&PURGE, params![now]).await?;
    let hash = token::stored(&token);
    let expires_at = now.plus_minutes(SESSION_HOURS * 60);
    tx.exec_one(&INSERT, params![&hash, kind, subject, name, now, expires_at]).await?;
    Ok(Session { token })
}

/// Ends the session with this hash.
pub async fn sign_out(cx: &Cx, session_hash: [u8; 32]) -> Result<(), Fault> {
    let hash = hex::encode(session_hash);
    cx.write(async move |tx: &mut Tx| tx.exec(&DELETE, params![&hash]).await.map(drop)).await
}

/// Ends every session of a customer: for who may close or ban one.
pub async fn end_sessions_of_customer(tx: &mut Tx, customer: i64) -> Result<u64, Fault> {
    tx.exec(&DELETE_ALL, params!["customer", customer]).await
}

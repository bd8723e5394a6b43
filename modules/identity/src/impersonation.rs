//! Staff who look through a user's eyes, to see what the user sees. Every page says so, the log names both, and what is
//! the user's own affair (passwords, second factors, tokens, the team) stays closed: those routes ask for the person
//! themself. It ends with the session of staff, and after an hour.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_ids::Actor;
use serde_json::json;

use crate::error::IdentityError;
use crate::sessions::Kind;
use crate::subject::{self, Subject};
use crate::{permissions, token, users};

bursar_db::statements! {
    /// Begun.
    pub(crate) INSERT = "INSERT INTO identity_impersonations
            (token_hash, session_hash, staff_id, user_id, customer_id, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6)";
    /// Who looks through whose eyes, while the session of staff lasts.
    pub(crate) FIND = "SELECT i.staff_id, p.name, i.user_id, u.name, i.customer_id, m.role
        FROM identity_impersonations i
        JOIN identity_sessions s ON s.token_hash = i.session_hash AND s.kind = 'staff' AND s.subject_id = i.staff_id
        JOIN identity_staff p ON p.id = i.staff_id AND p.status = 'active'
        JOIN identity_users u ON u.id = i.user_id AND u.status = 'active'
        JOIN identity_memberships m ON m.user_id = i.user_id AND m.customer_id = i.customer_id AND m.is_suspended = 0
        WHERE i.token_hash = $1 AND i.session_hash = $2 AND i.expires_at > $3 AND s.expires_at > $3
            AND s.idle_at > $3 AND s.stage = 'full'";
    /// Ended.
    pub(crate) DELETE = "DELETE FROM identity_impersonations WHERE session_hash = $1";
    /// Over.
    pub(crate) PURGE = "DELETE FROM identity_impersonations WHERE expires_at < $1";
}

const MINUTES: i64 = 60;

/// Who looks through whose eyes.
pub(crate) struct Eyes {
    pub(crate) staff: i64,
    pub(crate) staff_name: String,
    pub(crate) user: i64,
    pub(crate) user_name: String,
    pub(crate) customer: i64,
    pub(crate) role: String,
}

/// Begins, and returns the token for the browser.
///
/// # Errors
/// [`IdentityError::Denied`]; [`IdentityError::NotFound`] for a user who does not act for the customer or is blocked.
pub(crate) async fn begin(
    cx: &Cx,
    session_hash: [u8; 32],
    user: i64,
    customer: i64,
) -> Result<String, IdentityError> {
    cx.require(permissions::IMPERSONATE)?;
    let Actor::Staff(staff) = *cx.actor() else { return Err(IdentityError::NotFound("user")) };
    let session = hex::encode(session_hash);
    cx.write(async move |tx: &mut Tx| {
        let face = subject::find(tx, Subject { kind: Kind::User, id: user }).await?;
        let face = face.ok_or(IdentityError::NotFound("user"))?;
        users::role_of(tx, user, customer).await?.ok_or(IdentityError::NotFound("user"))?;
        let me = subject::get(tx, Subject { kind: Kind::Staff, id: staff }).await?;
        let now = tx.now();
        tx.exec(&PURGE, params![now]).await?;
        tx.exec(&DELETE, params![&session]).await?;
        let token = tx.random_token(token::BYTES);
        let (hash, expires_at) = (token::stored(&token), now.plus_minutes(MINUTES));
        tx.exec_one(&INSERT, params![&hash, &session, staff, user, customer, expires_at]).await?;
        let after = json!({ "staff": me.name, "user": face.name, "email": face.email, "customer": customer });
        let (action, path) = (permissions::IMPERSONATE, format!("user:{user}"));
        bursar_audit::record(tx, Audit { action, subject: &path, before: None, after: Some(after) }).await?;
        Ok(token)
    })
    .await
}

/// Ends it.
pub(crate) async fn end(cx: &Cx, session_hash: [u8; 32]) -> Result<(), Fault> {
    let session = hex::encode(session_hash);
    cx.write(async move |tx: &mut Tx| {
        tx.exec(&DELETE, params![&session]).await?;
        let subject = cx_subject(tx);
        let audit =
            Audit { action: "identity.impersonation.end", subject: &subject, before: None, after: None };
        bursar_audit::record(tx, audit).await
    })
    .await
}

fn cx_subject(tx: &Tx) -> String {
    match *tx.actor() {
        Actor::StaffAs { user, .. } => format!("user:{user}"),
        _ => "user".to_owned(),
    }
}

pub(crate) async fn find(tx: &mut Tx, token: &str, session: &str) -> Result<Option<Eyes>, Fault> {
    let (hash, now) = (token::stored(token), tx.now());
    tx.query_opt(&FIND, params![&hash, session, now], |row| {
        Ok(Eyes {
            staff: row.get(0)?,
            staff_name: row.get(1)?,
            user: row.get(2)?,
            user_name: row.get(3)?,
            customer: row.get(4)?,
            role: row.get(5)?,
        })
    })
    .await
}

//! Keys for programs. A token acts with those of its maker's rights that were ticked, and never with more than the maker
//! has at the moment: a role that shrinks shrinks its tokens. It is shown once; only its hash is stored.

use std::collections::BTreeSet;

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_time::Instant;

use crate::error::IdentityError;
use crate::sessions::Kind;
use crate::subject::{self, Subject};
use crate::token;

bursar_db::statements! {
    /// A new one.
    pub(crate) INSERT = "INSERT INTO identity_api_tokens
            (id, kind, subject_id, customer_id, name, token_hash, scopes, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    /// Somebody's.
    pub(crate) LIST = "SELECT id, name, scopes, created_at, expires_at, last_used_at FROM identity_api_tokens
        WHERE kind = $1 AND subject_id = $2 ORDER BY id DESC LIMIT 100";
    /// Given up.
    pub(crate) DELETE = "DELETE FROM identity_api_tokens WHERE id = $1 AND kind = $2 AND subject_id = $3";
    /// All of somebody's.
    pub(crate) DELETE_ALL = "DELETE FROM identity_api_tokens WHERE kind = $1 AND subject_id = $2";
    /// A token in force, with what its maker may do now.
    pub(crate) FIND = "SELECT t.id, t.kind, t.customer_id, t.scopes, t.last_used_at, t.name, p.role, r.permissions, m.role
        FROM identity_api_tokens t
        LEFT JOIN identity_staff p ON t.kind = 'staff' AND p.id = t.subject_id AND p.status = 'active'
        LEFT JOIN identity_roles r ON r.code = p.role
        LEFT JOIN identity_users u ON t.kind = 'user' AND u.id = t.subject_id AND u.status = 'active'
        LEFT JOIN identity_memberships m ON m.user_id = u.id AND m.customer_id = t.customer_id AND m.is_suspended = 0
        WHERE t.token_hash = $1 AND t.expires_at > $2 AND (p.id IS NOT NULL OR m.user_id IS NOT NULL)";
    /// It is used.
    pub(crate) TOUCH = "UPDATE identity_api_tokens SET last_used_at = $2 WHERE id = $1";
    /// Over.
    pub(crate) PURGE = "DELETE FROM identity_api_tokens WHERE expires_at < $1";
}

/// What every token begins with, so that scanners of source code know one.
pub(crate) const PREFIX: &str = "bursar_";
const MOST: usize = 50;
const LONGEST_DAYS: i64 = 366;

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// For how many days.
    pub days: i64,
    /// The rights it gets.
    pub scopes: BTreeSet<String>,
    /// For which customer a user's token acts.
    pub customer: Option<i64>,
}

/// A token on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRow {
    /// For giving it up.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Its rights.
    pub scopes: BTreeSet<String>,
    /// When it was made.
    pub created_at: Instant,
    /// Until when it works.
    pub expires_at: Instant,
    /// When it was last used, to within five minutes.
    pub last_used_at: Option<Instant>,
}

/// Makes a token and returns it: the only time it is known.
///
/// # Errors
/// [`IdentityError::Invalid`], [`IdentityError::BeyondOwn`] for a right the maker lacks.
pub async fn create_token(cx: &Cx, subject: Subject, new: NewToken) -> Result<String, IdentityError> {
    let name = new.name.trim().to_owned();
    let mut wrong = Vec::new();
    if name.is_empty() || name.chars().count() > 60 {
        wrong.push(FieldError::new("name", "Say what the token is for, in at most 60 characters."));
    }
    if !(1..=LONGEST_DAYS).contains(&new.days) {
        wrong.push(FieldError::new("days", "A token works for 1 to 366 days."));
    }
    if new.scopes.is_empty() {
        wrong.push(FieldError::new("scopes", "Tick what the token may do."));
    }
    if !wrong.is_empty() {
        return Err(IdentityError::Invalid(wrong));
    }
    crate::roles::own::refuse_beyond(cx, &new.scopes)?;
    cx.write(async move |tx: &mut Tx| {
        if list_tokens(tx, subject).await?.len() >= MOST {
            let wrong = FieldError::new("name", "Give up tokens you do not need any more first.");
            return Err(IdentityError::Invalid(vec![wrong]));
        }
        let token = format!("{PREFIX}{}", tx.random_token(token::BYTES));
        let (id, now, hash) = (tx.new_raw_id()?, tx.now(), token::stored(&token));
        let scopes = new.scopes.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
        let (kind, expires_at) = (subject.kind.code(), now.plus_days(new.days));
        let values = params![id, kind, subject.id, new.customer, &name, &hash, &scopes, now, expires_at];
        tx.exec_one(&INSERT, values).await?;
        subject::announce_change(tx, subject, "api_token").await?;
        Ok(token)
    })
    .await
}

/// Somebody's tokens, the newest first.
pub async fn list_tokens(tx: &mut Tx, subject: Subject) -> Result<Vec<TokenRow>, Fault> {
    tx.query(&LIST, params![subject.kind.code(), subject.id], |row| {
        Ok(TokenRow {
            id: row.get(0)?,
            name: row.get(1)?,
            scopes: row.text(2)?.split_whitespace().map(str::to_owned).collect(),
            created_at: row.get(3)?,
            expires_at: row.get(4)?,
            last_used_at: row.get(5)?,
        })
    })
    .await
}

/// Gives a token up. False when it is gone already.
pub async fn delete_token(cx: &Cx, subject: Subject, id: i64) -> Result<bool, Fault> {
    cx.write(async move |tx: &mut Tx| {
        Ok(tx.exec(&DELETE, params![id, subject.kind.code(), subject.id]).await? == 1)
    })
    .await
}

/// Ends all of somebody's tokens and says how many.
pub(crate) async fn delete_all(tx: &mut Tx, subject: Subject) -> Result<u64, Fault> {
    tx.exec(&DELETE_ALL, params![subject.kind.code(), subject.id]).await
}

/// A token in force.
pub(crate) struct Presented {
    pub(crate) id: i64,
    pub(crate) kind: Kind,
    pub(crate) customer: Option<i64>,
    pub(crate) scopes: BTreeSet<String>,
    pub(crate) last_used_at: Option<Instant>,
    pub(crate) name: String,
    pub(crate) staff_role: Option<String>,
    pub(crate) own_permissions: Option<String>,
    pub(crate) team_role: Option<String>,
}

fn presented(row: &Row<'_>) -> Result<Presented, Fault> {
    Ok(Presented {
        id: row.get(0)?,
        kind: if row.text(1)? == "staff" { Kind::Staff } else { Kind::User },
        customer: row.get(2)?,
        scopes: row.text(3)?.split_whitespace().map(str::to_owned).collect(),
        last_used_at: row.get(4)?,
        name: row.get(5)?,
        staff_role: row.get(6)?,
        own_permissions: row.get(7)?,
        team_role: row.get(8)?,
    })
}

pub(crate) async fn find(tx: &mut Tx, hash: &str) -> Result<Option<Presented>, Fault> {
    let now = tx.now();
    tx.query_opt(&FIND, params![hash, now], presented).await
}

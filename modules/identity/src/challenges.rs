//! Something begun that the same browser must finish within minutes. Taken once, whatever comes of it; what may be tried
//! again is looked at first and counted.

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;

use crate::error::IdentityError;
use crate::sessions::Kind;
use crate::subject::Subject;
use crate::token;

bursar_db::statements! {
    /// Begun.
    pub(crate) INSERT = "INSERT INTO identity_challenges
            (token_hash, purpose, kind, subject_id, customer_id, method, state, tries, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8)";
    /// What was begun.
    pub(crate) FIND = "SELECT kind, subject_id, customer_id, method, state FROM identity_challenges
        WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND tries < 5";
    /// Tried.
    pub(crate) TRY = "UPDATE identity_challenges SET tries = tries + 1 WHERE token_hash = $1";
    /// What the browser was asked to sign.
    pub(crate) SET_STATE = "UPDATE identity_challenges SET state = $2 WHERE token_hash = $1";
    /// Finished.
    pub(crate) DELETE = "DELETE FROM identity_challenges WHERE token_hash = $1";
    /// Whatever somebody has begun.
    pub(crate) DELETE_OF = "DELETE FROM identity_challenges WHERE kind = $1 AND subject_id = $2";
    /// Given up.
    pub(crate) PURGE = "DELETE FROM identity_challenges WHERE expires_at < $1";
}

pub(crate) const MINUTES: i64 = 10;

/// What it is for: a challenge for one thing does not open another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    SecondFactor,
    AddPasskey,
    PasskeyAlone,
    Confirm,
    Outside,
}

impl Purpose {
    const fn code(self) -> &'static str {
        match self {
            Self::SecondFactor => "second_factor",
            Self::AddPasskey => "add_passkey",
            Self::PasskeyAlone => "passkey_alone",
            Self::Confirm => "confirm",
            Self::Outside => "outside",
        }
    }
}

/// What was begun, and with whom.
#[derive(Debug, Clone)]
pub(crate) struct Challenge {
    pub(crate) subject: Subject,
    pub(crate) customer: Option<i64>,
    pub(crate) method: String,
    pub(crate) state: String,
}

impl Challenge {
    pub(crate) fn of(subject: Subject, method: &str, state: String) -> Self {
        Self { subject, customer: None, method: method.to_owned(), state }
    }
}

fn challenge(row: &Row<'_>) -> Result<Challenge, Fault> {
    let kind = if row.text(0)? == "staff" { Kind::Staff } else { Kind::User };
    Ok(Challenge {
        subject: Subject { kind, id: row.get(1)? },
        customer: row.get(2)?,
        method: row.get(3)?,
        state: row.get(4)?,
    })
}

/// Begins and returns the token.
pub(crate) async fn begin(tx: &mut Tx, purpose: Purpose, it: &Challenge) -> Result<String, Fault> {
    let now = tx.now();
    tx.exec(&PURGE, params![now]).await?;
    let token = tx.random_token(token::BYTES);
    let hash = token::stored(&token);
    let expires_at = now.plus_minutes(MINUTES);
    let values = params![
        &hash,
        purpose.code(),
        it.subject.kind.code(),
        it.subject.id,
        it.customer,
        &it.method,
        &it.state,
        expires_at
    ];
    tx.exec_one(&INSERT, values).await?;
    Ok(token)
}

/// What was begun with this token, if it can still be finished.
pub(crate) async fn find(tx: &mut Tx, purpose: Purpose, token: &str) -> Result<Option<Challenge>, Fault> {
    let (hash, now) = (token::stored(token), tx.now());
    tx.query_opt(&FIND, params![&hash, purpose.code(), now], challenge).await
}

/// Takes it: whoever comes second with the same token finds nothing.
///
/// # Errors
/// [`IdentityError::ChallengeOver`].
pub(crate) async fn take(cx: &Cx, purpose: Purpose, token: &str) -> Result<Challenge, IdentityError> {
    let token = token.to_owned();
    cx.write(async move |tx: &mut Tx| {
        let found = find(tx, purpose, &token).await?.ok_or(IdentityError::ChallengeOver)?;
        match tx.exec(&DELETE, params![&token::stored(&token)]).await? {
            1 => Ok(found),
            _ => Err(IdentityError::ChallengeOver),
        }
    })
    .await
}

/// Counts a try and says what was begun.
///
/// # Errors
/// [`IdentityError::ChallengeOver`], also after five tries.
pub(crate) async fn attempt(cx: &Cx, purpose: Purpose, token: &str) -> Result<Challenge, IdentityError> {
    let token = token.to_owned();
    cx.write(async move |tx: &mut Tx| {
        let found = find(tx, purpose, &token).await?.ok_or(IdentityError::ChallengeOver)?;
        tx.exec(&TRY, params![&token::stored(&token)]).await?;
        Ok(found)
    })
    .await
}

/// Ends whatever somebody has begun.
pub(crate) async fn end_all(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    tx.exec(&DELETE_OF, params![subject.kind.code(), subject.id]).await.map(drop)
}

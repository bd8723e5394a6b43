//! The first owner. There is no default password: whoever starts the server gets a one-time token.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_vault::Secret;
use serde_json::json;

use crate::error::IdentityError;
use crate::session::{NewSession, Origin, SessionOwner, begin};
use crate::staff::{check_person, hash_apart, import_staff, record, tidy_email};
use crate::{limit, password, staff, token};

bursar_db::statements! {
    /// Puts a fresh token in place of the last one.
    pub(crate) PUT = "INSERT INTO identity_setup (id, token_hash, expires_at) VALUES (1, $1, $2)
        ON CONFLICT (id) DO UPDATE SET token_hash = excluded.token_hash, expires_at = excluded.expires_at";
    /// Uses the token up, if it is the one.
    pub(crate) USE = "DELETE FROM identity_setup WHERE id = 1 AND token_hash = $1 AND expires_at > $2";
}

const SETUP_DAYS: i64 = 1;
const MOST_PER_IP: i64 = 20;

/// Who becomes the owner.
#[derive(Debug, Clone)]
pub struct NewOwner {
    /// Shown.
    pub name: String,
    /// Signs in with it.
    pub email: String,
    /// At least ten characters.
    pub password: Secret<String>,
}

/// Whether nobody works here yet.
///
/// # Errors
/// Faults of the database.
pub async fn setup_needed(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(tx.query_opt(&staff::ANY, params![], |row| row.get::<i64>(0)).await?.is_none())
}

/// A one-time token for the set-up page, good for a day, in place of any before; none when there is staff.
///
/// # Errors
/// Faults of the database.
pub async fn issue_setup_token(cx: &Cx) -> Result<Option<Secret<String>>, Fault> {
    cx.write(async |tx| {
        if !setup_needed(tx).await? {
            return Ok(None);
        }
        let token = Secret::new(tx.random_token(token::TOKEN_BYTES));
        let (hash, expires) = (token::hash_text(token.expose()), tx.now().plus_days(SETUP_DAYS));
        tx.exec_one(&PUT, params![&hash, expires]).await?;
        Ok(Some(token))
    })
    .await
}

/// Makes the first owner and signs them in. The token works once; a second owner is never made this way.
///
/// # Errors
/// [`IdentityError::DeadSetup`], [`IdentityError::Invalid`], [`IdentityError::TooManyAttempts`].
pub async fn create_owner(
    cx: &Cx,
    setup_token: &str,
    new: NewOwner,
    origin: Origin,
) -> Result<NewSession, IdentityError> {
    let (email, name) = (tidy_email(&new.email), new.name.trim().to_owned());
    check_person(&email, &name)?;
    password::check(new.password.expose(), &email)?;
    let bucket = format!("setup-ip:{}", origin.ip);
    let few = cx.write(async move |tx| limit::count(tx, &bucket, MOST_PER_IP).await).await?;
    if !few {
        return Err(limit::too_many(cx.now()));
    }
    let hash = hash_apart(cx, new.password).await?;
    let setup_hash = token::hash_text(setup_token);
    cx.write(async move |tx| {
        let now = tx.now();
        if !setup_needed(tx).await? || tx.exec(&USE, params![&setup_hash, now]).await? == 0 {
            return Err(IdentityError::DeadSetup);
        }
        let id = import_staff(tx, &email, &name, &hash).await?;
        let session = begin(tx, SessionOwner::Staff(id), &name, &origin).await?;
        let after = Some(json!({"email": email, "role": "owner", "ip": origin.ip}));
        record(tx, "identity.staff.create", id, after).await?;
        Ok(session)
    })
    .await
}

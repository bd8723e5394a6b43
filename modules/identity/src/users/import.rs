//! Users of another system, with the ids and the passwords they had there. What is there already stays as it is, so the
//! same may be brought in again.

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;

use super::{Membership, email_problem, tidy_email};

bursar_db::statements! {
    /// A user, unless the id or the address is taken.
    pub(crate) BRING_IN = "INSERT INTO identity_users (id, email, name, password_hash, password_changed_at, status,
            email_verified_at, must_enrol, created_at, version)
        VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, $8, 1) ON CONFLICT DO NOTHING";
    /// Their place in a team, unless they have one.
    pub(crate) JOIN = "INSERT INTO identity_memberships
            (user_id, customer_id, role, customer_name, is_suspended, created_at)
        VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING";
    /// The address is theirs.
    pub(crate) SHOW = "UPDATE identity_users SET email_verified_at = $3
        WHERE id = $1 AND email = $2 AND email_verified_at IS NULL";
}

/// A user as another system had them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedUser {
    /// The id there, which is kept.
    pub id: i64,
    /// To sign in with; [`is_address`] says whether it can be one.
    pub email: String,
    /// As shown.
    pub name: String,
    /// See [`crate::is_foreign_hash`]; the password works at the next sign-in and is then hashed as ours are. None for
    /// somebody who signs in by link.
    pub foreign_hash: Option<String>,
    /// When it was shown there that the address is theirs.
    pub verified_at: Option<Instant>,
    /// They had a second factor there and must set one up.
    pub must_enrol: bool,
    /// When they were made.
    pub created_at: Instant,
}

/// A user's place in a customer's team as another system had it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedMembership {
    /// Who is what, and where.
    pub membership: Membership,
    /// Nobody acts for the customer any more.
    pub is_suspended: bool,
    /// The address by which the customer was reached for long: when it is the user's too, it is theirs.
    pub proven_email: Option<String>,
}

/// Whether somebody can sign in with this as their address.
pub fn is_address(text: &str) -> bool {
    email_problem(&tidy_email(text)).is_none()
}

/// Brings a user in. False when they, or somebody with their address, are there.
pub async fn import_user(tx: &mut Tx, it: &ImportedUser) -> Result<bool, Fault> {
    let email = tidy_email(&it.email);
    let hash = it.foreign_hash.as_deref();
    let changed_at = hash.is_some().then_some(it.created_at);
    let values = params![
        it.id,
        &email,
        it.name.trim(),
        hash,
        changed_at,
        it.verified_at,
        it.must_enrol,
        it.created_at
    ];
    Ok(tx.exec(&BRING_IN, values).await? == 1)
}

/// Brings a place in a team in. False when it is there.
pub async fn import_membership(tx: &mut Tx, it: &ImportedMembership) -> Result<bool, Fault> {
    let Membership { user_id, customer_id, role, customer_name } = &it.membership;
    let now = tx.now();
    let values = params![*user_id, *customer_id, role.code(), customer_name, it.is_suspended, now];
    if tx.exec(&JOIN, values).await? == 0 {
        return Ok(false);
    }
    if let Some(email) = &it.proven_email {
        tx.exec(&SHOW, params![*user_id, &tidy_email(email), now]).await?;
    }
    Ok(true)
}

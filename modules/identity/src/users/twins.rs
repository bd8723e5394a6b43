//! Signing up with an address that somebody has already.
//!
//! A page that refused it would tell strangers whose address is known here. So whoever signs up comes in either way: with
//! a known address as a twin, a user of their own who owns nothing but what they make now. The address itself gets a
//! mail that says so. Nothing a twin can see or do differs from any new user, and the owner of the address takes over
//! what the twin made by using a link that was sent there.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use super::{NewUser, find_user_by_email, insert, problems, tidy_email};
use crate::error::IdentityError;
use crate::users::store;

/// What stands between the address and what tells twins apart: no address holds it.
const MARK: char = ',';

/// Makes a user in the caller's transaction and returns the id, whether or not the address is known. What to write to
/// the address, [`crate::send_verification`] knows.
///
/// # Errors
/// [`IdentityError::Invalid`].
pub async fn sign_up_user(tx: &mut Tx, new: &NewUser) -> Result<i64, IdentityError> {
    let (email, name) = (tidy_email(&new.email), new.name.trim().to_owned());
    let wrong = problems(&name, &email);
    if !wrong.is_empty() {
        return Err(IdentityError::Invalid(wrong));
    }
    let id = tx.new_raw_id()?;
    let is_known = find_user_by_email(tx, &email).await?.is_some();
    let email = if is_known { format!("{email}{MARK}{id}") } else { email };
    insert(tx, id, &email, &name, new).await?;
    Ok(id)
}

/// The address as people know it.
pub(crate) fn shown(stored: &str) -> &str {
    stored.split(MARK).next().unwrap_or(stored)
}

/// Whether a stored address is one of a twin.
pub(crate) fn is_twin(stored: &str) -> bool {
    stored.contains(MARK)
}

/// The newest twin with an address who may sign in: the id and what proves them.
pub(crate) async fn newest(tx: &mut Tx, email: &str) -> Result<Option<(i64, Option<String>)>, Fault> {
    // A comma comes right before a hyphen.
    let (from, to) = (format!("{email},"), format!("{email}-"));
    tx.query_opt(&store::NEWEST_TWIN, params![&from, &to], |row| Ok((row.get(0)?, row.get(1)?))).await
}

/// Takes a customer away from the twins of an address, because the address's owner has come for it.
pub(crate) async fn retire(tx: &mut Tx, email: &str, customer: i64) -> Result<(), Fault> {
    let (from, to) = (format!("{email},"), format!("{email}-"));
    let found =
        tx.query(&store::TWINS_IN_TEAM, params![&from, &to, customer], |row| row.get::<i64>(0)).await?;
    for twin in found {
        super::remove_membership(tx, twin, customer).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tells_twins_apart_is_not_shown() {
        assert_eq!(shown("ann@example.com,17"), "ann@example.com");
        assert_eq!(shown("ann@example.com"), "ann@example.com");
        assert!(is_twin("ann@example.com,17") && !is_twin("ann@example.com"));
    }
}

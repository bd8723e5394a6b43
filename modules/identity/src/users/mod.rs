//! Users: people who sign in for customers. One user may act for several customers, with a role in each.
//!
//! A customer is a number and a name to show; whoever knows customers keeps both in step through
//! [`follow_customer`]. The functions here are parts: they check no permission and commit nothing.

pub(crate) mod import;
pub(crate) mod store;
pub(crate) mod twins;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_time::Instant;
use serde_json::json;

use crate::error::IdentityError;
use crate::password::PasswordHash;
use crate::permissions;
use crate::roles::TeamRole;
use crate::sessions::{self, Kind};

pub use import::{ImportedMembership, ImportedUser, import_membership, import_user, is_address};
pub use twins::sign_up_user;

/// A user as stored, without the password.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Identity.
    pub id: i64,
    /// To sign in with, in lower case.
    pub email: String,
    /// As shown.
    pub name: String,
    /// Whether the user may sign in.
    pub is_active: bool,
    /// When it was shown that the address is theirs.
    pub email_verified_at: Option<Instant>,
    /// Whether there is a password, or links only.
    pub has_password: bool,
    /// When they last signed in.
    pub last_sign_in_at: Option<Instant>,
    /// When they were made.
    pub created_at: Instant,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// To sign in with.
    pub email: String,
    /// As shown.
    pub name: String,
    /// None for somebody who signs in by link.
    pub password: Option<PasswordHash>,
    /// Whether it is shown already that the address is theirs.
    pub is_verified: bool,
}

/// A user's place in a customer's team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The user.
    pub user_id: i64,
    /// The customer.
    pub customer_id: i64,
    /// What the user is there.
    pub role: TeamRole,
    /// What to call the customer.
    pub customer_name: String,
}

/// A member as the team's page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// The user.
    pub user: User,
    /// What they are here.
    pub role: TeamRole,
}

pub(crate) fn tidy_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// What is wrong with a name and an address, field by field.
pub(crate) fn problems(name: &str, email: &str) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if name.is_empty() || name.chars().count() > 200 {
        wrong.push(FieldError::new("name", "Enter a name of at most 200 characters."));
    }
    wrong.extend(email_problem(email));
    wrong
}

pub(crate) fn email_problem(email: &str) -> Option<FieldError> {
    let usable = email
        .split_once('@')
        .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'));
    let plain =
        !email.chars().any(|c| c.is_whitespace() || c.is_control() || c == ',' || c == '<' || c == '>');
    (!usable || !plain || email.len() > 254)
        .then(|| FieldError::new("email", "Enter an e-mail address, for example ann@example.com."))
}

/// Makes a user in the caller's transaction and returns the id.
///
/// # Errors
/// [`IdentityError::Invalid`], and [`IdentityError::AddressTaken`], which a page must not tell a stranger: who signs up
/// there is made by [`sign_up_user`].
pub async fn register_user(tx: &mut Tx, new: &NewUser) -> Result<i64, IdentityError> {
    let (email, name) = (tidy_email(&new.email), new.name.trim().to_owned());
    let wrong = problems(&name, &email);
    if !wrong.is_empty() {
        return Err(IdentityError::Invalid(wrong));
    }
    if find_user_by_email(tx, &email).await?.is_some() {
        return Err(IdentityError::AddressTaken);
    }
    let id = tx.new_raw_id()?;
    insert(tx, id, &email, &name, new).await?;
    Ok(id)
}

async fn insert(tx: &mut Tx, id: i64, email: &str, name: &str, new: &NewUser) -> Result<(), Fault> {
    let now = tx.now();
    let verified_at = new.is_verified.then_some(now);
    let hash = new.password.as_ref().map(PasswordHash::as_stored);
    let changed_at = hash.is_some().then_some(now);
    tx.exec_one(&store::INSERT, params![id, email, name, hash, changed_at, verified_at, now]).await
}

/// Puts a user into a customer's team, or changes what they are there.
pub async fn add_membership(tx: &mut Tx, membership: &Membership) -> Result<(), Fault> {
    let Membership { user_id, customer_id, role, customer_name } = membership;
    let now = tx.now();
    tx.exec_one(&store::PUT_MEMBERSHIP, params![*user_id, *customer_id, role.code(), customer_name, now])
        .await
}

/// Takes a user out of a team and ends what sessions they have for it. False when they were not in it.
pub async fn remove_membership(tx: &mut Tx, user: i64, customer: i64) -> Result<bool, Fault> {
    let removed = tx.exec(&store::DELETE_MEMBERSHIP, params![user, customer]).await?;
    tx.exec(&store::LEAVE_CUSTOMER, params![user, customer]).await?;
    Ok(removed == 1)
}

/// What a user is in a customer's team, if anything.
pub async fn role_of(tx: &mut Tx, user: i64, customer: i64) -> Result<Option<TeamRole>, Fault> {
    let code = tx.query_opt(&store::ROLE_OF, params![user, customer], |row| row.get::<String>(0)).await?;
    code.map(|code| store::role(&code)).transpose()
}

/// Whether a user is in any team, also of a customer that is closed.
pub async fn belongs_anywhere(tx: &mut Tx, user: i64) -> Result<bool, Fault> {
    Ok(tx.query_opt(&store::ANY_TEAM, params![user], |_| Ok(())).await?.is_some())
}

/// The members of a customer's team, oldest first.
pub async fn members_of(tx: &mut Tx, customer: i64) -> Result<Vec<Member>, Fault> {
    tx.query(&store::MEMBERS, params![customer], |row| {
        Ok(Member { user: store::user(row)?, role: store::role(row.text(8)?)? })
    })
    .await
}

/// One user.
pub async fn find_user(tx: &mut Tx, id: i64) -> Result<Option<User>, Fault> {
    tx.query_opt(&store::FIND, params![id], store::user).await
}

/// The user who signs in with an address.
pub async fn find_user_by_email(tx: &mut Tx, email: &str) -> Result<Option<User>, Fault> {
    let email = tidy_email(email);
    tx.query_opt(&store::FIND_BY_EMAIL, params![&email], store::user).await
}

/// Lets a user sign in, or not any more, which ends their sessions.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`].
pub(crate) async fn set_active(cx: &Cx, user: i64, is_active: bool) -> Result<(), IdentityError> {
    cx.require(permissions::USER_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let status = if is_active { "active" } else { "blocked" };
        if tx.exec(&store::SET_STATUS, params![user, status]).await? != 1 {
            return Err(IdentityError::NotFound("user"));
        }
        if !is_active {
            sessions::end_all(tx, Kind::User, user, None).await?;
        }
        let (path, action) = (format!("user:{user}"), permissions::USER_EDIT);
        let after = Some(json!({ "status": status }));
        Ok(bursar_audit::record(tx, Audit { action, subject: &path, before: None, after }).await?)
    })
    .await
}

/// What to call a customer, and whether anybody may act for it: for whoever knows customers, when one of the two
/// changed. Closing or banning takes the customer away from open sessions at once.
pub async fn follow_customer(tx: &mut Tx, customer: i64, name: &str, is_open: bool) -> Result<(), Fault> {
    tx.exec(&store::FOLLOW_CUSTOMER, params![customer, name, !is_open]).await.map(drop)
}

//! People who work here.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError};
use serde_json::json;

use crate::error::IdentityError;
use crate::sessions::{self, Session};
use crate::{password, permissions, token};

bursar_db::statements! {
    /// Whether there is anybody.
    pub(crate) ANY = "SELECT id FROM identity_staff LIMIT 1";
    /// A new person.
    pub(crate) INSERT = "INSERT INTO identity_staff (id, email, name, password_hash, role, status, created_at)
        VALUES ($1, $2, $3, $4, 'owner', 'active', $5)";
    /// Who may sign in with an address.
    pub(crate) FIND_ACTIVE = "SELECT id, name, password_hash FROM identity_staff
        WHERE email = $1 AND status = 'active'";
    /// Whether an address is taken.
    pub(crate) TAKEN = "SELECT id FROM identity_staff WHERE email = $1";
    /// They signed in.
    pub(crate) NOTE_SIGN_IN = "UPDATE identity_staff SET last_sign_in_at = $2 WHERE id = $1";
    /// Only the newest set-up link counts.
    pub(crate) CLEAR_SETUP = "DELETE FROM identity_setup";
    /// A set-up link.
    pub(crate) INSERT_SETUP = "INSERT INTO identity_setup (token_hash, expires_at) VALUES ($1, $2)";
    /// Used, once.
    pub(crate) USE_SETUP = "DELETE FROM identity_setup WHERE token_hash = $1 AND expires_at > $2";
    /// Whether a set-up link can be used.
    pub(crate) FIND_SETUP = "SELECT expires_at FROM identity_setup WHERE token_hash = $1 AND expires_at > $2";
}

const SETUP_HOURS: i64 = 24;

/// A person to be made.
#[derive(Clone, PartialEq, Eq)]
pub struct NewStaff {
    /// As shown.
    pub name: String,
    /// To sign in with.
    pub email: String,
    /// At least twelve characters.
    pub password: String,
}

impl std::fmt::Debug for NewStaff {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "NewStaff({}, {})", self.name, self.email)
    }
}

/// Whether the page that makes the first owner is needed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Setup {
    /// Somebody can sign in already.
    Done,
    /// Nobody can; the page at this path on this host makes the owner, once, within a day.
    Needed {
        /// `/admin/set-up/…`
        path: String,
    },
}

pub(crate) struct Person {
    pub(crate) id: i64,
    pub(crate) name: String,
    pub(crate) password_hash: String,
}

pub(crate) fn tidy_email(email: &str) -> String {
    email.trim().to_lowercase()
}

/// Whether anybody works here.
pub async fn has_staff(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(tx.query_opt(&ANY, params![], |row| row.get::<i64>(0)).await?.is_some())
}

pub(crate) async fn find_active(tx: &mut Tx, email: &str) -> Result<Option<Person>, Fault> {
    tx.query_opt(&FIND_ACTIVE, params![email], |row| {
        Ok(Person { id: row.get(0)?, name: row.get(1)?, password_hash: row.get(2)? })
    })
    .await
}

pub(crate) async fn note_sign_in(tx: &mut Tx, id: i64) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec_one(&NOTE_SIGN_IN, params![id, now]).await
}

/// For the server's start: a fresh set-up link when nobody works here. The link made before stops working.
pub async fn begin_setup(cx: &Cx) -> Result<Setup, Fault> {
    cx.write(async move |tx: &mut Tx| {
        if has_staff(tx).await? {
            return Ok(Setup::Done);
        }
        let token = tx.random_token(token::BYTES);
        tx.exec(&CLEAR_SETUP, params![]).await?;
        let (hash, expires_at) = (token::stored(&token), tx.now().plus_minutes(SETUP_HOURS * 60));
        tx.exec_one(&INSERT_SETUP, params![&hash, expires_at]).await?;
        Ok(Setup::Needed { path: format!("/admin/set-up/{token}") })
    })
    .await
}

/// Whether a set-up link can still be used.
pub(crate) async fn is_setup_open(cx: &Cx, token: &str) -> Result<bool, Fault> {
    let hash = token::stored(token);
    cx.read(async move |tx: &mut Tx| {
        let now = tx.now();
        Ok(tx.query_opt(&FIND_SETUP, params![&hash, now], |row| row.get::<i64>(0)).await?.is_some())
    })
    .await
}

/// Makes the first owner with a set-up link and signs them in.
///
/// # Errors
/// [`IdentityError::LinkNotValid`], [`IdentityError::SetUpAlready`], [`IdentityError::Invalid`].
pub async fn finish_setup(cx: &Cx, token: &str, new: NewStaff) -> Result<Session, IdentityError> {
    let new = checked(new)?;
    if !is_setup_open(cx, token).await? {
        return Err(IdentityError::LinkNotValid);
    }
    let hash = password::hash(cx, new.password.clone()).await?;
    let token_hash = token::stored(token);
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        if tx.exec(&USE_SETUP, params![&token_hash, now]).await? != 1 {
            return Err(IdentityError::LinkNotValid);
        }
        if has_staff(tx).await? {
            return Err(IdentityError::SetUpAlready);
        }
        let id = insert(tx, &new, &hash).await?;
        Ok(sessions::begin(tx, "staff", id, &new.name).await?)
    })
    .await
}

/// Adds an owner: for the command line and the demonstration.
///
/// # Errors
/// [`IdentityError::Invalid`], also when the address is taken.
pub async fn add_owner(cx: &Cx, new: NewStaff) -> Result<i64, IdentityError> {
    cx.require(permissions::STAFF_CREATE)?;
    let new = checked(new)?;
    let hash = password::hash(cx, new.password.clone()).await?;
    cx.write(async move |tx: &mut Tx| insert(tx, &new, &hash).await).await
}

fn checked(new: NewStaff) -> Result<NewStaff, IdentityError> {
    let new = NewStaff { name: new.name.trim().to_owned(), email: tidy_email(&new.email), ..new };
    let mut wrong = Vec::new();
    if new.name.is_empty() || new.name.chars().count() > 200 {
        wrong.push(FieldError::new("name", "Enter a name of at most 200 characters."));
    }
    let at = new.email.find('@');
    if at.is_none_or(|at| at == 0 || at + 1 == new.email.len()) || new.email.len() > 254 {
        wrong.push(FieldError::new("email", "Enter an e-mail address, for example ann@example.com."));
    }
    wrong.extend(password::problem(&new.password));
    if wrong.is_empty() { Ok(new) } else { Err(IdentityError::Invalid(wrong)) }
}

async fn insert(tx: &mut Tx, new: &NewStaff, hash: &str) -> Result<i64, IdentityError> {
    if tx.query_opt(&TAKEN, params![&new.email], |row| row.get::<i64>(0)).await?.is_some() {
        let taken = FieldError::new("email", "Somebody has this address already.");
        return Err(IdentityError::Invalid(vec![taken]));
    }
    let (id, now) = (tx.new_raw_id()?, tx.now());
    tx.exec_one(&INSERT, params![id, &new.email, &new.name, hash, now]).await?;
    let subject = format!("staff:{id}");
    let after = Some(json!({ "email": new.email, "name": new.name, "role": "owner" }));
    let action = permissions::STAFF_CREATE;
    bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after }).await?;
    Ok(id)
}

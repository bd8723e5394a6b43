//! People who work here.

use std::sync::Arc;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_time::Instant;
use serde_json::{Value, json};

use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::password::{self, PasswordHash};
use crate::roles::{OWNER, PRESETS, RoleBook, own};
use crate::sessions::{self, Beginning, Client, Kind, Session};
use crate::subject::Subject;
use crate::{passwords, permissions, token, users};

bursar_db::statements! {
    /// Whether there is anybody.
    pub(crate) ANY = "SELECT id FROM identity_staff LIMIT 1";
    /// A new person.
    pub(crate) INSERT = "INSERT INTO identity_staff (id, email, name, password_hash, password_changed_at, role,
            department, phone, status, created_at, version)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'active', $5, 1)";
    /// Everybody, in order of name.
    pub(crate) LIST = "SELECT id, email, name, role, department, phone, status, last_sign_in_at, created_at, version
        FROM identity_staff ORDER BY name, id LIMIT 1000";
    /// One person.
    pub(crate) FIND = "SELECT id, email, name, role, department, phone, status, last_sign_in_at, created_at, version
        FROM identity_staff WHERE id = $1";
    /// Owners who may sign in, beside one person.
    pub(crate) OTHER_OWNERS = "SELECT COUNT(*) FROM identity_staff
        WHERE role = 'owner' AND status = 'active' AND id <> $1";
    /// Saved over the version that was seen.
    pub(crate) UPDATE = "UPDATE identity_staff SET name = $3, role = $4, department = $5, phone = $6, status = $7,
        version = version + 1 WHERE id = $1 AND version = $2";
    /// The same password under a better hash, unless it was changed meanwhile.
    pub(crate) REHASH = "UPDATE identity_staff SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
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

/// Somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Staff {
    /// Identity.
    pub id: i64,
    /// To sign in with.
    pub email: String,
    /// What can be changed.
    pub details: StaffDetails,
    /// When they last signed in.
    pub last_sign_in_at: Option<Instant>,
    /// When they were made.
    pub created_at: Instant,
    /// For saving over what was seen.
    pub version: i64,
}

/// What can be changed about somebody who works here.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StaffDetails {
    /// As shown.
    pub name: String,
    /// A ready-made role or one of one's own.
    pub role: String,
    /// Where they work.
    pub department: String,
    /// How to call them.
    pub phone: String,
    /// Whether they may sign in.
    pub is_active: bool,
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

/// Whether anybody works here.
pub async fn has_staff(tx: &mut Tx) -> Result<bool, Fault> {
    Ok(tx.query_opt(&ANY, params![], |row| row.get::<i64>(0)).await?.is_some())
}

fn person(row: &Row<'_>) -> Result<Staff, Fault> {
    let details = StaffDetails {
        name: row.get(2)?,
        role: row.get(3)?,
        department: row.get(4)?,
        phone: row.get(5)?,
        is_active: row.text(6)? == "active",
    };
    Ok(Staff {
        id: row.get(0)?,
        email: row.get(1)?,
        details,
        last_sign_in_at: row.get(7)?,
        created_at: row.get(8)?,
        version: row.get(9)?,
    })
}

/// Everybody who works here, by name.
pub async fn list_staff(tx: &mut Tx) -> Result<Vec<Staff>, Fault> {
    tx.query(&LIST, params![], person).await
}

/// One person.
pub async fn find_staff(tx: &mut Tx, id: i64) -> Result<Option<Staff>, Fault> {
    tx.query_opt(&FIND, params![id], person).await
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
pub async fn finish_setup(
    cx: &Cx,
    token: &str,
    new: NewStaff,
    client: Client,
) -> Result<Session, IdentityError> {
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
        let subject = insert(tx, &new, &hash, OWNER).await?;
        let subject = Subject { kind: Kind::Staff, id: subject };
        let beginning = Beginning { subject, customer: None, method: "set-up", client: &client };
        Ok(sessions::begin(tx, beginning).await?)
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
    cx.write(async move |tx: &mut Tx| insert(tx, &new, &hash, OWNER).await).await
}

/// Adds somebody with a role.
///
/// # Errors
/// [`IdentityError::Invalid`], also when the address is taken; [`IdentityError::BeyondOwn`].
pub async fn add_staff(cx: &Cx, book: &RoleBook, new: NewStaff, role: String) -> Result<i64, IdentityError> {
    cx.require(permissions::STAFF_CREATE)?;
    let new = checked(new)?;
    let hash = password::hash(cx, new.password.clone()).await?;
    let (mine, book) = (cx.clone(), book.clone());
    cx.write(async move |tx: &mut Tx| {
        refuse_role(tx, &mine, &book, &role).await?;
        insert(tx, &new, &hash, &role).await
    })
    .await
}

/// Saves somebody's details over the version that was seen. Blocking ends their sessions.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`], [`IdentityError::Changed`], [`IdentityError::Invalid`],
/// [`IdentityError::BeyondOwn`] over a role with more rights than one's own, and [`IdentityError::LastOwner`].
pub async fn update_staff(
    cx: &Cx,
    book: &RoleBook,
    id: i64,
    seen: i64,
    details: StaffDetails,
) -> Result<(), IdentityError> {
    cx.require(permissions::STAFF_EDIT)?;
    let details = StaffDetails { name: details.name.trim().to_owned(), ..details };
    let wrong = details_problems(&details);
    if !wrong.is_empty() {
        return Err(IdentityError::Invalid(wrong));
    }
    let (mine, book) = (cx.clone(), book.clone());
    cx.write(async move |tx: &mut Tx| {
        let before = find_staff(tx, id).await?.ok_or(IdentityError::NotFound("person"))?;
        // Over both: somebody with fewer rights must not take rights from an owner either.
        refuse_role(tx, &mine, &book, &before.details.role).await?;
        refuse_role(tx, &mine, &book, &details.role).await?;
        let was_owner = before.details.role == OWNER && before.details.is_active;
        if was_owner && !(details.role == OWNER && details.is_active) {
            let others = tx.query_one(&OTHER_OWNERS, params![id], |row| row.get::<i64>(0)).await?;
            if others == 0 {
                return Err(IdentityError::LastOwner);
            }
        }
        let status = if details.is_active { "active" } else { "blocked" };
        let StaffDetails { name, role, department, phone, .. } = &details;
        if tx.exec(&UPDATE, params![id, seen, name, role, department, phone, status]).await? != 1 {
            return Err(IdentityError::Changed);
        }
        if !details.is_active {
            sessions::end_all(tx, Kind::Staff, id, None).await?;
        }
        let (subject, action) = (format!("staff:{id}"), permissions::STAFF_EDIT);
        let (before, after) = (Some(view(&before.details)), Some(view(&details)));
        Ok(bursar_audit::record(tx, Audit { action, subject: &subject, before, after }).await?)
    })
    .await
}

/// Adds somebody with a role, who gets a link by mail to choose a password of their own.
///
/// # Errors
/// As [`add_staff`].
pub(crate) async fn invite_staff(
    cx: &Cx,
    house: &Gatehouse,
    name: String,
    email: String,
    role: String,
) -> Result<i64, IdentityError> {
    // A password that nobody knows, until the person has chosen one.
    let password = cx.with_rng(|rng| rng.token(32));
    let id = add_staff(cx, &house.book, NewStaff { name, email, password }, role).await?;
    let mail = Arc::clone(&house.mail);
    cx.write(async move |tx: &mut Tx| passwords::send_staff_link(tx, &*mail, id).await).await?;
    Ok(id)
}

/// Refuses to act on somebody with more rights than one's own.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`], [`IdentityError::BeyondOwn`].
pub(crate) async fn refuse_over(cx: &Cx, book: &RoleBook, id: i64) -> Result<(), IdentityError> {
    cx.require(permissions::STAFF_EDIT)?;
    let (mine, book) = (cx.clone(), book.clone());
    cx.read(async move |tx: &mut Tx| {
        let person = find_staff(tx, id).await?.ok_or(IdentityError::NotFound("person"))?;
        refuse_role(tx, &mine, &book, &person.details.role).await
    })
    .await
}

fn details_problems(details: &StaffDetails) -> Vec<FieldError> {
    let mut wrong = Vec::new();
    if details.name.is_empty() || details.name.chars().count() > 200 {
        wrong.push(FieldError::new("name", "Enter a name of at most 200 characters."));
    }
    for (field, text) in [("department", &details.department), ("phone", &details.phone)] {
        if text.chars().count() > 100 {
            wrong.push(FieldError::new(field, "Use at most 100 characters."));
        }
    }
    wrong
}

fn view(details: &StaffDetails) -> Value {
    let StaffDetails { name, role, department, phone, is_active } = details;
    json!({ "name": name, "role": role, "department": department, "phone": phone, "is_active": is_active })
}

/// Refuses a role that is not there, and one with rights the actor lacks.
async fn refuse_role(tx: &mut Tx, cx: &Cx, book: &RoleBook, role: &str) -> Result<(), IdentityError> {
    let held = match own::find(tx, role).await? {
        Some(own) => own.permissions,
        None if PRESETS.iter().any(|preset| preset.code == role) => book.of_staff(role, None),
        None => {
            let unknown = FieldError::new("role", "Choose one of the roles.");
            return Err(IdentityError::Invalid(vec![unknown]));
        }
    };
    own::refuse_beyond(cx, &held)
}

fn checked(new: NewStaff) -> Result<NewStaff, IdentityError> {
    let new = NewStaff { name: new.name.trim().to_owned(), email: users::tidy_email(&new.email), ..new };
    let mut wrong = users::problems(&new.name, &new.email);
    wrong.extend(password::password_problem(&new.password));
    if wrong.is_empty() { Ok(new) } else { Err(IdentityError::Invalid(wrong)) }
}

async fn insert(tx: &mut Tx, new: &NewStaff, hash: &PasswordHash, role: &str) -> Result<i64, IdentityError> {
    if tx.query_opt(&TAKEN, params![&new.email], |row| row.get::<i64>(0)).await?.is_some() {
        let taken = FieldError::new("email", "Somebody has this address already.");
        return Err(IdentityError::Invalid(vec![taken]));
    }
    let (id, now) = (tx.new_raw_id()?, tx.now());
    tx.exec_one(&INSERT, params![id, &new.email, &new.name, hash.as_stored(), now, role, "", ""]).await?;
    let subject = format!("staff:{id}");
    let after = Some(json!({ "email": new.email, "name": new.name, "role": role }));
    let action = permissions::STAFF_CREATE;
    bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after }).await?;
    Ok(id)
}

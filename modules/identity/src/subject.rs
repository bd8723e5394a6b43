//! Whoever can sign in, staff or user, where the two do not differ.

use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_ids::Actor;

use crate::events::SecurityChanged;
use crate::mail::Recipient;
use crate::password::PasswordHash;
use crate::sessions::Kind;
use crate::users::twins;

bursar_db::statements! {
    /// Somebody who works here and may sign in.
    pub(crate) STAFF = "SELECT email, name, password_hash, role, 0 FROM identity_staff
        WHERE id = $1 AND status = 'active'";
    /// A user who may sign in; a user's roles are in teams.
    pub(crate) USER = "SELECT email, name, password_hash, '', must_enrol FROM identity_users
        WHERE id = $1 AND status = 'active'";
    /// By address.
    pub(crate) STAFF_BY_EMAIL = "SELECT id FROM identity_staff WHERE email = $1 AND status = 'active'";
    /// By address.
    pub(crate) USER_BY_EMAIL = "SELECT id FROM identity_users WHERE email = $1 AND status = 'active'";
    /// What a user is in teams.
    pub(crate) TEAM_ROLES = "SELECT DISTINCT role FROM identity_memberships WHERE user_id = $1";
    /// A new password.
    pub(crate) SET_STAFF_PASSWORD = "UPDATE identity_staff SET password_hash = $2, password_changed_at = $3
        WHERE id = $1";
    /// A new password.
    pub(crate) SET_USER_PASSWORD = "UPDATE identity_users SET password_hash = $2, password_changed_at = $3
        WHERE id = $1";
}

/// Somebody who signs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// On which side.
    pub kind: Kind,
    /// Who there.
    pub id: i64,
}

/// What is known of somebody who may sign in.
#[derive(Debug, Clone)]
pub(crate) struct Face {
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password_hash: Option<String>,
    pub(crate) roles: Vec<String>,
    /// They had a second factor in another system.
    pub(crate) must_enrol: bool,
}

impl Subject {
    /// The person behind an actor who is there themself.
    pub fn of(actor: &Actor) -> Option<Self> {
        match *actor {
            Actor::Staff(id) => Some(Self { kind: Kind::Staff, id }),
            Actor::User(id) => Some(Self { kind: Kind::User, id }),
            Actor::StaffAs { .. } | Actor::ApiKey(_) | Actor::System { .. } => None,
        }
    }

    /// As the audit log names them.
    pub(crate) fn path(self) -> String {
        format!("{}:{}", self.kind.code(), self.id)
    }
}

fn face(row: &Row<'_>) -> Result<Face, Fault> {
    let role = row.text(3)?;
    let roles = if role.is_empty() { Vec::new() } else { vec![role.to_owned()] };
    Ok(Face {
        email: twins::shown(row.text(0)?).to_owned(),
        name: row.get(1)?,
        password_hash: row.get(2)?,
        roles,
        must_enrol: row.get(4)?,
    })
}

/// Somebody who may sign in, with their roles.
pub(crate) async fn find(tx: &mut Tx, subject: Subject) -> Result<Option<Face>, Fault> {
    match subject.kind {
        Kind::Staff => tx.query_opt(&STAFF, params![subject.id], face).await,
        Kind::User => {
            let Some(mut found) = tx.query_opt(&USER, params![subject.id], face).await? else {
                return Ok(None);
            };
            found.roles = tx.query(&TEAM_ROLES, params![subject.id], |row| row.get(0)).await?;
            Ok(Some(found))
        }
    }
}

/// The same for somebody who has just been found: their absence is a fault.
pub(crate) async fn get(tx: &mut Tx, subject: Subject) -> Result<Face, Fault> {
    let found = find(tx, subject).await?;
    found.ok_or_else(|| Fault::new(format!("{} may not sign in any more", subject.path())))
}

/// Who may sign in with an address.
pub(crate) async fn by_email(tx: &mut Tx, kind: Kind, email: &str) -> Result<Option<Subject>, Fault> {
    let statement = match kind {
        Kind::Staff => &STAFF_BY_EMAIL,
        Kind::User => &USER_BY_EMAIL,
    };
    let id = tx.query_opt(statement, params![email], |row| row.get(0)).await?;
    Ok(id.map(|id| Subject { kind, id }))
}

pub(crate) async fn set_password(tx: &mut Tx, subject: Subject, hash: &PasswordHash) -> Result<(), Fault> {
    let statement = match subject.kind {
        Kind::Staff => &SET_STAFF_PASSWORD,
        Kind::User => &SET_USER_PASSWORD,
    };
    let now = tx.now();
    tx.exec_one(statement, params![subject.id, hash.as_stored(), now]).await
}

/// Records and announces that something changed which decides who can sign in as a person.
pub(crate) async fn announce_change(tx: &mut Tx, subject: Subject, what: &str) -> Result<(), Fault> {
    let face = get(tx, subject).await?;
    let event = SecurityChanged {
        kind: subject.kind.code().to_owned(),
        subject_id: subject.id,
        email: face.email,
        name: face.name,
        what: what.to_owned(),
    };
    bursar_events::emit(tx, &event).await?;
    let (action, path) = (format!("identity.security.{what}"), subject.path());
    let audit = bursar_audit::Audit { action: &action, subject: &path, before: None, after: None };
    bursar_audit::record(tx, audit).await
}

impl Face {
    pub(crate) fn recipient(&self) -> Recipient {
        Recipient { email: self.email.clone(), name: self.name.clone() }
    }
}

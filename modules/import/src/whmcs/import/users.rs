//! Logins, and for whom they act.
//!
//! A password comes along in the one-way form it had and works at the next sign-in; a second factor cannot, so whoever had
//! one sets one up before anything else. Before WHMCS 8 a client was its own login: of several clients with one address
//! the first one's is taken over, and the others sign in by a link that is sent to it.

use std::collections::{BTreeMap, BTreeSet};

use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_identity::{ImportedMembership, ImportedUser, Membership, TeamRole};
use bursar_time::{Date, Instant};

use super::Import;
use super::notes::RowNote;
use super::store;
use crate::whmcs::rows::{ClientRow, UserClientRow, UserRow};

/// A login as Bursar has it.
#[derive(Debug)]
pub(super) struct UserOut {
    id: i64,
    email: String,
    name: String,
    foreign_hash: Option<String>,
    verified_on: Option<Date>,
    created_on: Option<Date>,
    must_enrol: bool,
}

/// Who acts for whom.
#[derive(Debug)]
pub(super) struct MemberOut {
    user: i64,
    client: i64,
    role: TeamRole,
}

impl Import {
    pub(super) fn take_user(&mut self, row: UserRow) {
        let name = format!("{} {}", row.first_name, row.last_name);
        let must_enrol = !matches!(row.second_factor.trim(), "" | "none");
        if must_enrol {
            let (what, done) = ("its secret cannot be taken over", "must be set up anew at the next sign-in");
            self.notes.push(RowNote::new("tblusers", row.id, "second_factor", what, done));
        }
        let login = UserOut {
            id: row.id,
            email: row.email,
            name,
            foreign_hash: None,
            verified_on: row.verified_at.map(|at| at.date()),
            created_on: row.created_at.map(|at| at.date()),
            must_enrol,
        };
        self.take_login("tblusers", login, &row.password);
    }

    /// Before WHMCS 8 the client is the login; the column is stale since.
    pub(super) fn take_old_login(&mut self, row: &ClientRow) {
        if self.plan.has_users || row.password.is_empty() {
            return;
        }
        let login = UserOut {
            id: row.id,
            email: row.email.clone(),
            name: format!("{} {}", row.first_name, row.last_name),
            foreign_hash: None,
            verified_on: None,
            created_on: row.created_on,
            must_enrol: false,
        };
        if self.take_login("tblclients", login, &row.password) {
            self.batch.members.push(MemberOut { user: row.id, client: row.id, role: TeamRole::Owner });
        }
    }

    fn take_login(&mut self, table: &'static str, login: UserOut, hash: &str) -> bool {
        if !bursar_identity::is_address(&login.email) {
            let what = format!("{:?} is no address to sign in with", login.email);
            self.notes.push(RowNote::new(table, login.id, "email", what, "the login is left out"));
            self.counts.entry("users").or_default().left_out += 1;
            return false;
        }
        let is_known = bursar_identity::is_foreign_hash(hash);
        if !is_known && !hash.is_empty() {
            let (what, done) =
                ("is in a form that cannot be checked", "signs in by a link until a new one is chosen");
            self.notes.push(RowNote::new(table, login.id, "password", what, done));
        }
        let name = match login.name.trim() {
            "" => login.email.split('@').next().unwrap_or_default().to_owned(),
            name => name.chars().take(200).collect(),
        };
        self.plan.users.set(login.id, ());
        self.batch.users.push(UserOut { name, foreign_hash: is_known.then(|| hash.to_owned()), ..login });
        true
    }

    pub(super) fn take_member(&mut self, row: &UserClientRow) {
        let user = row.user_id.filter(|id| self.plan.users.has(*id));
        let client = row.client_id.filter(|id| self.plan.clients.has(*id));
        let (Some(user), Some(client)) = (user, client) else {
            let what = "its user or client is not there";
            self.notes.push(RowNote::new("tblusers_clients", row.id, "", what, "left out"));
            self.counts.entry("team_members").or_default().left_out += 1;
            return;
        };
        let role = role_of(row.is_owner, &row.permissions);
        self.batch.members.push(MemberOut { user, client, role });
    }
}

/// The role that gives at most about what the ticks gave: money, else the technical side, else reading.
fn role_of(is_owner: bool, permissions: &str) -> TeamRole {
    if is_owner {
        return TeamRole::Owner;
    }
    let has = |names: &[&str]| permissions.split(',').any(|it| names.contains(&it.trim()));
    if has(&["invoices", "quotes"]) {
        TeamRole::Billing
    } else if has(&["products", "manageproducts", "productsso", "domains", "managedomains", "tickets"]) {
        TeamRole::Technical
    } else {
        TeamRole::ReadOnly
    }
}

pub(super) async fn write_users(tx: &mut Tx, rows: &[UserOut]) -> Result<u64, Fault> {
    let mut written = 0;
    for row in rows {
        let start = |on: Date| Instant::from_date_start(on, tx.zone());
        let user = ImportedUser {
            id: row.id,
            email: row.email.clone(),
            name: row.name.clone(),
            foreign_hash: row.foreign_hash.clone(),
            verified_at: row.verified_on.map(start),
            created_at: row.created_on.map_or(tx.now(), start),
            must_enrol: row.must_enrol,
        };
        written += u64::from(bursar_identity::import_user(tx, &user).await?);
    }
    Ok(written)
}

/// A customer as its team needs it.
struct Face {
    name: String,
    is_closed: bool,
    /// Where its mail went for as long as it bought something.
    proven_email: Option<String>,
}

pub(super) async fn write_members(tx: &mut Tx, rows: &[MemberOut]) -> Result<u64, Fault> {
    if rows.is_empty() {
        return Ok(0);
    }
    let users = store::present(tx, &store::HAVE_USERS, rows.iter().map(|row| row.user)).await?;
    let faces = faces(tx, rows.iter().map(|row| row.client).collect()).await?;
    let mut written = 0;
    for row in rows.iter().filter(|row| users.contains(&row.user)) {
        let Some(face) = faces.get(&row.client) else { continue };
        let it = ImportedMembership {
            membership: Membership {
                user_id: row.user,
                customer_id: row.client,
                role: row.role,
                customer_name: face.name.clone(),
            },
            is_suspended: face.is_closed,
            proven_email: face.proven_email.clone().filter(|_| row.role == TeamRole::Owner),
        };
        written += u64::from(bursar_identity::import_membership(tx, &it).await?);
    }
    Ok(written)
}

async fn faces(tx: &mut Tx, clients: BTreeSet<i64>) -> Result<BTreeMap<i64, Face>, Fault> {
    let clients: Vec<i64> = clients.into_iter().collect();
    let found = tx
        .query(&store::CUSTOMER_FACES, params![clients.as_slice()], |row| {
            let (company, first, last) = (row.text(3)?, row.text(4)?, row.text(5)?);
            let name = match company {
                "" => format!("{first} {last}").trim().to_owned(),
                company => company.to_owned(),
            };
            let status = row.text(2)?;
            let proven_email = if status == "active" { Some(row.get(1)?) } else { None };
            let face = Face { name, is_closed: matches!(status, "closed" | "banned"), proven_email };
            Ok((row.get::<i64>(0)?, face))
        })
        .await?;
    Ok(found.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_gets_more_than_they_had() {
        assert_eq!(role_of(true, ""), TeamRole::Owner);
        assert_eq!(role_of(false, "profile,contacts,products,invoices,tickets"), TeamRole::Billing);
        assert_eq!(role_of(false, "profile, manageproducts"), TeamRole::Technical);
        assert_eq!(role_of(false, "profile,emails"), TeamRole::ReadOnly);
        assert_eq!(role_of(false, ""), TeamRole::ReadOnly);
    }
}

//! SQL of users and memberships.

use bursar_db::Row;
use bursar_fault::Fault;

use super::{User, twins};
use crate::roles::TeamRole;

bursar_db::statements! {
    /// A new user.
    pub(crate) INSERT = "INSERT INTO identity_users
            (id, email, name, password_hash, password_changed_at, status, email_verified_at, created_at, version)
        VALUES ($1, $2, $3, $4, $5, 'active', $6, $7, 1)";
    /// One user.
    pub(crate) FIND = "SELECT id, email, name, status, email_verified_at,
            CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END, last_sign_in_at, created_at
        FROM identity_users WHERE id = $1";
    /// By address.
    pub(crate) FIND_BY_EMAIL = "SELECT id, email, name, status, email_verified_at,
            CASE WHEN password_hash IS NULL THEN 0 ELSE 1 END, last_sign_in_at, created_at
        FROM identity_users WHERE email = $1";
    /// Who may sign in with an address and what proves it.
    pub(crate) FIND_ACTIVE = "SELECT id, name, password_hash FROM identity_users WHERE email = $1 AND status = 'active'";
    /// The newest of those who signed up with an address that was known.
    pub(crate) NEWEST_TWIN = "SELECT id, password_hash FROM identity_users
        WHERE email >= $1 AND email < $2 AND status = 'active' ORDER BY id DESC LIMIT 1";
    /// Those of them in a team.
    pub(crate) TWINS_IN_TEAM = "SELECT u.id FROM identity_users u JOIN identity_memberships m ON m.user_id = u.id
        WHERE u.email >= $1 AND u.email < $2 AND m.customer_id = $3 ORDER BY u.id LIMIT 100";
    /// They signed in.
    pub(crate) NOTE_SIGN_IN = "UPDATE identity_users SET last_sign_in_at = $2, last_customer_id = $3 WHERE id = $1";
    /// The address is theirs.
    pub(crate) VERIFY = "UPDATE identity_users SET email_verified_at = $2 WHERE id = $1 AND email_verified_at IS NULL";
    /// Whether they may sign in.
    pub(crate) SET_STATUS = "UPDATE identity_users SET status = $2, version = version + 1 WHERE id = $1";
    /// The address is theirs, and what they sign in with.
    pub(crate) SET_EMAIL = "UPDATE identity_users SET email = $2, email_verified_at = $3, version = version + 1
        WHERE id = $1";
    /// The same password under a better hash, unless it was changed meanwhile.
    pub(crate) REHASH = "UPDATE identity_users SET password_hash = $3 WHERE id = $1 AND password_hash = $2";
    /// In a team, or in another role there.
    pub(crate) PUT_MEMBERSHIP = "INSERT INTO identity_memberships
            (user_id, customer_id, role, customer_name, is_suspended, created_at)
        VALUES ($1, $2, $3, $4, 0, $5)
        ON CONFLICT (user_id, customer_id) DO UPDATE SET role = excluded.role,
            customer_name = excluded.customer_name";
    /// Out of a team.
    pub(crate) DELETE_MEMBERSHIP = "DELETE FROM identity_memberships WHERE user_id = $1 AND customer_id = $2";
    /// What somebody is in a team.
    pub(crate) ROLE_OF = "SELECT role FROM identity_memberships
        WHERE user_id = $1 AND customer_id = $2 AND is_suspended = 0";
    /// Any team of theirs.
    pub(crate) ANY_TEAM = "SELECT customer_id FROM identity_memberships WHERE user_id = $1 LIMIT 1";
    /// The customers of a user; the one they acted for last comes first.
    pub(crate) CUSTOMERS_OF = "SELECT m.customer_id FROM identity_memberships m
        JOIN identity_users u ON u.id = m.user_id
        WHERE m.user_id = $1 AND m.is_suspended = 0
        ORDER BY CASE WHEN m.customer_id = u.last_customer_id THEN 0 ELSE 1 END, m.customer_id LIMIT 1";
    /// The team of a customer.
    pub(crate) MEMBERS = "SELECT u.id, u.email, u.name, u.status, u.email_verified_at,
            CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END, u.last_sign_in_at, u.created_at, m.role
        FROM identity_memberships m JOIN identity_users u ON u.id = m.user_id
        WHERE m.customer_id = $1 ORDER BY m.user_id LIMIT 500";
    /// Sessions that acted for it act for nobody.
    pub(crate) LEAVE_CUSTOMER = "UPDATE identity_sessions SET customer_id = NULL
        WHERE kind = 'user' AND subject_id = $1 AND customer_id = $2";
    /// What the customer is called and whether it is open.
    pub(crate) FOLLOW_CUSTOMER = "UPDATE identity_memberships SET customer_name = $2, is_suspended = $3
        WHERE customer_id = $1";
}

pub(crate) fn user(row: &Row<'_>) -> Result<User, Fault> {
    Ok(User {
        id: row.get(0)?,
        email: twins::shown(row.text(1)?).to_owned(),
        name: row.get(2)?,
        is_active: row.text(3)? == "active",
        email_verified_at: row.get(4)?,
        has_password: row.get(5)?,
        last_sign_in_at: row.get(6)?,
        created_at: row.get(7)?,
    })
}

pub(crate) fn role(code: &str) -> Result<TeamRole, Fault> {
    TeamRole::parse(code).ok_or_else(|| Fault::corrupt(format!("{code:?} is no role in a team")))
}

//! Whom to write to about something that only some may know.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::roles::RoleBook;
use crate::users::store::role;

bursar_db::statements! {
    /// A member of staff who works here, with their rights.
    pub(crate) STAFF = "SELECT p.email, p.name, p.role, r.permissions FROM identity_staff p
        LEFT JOIN identity_roles r ON r.code = p.role WHERE p.id = $1 AND p.status = 'active'";
    /// A user who can sign in.
    pub(crate) USER = "SELECT email, name FROM identity_users WHERE id = $1 AND status = 'active'";
    /// The same in a customer's team.
    pub(crate) MEMBER = "SELECT u.email, u.name, m.role FROM identity_users u
        JOIN identity_memberships m ON m.user_id = u.id AND m.is_suspended = 0
        WHERE u.id = $1 AND m.customer_id = $2 AND u.status = 'active'";
}

/// Somebody to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reached {
    /// Address.
    pub email: String,
    /// Name.
    pub name: String,
}

/// A member of staff, if they may know; `None` for the permission when it is about themself. Nobody is reached where the
/// rights of roles are not known.
pub async fn reach_staff(tx: &mut Tx, id: i64, permission: Option<&str>) -> Result<Option<Reached>, Fault> {
    let found = tx
        .query_opt(&STAFF, params![id], |row| {
            let reached = Reached { email: row.get(0)?, name: row.get(1)? };
            Ok((reached, row.get::<String>(2)?, row.get::<Option<String>>(3)?))
        })
        .await?;
    let Some((reached, role, own)) = found else { return Ok(None) };
    let may = match (permission, tx.attachment::<RoleBook>()) {
        (None, _) => true,
        (Some(permission), Some(book)) => book.of_staff(&role, own.as_deref()).contains(permission),
        (Some(_), None) => false,
    };
    Ok(may.then_some(reached))
}

/// A user, if they may know what is a customer's.
pub async fn reach_user(
    tx: &mut Tx,
    id: i64,
    customer: Option<i64>,
    permission: Option<&str>,
) -> Result<Option<Reached>, Fault> {
    let Some(customer) = customer else {
        return tx
            .query_opt(&USER, params![id], |row| Ok(Reached { email: row.get(0)?, name: row.get(1)? }))
            .await;
    };
    let found = tx
        .query_opt(&MEMBER, params![id, customer], |row| {
            let reached = Reached { email: row.get(0)?, name: row.get(1)? };
            Ok((reached, row.get::<String>(2)?))
        })
        .await?;
    let Some((reached, code)) = found else { return Ok(None) };
    let held = role(&code)?;
    let may = match (permission, tx.attachment::<RoleBook>()) {
        (None, _) => true,
        (Some(permission), Some(book)) => book.of_team(held).contains(permission),
        (Some(_), None) => false,
    };
    Ok(may.then_some(reached))
}

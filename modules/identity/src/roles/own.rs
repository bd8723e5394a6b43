//! Roles of one's own: stored, edited, given up.

use std::collections::BTreeSet;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use serde_json::json;

use super::RoleBook;
use crate::error::IdentityError;
use crate::permissions;

bursar_db::statements! {
    /// All of them.
    pub(crate) LIST = "SELECT code, name, permissions, version FROM identity_roles ORDER BY name LIMIT 500";
    /// One.
    pub(crate) FIND = "SELECT code, name, permissions, version FROM identity_roles WHERE code = $1";
    /// Whether another one has the name.
    pub(crate) NAMED = "SELECT code FROM identity_roles WHERE name = $1 AND code <> $2";
    /// A new one.
    pub(crate) INSERT = "INSERT INTO identity_roles (id, code, name, permissions, created_at, version)
        VALUES ($1, $2, $3, $4, $5, 1)";
    /// Saved over the version that was seen.
    pub(crate) UPDATE = "UPDATE identity_roles SET name = $3, permissions = $4, version = version + 1
        WHERE code = $1 AND version = $2";
    /// Given up, when nobody holds it.
    pub(crate) DELETE = "DELETE FROM identity_roles
        WHERE code = $1 AND NOT EXISTS (SELECT 1 FROM identity_staff WHERE role = $1)";
}

/// A role of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnRole {
    /// As staff hold it.
    pub code: String,
    /// As people call it.
    pub name: String,
    /// What it may do.
    pub permissions: BTreeSet<String>,
    /// For saving over what was seen.
    pub version: i64,
}

/// What a role is to become.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleDraft {
    /// As people call it.
    pub name: String,
    /// The ticked permissions.
    pub permissions: BTreeSet<String>,
}

fn role(row: &Row<'_>) -> Result<OwnRole, Fault> {
    Ok(OwnRole {
        code: row.get(0)?,
        name: row.get(1)?,
        permissions: row.text(2)?.split_whitespace().map(str::to_owned).collect(),
        version: row.get(3)?,
    })
}

/// All of them by name.
pub async fn list(tx: &mut Tx) -> Result<Vec<OwnRole>, Fault> {
    tx.query(&LIST, params![], role).await
}

/// One, if it is there.
pub async fn find(tx: &mut Tx, code: &str) -> Result<Option<OwnRole>, Fault> {
    tx.query_opt(&FIND, params![code], role).await
}

/// Makes a role and returns its code.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`], [`IdentityError::BeyondOwn`].
pub async fn create_role(cx: &Cx, book: &RoleBook, draft: RoleDraft) -> Result<String, IdentityError> {
    let draft = checked(cx, book, draft)?;
    cx.write(async move |tx: &mut Tx| {
        refuse_taken_name(tx, &draft.name, "").await?;
        let (id, now) = (tx.new_raw_id()?, tx.now());
        let code = format!("own-{id}");
        let permissions = stored(&draft);
        tx.exec_one(&INSERT, params![id, &code, &draft.name, &permissions, now]).await?;
        record(tx, &code, None, Some(&draft)).await?;
        Ok(code)
    })
    .await
}

/// Saves a role over the version that was seen. Who holds it may do the new things from the next request on.
///
/// # Errors
/// As [`create_role`], [`IdentityError::NotFound`], [`IdentityError::Changed`].
pub async fn update_role(
    cx: &Cx,
    book: &RoleBook,
    code: String,
    seen: i64,
    draft: RoleDraft,
) -> Result<(), IdentityError> {
    let draft = checked(cx, book, draft)?;
    let mine = cx.clone();
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, &code).await?.ok_or(IdentityError::NotFound("role"))?;
        refuse_beyond(&mine, &before.permissions)?;
        refuse_taken_name(tx, &draft.name, &code).await?;
        let permissions = stored(&draft);
        if tx.exec(&UPDATE, params![&code, seen, &draft.name, &permissions]).await? != 1 {
            return Err(IdentityError::Changed);
        }
        let before = RoleDraft { name: before.name, permissions: before.permissions };
        Ok(record(tx, &code, Some(&before), Some(&draft)).await?)
    })
    .await
}

/// Gives a role up.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`], [`IdentityError::RoleInUse`].
pub async fn delete_role(cx: &Cx, code: String) -> Result<(), IdentityError> {
    cx.require(permissions::ROLE_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let before = find(tx, &code).await?.ok_or(IdentityError::NotFound("role"))?;
        if tx.exec(&DELETE, params![&code]).await? != 1 {
            return Err(IdentityError::RoleInUse);
        }
        let before = RoleDraft { name: before.name, permissions: before.permissions };
        Ok(record(tx, &code, Some(&before), None).await?)
    })
    .await
}

fn checked(cx: &Cx, book: &RoleBook, draft: RoleDraft) -> Result<RoleDraft, IdentityError> {
    cx.require(permissions::ROLE_EDIT)?;
    let name = draft.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > 60 {
        let wrong = FieldError::new("name", "Give the role a name of at most 60 characters.");
        return Err(IdentityError::Invalid(vec![wrong]));
    }
    let permissions = book.known(draft.permissions.iter().map(String::as_str));
    refuse_beyond(cx, &permissions)?;
    Ok(RoleDraft { name, permissions })
}

/// Nobody hands out more than they hold: otherwise the right to edit roles would be every right.
pub(crate) fn refuse_beyond(cx: &Cx, permissions: &BTreeSet<String>) -> Result<(), IdentityError> {
    match permissions.iter().find(|name| !cx.can(name)) {
        Some(name) => Err(IdentityError::BeyondOwn(name.clone())),
        None => Ok(()),
    }
}

async fn refuse_taken_name(tx: &mut Tx, name: &str, code: &str) -> Result<(), IdentityError> {
    if tx.query_opt(&NAMED, params![name, code], |row| row.get::<String>(0)).await?.is_some() {
        let taken = FieldError::new("name", "Another role has this name; choose another one.");
        return Err(IdentityError::Invalid(vec![taken]));
    }
    Ok(())
}

fn stored(draft: &RoleDraft) -> String {
    draft.permissions.iter().map(String::as_str).collect::<Vec<_>>().join(" ")
}

async fn record(
    tx: &mut Tx,
    code: &str,
    before: Option<&RoleDraft>,
    after: Option<&RoleDraft>,
) -> Result<(), Fault> {
    let view = |draft: &RoleDraft| json!({ "name": draft.name, "permissions": draft.permissions });
    let audit = Audit {
        action: permissions::ROLE_EDIT,
        subject: &format!("role:{code}"),
        before: before.map(view),
        after: after.map(view),
    };
    bursar_audit::record(tx, audit).await
}

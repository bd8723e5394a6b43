//! Who works here, and their roles.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Surface, Visit};
use serde_json::{Value, json};

use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::permissions::{ROLE_EDIT, STAFF_CREATE, STAFF_EDIT, STAFF_VIEW};
use crate::roles::own::{self, OwnRole, RoleDraft};
use crate::roles::{PRESETS, RoleBook};
use crate::sessions::{self, Kind};
use crate::staff::{self, StaffDetails};
use crate::subject::Subject;
use crate::{factors, passwords};

const NEW: &str = "identity/people/admin_new.html";
const SHOW: &str = "identity/people/admin_show.html";
const ROLES: &str = "identity/people/admin_roles.html";
const ROLE: &str = "identity/people/admin_role.html";

pub(super) fn routes() -> Routes {
    Routes::<()>::new("identity")
        .get("/admin/staff/new", Permission(STAFF_CREATE), new_page)
        .post("/admin/staff/new", Permission(STAFF_CREATE), add)
        .fresh()
        .get("/admin/staff/{id}", Permission(STAFF_VIEW), show)
        .post("/admin/staff/{id}", Permission(STAFF_EDIT), save)
        .fresh()
        .post("/admin/staff/{id}/password-link", Permission(STAFF_EDIT), password_link)
        .fresh()
        .post("/admin/staff/{id}/sign-out", Permission(STAFF_EDIT), sign_out)
        .post("/admin/staff/{id}/factors", Permission(STAFF_EDIT), drop_factors)
        .fresh()
        .get("/admin/roles", Permission(ROLE_EDIT), roles)
        .get("/admin/roles/new", Permission(ROLE_EDIT), new_role)
        .post("/admin/roles/new", Permission(ROLE_EDIT), add_role)
        .fresh()
        .get("/admin/roles/{code}", Permission(ROLE_EDIT), show_role)
        .post("/admin/roles/{code}", Permission(ROLE_EDIT), save_role)
        .fresh()
        .post("/admin/roles/{code}/delete", Permission(ROLE_EDIT), delete_role)
        .fresh()
        .with_state(())
}

/// Every role that can be given: the ready-made ones, then one's own.
async fn choices(cx: &Cx) -> Result<Vec<Value>, Fault> {
    let own = cx.read(async |tx: &mut Tx| own::list(tx).await).await?;
    let ready = PRESETS.iter().map(|it| json!({ "value": it.code, "label": it.label }));
    let own = own.into_iter().map(|it| json!({ "value": it.code, "label": it.name }));
    Ok(ready.chain(own).collect())
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let form = Form::filled([("role", "support")]);
    visit.page(NEW, json!({ "form": form.view(), "roles": choices(&cx).await? }))
}

/// Adds somebody, who chooses their own password by a link: nobody else ever knows it.
async fn add(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let (name, email) = (form.text("name").to_owned(), form.text("email").to_owned());
    let role = form.text("role").to_owned();
    match staff::invite_staff(&cx, &house, name, email, role).await {
        Ok(id) => {
            let text = "Added. A link to choose a password is on its way by mail; it works for a week.";
            visit.redirect_with(format!("/admin/staff/{id}"), Flash::success(text))
        }
        Err(error) => {
            form.refuse_all(fields_of(error)?);
            visit.refused_form(NEW, json!({ "form": form.view(), "roles": choices(&cx).await? }))
        }
    }
}

/// What a form can show beside its fields; everything else is a page of its own.
fn fields_of(error: IdentityError) -> Result<Vec<bursar_fault::FieldError>, Problem> {
    match error {
        IdentityError::Invalid(fields) => Ok(fields),
        refused @ (IdentityError::BeyondOwn(_) | IdentityError::LastOwner) => {
            Ok(vec![bursar_fault::FieldError::new("role", refused.message())])
        }
        refused @ IdentityError::Changed => {
            Ok(vec![bursar_fault::FieldError::new("name", refused.message())])
        }
        other => Err(other.into()),
    }
}

async fn person_context(cx: &Cx, visit: &Visit, id: i64, form: Option<&Form>) -> Result<Value, Problem> {
    let subject = Subject { kind: Kind::Staff, id };
    let (person, factors, sessions) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((
                staff::find_staff(tx, id).await?,
                factors::factors_of(tx, subject).await?,
                sessions::list_sessions(tx, subject, None).await?,
            ))
        })
        .await?;
    let person = person.ok_or_else(Problem::not_found)?;
    let details = &person.details;
    let stored = Form::filled([
        ("name", details.name.clone()),
        ("role", details.role.clone()),
        ("department", details.department.clone()),
        ("phone", details.phone.clone()),
        ("version", person.version.to_string()),
    ]);
    let mut stored = stored;
    if details.is_active {
        stored.set("is_active", "1");
    }
    Ok(json!({
        "id": id, "name": details.name, "email": person.email, "since": person.created_at,
        "seen": person.last_sign_in_at, "status": if details.is_active { "active" } else { "blocked" },
        "form": form.unwrap_or(&stored).view(), "roles": choices(cx).await?, "may_edit": visit.can(STAFF_EDIT),
        "has_totp": factors.totp_since.is_some(), "passkeys": factors.passkeys, "sessions": sessions.len(),
    }))
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    visit.page(SHOW, person_context(&cx, &visit, id, None).await?)
}

async fn save(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let details = StaffDetails {
        name: form.text("name").to_owned(),
        role: form.text("role").to_owned(),
        department: form.text("department").to_owned(),
        phone: form.text("phone").to_owned(),
        is_active: form.is_checked("is_active"),
    };
    let seen = form.text("version").parse().unwrap_or_default();
    match staff::update_staff(&cx, &house.book, id, seen, details).await {
        Ok(()) => visit.redirect_with(format!("/admin/staff/{id}"), Flash::success("Saved.")),
        Err(error) => {
            form.refuse_all(fields_of(error)?);
            visit.refused_form(SHOW, person_context(&cx, &visit, id, Some(&form)).await?)
        }
    }
}

async fn password_link(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
) -> PageResult {
    staff::refuse_over(&cx, &house.book, id).await?;
    let mail = house.mail;
    cx.write(async move |tx: &mut Tx| passwords::send_staff_link(tx, &*mail, id).await).await?;
    let flash = Flash::success("A link to choose a new password is on its way by mail.");
    visit.redirect_with(format!("/admin/staff/{id}"), flash)
}

async fn sign_out(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
) -> PageResult {
    staff::refuse_over(&cx, &house.book, id).await?;
    let ended = cx.write(async move |tx: &mut Tx| sessions::end_all(tx, Kind::Staff, id, None).await).await?;
    visit.redirect_with(format!("/admin/staff/{id}"), Flash::success(format!("{ended} sessions ended.")))
}

/// For somebody who lost their phone.
async fn drop_factors(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(id): Path<i64>,
) -> PageResult {
    staff::refuse_over(&cx, &house.book, id).await?;
    factors::drop_all(&cx, Subject { kind: Kind::Staff, id }).await?;
    let flash = Flash::success("Their second factors are gone; they set up a new one at the next sign-in.");
    visit.redirect_with(format!("/admin/staff/{id}"), flash)
}

async fn roles(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
) -> PageResult {
    let own = cx.read(async |tx: &mut Tx| own::list(tx).await).await?;
    let ready: Vec<Value> = PRESETS
        .iter()
        .map(|it| {
            json!({ "code": it.code, "name": it.label, "about": it.about,
                "count": house.book.of_staff(it.code, None).len() })
        })
        .collect();
    let own: Vec<Value> = own
        .iter()
        .map(|it| json!({ "code": it.code, "name": it.name, "count": it.permissions.len() }))
        .collect();
    visit.page(ROLES, json!({ "ready": ready, "own": own }))
}

/// The page of one role, ready-made ones to look at and to copy.
fn role_context(book: &RoleBook, role: &OwnRole, form: Option<&Form>, is_own: bool) -> Value {
    let ticked: BTreeSet<String> = match form {
        Some(form) => form.all("permission").map(str::to_owned).collect(),
        None => role.permissions.clone(),
    };
    let groups: Vec<Value> = book
        .groups(Surface::Staff)
        .iter()
        .map(|group| {
            let permissions: Vec<Value> = group
                .permissions
                .iter()
                .map(
                    |it| json!({ "name": it.name, "label": it.label, "is_ticked": ticked.contains(it.name) }),
                )
                .collect();
            json!({ "module": group.module, "permissions": permissions })
        })
        .collect();
    let stored = Form::filled([("name", role.name.clone()), ("version", role.version.to_string())]);
    json!({
        "code": role.code, "name": role.name, "is_own": is_own, "groups": groups,
        "form": form.unwrap_or(&stored).view(),
    })
}

fn ready_made(book: &RoleBook, code: &str) -> Option<OwnRole> {
    let preset = PRESETS.iter().find(|it| it.code == code)?;
    Some(OwnRole {
        code: code.to_owned(),
        name: preset.label.to_owned(),
        permissions: book.of_staff(code, None),
        version: 0,
    })
}

async fn new_role(visit: Visit, Extension(house): Extension<Gatehouse>) -> PageResult {
    let empty =
        OwnRole { code: String::new(), name: String::new(), permissions: BTreeSet::new(), version: 0 };
    visit.page(ROLE, role_context(&house.book, &empty, None, true))
}

fn draft(form: &Form) -> RoleDraft {
    RoleDraft {
        name: form.text("name").to_owned(),
        permissions: form.all("permission").map(str::to_owned).collect(),
    }
}

async fn add_role(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    form: Form,
) -> PageResult {
    match own::create_role(&cx, &house.book, draft(&form)).await {
        Ok(code) => {
            visit.redirect_with(format!("/admin/roles/{code}"), Flash::success("The role can be given now."))
        }
        Err(error) => {
            let empty = OwnRole {
                code: String::new(),
                name: String::new(),
                permissions: BTreeSet::new(),
                version: 0,
            };
            refused_role(&visit, &house.book, &empty, form, error)
        }
    }
}

fn refused_role(
    visit: &Visit,
    book: &RoleBook,
    role: &OwnRole,
    mut form: Form,
    error: IdentityError,
) -> PageResult {
    match error {
        IdentityError::Invalid(fields) => form.refuse_all(fields),
        refused @ (IdentityError::BeyondOwn(_) | IdentityError::Changed) => {
            form.refuse("name", refused.message())
        }
        other => return Err(other.into()),
    }
    visit.refused_form(ROLE, role_context(book, role, Some(&form), true))
}

async fn find_own(cx: &Cx, code: String) -> Result<Option<OwnRole>, Fault> {
    cx.read(async move |tx: &mut Tx| own::find(tx, &code).await).await
}

async fn show_role(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(code): Path<String>,
) -> PageResult {
    if let Some(ready) = ready_made(&house.book, &code) {
        return visit.page(ROLE, role_context(&house.book, &ready, None, false));
    }
    let role = find_own(&cx, code).await?.ok_or_else(Problem::not_found)?;
    visit.page(ROLE, role_context(&house.book, &role, None, true))
}

async fn save_role(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(code): Path<String>,
    form: Form,
) -> PageResult {
    let role = find_own(&cx, code.clone()).await?.ok_or_else(Problem::not_found)?;
    let seen = form.text("version").parse().unwrap_or_default();
    match own::update_role(&cx, &house.book, code.clone(), seen, draft(&form)).await {
        Ok(()) => visit.redirect_with(format!("/admin/roles/{code}"), Flash::success("Saved.")),
        Err(error) => refused_role(&visit, &house.book, &role, form, error),
    }
}

async fn delete_role(visit: Visit, Extension(cx): Extension<Cx>, Path(code): Path<String>) -> PageResult {
    match own::delete_role(&cx, code.clone()).await {
        Ok(()) => visit.redirect_with("/admin/roles", Flash::success("The role is gone.")),
        Err(refused @ IdentityError::RoleInUse) => {
            visit.redirect_with(format!("/admin/roles/{code}"), Flash::danger(refused.message()))
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ready_made_roles_can_be_looked_at_and_others_are_not_made_up() {
        let book = RoleBook::new(&[bursar_app::Permission::staff("a.b.c", "Do it", &[])]);
        assert!(ready_made(&book, "owner").unwrap().permissions.contains("a.b.c"));
        assert_eq!(ready_made(&book, "own-7"), None);
    }
}

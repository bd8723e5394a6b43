//! Teams of customers: for their owners in the portal, and for staff, who may also look through a member's eyes.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{Fault, Refusal as _};
use bursar_web::{Flash, Form, LocalPath, PageResult, Permission, Problem, Public, Routes, Surface, Visit};
use serde_json::{Value, json};

use super::{enter, session_hash};
use crate::authenticator::EYES_COOKIE;
use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::permissions::{IMPERSONATE, TEAM_MANAGE, USER_EDIT, USER_VIEW};
use crate::roles::TeamRole;
use crate::sessions::{self, Client, Kind};
use crate::team::{self, NewInvitation};
use crate::{impersonation, users};

const PORTAL: &str = "identity/people/portal_team.html";
const ADMIN: &str = "identity/people/admin_team.html";
const INVITATION: &str = "identity/people/invitation.html";

pub(super) fn routes() -> Routes {
    let own = || Permission(TEAM_MANAGE);
    Routes::<()>::new("identity")
        .get("/portal/team", own(), page)
        .personal()
        .post("/portal/team/invitations", own(), invite)
        .fresh()
        .post("/portal/team/invitations/withdraw", own(), withdraw)
        .personal()
        .post("/portal/team/{id}/role", own(), role)
        .fresh()
        .post("/portal/team/{id}/remove", own(), remove)
        .fresh()
        .get("/portal/invitation/{token}", Public, invitation)
        .post("/portal/invitation/{token}", Public, accept)
        .get("/admin/customers/{id}/team", Permission(USER_VIEW), staff_page)
        .post("/admin/customers/{id}/team/{user}/role", Permission(USER_EDIT), staff_role)
        .post("/admin/customers/{id}/team/{user}/remove", Permission(USER_EDIT), staff_remove)
        .post("/admin/customers/{id}/team/{user}/block", Permission(USER_EDIT), block)
        .post("/admin/customers/{id}/team/{user}/sign-out", Permission(USER_EDIT), sign_out_user)
        .post("/admin/customers/{id}/team/{user}/impersonate", Permission(IMPERSONATE), impersonate)
        .personal()
        .with_state(())
}

fn customer(visit: &Visit) -> Result<i64, Problem> {
    visit.who().and_then(|who| who.customer_id()).ok_or_else(Problem::not_found)
}

fn roles() -> Vec<Value> {
    TeamRole::ALL.iter().map(|it| json!({ "value": it.code(), "label": it.label() })).collect()
}

async fn context(cx: &Cx, customer: i64, form: &Form) -> Result<Value, Fault> {
    let (members, invitations) = cx
        .read(async move |tx: &mut Tx| {
            let members = users::members_of(tx, customer).await?;
            Ok::<_, Fault>((members, team::invitations_of(tx, customer).await?))
        })
        .await?;
    let members: Vec<Value> = members
        .iter()
        .map(|it| {
            json!({ "id": it.user.id, "name": it.user.name, "email": it.user.email, "role": it.role.code(),
                "role_label": it.role.label(), "status": if it.user.is_active { "active" } else { "blocked" },
                "is_verified": it.user.email_verified_at.is_some(), "seen": it.user.last_sign_in_at })
        })
        .collect();
    let invitations: Vec<Value> = invitations
        .iter()
        .map(|it| json!({ "email": it.email, "role": it.role.label(), "until": it.expires_at }))
        .collect();
    Ok(json!({
        "id": customer, "members": members, "invitations": invitations, "roles": roles(), "form": form.view(),
    }))
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let form = Form::filled([("role", "technical")]);
    let context = context(&cx, customer(&visit)?, &form).await?;
    visit.page(PORTAL, context)
}

fn role_of(form: &mut Form) -> Option<TeamRole> {
    let role = TeamRole::parse(form.text("role"));
    if role.is_none() {
        form.refuse("role", "Choose one of the roles.");
    }
    role
}

async fn invite(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    mut form: Form,
) -> PageResult {
    let customer_id = customer(&visit)?;
    let inviter = visit.who().map(|who| who.name.clone()).unwrap_or_default();
    if let Some(role) = role_of(&mut form) {
        let email = form.text("email").to_owned();
        let new = NewInvitation { customer_id, email: email.clone(), role, inviter };
        match team::invite(&cx, house.mail, new).await {
            Ok(()) => {
                let text = format!("An invitation is on its way to {email}.");
                return visit.redirect_with("/portal/team", Flash::success(text));
            }
            Err(IdentityError::Invalid(fields)) => form.refuse_all(fields),
            Err(refused @ IdentityError::TooMany) => form.refuse("email", refused.message()),
            Err(error) => return Err(error.into()),
        }
    }
    visit.refused_form(PORTAL, context(&cx, customer_id, &form).await?)
}

async fn withdraw(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    team::withdraw(&cx, customer(&visit)?, form.text("email").to_owned()).await?;
    visit.redirect_with("/portal/team", Flash::success("The invitation is taken back."))
}

/// Back to a team's page with what came of it.
fn back(visit: &Visit, to: &str, done: Result<(), IdentityError>, said: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with(to, Flash::success(said)),
        Err(refused @ IdentityError::LastOwner) => visit.redirect_with(to, Flash::danger(refused.message())),
        Err(error) => Err(error.into()),
    }
}

async fn role(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let Some(role) = role_of(&mut form) else { return Err(Problem::bad_request("Choose one of the roles.")) };
    let done = team::change_role(&cx, customer(&visit)?, id, role).await;
    back(&visit, "/portal/team", done, "The role is changed.")
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let done = team::remove(&cx, customer(&visit)?, id).await;
    back(&visit, "/portal/team", done, "They are not in the team any more.")
}

/// Asks before it accepts: programs look at links in mails.
async fn invitation(visit: Visit, Extension(cx): Extension<Cx>, Path(token): Path<String>) -> PageResult {
    invitation_page(&visit, &cx, &token, &Form::default()).await
}

async fn invitation_page(visit: &Visit, cx: &Cx, token: &str, form: &Form) -> PageResult {
    let Some((email, customer)) = team::find_invitation(cx, token).await? else {
        let flash = Flash::danger(IdentityError::LinkNotValid.message());
        return visit.redirect_with(Surface::Customer.sign_in_path(), flash);
    };
    // The name is asked of everybody: whether the address is known is not told.
    let context = json!({ "email": email, "customer": customer, "form": form.view() });
    if form.is_refused() { visit.refused_form(INVITATION, context) } else { visit.page(INVITATION, context) }
}

async fn accept(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(token): Path<String>,
    mut form: Form,
) -> PageResult {
    let name = form.required("name", 200);
    if form.is_refused() {
        return invitation_page(&visit, &cx, &token, &form).await;
    }
    match team::accept(&cx, token.clone(), name, Client::of(&visit)).await {
        Ok(entry) => {
            let home = LocalPath::parse_or(None, Surface::Customer.home_path());
            enter(&visit, &entry, Surface::Customer, &home)
        }
        Err(IdentityError::Invalid(fields)) => {
            form.refuse_all(fields);
            invitation_page(&visit, &cx, &token, &form).await
        }
        Err(refused @ IdentityError::LinkNotValid) => {
            visit.redirect_with(Surface::Customer.sign_in_path(), Flash::danger(refused.message()))
        }
        Err(error) => Err(error.into()),
    }
}

async fn staff_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let mut context = context(&cx, id, &Form::default()).await?;
    context["may_edit"] = visit.can(USER_EDIT).into();
    context["may_impersonate"] = visit.can(IMPERSONATE).into();
    visit.page(ADMIN, context)
}

async fn staff_role(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, user)): Path<(i64, i64)>,
    mut form: Form,
) -> PageResult {
    let Some(role) = role_of(&mut form) else { return Err(Problem::bad_request("Choose one of the roles.")) };
    let done = team::change_role(&cx, id, user, role).await;
    back(&visit, &format!("/admin/customers/{id}/team"), done, "The role is changed.")
}

async fn staff_remove(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, user)): Path<(i64, i64)>,
) -> PageResult {
    let done = team::remove(&cx, id, user).await;
    back(&visit, &format!("/admin/customers/{id}/team"), done, "They are not in the team any more.")
}

/// A user may belong to other customers too, so only one who is in this team is reached from here.
async fn member(cx: &Cx, customer: i64, user: i64) -> Result<(), Problem> {
    let role = cx.read(async move |tx: &mut Tx| users::role_of(tx, user, customer).await).await?;
    role.map(drop).ok_or_else(Problem::not_found)
}

async fn block(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, user)): Path<(i64, i64)>,
    form: Form,
) -> PageResult {
    member(&cx, id, user).await?;
    let is_active = form.text("status") == "active";
    users::set_active(&cx, user, is_active).await?;
    let said = if is_active { "They may sign in again." } else { "They are signed out and may not sign in." };
    visit.redirect_with(format!("/admin/customers/{id}/team"), Flash::success(said))
}

async fn sign_out_user(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, user)): Path<(i64, i64)>,
) -> PageResult {
    member(&cx, id, user).await?;
    let ended =
        cx.write(async move |tx: &mut Tx| sessions::end_all(tx, Kind::User, user, None).await).await?;
    let flash = Flash::success(format!("{ended} sessions ended."));
    visit.redirect_with(format!("/admin/customers/{id}/team"), flash)
}

async fn impersonate(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, user)): Path<(i64, i64)>,
) -> PageResult {
    let token = impersonation::begin(&cx, session_hash(&visit)?, user, id).await?;
    let mut response = visit.redirect(Surface::Customer.home_path())?;
    visit.store_cookie(&mut response, EYES_COOKIE, &token, Some(60 * 60));
    Ok(response)
}

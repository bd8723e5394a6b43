//! A customer's team: invited by mail, given roles, removed. The owner of a customer manages it, and staff may.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_time::Instant;
use serde_json::json;

use crate::error::IdentityError;
use crate::limits::{self, Limit};
use crate::mail::{IdentityMail, Letter, Recipient};
use crate::roles::TeamRole;
use crate::sessions::{Client, Kind};
use crate::sign_in::{self, Entry};
use crate::subject::Subject;
use crate::users::{self, Membership, NewUser, tidy_email};
use crate::{arrival, permissions, token};

bursar_db::statements! {
    /// Invited.
    pub(crate) INSERT = "INSERT INTO identity_links (token_hash, purpose, kind, subject_id, email, customer_id, role,
            customer_name, created_at, expires_at)
        VALUES ($1, 'invite', 'user', 0, $2, $3, $4, $5, $6, $7)";
    /// Into what somebody is invited.
    pub(crate) FIND = "SELECT email, customer_id, role, customer_name FROM identity_links
        WHERE token_hash = $1 AND purpose = 'invite' AND expires_at > $2";
    /// Accepted, once.
    pub(crate) USE = "DELETE FROM identity_links WHERE token_hash = $1 AND purpose = 'invite'";
    /// Who is invited.
    pub(crate) LIST = "SELECT token_hash, email, role, expires_at FROM identity_links
        WHERE customer_id = $1 AND purpose = 'invite' AND expires_at > $2 ORDER BY created_at LIMIT 200";
    /// Taken back; an address is invited once.
    pub(crate) WITHDRAW = "DELETE FROM identity_links WHERE customer_id = $1 AND purpose = 'invite' AND email = $2";
    /// Whoever is invited into the teams that somebody owns.
    pub(crate) WITHDRAW_ALL_OF = "DELETE FROM identity_links WHERE purpose = 'invite' AND customer_id IN
            (SELECT customer_id FROM identity_memberships WHERE user_id = $1 AND role = 'owner')";
    /// Owners beside one.
    pub(crate) OTHER_OWNERS = "SELECT COUNT(*) FROM identity_memberships m
        JOIN identity_users u ON u.id = m.user_id AND u.status = 'active'
        WHERE m.customer_id = $1 AND m.role = 'owner' AND m.user_id <> $2";
    /// What the customer is called here.
    pub(crate) NAME = "SELECT customer_name FROM identity_memberships WHERE customer_id = $1 LIMIT 1";
    /// In another role.
    pub(crate) SET_ROLE = "UPDATE identity_memberships SET role = $3 WHERE user_id = $1 AND customer_id = $2";
}

/// For how long an invitation can be accepted.
pub const INVITATION_DAYS: i64 = 7;

/// Somebody who is asked to join.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// The address.
    pub email: String,
    /// As what.
    pub role: TeamRole,
    /// Until when.
    pub expires_at: Instant,
}

/// Whom to invite, as what, in whose name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// The customer.
    pub customer_id: i64,
    /// The address.
    pub email: String,
    /// As what.
    pub role: TeamRole,
    /// Who invites.
    pub inviter: String,
}

fn require_team(cx: &Cx) -> Result<(), IdentityError> {
    if cx.can(permissions::USER_EDIT) {
        return Ok(());
    }
    Ok(cx.require(permissions::TEAM_MANAGE)?)
}

/// Invites somebody by mail. Inviting an address again replaces the invitation.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::Invalid`], [`IdentityError::TooMany`].
pub(crate) async fn invite(
    cx: &Cx,
    mail: std::sync::Arc<dyn IdentityMail>,
    new: NewInvitation,
) -> Result<(), IdentityError> {
    require_team(cx)?;
    let email = tidy_email(&new.email);
    if let Some(wrong) = users::email_problem(&email) {
        return Err(IdentityError::Invalid(vec![wrong]));
    }
    cx.write(async move |tx: &mut Tx| {
        let customer = new.customer_id;
        let path = format!("customer:{customer}");
        if !limits::spend(tx, Limit::INVITATIONS, "invite", &path).await? {
            return Err(IdentityError::TooMany);
        }
        if let Some(user) = users::find_user_by_email(tx, &email).await?
            && users::role_of(tx, user.id, customer).await?.is_some()
        {
            let wrong = FieldError::new("email", "This person is in the team already.");
            return Err(IdentityError::Invalid(vec![wrong]));
        }
        let name = tx.query_opt(&NAME, params![customer], |row| row.get::<String>(0)).await?;
        let customer_name = name.ok_or(IdentityError::NotFound("team"))?;
        tx.exec(&WITHDRAW, params![customer, &email]).await?;
        let (token, now) = (tx.random_token(token::BYTES), tx.now());
        let (hash, expires_at) = (token::stored(&token), now.plus_days(INVITATION_DAYS));
        let role = new.role.code();
        tx.exec_one(&INSERT, params![&hash, &email, customer, role, &customer_name, now, expires_at]).await?;
        let letter = Letter::Invitation {
            path: format!("/portal/invitation/{token}"),
            customer_name,
            inviter: new.inviter.clone(),
            days: INVITATION_DAYS,
        };
        mail.write(tx, &Recipient { email: email.clone(), name: String::new() }, &letter).await?;
        let after = Some(json!({ "email": email, "role": role }));
        let action = "identity.team.invite";
        Ok(bursar_audit::record(tx, Audit { action, subject: &path, before: None, after }).await?)
    })
    .await
}

/// Who is invited and has not answered.
pub async fn invitations_of(tx: &mut Tx, customer: i64) -> Result<Vec<Invitation>, Fault> {
    let now = tx.now();
    tx.query(&LIST, params![customer, now], |row| {
        Ok(Invitation {
            email: row.get(1)?,
            role: users::store::role(row.text(2)?)?,
            expires_at: row.get(3)?,
        })
    })
    .await
}

/// Takes an invitation back.
pub(crate) async fn withdraw(cx: &Cx, customer: i64, email: String) -> Result<(), IdentityError> {
    require_team(cx)?;
    cx.write(async move |tx: &mut Tx| {
        let email = tidy_email(&email);
        Ok(tx.exec(&WITHDRAW, params![customer, &email]).await.map(drop)?)
    })
    .await
}

/// Takes every invitation back into the teams that somebody owns.
pub(crate) async fn withdraw_all_of(tx: &mut Tx, user: i64) -> Result<(), Fault> {
    tx.exec(&WITHDRAW_ALL_OF, params![user]).await.map(drop)
}

/// Into what a token invites: the address, and what the customer is called.
pub(crate) async fn find_invitation(cx: &Cx, token: &str) -> Result<Option<(String, String)>, Fault> {
    let hash = token::stored(token);
    cx.read(async move |tx: &mut Tx| {
        let now = tx.now();
        tx.query_opt(&FIND, params![&hash, now], |row| Ok((row.get(0)?, row.get(3)?))).await
    })
    .await
}

/// Accepts: the user with the address, made if need be, is in the team and signed in. Who read the mail has the address.
///
/// # Errors
/// [`IdentityError::LinkNotValid`], also for a blocked user; [`IdentityError::Invalid`] about `name` for a new one.
pub(crate) async fn accept(
    cx: &Cx,
    token: String,
    name: String,
    client: Client,
) -> Result<Entry, IdentityError> {
    let hash = token::stored(&token);
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        let found = tx
            .query_opt(&FIND, params![&hash, now], |row| {
                Ok((row.get::<String>(0)?, row.get::<i64>(1)?, row.get::<String>(2)?, row.get::<String>(3)?))
            })
            .await?;
        let (email, customer_id, role, customer_name) = found.ok_or(IdentityError::LinkNotValid)?;
        let role = users::store::role(&role)?;
        let user = match users::find_user_by_email(tx, &email).await? {
            Some(user) if !user.is_active => return Err(IdentityError::LinkNotValid),
            Some(user) => user.id,
            None => {
                let new =
                    NewUser { email: email.clone(), name: name.clone(), password: None, is_verified: true };
                users::register_user(tx, &new).await?
            }
        };
        if tx.exec(&USE, params![&hash]).await? != 1 {
            return Err(IdentityError::LinkNotValid);
        }
        let has_ended_others = arrival::show_address(tx, user, &client).await?;
        let membership = Membership { user_id: user, customer_id, role, customer_name };
        users::add_membership(tx, &membership).await?;
        let (action, path) = ("identity.team.join", format!("customer:{customer_id}"));
        let after = Some(json!({ "user": user, "email": email, "role": role.code() }));
        bursar_audit::record(tx, Audit { action, subject: &path, before: None, after }).await?;
        let subject = Subject { kind: Kind::User, id: user };
        let entry = sign_in::enter(tx, subject, Some(customer_id), "invitation", &client).await?;
        Ok(entry.after_others(has_ended_others))
    })
    .await
}

/// Gives a member another role.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`], [`IdentityError::LastOwner`].
pub(crate) async fn change_role(
    cx: &Cx,
    customer: i64,
    user: i64,
    role: TeamRole,
) -> Result<(), IdentityError> {
    require_team(cx)?;
    cx.write(async move |tx: &mut Tx| {
        let before = leave_an_owner(tx, customer, user, Some(role)).await?;
        tx.exec_one(&SET_ROLE, params![user, customer, role.code()]).await?;
        let (before, after) = (Some(json!({ "role": before.code() })), Some(json!({ "role": role.code() })));
        Ok(record(tx, "identity.team.role", customer, user, (before, after)).await?)
    })
    .await
}

/// Removes a member, and ends what they do for the customer at once.
///
/// # Errors
/// As [`change_role`].
pub(crate) async fn remove(cx: &Cx, customer: i64, user: i64) -> Result<(), IdentityError> {
    require_team(cx)?;
    cx.write(async move |tx: &mut Tx| {
        let before = leave_an_owner(tx, customer, user, None).await?;
        users::remove_membership(tx, user, customer).await?;
        let before = Some(json!({ "role": before.code() }));
        Ok(record(tx, "identity.team.remove", customer, user, (before, None)).await?)
    })
    .await
}

/// What the member is now; refuses to take the last owner away.
async fn leave_an_owner(
    tx: &mut Tx,
    customer: i64,
    user: i64,
    becomes: Option<TeamRole>,
) -> Result<TeamRole, IdentityError> {
    let before = users::role_of(tx, user, customer).await?.ok_or(IdentityError::NotFound("member"))?;
    if before == TeamRole::Owner && becomes != Some(TeamRole::Owner) {
        let others = tx.query_one(&OTHER_OWNERS, params![customer, user], |row| row.get::<i64>(0)).await?;
        if others == 0 {
            return Err(IdentityError::LastOwner);
        }
    }
    Ok(before)
}

async fn record(
    tx: &mut Tx,
    action: &str,
    customer: i64,
    user: i64,
    (before, after): (Option<serde_json::Value>, Option<serde_json::Value>),
) -> Result<(), Fault> {
    let subject = format!("customer:{customer}");
    let with_user = |value: serde_json::Value| json!({ "user": user, "role": value["role"] });
    let audit =
        Audit { action, subject: &subject, before: before.map(with_user), after: after.map(with_user) };
    bursar_audit::record(tx, audit).await
}

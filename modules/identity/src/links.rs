//! One-time links into the portal: they sign in the user with an address, and make the user when there is none.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::error::IdentityError;
use crate::roles::TeamRole;
use crate::sessions::{self, Client, Kind};
use crate::sign_in::{self, Entry};
use crate::subject::Subject;
use crate::users::{self, Membership, NewUser};
use crate::{arrival, permissions, token};

bursar_db::statements! {
    /// A new link.
    pub(crate) INSERT = "INSERT INTO identity_portal_links
            (token_hash, customer_id, customer_name, email, name, is_mailed, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    /// Used, once: who comes second changes no row.
    pub(crate) USE = "UPDATE identity_portal_links SET used_at = $2
        WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    /// Whose it is.
    pub(crate) FIND = "SELECT customer_id, customer_name, email, name, is_mailed FROM identity_portal_links
        WHERE token_hash = $1";
    /// Links that nobody can use any more.
    pub(crate) PURGE = "DELETE FROM identity_portal_links WHERE expires_at < $1";
}

/// For how long a link can be used.
pub const LINK_MINUTES: i64 = 15;

/// Whom a link signs in, and for which customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalLink {
    /// The customer, whose own address this is.
    pub customer_id: i64,
    /// What to call the customer.
    pub customer_name: String,
    /// The user's address.
    pub email: String,
    /// The user's name, if one has to be made.
    pub name: String,
}

/// How a link reaches the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Handover {
    /// By mail to the address: using the link shows that the address is theirs.
    Mail,
    /// Given by staff in some other way.
    Staff,
}

/// Makes a link in the caller's transaction and returns its path on this host.
pub async fn create_portal_link(tx: &mut Tx, link: &PortalLink, handover: Handover) -> Result<String, Fault> {
    let token = tx.random_token(token::BYTES);
    let now = tx.now();
    tx.exec(&PURGE, params![now]).await?;
    let hash = token::stored(&token);
    let expires_at = now.plus_minutes(LINK_MINUTES);
    let email = users::tidy_email(&link.email);
    let name = if link.name.trim().is_empty() { &link.customer_name } else { &link.name };
    let values = params![
        &hash,
        link.customer_id,
        &link.customer_name,
        &email,
        name.trim(),
        handover == Handover::Mail,
        now,
        expires_at
    ];
    tx.exec_one(&INSERT, values).await?;
    Ok(format!("/portal/link/{token}"))
}

/// Staff: a link to hand to the customer.
///
/// # Errors
/// [`IdentityError::Denied`].
pub async fn offer_portal_link(cx: &Cx, link: PortalLink) -> Result<String, IdentityError> {
    cx.require(permissions::PORTAL_LINK_CREATE)?;
    if let Some(wrong) = users::email_problem(&link.email) {
        return Err(IdentityError::Invalid(vec![wrong]));
    }
    cx.write(async move |tx: &mut Tx| {
        let path = create_portal_link(tx, &link, Handover::Staff).await?;
        let subject = format!("customer:{}", link.customer_id);
        let action = permissions::PORTAL_LINK_CREATE;
        bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after: None }).await?;
        Ok(path)
    })
    .await
}

/// Signs in with a link, which works once.
///
/// # Errors
/// [`IdentityError::LinkNotValid`], also for a user who is blocked.
pub async fn redeem_portal_link(cx: &Cx, token: &str, client: Client) -> Result<Entry, IdentityError> {
    let hash = token::stored(token);
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        if tx.exec(&USE, params![&hash, now]).await? != 1 {
            return Err(IdentityError::LinkNotValid);
        }
        let (link, is_mailed) = tx
            .query_one(&FIND, params![&hash], |row| {
                let link = PortalLink {
                    customer_id: row.get(0)?,
                    customer_name: row.get(1)?,
                    email: row.get(2)?,
                    name: row.get(3)?,
                };
                Ok((link, row.get::<bool>(4)?))
            })
            .await?;
        let (user, has_ended_others) = user_of(tx, &link, is_mailed, &client).await?;
        let method = if is_mailed { "link" } else { sessions::STAFF_LINK };
        let subject = Subject { kind: Kind::User, id: user };
        let entry = sign_in::enter(tx, subject, Some(link.customer_id), method, &client).await?;
        Ok(entry.after_others(has_ended_others))
    })
    .await
}

/// The user with the link's address, made if need be and in the customer's team: the address is the customer's own. And
/// whether that ended what somebody else had set up with it.
async fn user_of(
    tx: &mut Tx,
    link: &PortalLink,
    is_verified: bool,
    client: &Client,
) -> Result<(i64, bool), IdentityError> {
    let user = match users::find_user_by_email(tx, &link.email).await? {
        Some(user) if !user.is_active => return Err(IdentityError::LinkNotValid),
        Some(user) => user.id,
        None => {
            let (email, name) = (link.email.clone(), link.name.clone());
            users::register_user(tx, &NewUser { email, name, password: None, is_verified }).await?
        }
    };
    let is_member = users::role_of(tx, user, link.customer_id).await?.is_some();
    let has_ended_others = if is_verified {
        arrival::show_address(tx, user, client).await?
    } else {
        !is_member && arrival::end_strangers(tx, user, client).await?
    };
    if !is_member {
        let membership = Membership {
            user_id: user,
            customer_id: link.customer_id,
            role: TeamRole::Owner,
            customer_name: link.customer_name.clone(),
        };
        users::add_membership(tx, &membership).await?;
        if is_verified {
            users::twins::retire(tx, &users::tidy_email(&link.email), link.customer_id).await?;
        }
    }
    Ok((user, has_ended_others))
}

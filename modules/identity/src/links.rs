//! One-time links into the portal.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::error::IdentityError;
use crate::sessions::{self, Session};
use crate::{permissions, token};

bursar_db::statements! {
    /// A new link.
    pub(crate) INSERT = "INSERT INTO identity_portal_links (token_hash, customer_id, name, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5)";
    /// Used, once: who comes second changes no row.
    pub(crate) USE = "UPDATE identity_portal_links SET used_at = $2
        WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    /// Whose it is.
    pub(crate) FIND = "SELECT customer_id, name FROM identity_portal_links WHERE token_hash = $1";
    /// Links that nobody can use any more.
    pub(crate) PURGE = "DELETE FROM identity_portal_links WHERE expires_at < $1";
}

/// For how long a link can be used.
pub const LINK_MINUTES: i64 = 15;

/// Makes a link in the caller's transaction and returns its path on this host. `name` is shown once signed in.
pub async fn create_portal_link(tx: &mut Tx, customer: i64, name: &str) -> Result<String, Fault> {
    let token = tx.random_token(token::BYTES);
    let now = tx.now();
    tx.exec(&PURGE, params![now]).await?;
    let hash = token::stored(&token);
    let expires_at = now.plus_minutes(LINK_MINUTES);
    tx.exec_one(&INSERT, params![&hash, customer, name, now, expires_at]).await?;
    Ok(format!("/portal/link/{token}"))
}

/// Staff: a link to hand to the customer.
///
/// # Errors
/// [`IdentityError::Denied`].
pub async fn offer_portal_link(cx: &Cx, customer: i64, name: String) -> Result<String, IdentityError> {
    cx.require(permissions::PORTAL_LINK_CREATE)?;
    cx.write(async move |tx: &mut Tx| {
        let path = create_portal_link(tx, customer, &name).await?;
        let subject = format!("customer:{customer}");
        let action = permissions::PORTAL_LINK_CREATE;
        bursar_audit::record(tx, Audit { action, subject: &subject, before: None, after: None }).await?;
        Ok(path)
    })
    .await
}

/// Signs in with a link, which works once.
///
/// # Errors
/// [`IdentityError::LinkNotValid`].
pub async fn redeem_portal_link(cx: &Cx, token: &str) -> Result<Session, IdentityError> {
    let hash = token::stored(token);
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        if tx.exec(&USE, params![&hash, now]).await? != 1 {
            return Err(IdentityError::LinkNotValid);
        }
        let (customer, name) = tx
            .query_one(&FIND, params![&hash], |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?)))
            .await?;
        Ok(sessions::begin(tx, "customer", customer, &name).await?)
    })
    .await
}

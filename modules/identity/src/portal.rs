//! One-time links by which customers sign in.

use std::pin::Pin;

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_vault::Secret;
use serde_json::json;

use crate::error::IdentityError;
use crate::module::PORTAL_LINK_CREATE;
use crate::session::{NewSession, Origin, SessionOwner, begin, ids_of, ids_text};
use crate::staff::tidy_email;
use crate::{limit, token};

bursar_db::statements! {
    /// A new link.
    pub(crate) INSERT = "INSERT INTO identity_portal_links (id, token_hash, customer_ids, name, created_at, expires_at,
        used_at) VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    /// Uses a link up. Of many who try at once, one succeeds.
    pub(crate) USE = "UPDATE identity_portal_links SET used_at = $1
        WHERE token_hash = $2 AND used_at IS NULL AND expires_at > $1 RETURNING customer_ids, name";
    /// Forgets links that ended long ago.
    pub(crate) SWEEP = "DELETE FROM identity_portal_links WHERE expires_at < $1";
}

/// How long a link works.
pub const LINK_MINUTES: i64 = 15;
const MOST_PER_EMAIL: i64 = 3;
const MOST_PER_IP: i64 = 20;
const KEEP_DAYS: i64 = 30;

/// A future of the port; it runs inside a unit of work.
pub type PortalFuture<'t, T> = Pin<Box<dyn Future<Output = Result<T, Fault>> + 't>>;

/// What `identity` must be told about people it does not know. The application implements it over `customers` and
/// `messaging`.
pub trait PortalPeople: Send + Sync + 'static {
    /// The customers that may sign in with an address, lower case, and the name to greet them by.
    fn find_by_email<'t>(
        &'t self,
        tx: &'t mut Tx,
        email: &'t str,
    ) -> PortalFuture<'t, Option<(Vec<i64>, String)>>;

    /// Queues the mail with the link.
    fn send_link<'t>(&'t self, tx: &'t mut Tx, mail: LinkMail) -> PortalFuture<'t, ()>;
}

/// What the mail must say.
#[derive(Debug, Clone)]
pub struct LinkMail {
    /// To whom.
    pub email: String,
    /// How to greet.
    pub name: String,
    /// The customers it signs in for.
    pub customer_ids: Vec<i64>,
    /// For the link's address. The page it opens asks for one more click: mail scanners follow links, and a link works
    /// once.
    pub token: Secret<String>,
    /// Until when it works.
    pub expires_at: Instant,
}

/// Sends a link to an address if customers have it. The answer is the same if not.
///
/// # Errors
/// [`IdentityError::TooManyAttempts`], whether or not anybody has the address.
pub async fn request_portal_link<P: PortalPeople>(
    cx: &Cx,
    people: std::sync::Arc<P>,
    email: &str,
    origin: Origin,
) -> Result<(), IdentityError> {
    let email = tidy_email(email);
    let few = cx
        .write(async move |tx| {
            let few = limit::count(tx, &format!("portal:{email}"), MOST_PER_EMAIL).await?
                & limit::count(tx, &format!("portal-ip:{}", origin.ip), MOST_PER_IP).await?;
            if few && let Some((customer_ids, name)) = people.find_by_email(tx, &email).await? {
                let (token, expires_at) = insert_link(tx, &customer_ids, &name).await?;
                let mail = LinkMail { email: email.clone(), name, customer_ids, token, expires_at };
                people.send_link(tx, mail).await?;
            }
            Ok::<_, Fault>(few)
        })
        .await?;
    if few { Ok(()) } else { Err(limit::too_many(cx.now())) }
}

/// A link that staff hand to a customer themselves.
///
/// # Errors
/// [`IdentityError::Denied`].
pub async fn create_portal_link(cx: &Cx, customer: i64, name: &str) -> Result<Secret<String>, IdentityError> {
    cx.require(PORTAL_LINK_CREATE)?;
    let name = name.to_owned();
    cx.write(async move |tx| {
        let (token, expires) = insert_link(tx, &[customer], &name).await?;
        let subject = format!("customer:{customer}");
        let after = Some(json!({"expires_at": expires.rfc3339()}));
        bursar_audit::record(
            tx,
            Audit { action: PORTAL_LINK_CREATE, subject: &subject, before: None, after },
        )
        .await?;
        Ok(token)
    })
    .await
}

/// Signs in with a link's token. Works once, for fifteen minutes.
///
/// # Errors
/// [`IdentityError::DeadLink`].
pub async fn redeem_portal_link(
    cx: &Cx,
    link_token: &str,
    origin: Origin,
) -> Result<NewSession, IdentityError> {
    let hash = token::hash_text(link_token);
    cx.write(async move |tx| {
        let now = tx.now();
        let used = tx
            .query_opt(&USE, params![now, &hash], |row| Ok((ids_of(row.text(0)?)?, row.get::<String>(1)?)))
            .await?;
        let (customers, name) = used.ok_or(IdentityError::DeadLink)?;
        Ok(begin(tx, SessionOwner::Customers(customers), &name, &origin).await?)
    })
    .await
}

async fn insert_link(tx: &mut Tx, customers: &[i64], name: &str) -> Result<(Secret<String>, Instant), Fault> {
    if customers.is_empty() {
        return Err(Fault::new("a portal link needs a customer"));
    }
    let token = Secret::new(tx.random_token(token::TOKEN_BYTES));
    let (id, now) = (tx.new_raw_id()?, tx.now());
    let (hash, ids, expires) =
        (token::hash_text(token.expose()), ids_text(customers), now.plus_minutes(LINK_MINUTES));
    tx.exec(&SWEEP, params![now.plus_days(-KEEP_DAYS)]).await?;
    tx.exec_one(&INSERT, params![id, &hash, &ids, name, now, expires]).await?;
    Ok((token, expires))
}

//! Somebody shows that an address is theirs.
//!
//! Anybody can sign up with any address. Until its owner comes, by something that was mailed there, whoever signed up may
//! be waiting: with a password, an open session, a passkey, a token for a program. So the owner's first coming ends all of
//! it, unless they come with a browser that has signed in as this user before: then they are who signed up.

use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::providers::links;
use crate::sessions::{self, Client, Kind};
use crate::subject::{self, Subject};
use crate::users::{self, store};
use crate::{api_tokens, challenges, devices, factors, oidc, team};

bursar_db::statements! {
    /// No password until the owner chooses one.
    pub(crate) DROP_PASSWORD = "UPDATE identity_users SET password_hash = NULL, password_changed_at = NULL,
            version = version + 1
        WHERE id = $1 AND password_hash IS NOT NULL";
}

/// Whether what is there may be somebody else's: the address was never shown to be theirs, and this browser is new.
pub(crate) async fn is_stranger(tx: &mut Tx, user: i64, client: &Client) -> Result<bool, Fault> {
    let found = users::find_user(tx, user).await?;
    let is_unshown = found.is_some_and(|user| user.email_verified_at.is_none());
    Ok(is_unshown && !devices::is_known(tx, Subject { kind: Kind::User, id: user }, client).await?)
}

/// Notes that the address is theirs, who came by a mail to it. True when that ended what somebody else had set up: tell
/// them, and let them choose a password.
pub(crate) async fn show_address(tx: &mut Tx, user: i64, client: &Client) -> Result<bool, Fault> {
    let has_ended = end_strangers(tx, user, client).await?;
    let now = tx.now();
    tx.exec(&store::VERIFY, params![user, now]).await?;
    Ok(has_ended)
}

/// The same for somebody whom staff believe: the address is not shown by that, but whoever took it first gets nothing of
/// what is opened to them.
pub(crate) async fn end_strangers(tx: &mut Tx, user: i64, client: &Client) -> Result<bool, Fault> {
    Ok(is_stranger(tx, user, client).await? && end_everything(tx, user).await?)
}

/// Ends every way in and all that was opened by one. True when there was any.
async fn end_everything(tx: &mut Tx, user: i64) -> Result<bool, Fault> {
    let subject = Subject { kind: Kind::User, id: user };
    let mut ended = tx.exec(&DROP_PASSWORD, params![user]).await?;
    ended += sessions::end_all(tx, subject.kind, user, None).await?;
    ended += factors::drop_every(tx, subject).await?;
    ended += api_tokens::delete_all(tx, subject).await?;
    ended += links::disconnect_all(tx, subject).await?;
    devices::forget_all(tx, subject).await?;
    challenges::end_all(tx, subject).await?;
    oidc::store::forget_consents(tx, subject).await?;
    team::withdraw_all_of(tx, user).await?;
    if ended == 0 {
        return Ok(false);
    }
    subject::announce_change(tx, subject, "taken_over").await?;
    Ok(true)
}

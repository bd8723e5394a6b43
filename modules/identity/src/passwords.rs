//! Choosing a password: when signed in, or by a link that works once; and showing that an address is one's own.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;

use crate::error::IdentityError;
use crate::limits::{self, Limit};
use crate::mail::{IdentityMail, Letter};
use crate::password::{PasswordHash, hash_password};
use crate::sessions::{self, Client, Kind};
use crate::subject::{self, Subject};
use crate::users::{self, tidy_email, twins};
use crate::{arrival, devices, token};

bursar_db::statements! {
    /// A new link.
    pub(crate) INSERT = "INSERT INTO identity_links (token_hash, purpose, kind, subject_id, email, customer_id, role,
            customer_name, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, NULL, '', '', $6, $7)";
    /// Whom a link is for.
    pub(crate) FIND = "SELECT kind, subject_id, email FROM identity_links
        WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3 AND subject_id <> 0";
    /// Used, once.
    pub(crate) USE = "DELETE FROM identity_links WHERE token_hash = $1 AND expires_at > $2";
    /// The others of the same kind are void.
    pub(crate) DELETE_OTHERS = "DELETE FROM identity_links WHERE kind = $1 AND subject_id = $2 AND purpose = $3";
    /// An address with what tells it apart.
    pub(crate) STORED_EMAIL = "SELECT email FROM identity_users WHERE id = $1";
    /// Nobody can use them any more.
    pub(crate) PURGE = "DELETE FROM identity_links WHERE expires_at < $1";
}

/// For how long a link to a new password works.
pub const RESET_MINUTES: i64 = 60;
/// For how long one can show that an address is one's own.
pub const VERIFY_DAYS: i64 = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    Reset,
    Verify,
}

impl Use {
    const fn code(self) -> &'static str {
        match self {
            Self::Reset => "reset",
            Self::Verify => "verify",
        }
    }
}

/// Makes a link and returns its token. For nobody (`subject` without an id) it is made too and never works, so that
/// asking takes as long for an unknown address.
async fn make_link(
    tx: &mut Tx,
    purpose: Use,
    subject: Subject,
    email: &str,
    minutes: i64,
) -> Result<String, Fault> {
    let (token, now) = (tx.random_token(token::BYTES), tx.now());
    tx.exec(&PURGE, params![now]).await?;
    let hash = token::stored(&token);
    let (kind, expires_at) = (subject.kind.code(), now.plus_minutes(minutes));
    tx.exec_one(&INSERT, params![&hash, purpose.code(), kind, subject.id, email, now, expires_at]).await?;
    Ok(token)
}

async fn find_link(tx: &mut Tx, purpose: Use, token: &str) -> Result<Option<(Subject, String)>, Fault> {
    let (hash, now) = (token::stored(token), tx.now());
    tx.query_opt(&FIND, params![&hash, purpose.code(), now], |row| {
        let kind = if row.text(0)? == "staff" { Kind::Staff } else { Kind::User };
        Ok((Subject { kind, id: row.get(1)? }, row.get::<String>(2)?))
    })
    .await
}

/// Uses a link up and says whom it is for.
async fn use_link(tx: &mut Tx, purpose: Use, token: &str) -> Result<(Subject, String), IdentityError> {
    let (subject, email) = find_link(tx, purpose, token).await?.ok_or(IdentityError::LinkNotValid)?;
    let (hash, now) = (token::stored(token), tx.now());
    if tx.exec(&USE, params![&hash, now]).await? != 1 {
        return Err(IdentityError::LinkNotValid);
    }
    tx.exec(&DELETE_OTHERS, params![subject.kind.code(), subject.id, purpose.code()]).await?;
    Ok((subject, email))
}

/// Writes a link to a new password to an address, at most three times in a quarter of an hour, if somebody signs in
/// with it. Neither the answer nor the time it takes tells whether anybody does.
pub(crate) async fn request_reset(
    tx: &mut Tx,
    mail: &dyn IdentityMail,
    kind: Kind,
    email: &str,
) -> Result<(), Fault> {
    let email = tidy_email(email);
    let what = match kind {
        Kind::Staff => "staff-reset",
        Kind::User => "portal-reset",
    };
    if !limits::spend(tx, Limit::LINKS, what, &email).await? {
        return Ok(());
    }
    let found = subject::by_email(tx, kind, &email).await?;
    let subject = found.unwrap_or(Subject { kind, id: 0 });
    let token = make_link(tx, Use::Reset, subject, &email, RESET_MINUTES).await?;
    if found.is_some() {
        let to = subject::get(tx, subject).await?.recipient();
        let place = match kind {
            Kind::Staff => "/admin/reset",
            Kind::User => "/portal/reset",
        };
        let letter = Letter::ResetPassword { path: format!("{place}/{token}"), minutes: RESET_MINUTES };
        mail.write(tx, &to, &letter).await?;
    }
    Ok(())
}

/// Writes somebody who works here a link to choose a password, good for a week: for a new colleague.
pub(crate) async fn send_staff_link(tx: &mut Tx, mail: &dyn IdentityMail, id: i64) -> Result<(), Fault> {
    let subject = Subject { kind: Kind::Staff, id };
    let to = subject::get(tx, subject).await?.recipient();
    let minutes = 7 * 24 * 60;
    let token = make_link(tx, Use::Reset, subject, &to.email, minutes).await?;
    let letter = Letter::ResetPassword { path: format!("/admin/reset/{token}"), minutes };
    mail.write(tx, &to, &letter).await
}

/// Whether a link to a new password can still be used.
pub(crate) async fn is_reset_open(cx: &Cx, kind: Kind, token: String) -> Result<bool, Fault> {
    cx.read(async move |tx: &mut Tx| {
        Ok(find_link(tx, Use::Reset, &token).await?.is_some_and(|(subject, _)| subject.kind == kind))
    })
    .await
}

/// Chooses a new password with a link. Everybody who was signed in as this person is out, and no device is trusted; when
/// the address is shown to be theirs by that, nothing is left of what was set up before.
///
/// # Errors
/// [`IdentityError::Invalid`] about `password`, [`IdentityError::LinkNotValid`].
pub(crate) async fn reset(
    cx: &Cx,
    kind: Kind,
    token: String,
    password: String,
    client: Client,
) -> Result<(), IdentityError> {
    let hash = hash_password(cx, password).await?;
    cx.write(async move |tx: &mut Tx| {
        let (subject, _) = use_link(tx, Use::Reset, &token).await?;
        if subject.kind != kind || subject::find(tx, subject).await?.is_none() {
            return Err(IdentityError::LinkNotValid);
        }
        if kind == Kind::User {
            arrival::show_address(tx, subject.id, &client).await?;
        }
        Ok(replace(tx, subject, &hash, None).await?)
    })
    .await
}

/// Chooses a new password when signed in. Other sessions of the person end.
///
/// # Errors
/// [`IdentityError::Invalid`] about `password`.
pub(crate) async fn change(
    cx: &Cx,
    subject: Subject,
    keep: [u8; 32],
    password: String,
) -> Result<(), IdentityError> {
    let hash = hash_password(cx, password).await?;
    cx.write(async move |tx: &mut Tx| Ok(replace(tx, subject, &hash, Some(keep)).await?)).await
}

async fn replace(
    tx: &mut Tx,
    subject: Subject,
    hash: &PasswordHash,
    keep: Option<[u8; 32]>,
) -> Result<(), Fault> {
    subject::set_password(tx, subject, hash).await?;
    sessions::end_all(tx, subject.kind, subject.id, keep).await?;
    devices::distrust_all(tx, subject).await?;
    subject::announce_change(tx, subject, "password").await
}

/// Writes to a user's address that it can be shown to be theirs, at most three times in a quarter of an hour: after a
/// sign-up, and when they ask for it again. To an address that was somebody else's already it says that instead.
pub async fn send_verification(tx: &mut Tx, mail: &dyn IdentityMail, user: i64) -> Result<(), Fault> {
    let subject = Subject { kind: Kind::User, id: user };
    let to = subject::get(tx, subject).await?.recipient();
    if !limits::spend(tx, Limit::LINKS, "verify", &to.email).await? {
        return Ok(());
    }
    let stored = tx.query_one(&STORED_EMAIL, params![user], |row| row.get::<String>(0)).await?;
    // Made for a twin too, so that both take as long.
    let token = make_link(tx, Use::Verify, subject, &to.email, VERIFY_DAYS * 24 * 60).await?;
    let letter = if twins::is_twin(&stored) {
        Letter::AddressKnown { path: "/portal/sign-in".to_owned() }
    } else {
        Letter::VerifyAddress { path: format!("/portal/verify/{token}") }
    };
    mail.write(tx, &to, &letter).await
}

/// Whether somebody has not shown yet that their address is theirs. Of staff it is not asked: whoever added them knows.
pub(crate) async fn must_verify(tx: &mut Tx, subject: Subject) -> Result<bool, Fault> {
    Ok(match subject.kind {
        Kind::Staff => false,
        Kind::User => {
            users::find_user(tx, subject.id).await?.is_some_and(|user| user.email_verified_at.is_none())
        }
    })
}

/// What came of showing that an address is one's own.
pub(crate) enum Shown {
    /// It is theirs, and what they have set up stays.
    Theirs,
    /// It ended what somebody else had set up; with this token they choose a password.
    Afresh(String),
}

/// Whether a link leads to what may be somebody else's: its reader must say whether they have signed up.
pub(crate) async fn is_for_stranger(cx: &Cx, token: String, client: Client) -> Result<bool, Fault> {
    cx.read(async move |tx: &mut Tx| match find_link(tx, Use::Verify, &token).await? {
        Some((subject, _)) => arrival::is_stranger(tx, subject.id, &client).await,
        None => Ok(false),
    })
    .await
}

/// The address of a link is this user's from now on, and they sign in with it.
///
/// # Errors
/// [`IdentityError::LinkNotValid`], also when somebody else has the address meanwhile.
pub(crate) async fn verify(cx: &Cx, token: String, client: Client) -> Result<Shown, IdentityError> {
    cx.write(async move |tx: &mut Tx| {
        let (subject, email) = use_link(tx, Use::Verify, &token).await?;
        match users::find_user_by_email(tx, &email).await? {
            Some(other) if other.id != subject.id => return Err(IdentityError::LinkNotValid),
            _ => {}
        }
        let has_ended_others = arrival::show_address(tx, subject.id, &client).await?;
        let now = tx.now();
        tx.exec_one(&users::store::SET_EMAIL, params![subject.id, &email, now]).await?;
        if !has_ended_others {
            return Ok(Shown::Theirs);
        }
        Ok(Shown::Afresh(make_link(tx, Use::Reset, subject, &email, RESET_MINUTES).await?))
    })
    .await
}

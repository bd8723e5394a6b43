//! Sessions: begun by a password or a link, ended by signing out, by time, or because nobody used them.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_web::{Surface, Visit};

use crate::error::IdentityError;
use crate::limits::{self, Limit};
use crate::password::{self, Match};
use crate::users::{self, tidy_email};
use crate::{staff, token};

bursar_db::statements! {
    /// A new session.
    pub(crate) INSERT = "INSERT INTO identity_sessions (id, token_hash, kind, subject_id, customer_id, stage, method,
            address, agent, created_at, confirmed_at, seen_at, idle_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $10, $12, $13)";
    /// Signed out.
    pub(crate) DELETE = "DELETE FROM identity_sessions WHERE token_hash = $1";
    /// Everywhere.
    pub(crate) DELETE_ALL = "DELETE FROM identity_sessions WHERE kind = $1 AND subject_id = $2";
    /// Everywhere but here.
    pub(crate) DELETE_OTHERS = "DELETE FROM identity_sessions
        WHERE kind = $1 AND subject_id = $2 AND token_hash <> $3";
    /// Sessions that act for a customer act for nobody.
    pub(crate) LEAVE_CUSTOMER = "UPDATE identity_sessions SET customer_id = NULL WHERE customer_id = $1";
    /// For another of the user's customers.
    pub(crate) SWITCH = "UPDATE identity_sessions SET customer_id = $2 WHERE token_hash = $1";
    /// What ended by time.
    pub(crate) PURGE = "DELETE FROM identity_sessions WHERE expires_at < $1";
}

/// Whose session it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Somebody who works here.
    Staff,
    /// Somebody who signs in for customers.
    User,
}

impl Kind {
    /// As stored.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Staff => "staff",
            Self::User => "user",
        }
    }

    /// Who signs in on a surface.
    pub const fn of(surface: Surface) -> Self {
        match surface {
            Surface::Staff => Self::Staff,
            Surface::Customer => Self::User,
        }
    }

    /// How long a session lasts, and how long it may lie unused: hours. Staff can do more harm, and sit at their desk.
    pub(crate) const fn hours(self) -> (i64, i64) {
        match self {
            Self::Staff => (SESSION_HOURS, 4),
            Self::User => (7 * 24, 24),
        }
    }
}

/// A link that staff handed over: whoever uses it has shown nothing about themselves yet.
pub(crate) const STAFF_LINK: &str = "staff link";

/// How long a session of staff lasts at most.
pub const SESSION_HOURS: i64 = 12;

/// The browser somebody signs in with: kept with the session so that people can tell their sessions apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Client {
    /// The address the request came from.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
}

impl Client {
    /// The browser of a visit.
    pub fn of(visit: &Visit) -> Self {
        Self { address: visit.client_ip().to_string(), agent: visit.user_agent().to_owned() }
    }
}

/// A session that has just begun. The only time its token is known.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// For the cookie; [`crate::store_session`] puts it there.
    pub token: String,
    /// How long the cookie is worth keeping.
    pub(crate) seconds: u32,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(…)")
    }
}

/// Whose session is begun, and how they showed who they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beginning<'b> {
    pub(crate) kind: Kind,
    pub(crate) subject: i64,
    pub(crate) customer: Option<i64>,
    pub(crate) method: &'static str,
    pub(crate) client: &'b Client,
}

/// Signs staff in.
///
/// # Errors
/// [`IdentityError::NoMatch`] for every reason not to let somebody in, [`IdentityError::TooMany`] after five of them.
pub async fn sign_in(
    cx: &Cx,
    email: &str,
    password: String,
    client: Client,
) -> Result<Session, IdentityError> {
    let person = prove(cx, Kind::Staff, email, password).await?;
    cx.write(async move |tx: &mut Tx| {
        staff::note_sign_in(tx, person).await?;
        let (kind, method) = (Kind::Staff, "password");
        let session =
            begin(tx, Beginning { kind, subject: person, customer: None, method, client: &client }).await?;
        record(tx, &format!("staff:{person}")).await?;
        Ok(session)
    })
    .await
}

/// Signs a user of customers in.
///
/// # Errors
/// As [`sign_in`].
pub async fn sign_in_user(
    cx: &Cx,
    email: &str,
    password: String,
    client: Client,
) -> Result<Session, IdentityError> {
    let user = prove(cx, Kind::User, email, password).await?;
    cx.write(async move |tx: &mut Tx| {
        let session = begin_session(tx, user, None, "password", &client).await?;
        record(tx, &format!("user:{user}")).await?;
        Ok(session)
    })
    .await
}

/// Begins a user's session in the caller's transaction: after a sign-up, a link, or another proof, which `method` names.
/// Without a customer the user acts for the one they acted for last.
pub async fn begin_session(
    tx: &mut Tx,
    user: i64,
    customer: Option<i64>,
    method: &'static str,
    client: &Client,
) -> Result<Session, Fault> {
    let customer = match customer {
        Some(customer) => Some(customer),
        None => tx.query_opt(&users::store::CUSTOMERS_OF, params![user], |row| row.get(0)).await?,
    };
    let now = tx.now();
    tx.exec_one(&users::store::NOTE_SIGN_IN, params![user, now, customer]).await?;
    begin(tx, Beginning { kind: Kind::User, subject: user, customer, method, client }).await
}

/// Finds who has this address and password, and counts the try.
async fn prove(cx: &Cx, kind: Kind, email: &str, password: String) -> Result<i64, IdentityError> {
    let address = tidy_email(email);
    let what = match kind {
        Kind::Staff => "sign-in",
        Kind::User => "portal-sign-in",
    };
    let tried = address.clone();
    // Counted before the password is looked at: many guesses at once are counted too.
    let allowed =
        cx.write(async move |tx: &mut Tx| limits::spend(tx, Limit::PASSWORDS, what, &tried).await).await?;
    if !allowed {
        return Err(IdentityError::TooMany);
    }
    let wanted = address.clone();
    let found = cx.read(async move |tx: &mut Tx| find_credentials(tx, kind, &wanted).await).await?;
    let stored = found.as_ref().map(|(_, hash)| hash.clone());
    let better = match password::matches(stored, password.clone()).await? {
        Match::No => return Err(IdentityError::NoMatch),
        Match::Yes => None,
        Match::Outdated => Some(password::hash(cx, password).await?),
    };
    let (id, old) = found.ok_or(IdentityError::NoMatch)?;
    cx.write(async move |tx: &mut Tx| {
        limits::clear(tx, what, &address).await?;
        if let Some(better) = &better {
            let statement = match kind {
                Kind::Staff => &staff::REHASH,
                Kind::User => &users::store::REHASH,
            };
            tx.exec(statement, params![id, &old, better.as_stored()]).await?;
        }
        Ok(id)
    })
    .await
}

/// Id and hash of who may sign in with an address. Somebody without a password is as good as unknown here.
async fn find_credentials(tx: &mut Tx, kind: Kind, email: &str) -> Result<Option<(i64, String)>, Fault> {
    let statement = match kind {
        Kind::Staff => &staff::FIND_ACTIVE,
        Kind::User => &users::store::FIND_ACTIVE,
    };
    let found = tx
        .query_opt(statement, params![email], |row| Ok((row.get::<i64>(0)?, row.get::<Option<String>>(2)?)))
        .await?;
    Ok(found.and_then(|(id, hash)| Some((id, hash?))))
}

/// Begins a session in the caller's transaction.
pub(crate) async fn begin(tx: &mut Tx, beginning: Beginning<'_>) -> Result<Session, Fault> {
    let Beginning { kind, subject, customer, method, client } = beginning;
    let token = tx.random_token(token::BYTES);
    let now = tx.now();
    tx.exec(&PURGE, params![now]).await?;
    let (id, hash) = (tx.new_raw_id()?, token::stored(&token));
    let (hours, idle_hours) = kind.hours();
    let confirmed_at = if method == STAFF_LINK { Instant::EPOCH } else { now };
    let (idle_at, expires_at) = (now.plus_minutes(idle_hours * 60), now.plus_minutes(hours * 60));
    let values = params![
        id,
        &hash,
        kind.code(),
        subject,
        customer,
        "full",
        method,
        &client.address,
        &client.agent,
        now,
        confirmed_at,
        idle_at,
        expires_at
    ];
    tx.exec_one(&INSERT, values).await?;
    let seconds = u32::try_from(hours * 60 * 60).expect("some days are few seconds");
    Ok(Session { token, seconds })
}

async fn record(tx: &mut Tx, subject: &str) -> Result<(), Fault> {
    let audit = Audit { action: "identity.session.begin", subject, before: None, after: None };
    bursar_audit::record(tx, audit).await
}

/// Ends the session with this hash.
pub async fn sign_out(cx: &Cx, session_hash: [u8; 32]) -> Result<(), Fault> {
    let hash = hex::encode(session_hash);
    cx.write(async move |tx: &mut Tx| tx.exec(&DELETE, params![&hash]).await.map(drop)).await
}

/// Lets a user act for another of their customers. False when the customer is none of theirs.
pub async fn switch_customer(
    cx: &Cx,
    session_hash: [u8; 32],
    user: i64,
    customer: i64,
) -> Result<bool, Fault> {
    let hash = hex::encode(session_hash);
    cx.write(async move |tx: &mut Tx| {
        if users::role_of(tx, user, customer).await?.is_none() {
            return Ok(false);
        }
        tx.exec(&SWITCH, params![&hash, customer]).await?;
        let now = tx.now();
        tx.exec(&users::store::NOTE_SIGN_IN, params![user, now, customer]).await?;
        Ok(true)
    })
    .await
}

/// Ends what a person's other sessions, when one hash is kept, or all of them.
pub(crate) async fn end_all(
    tx: &mut Tx,
    kind: Kind,
    subject: i64,
    keep: Option<[u8; 32]>,
) -> Result<u64, Fault> {
    match keep {
        None => tx.exec(&DELETE_ALL, params![kind.code(), subject]).await,
        Some(hash) => {
            let hash = hex::encode(hash);
            tx.exec(&DELETE_OTHERS, params![kind.code(), subject, &hash]).await
        }
    }
}

/// Takes a customer away from every open session: for who may close or ban one.
pub async fn end_sessions_of_customer(tx: &mut Tx, customer: i64) -> Result<u64, Fault> {
    tx.exec(&LEAVE_CUSTOMER, params![customer]).await
}

/// When a session that is used now may lie unused until.
pub(crate) fn idle_until(kind: Kind, now: Instant) -> Instant {
    now.plus_minutes(kind.hours().1 * 60)
}

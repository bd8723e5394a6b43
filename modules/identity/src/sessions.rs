//! Sessions: begun by a password or a link, ended by signing out, by time, or because nobody used them.

use bursar_audit::Audit;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_web::{CookieName, Surface, Visit};

use crate::sign_in::OTHER_SERVICE_PROVED;
use crate::subject::{self, Subject};
use crate::{devices, factors, oidc, policy, staff, token, users};

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
    /// Somebody's sessions.
    pub(crate) LIST = "SELECT id, method, address, agent, created_at, seen_at, token_hash FROM identity_sessions
        WHERE kind = $1 AND subject_id = $2 AND expires_at > $3 AND idle_at > $3 ORDER BY id DESC LIMIT 100";
    /// One of them.
    pub(crate) DELETE_ONE = "DELETE FROM identity_sessions WHERE id = $1 AND kind = $2 AND subject_id = $3";
    /// Proved again.
    pub(crate) CONFIRM = "UPDATE identity_sessions SET confirmed_at = $2 WHERE token_hash = $1";
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
    /// Which network to count its tries under; empty for none.
    pub network: String,
    /// What the browser is known by, if it has been here.
    pub device: Option<String>,
}

impl Client {
    /// The browser of a visit.
    pub fn of(visit: &Visit) -> Self {
        let address = visit.client_ip();
        // A request that came over no socket came from nowhere: there is nobody to limit.
        let network =
            if address.is_unspecified() { String::new() } else { visit.client_network().to_string() };
        Self {
            address: address.to_string(),
            agent: visit.user_agent().to_owned(),
            network,
            device: visit.cookie(DEVICE_COOKIE).filter(|token| token.len() == 43),
        }
    }
}

/// Knows a browser beyond its sessions.
pub(crate) const DEVICE_COOKIE: CookieName = CookieName::new("device");

/// A session that has just begun. The only time its token is known.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// For the cookie; [`crate::store_session`] puts it there.
    pub token: String,
    /// How long the cookie is worth keeping.
    pub(crate) seconds: u32,
    /// What the browser is known by from now on, when it was not known yet.
    pub(crate) device: Option<String>,
    /// It is the first of the address's owner, and ended what somebody else had set up with it: they are told.
    pub(crate) has_ended_others: bool,
}

impl Session {
    /// What the browser is to be known by from now on, when it was not known yet.
    pub fn device_token(&self) -> Option<&str> {
        self.device.as_deref()
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Session(…)")
    }
}

/// Whose session is begun, and how they showed who they are.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beginning<'b> {
    pub(crate) subject: Subject,
    pub(crate) customer: Option<i64>,
    pub(crate) method: &'static str,
    pub(crate) client: &'b Client,
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
    begin(tx, Beginning { subject: Subject { kind: Kind::User, id: user }, customer, method, client }).await
}

/// Begins a session in the caller's transaction: writes it into the history, and notices a new browser. Somebody who
/// needs a second factor and has shown none, here or elsewhere, gets a session in which only that can be set up.
pub(crate) async fn begin(tx: &mut Tx, beginning: Beginning<'_>) -> Result<Session, Fault> {
    let Beginning { subject, customer, method, client } = beginning;
    let customer = note(tx, subject, customer).await?;
    let token = tx.random_token(token::BYTES);
    let now = tx.now();
    tx.exec(&PURGE, params![now]).await?;
    let (id, hash) = (tx.new_raw_id()?, token::stored(&token));
    let (hours, idle_hours) = subject.kind.hours();
    let confirmed_at = if method == STAFF_LINK { Instant::EPOCH } else { now };
    let (idle_at, expires_at) = (now.plus_minutes(idle_hours * 60), now.plus_minutes(hours * 60));
    let face = subject::get(tx, subject).await?;
    let is_needed =
        face.must_enrol || policy::policy(tx).await?.needs_second_factor(subject.kind, &face.roles);
    let must_enrol =
        method != OTHER_SERVICE_PROVED && is_needed && !factors::factors_of(tx, subject).await?.any();
    let values = params![
        id,
        &hash,
        subject.kind.code(),
        subject.id,
        customer,
        if must_enrol { "enrol" } else { "full" },
        method,
        &client.address,
        &client.agent,
        now,
        confirmed_at,
        idle_at,
        expires_at
    ];
    tx.exec_one(&INSERT, values).await?;
    devices::note_sign_in(tx, subject, true, method, client).await?;
    let device = devices::note_device(tx, subject, client).await?;
    let (path, action) = (subject.path(), "identity.session.begin");
    bursar_audit::record(tx, Audit { action, subject: &path, before: None, after: None }).await?;
    let seconds = u32::try_from(hours * 60 * 60).expect("some days are few seconds");
    Ok(Session { token, seconds, device, has_ended_others: false })
}

/// Notes when the person came, and for a user for which customer: without one, for the one they acted for last.
async fn note(tx: &mut Tx, subject: Subject, customer: Option<i64>) -> Result<Option<i64>, Fault> {
    if subject.kind == Kind::Staff {
        staff::note_sign_in(tx, subject.id).await?;
        return Ok(None);
    }
    let customer = match customer {
        Some(customer) => Some(customer),
        None => tx.query_opt(&users::store::CUSTOMERS_OF, params![subject.id], |row| row.get(0)).await?,
    };
    let now = tx.now();
    tx.exec_one(&users::store::NOTE_SIGN_IN, params![subject.id, now, customer]).await?;
    Ok(customer)
}

/// A session on the list of one's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    /// For ending it.
    pub id: i64,
    /// How it was begun.
    pub method: String,
    /// From where.
    pub address: String,
    /// What the browser calls itself.
    pub agent: String,
    /// When it was begun.
    pub created_at: Instant,
    /// When it was last used, to within five minutes.
    pub seen_at: Instant,
    /// Whether it is the one that asks.
    pub is_this: bool,
}

/// Somebody's sessions, the newest first.
pub async fn list_sessions(
    tx: &mut Tx,
    subject: Subject,
    this: Option<[u8; 32]>,
) -> Result<Vec<SessionRow>, Fault> {
    let (this, now) = (this.map(hex::encode), tx.now());
    tx.query(&LIST, params![subject.kind.code(), subject.id, now], |row| {
        Ok(SessionRow {
            id: row.get(0)?,
            method: row.get(1)?,
            address: row.get(2)?,
            agent: row.get(3)?,
            created_at: row.get(4)?,
            seen_at: row.get(5)?,
            is_this: this.as_deref() == Some(row.text(6)?),
        })
    })
    .await
}

/// Ends one of somebody's sessions. False when it has ended already.
pub(crate) async fn end_one(cx: &Cx, subject: Subject, id: i64) -> Result<bool, Fault> {
    cx.write(async move |tx: &mut Tx| {
        Ok(tx.exec(&DELETE_ONE, params![id, subject.kind.code(), subject.id]).await? == 1)
    })
    .await
}

/// The person proved again who they are.
pub(crate) async fn confirm(tx: &mut Tx, session_hash: [u8; 32]) -> Result<(), Fault> {
    let (hash, now) = (hex::encode(session_hash), tx.now());
    tx.exec(&CONFIRM, params![&hash, now]).await.map(drop)
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

/// Ends a person's other sessions, when one hash is kept, or all of them; and every sign-in at an app, which would outlive
/// them.
pub(crate) async fn end_all(
    tx: &mut Tx,
    kind: Kind,
    subject: i64,
    keep: Option<[u8; 32]>,
) -> Result<u64, Fault> {
    oidc::store::end_grants_of(tx, Subject { kind, id: subject }).await?;
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

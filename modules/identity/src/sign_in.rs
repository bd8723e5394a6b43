//! Signing in: a proof of who somebody is, perhaps a second one, then a session.

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_vault::Vault;

use crate::challenges::{self, Challenge, Purpose};
use crate::error::IdentityError;
use crate::factors::passkeys::{self, Passkeys};
use crate::factors::{self, Factors};
use crate::limits::{self, Limit};
use crate::password::{self, Match};
use crate::sessions::{self, Beginning, Client, Kind, Session};
use crate::subject::Subject;
use crate::users::{self, tidy_email};
use crate::{devices, policy, staff, token};

/// How a session names a sign-in by another service.
pub(crate) const OTHER_SERVICE: &str = "other service";
/// The same where the other service asks for a second factor itself, and ours is not asked for.
pub(crate) const OTHER_SERVICE_PROVED: &str = "other service with its second factor";

/// How far a sign-in has come.
#[derive(Debug, Clone)]
pub enum Entry {
    /// Inside.
    Session(Session),
    /// A second factor is asked for; the browser keeps this token for it.
    SecondFactor(Challenged),
}

/// Half signed in.
#[derive(Clone)]
pub struct Challenged {
    pub(crate) token: String,
}

impl std::fmt::Debug for Challenged {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Challenged(…)")
    }
}

impl Challenged {
    /// Finishes a user's sign-in with a code, on a browser that is to be trusted or not.
    ///
    /// # Errors
    /// [`IdentityError::WrongCode`], [`IdentityError::TooMany`], [`IdentityError::ChallengeOver`].
    pub async fn finish(
        &self,
        cx: &Cx,
        vault: &Vault,
        code: &str,
        client: Client,
        trust: bool,
    ) -> Result<Session, IdentityError> {
        let half = SecondHalf { kind: Kind::User, token: self.token.clone(), client, trust };
        finish_with_code(cx, vault, half, code.to_owned()).await
    }
}

impl Entry {
    /// The same, with whether it ended what somebody else had set up with the address.
    pub(crate) fn after_others(self, has_ended_others: bool) -> Self {
        match self {
            Self::Session(session) => Self::Session(Session { has_ended_others, ..session }),
            half @ Self::SecondFactor(_) => half,
        }
    }

    /// The session, where no second factor was asked for.
    pub fn session(self) -> Option<Session> {
        match self {
            Self::Session(session) => Some(session),
            Self::SecondFactor(_) => None,
        }
    }
}

/// Signs staff in.
///
/// # Errors
/// [`IdentityError::NoMatch`] for every reason not to let somebody in, [`IdentityError::TooMany`] after five of them.
pub async fn sign_in(cx: &Cx, email: &str, password: String, client: Client) -> Result<Entry, IdentityError> {
    let subject = prove(cx, Kind::Staff, email, password, &client).await?;
    cx.write(async move |tx: &mut Tx| enter(tx, subject, None, "password", &client).await).await
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
) -> Result<Entry, IdentityError> {
    let subject = prove(cx, Kind::User, email, password, &client).await?;
    cx.write(async move |tx: &mut Tx| enter(tx, subject, None, "password", &client).await).await
}

/// Lets somebody in who has proved once who they are, or asks for the second factor they have.
pub(crate) async fn enter(
    tx: &mut Tx,
    subject: Subject,
    customer: Option<i64>,
    method: &'static str,
    client: &Client,
) -> Result<Entry, IdentityError> {
    let asked =
        factors::factors_of(tx, subject).await?.any() && !devices::is_trusted(tx, subject, client).await?;
    if !asked {
        let beginning = Beginning { subject, customer, method, client };
        return Ok(Entry::Session(sessions::begin(tx, beginning).await?));
    }
    let challenge = Challenge { customer, ..Challenge::of(subject, method, String::new()) };
    let token = challenges::begin(tx, Purpose::SecondFactor, &challenge).await?;
    Ok(Entry::SecondFactor(Challenged { token }))
}

/// Lets somebody in whose second factor was asked for elsewhere.
pub(crate) async fn enter_proved(
    tx: &mut Tx,
    subject: Subject,
    client: &Client,
) -> Result<Entry, IdentityError> {
    let beginning = Beginning { subject, customer: None, method: OTHER_SERVICE_PROVED, client };
    Ok(Entry::Session(sessions::begin(tx, beginning).await?))
}

/// The second half: what is asked for and of whom.
pub(crate) async fn second_factors(
    cx: &Cx,
    kind: Kind,
    token: String,
) -> Result<(Factors, i64), IdentityError> {
    cx.read(async move |tx: &mut Tx| {
        let found = challenges::find(tx, Purpose::SecondFactor, &token).await?;
        let challenge = found.filter(|it| it.subject.kind == kind).ok_or(IdentityError::ChallengeOver)?;
        let days = policy::policy(tx).await?.trusted_device_days;
        Ok((factors::factors_of(tx, challenge.subject).await?, days))
    })
    .await
}

/// The second half by a code of the app or a recovery code.
///
/// # Errors
/// [`IdentityError::WrongCode`], [`IdentityError::TooMany`], [`IdentityError::ChallengeOver`].
pub(crate) async fn finish_with_code(
    cx: &Cx,
    vault: &Vault,
    second: SecondHalf,
    code: String,
) -> Result<Session, IdentityError> {
    let challenge = challenges::attempt(cx, Purpose::SecondFactor, &second.token).await?;
    let subject = challenge.subject;
    if subject.kind != second.kind {
        return Err(IdentityError::ChallengeOver);
    }
    factors::spend(cx, subject).await?;
    let (vault, client) = (vault.clone(), second.client.clone());
    let method = cx
        .write(async move |tx: &mut Tx| {
            let method = factors::use_code(tx, &vault, subject, &code).await?;
            if method.is_none() {
                devices::note_sign_in(tx, subject, false, "code", &client).await?;
            }
            Ok::<_, Fault>(method)
        })
        .await?;
    complete(cx, challenge, method.ok_or(IdentityError::WrongCode)?, second).await
}

/// What the browser must sign for the second half.
pub(crate) async fn passkey_options(
    cx: &Cx,
    keys: &Passkeys,
    kind: Kind,
    token: String,
) -> Result<String, IdentityError> {
    let challenge = challenges::attempt(cx, Purpose::SecondFactor, &token).await?;
    if challenge.subject.kind != kind {
        return Err(IdentityError::ChallengeOver);
    }
    let (options, state) = passkeys::options_for(cx, keys, challenge.subject).await?;
    cx.write(async move |tx: &mut Tx| {
        let hash = token::stored(&token);
        tx.exec(&challenges::SET_STATE, params![&hash, &state]).await.map(drop)
    })
    .await?;
    Ok(options)
}

/// The second half by a passkey.
pub(crate) async fn finish_with_passkey(
    cx: &Cx,
    keys: &Passkeys,
    second: SecondHalf,
    answer: String,
) -> Result<Session, IdentityError> {
    let challenge = challenges::attempt(cx, Purpose::SecondFactor, &second.token).await?;
    if challenge.subject.kind != second.kind || challenge.state.is_empty() {
        return Err(IdentityError::ChallengeOver);
    }
    passkeys::check(cx, keys, challenge.subject, &challenge.state, &answer).await?;
    complete(cx, challenge, "passkey", second).await
}

/// Who finishes a sign-in, with which browser, and whether to ask again on it.
pub(crate) struct SecondHalf {
    pub(crate) kind: Kind,
    pub(crate) token: String,
    pub(crate) client: Client,
    pub(crate) trust: bool,
}

async fn complete(
    cx: &Cx,
    challenge: Challenge,
    second_method: &'static str,
    second: SecondHalf,
) -> Result<Session, IdentityError> {
    // Only one of two who finish at once does.
    challenges::take(cx, Purpose::SecondFactor, &second.token).await?;
    let subject = challenge.subject;
    cx.write(async move |tx: &mut Tx| {
        limits::clear(tx, "second-factor", &subject.path()).await?;
        let client = &second.client;
        let method = match (challenge.method.as_str(), second_method) {
            (sessions::STAFF_LINK | "link", _) => "link and second factor",
            (OTHER_SERVICE, _) => "other service and second factor",
            (_, "passkey") => "password and passkey",
            (_, "recovery code") => "password and recovery code",
            _ => "password and code",
        };
        let beginning = Beginning { subject, customer: challenge.customer, method, client };
        let session = sessions::begin(tx, beginning).await?;
        let days = policy::policy(tx).await?.trusted_device_days;
        if let Some(device) = session.device.as_ref().or(client.device.as_ref())
            && second.trust
            && days > 0
        {
            devices::trust(tx, subject, device, days).await?;
        }
        Ok(session)
    })
    .await
}

/// Signs somebody in whose passkey says who they are: it proves both that they have it and that it knows them.
pub(crate) async fn sign_in_with_passkey(
    cx: &Cx,
    keys: &Passkeys,
    kind: Kind,
    token: String,
    answer: String,
    client: Client,
) -> Result<Session, IdentityError> {
    let subject = passkeys::finish_alone(cx, keys, kind, &token, &answer).await?;
    cx.write(async move |tx: &mut Tx| {
        let beginning = Beginning { subject, customer: None, method: "passkey", client: &client };
        Ok(sessions::begin(tx, beginning).await?)
    })
    .await
}

/// What somebody shows to prove again who they are.
pub(crate) enum Proof {
    Password(String),
    Code(String),
}

/// Proves again who somebody is: by what they have, the password or a code.
pub(crate) async fn prove_again(
    cx: &Cx,
    vault: &Vault,
    subject: Subject,
    session_hash: [u8; 32],
    proof: Proof,
) -> Result<(), IdentityError> {
    factors::spend(cx, subject).await?;
    match proof {
        Proof::Password(password) => {
            let face = cx.read(async move |tx: &mut Tx| crate::subject::get(tx, subject).await).await?;
            if password::matches(face.password_hash, password).await? == Match::No {
                return Err(IdentityError::WrongPassword);
            }
        }
        Proof::Code(code) => {
            let vault = vault.clone();
            let used = cx
                .write(async move |tx: &mut Tx| factors::use_code(tx, &vault, subject, &code).await)
                .await?;
            used.ok_or(IdentityError::WrongCode)?;
        }
    }
    cx.write(async move |tx: &mut Tx| {
        limits::clear(tx, "second-factor", &subject.path()).await?;
        Ok(sessions::confirm(tx, session_hash).await?)
    })
    .await
}

/// Finds who has this address and password, and counts the try.
async fn prove(
    cx: &Cx,
    kind: Kind,
    email: &str,
    password: String,
    client: &Client,
) -> Result<Subject, IdentityError> {
    let address = tidy_email(email);
    let what = match kind {
        Kind::Staff => "sign-in",
        Kind::User => "portal-sign-in",
    };
    let (tried, network) = (address.clone(), client.network.clone());
    // Counted before the password is looked at: many guesses at once are counted too.
    let allowed = cx
        .write(async move |tx: &mut Tx| {
            let from_here = network.is_empty()
                || limits::spend(tx, Limit::FROM_NETWORK, "sign-in-from", &network).await?;
            Ok::<_, Fault>(from_here && limits::spend(tx, Limit::PASSWORDS, what, &tried).await?)
        })
        .await?;
    if !allowed {
        return Err(IdentityError::TooMany);
    }
    let wanted = address.clone();
    let found = cx.read(async move |tx: &mut Tx| find_credentials(tx, kind, &wanted).await).await?;
    let stored = found.iter().map(|it| it.as_ref().map(|(_, hash)| hash.clone()));
    let (place, better) = match password::matches_one(stored.collect(), password.clone()).await? {
        None => {
            if let Some(Some((id, _))) = found.into_iter().next() {
                let (subject, client) = (Subject { kind, id }, client.clone());
                cx.write(async move |tx: &mut Tx| {
                    devices::note_sign_in(tx, subject, false, "password", &client).await
                })
                .await?;
            }
            return Err(IdentityError::NoMatch);
        }
        Some((place, Match::Outdated)) => (place, Some(password::hash(cx, password).await?)),
        Some((place, Match::Yes | Match::No)) => (place, None),
    };
    let (id, old) = found.into_iter().nth(place).flatten().ok_or(IdentityError::NoMatch)?;
    cx.write(async move |tx: &mut Tx| {
        limits::clear(tx, what, &address).await?;
        if let Some(better) = &better {
            let statement = match kind {
                Kind::Staff => &staff::REHASH,
                Kind::User => &users::store::REHASH,
            };
            tx.exec(statement, params![id, &old, better.as_stored()]).await?;
        }
        Ok(Subject { kind, id })
    })
    .await
}

/// Id and hash of who may sign in with an address: its user, and the newest who signed up with it when it was known.
/// Somebody without a password is as good as unknown here. There are always two places, so that what is compared takes
/// as long whoever is there.
async fn find_credentials(tx: &mut Tx, kind: Kind, email: &str) -> Result<[Option<(i64, String)>; 2], Fault> {
    let statement = match kind {
        Kind::Staff => &staff::FIND_ACTIVE,
        Kind::User => &users::store::FIND_ACTIVE,
    };
    let first = tx
        .query_opt(statement, params![email], |row| Ok((row.get::<i64>(0)?, row.get::<Option<String>>(2)?)))
        .await?;
    let second = match kind {
        Kind::Staff => None,
        Kind::User => users::twins::newest(tx, email).await?,
    };
    Ok([first, second].map(|found| found.and_then(|(id, hash)| Some((id, hash?)))))
}

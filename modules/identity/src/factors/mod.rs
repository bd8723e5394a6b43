//! Second factors: an app that makes codes, recovery codes, and passkeys, which are also enough alone.
//!
//! Every function here is about a person who is there themself: the pages ask for that and for a fresh proof. A code of
//! any kind works once.

pub(crate) mod passkeys;
mod totp;

use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::{Fault, FieldError, Text};
use bursar_time::Instant;
use bursar_vault::{Sealed, Vault};

use crate::error::IdentityError;
use crate::limits::{self, Limit};
use crate::sessions::Kind;
use crate::subject::{self, Subject};
use crate::token;

pub(crate) use totp::picture;

bursar_db::statements! {
    /// The app of a person.
    pub(crate) FIND_TOTP = "SELECT secret_sealed, confirmed_at, last_step FROM identity_totp
        WHERE kind = $1 AND subject_id = $2";
    /// A new app, not confirmed yet; a confirmed one is not replaced.
    pub(crate) PUT_TOTP = "INSERT INTO identity_totp (kind, subject_id, secret_sealed, confirmed_at, last_step)
        VALUES ($1, $2, $3, NULL, 0)
        ON CONFLICT (kind, subject_id) DO UPDATE SET secret_sealed = excluded.secret_sealed, last_step = 0
        WHERE identity_totp.confirmed_at IS NULL";
    /// It made a code that is right.
    pub(crate) CONFIRM_TOTP = "UPDATE identity_totp SET confirmed_at = $3, last_step = $4
        WHERE kind = $1 AND subject_id = $2 AND confirmed_at IS NULL";
    /// A code is used: one of two who come with the same changes no row.
    pub(crate) USE_STEP = "UPDATE identity_totp SET last_step = $3
        WHERE kind = $1 AND subject_id = $2 AND confirmed_at IS NOT NULL AND last_step < $3";
    /// Gone.
    pub(crate) DELETE_TOTP = "DELETE FROM identity_totp WHERE kind = $1 AND subject_id = $2";
    /// A recovery code.
    pub(crate) INSERT_CODE = "INSERT INTO identity_recovery_codes (code_hash, kind, subject_id) VALUES ($1, $2, $3)";
    /// Used, once.
    pub(crate) USE_CODE = "DELETE FROM identity_recovery_codes
        WHERE code_hash = $1 AND kind = $2 AND subject_id = $3";
    /// All of them.
    pub(crate) DELETE_CODES = "DELETE FROM identity_recovery_codes WHERE kind = $1 AND subject_id = $2";
    /// How many are left.
    pub(crate) COUNT_CODES = "SELECT COUNT(*) FROM identity_recovery_codes WHERE kind = $1 AND subject_id = $2";
    /// How many passkeys there are.
    pub(crate) COUNT_PASSKEYS = "SELECT COUNT(*) FROM identity_passkeys WHERE kind = $1 AND subject_id = $2";
    /// Set up at last: the session is a whole one.
    pub(crate) ENROLLED = "UPDATE identity_sessions SET stage = 'full'
        WHERE kind = $1 AND subject_id = $2 AND stage = 'enrol'";
    /// What they had in another system is replaced.
    pub(crate) REPLACED = "UPDATE identity_users SET must_enrol = 0 WHERE id = $1 AND must_enrol = 1";
}

const RECOVERY_CODES: usize = 10;

/// What second factors somebody has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Factors {
    /// When the app was confirmed.
    pub totp_since: Option<Instant>,
    /// How many passkeys.
    pub passkeys: i64,
    /// How many recovery codes are left.
    pub recovery_codes: i64,
}

impl Factors {
    /// Whether one is asked for at sign-in.
    pub fn any(&self) -> bool {
        self.totp_since.is_some() || self.passkeys > 0
    }
}

/// A new app to be confirmed: shown once.
#[derive(Clone)]
pub struct NewTotp {
    /// For typing.
    pub secret: String,
    /// For the app.
    pub address: String,
}

impl std::fmt::Debug for NewTotp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("NewTotp(…)")
    }
}

/// What somebody has.
pub async fn factors_of(tx: &mut Tx, subject: Subject) -> Result<Factors, Fault> {
    let (kind, id) = (subject.kind.code(), subject.id);
    let since = tx.query_opt(&FIND_TOTP, params![kind, id], |row| row.get::<Option<Instant>>(1)).await?;
    Ok(Factors {
        totp_since: since.flatten(),
        passkeys: tx.query_one(&COUNT_PASSKEYS, params![kind, id], |row| row.get(0)).await?,
        recovery_codes: tx.query_one(&COUNT_CODES, params![kind, id], |row| row.get(0)).await?,
    })
}

/// Begins to set up an app. The secret is asked for again by a code before it counts.
///
/// # Errors
/// [`IdentityError::FactorAlready`].
pub async fn begin_totp(
    cx: &Cx,
    vault: &Vault,
    subject: Subject,
    issuer: String,
) -> Result<NewTotp, IdentityError> {
    let secret: [u8; totp::SECRET_BYTES] = cx.with_rng(bursar_ids::Rng::bytes);
    let sealed = cx.with_rng(|rng| vault.seal(&secret, &place(subject), rng)).to_string();
    let account = cx
        .write(async move |tx: &mut Tx| {
            let put = tx.exec(&PUT_TOTP, params![subject.kind.code(), subject.id, &sealed]).await?;
            if put != 1 {
                return Err(IdentityError::FactorAlready);
            }
            Ok(subject::get(tx, subject).await?.email)
        })
        .await?;
    Ok(NewTotp { secret: totp::base32(&secret), address: totp::address(&secret, &issuer, &account) })
}

/// The app to be confirmed once more, for a page that comes back after a wrong code.
pub async fn pending_totp(
    cx: &Cx,
    vault: &Vault,
    subject: Subject,
    issuer: String,
) -> Result<Option<NewTotp>, IdentityError> {
    let found = cx
        .read(async move |tx: &mut Tx| {
            let face = subject::get(tx, subject).await?;
            Ok::<_, Fault>(stored(tx, subject).await?.map(|stored| (stored, face.email)))
        })
        .await?;
    let Some((stored, account)) = found.filter(|(stored, _)| !stored.is_confirmed) else { return Ok(None) };
    let secret = stored.open(vault, subject)?;
    Ok(Some(NewTotp { secret: totp::base32(&secret), address: totp::address(&secret, &issuer, &account) }))
}

/// Confirms the app with a code it shows, and returns the recovery codes: the only time they are known.
///
/// # Errors
/// [`IdentityError::Invalid`] about `code`, [`IdentityError::TooMany`], [`IdentityError::NotFound`].
pub async fn confirm_totp(
    cx: &Cx,
    vault: &Vault,
    subject: Subject,
    code: String,
) -> Result<Vec<String>, IdentityError> {
    spend(cx, subject).await?;
    let vault = vault.clone();
    cx.write(async move |tx: &mut Tx| {
        let stored = stored(tx, subject).await?.ok_or(IdentityError::NotFound("app to confirm"))?;
        let secret = stored.open(&vault, subject)?;
        let now = tx.now();
        let Some(step) = totp::accepted_step(&secret, &code, now.micros() / 1_000_000, 0) else {
            let text = "This code is not right. Look at the newest one, and whether the phone's clock is.";
            let wrong = FieldError::new("code", text).in_words(Text::new("identity-code-wrong-clock"));
            return Err(IdentityError::Invalid(vec![wrong]));
        };
        let (kind, id) = (subject.kind.code(), subject.id);
        if tx.exec(&CONFIRM_TOTP, params![kind, id, now, step]).await? != 1 {
            return Err(IdentityError::FactorAlready);
        }
        let codes = renew_codes(tx, subject).await?;
        note_enrolled(tx, subject).await?;
        limits::clear(tx, "second-factor", &subject.path()).await?;
        subject::announce_change(tx, subject, "totp_added").await?;
        Ok(codes)
    })
    .await
}

/// They have what they needed: their sessions are whole ones.
pub(crate) async fn note_enrolled(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    tx.exec(&ENROLLED, params![subject.kind.code(), subject.id]).await?;
    if subject.kind == Kind::User {
        tx.exec(&REPLACED, params![subject.id]).await?;
    }
    Ok(())
}

/// Takes the app away. Recovery codes go with it unless a passkey still needs them.
pub async fn remove_totp(cx: &Cx, subject: Subject) -> Result<(), IdentityError> {
    cx.write(async move |tx: &mut Tx| {
        let (kind, id) = (subject.kind.code(), subject.id);
        if tx.exec(&DELETE_TOTP, params![kind, id]).await? == 0 {
            return Err(IdentityError::NotFound("app"));
        }
        drop_codes_without_factor(tx, subject).await?;
        Ok(subject::announce_change(tx, subject, "totp_removed").await?)
    })
    .await
}

/// Takes every second factor away: for somebody who lost what they had. Ends their sessions.
///
/// # Errors
/// Faults; who may do this is the caller's to check.
pub(crate) async fn drop_all(cx: &Cx, subject: Subject) -> Result<(), IdentityError> {
    cx.write(async move |tx: &mut Tx| {
        drop_every(tx, subject).await?;
        crate::devices::distrust_all(tx, subject).await?;
        crate::sessions::end_all(tx, subject.kind, subject.id, None).await?;
        Ok(subject::announce_change(tx, subject, "totp_removed").await?)
    })
    .await
}

/// Takes the app, the passkeys and the recovery codes away, and says how many of the first two there were.
pub(crate) async fn drop_every(tx: &mut Tx, subject: Subject) -> Result<u64, Fault> {
    let (kind, id) = (subject.kind.code(), subject.id);
    let apps = tx.exec(&DELETE_TOTP, params![kind, id]).await?;
    let keys = tx.exec(&passkeys::DELETE_ALL, params![kind, id]).await?;
    tx.exec(&DELETE_CODES, params![kind, id]).await?;
    Ok(apps + keys)
}

/// New recovery codes; the old ones stop working.
pub async fn renew_recovery_codes(cx: &Cx, subject: Subject) -> Result<Vec<String>, IdentityError> {
    cx.write(async move |tx: &mut Tx| {
        let codes = renew_codes(tx, subject).await?;
        subject::announce_change(tx, subject, "recovery_codes").await?;
        Ok(codes)
    })
    .await
}

pub(crate) async fn drop_codes_without_factor(tx: &mut Tx, subject: Subject) -> Result<(), Fault> {
    if !factors_of(tx, subject).await?.any() {
        tx.exec(&DELETE_CODES, params![subject.kind.code(), subject.id]).await?;
    }
    Ok(())
}

pub(crate) async fn renew_codes(tx: &mut Tx, subject: Subject) -> Result<Vec<String>, Fault> {
    let (kind, id) = (subject.kind.code(), subject.id);
    tx.exec(&DELETE_CODES, params![kind, id]).await?;
    let mut codes = Vec::with_capacity(RECOVERY_CODES);
    for _ in 0..RECOVERY_CODES {
        // 80 bits in 16 letters: guessing one from its hash is hopeless.
        let [a, b] = [tx.random_u64(), tx.random_u64()].map(u64::to_be_bytes);
        let letters = totp::base32(&[&a[..], &b[..2]].concat()).to_lowercase();
        tx.exec_one(&INSERT_CODE, params![&code_hash(&letters), kind, id]).await?;
        let parts: Vec<&str> = [0, 4, 8, 12].map(|at| &letters[at..at + 4]).to_vec();
        codes.push(parts.join("-"));
    }
    Ok(codes)
}

/// Whether a typed code is good: of the app or for recovery. It is used up by that.
pub(crate) async fn use_code(
    tx: &mut Tx,
    vault: &Vault,
    subject: Subject,
    typed: &str,
) -> Result<Option<&'static str>, Fault> {
    let (kind, id) = (subject.kind.code(), subject.id);
    if let Some(stored) = stored(tx, subject).await?.filter(|stored| stored.is_confirmed) {
        let secret = stored.open(vault, subject)?;
        let seconds = tx.now().micros() / 1_000_000;
        if let Some(step) = totp::accepted_step(&secret, typed, seconds, stored.last_step) {
            let used = tx.exec(&USE_STEP, params![kind, id, step]).await?;
            return Ok((used == 1).then_some("code"));
        }
    }
    let letters: String = typed.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let used = tx.exec(&USE_CODE, params![&code_hash(&letters), kind, id]).await?;
    Ok((used == 1).then_some("recovery code"))
}

/// Takes one try at a person's codes, whatever browser it comes from.
pub(crate) async fn spend(cx: &Cx, subject: Subject) -> Result<(), IdentityError> {
    let allowed = cx
        .write(async move |tx: &mut Tx| {
            limits::spend(tx, Limit::CODES, "second-factor", &subject.path()).await
        })
        .await?;
    if allowed { Ok(()) } else { Err(IdentityError::TooMany) }
}

struct StoredTotp {
    sealed: String,
    is_confirmed: bool,
    last_step: i64,
}

impl StoredTotp {
    fn open(&self, vault: &Vault, subject: Subject) -> Result<Vec<u8>, Fault> {
        let sealed = Sealed::parse(&self.sealed)?;
        Ok(vault.open(&sealed, &place(subject))?.expose().clone())
    }
}

async fn stored(tx: &mut Tx, subject: Subject) -> Result<Option<StoredTotp>, Fault> {
    tx.query_opt(&FIND_TOTP, params![subject.kind.code(), subject.id], |row| {
        Ok(StoredTotp {
            sealed: row.get(0)?,
            is_confirmed: row.get::<Option<Instant>>(1)?.is_some(),
            last_step: row.get(2)?,
        })
    })
    .await
}

fn place(subject: Subject) -> String {
    format!("identity_totp:{}:secret", subject.path())
}

fn code_hash(letters: &str) -> String {
    token::stored(letters)
}

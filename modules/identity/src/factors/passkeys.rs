//! Passkeys: keys that live in a phone, a computer or a stick, and sign for our name only. As a second factor, and alone.

use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::{Fault, FieldError};
use bursar_time::Instant;
use url::Url;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
};

use super::{drop_codes_without_factor, note_enrolled, renew_codes};
use crate::challenges::{self, Challenge, Purpose};
use crate::error::IdentityError;
use crate::sessions::Kind;
use crate::subject::{self, Subject};

bursar_db::statements! {
    /// A person's passkeys.
    pub(crate) LIST = "SELECT id, name, created_at, last_used_at, credential FROM identity_passkeys
        WHERE kind = $1 AND subject_id = $2 ORDER BY id LIMIT 50";
    /// A new one.
    pub(crate) INSERT = "INSERT INTO identity_passkeys
            (id, kind, subject_id, credential_id, credential, name, created_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    /// Used: the counter has moved.
    pub(crate) USED = "UPDATE identity_passkeys SET credential = $2, last_used_at = $3 WHERE id = $1";
    /// Gone.
    pub(crate) DELETE = "DELETE FROM identity_passkeys WHERE id = $1 AND kind = $2 AND subject_id = $3";
    /// All of a person's.
    pub(crate) DELETE_ALL = "DELETE FROM identity_passkeys WHERE kind = $1 AND subject_id = $2";
    /// Whether somebody has it already.
    pub(crate) KNOWN = "SELECT id FROM identity_passkeys WHERE credential_id = $1";
}

const MOST: usize = 20;

/// Makes and checks passkeys for one name.
pub struct Passkeys(Webauthn);

impl std::fmt::Debug for Passkeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Passkeys")
    }
}

/// A passkey on a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasskeyRow {
    /// Identity.
    pub id: i64,
    /// What its owner calls it.
    pub name: String,
    /// When it was made.
    pub created_at: Instant,
    /// When it was last used.
    pub last_used_at: Option<Instant>,
}

/// Something the browser must sign: the token of what was begun, and what its script needs.
pub(crate) struct Begun {
    pub(crate) token: String,
    pub(crate) options: String,
}

impl Passkeys {
    /// For the address people use. None when that is no name but a bare address, to which no passkey can belong.
    pub fn new(public_url: &str, name: &str) -> Option<Self> {
        let origin = Url::parse(public_url).ok()?;
        let host = origin.domain()?.to_owned();
        WebauthnBuilder::new(&host, &origin).ok()?.rp_name(name).build().ok().map(Self)
    }
}

fn handle(subject: Subject) -> Uuid {
    let kind = match subject.kind {
        Kind::Staff => 1,
        Kind::User => 2,
    };
    Uuid::from_u64_pair(kind, subject.id.cast_unsigned())
}

fn subject_of(handle: Uuid) -> Option<Subject> {
    let (kind, id) = handle.as_u64_pair();
    let kind = match kind {
        1 => Kind::Staff,
        2 => Kind::User,
        _ => return None,
    };
    Some(Subject { kind, id: id.cast_signed() })
}

fn refused(why: impl std::fmt::Display) -> IdentityError {
    tracing::info!("a passkey was refused: {why}");
    IdentityError::PasskeyRefused
}

fn text<T: serde::Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::wrap("writing what a passkey is checked with", e))
}

fn value<T: serde::de::DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|e| Fault::wrap("reading what a passkey is checked with", e))
}

struct Stored {
    row: PasskeyRow,
    credential: Passkey,
}

fn stored(row: &Row<'_>) -> Result<Stored, Fault> {
    let shown =
        PasskeyRow { id: row.get(0)?, name: row.get(1)?, created_at: row.get(2)?, last_used_at: row.get(3)? };
    Ok(Stored { row: shown, credential: value(row.text(4)?)? })
}

async fn all(tx: &mut Tx, subject: Subject) -> Result<Vec<Stored>, Fault> {
    tx.query(&LIST, params![subject.kind.code(), subject.id], stored).await
}

/// A person's passkeys, oldest first.
pub async fn list_passkeys(tx: &mut Tx, subject: Subject) -> Result<Vec<PasskeyRow>, Fault> {
    Ok(all(tx, subject).await?.into_iter().map(|it| it.row).collect())
}

/// Begins to make a passkey.
pub(crate) async fn begin_adding(
    cx: &Cx,
    passkeys: &Passkeys,
    subject: Subject,
) -> Result<Begun, IdentityError> {
    let (face, existing) = cx
        .read(async move |tx: &mut Tx| {
            Ok::<_, Fault>((subject::get(tx, subject).await?, all(tx, subject).await?))
        })
        .await?;
    if existing.len() >= MOST {
        return Err(IdentityError::FactorAlready);
    }
    let known = existing.iter().map(|it| it.credential.cred_id().clone()).collect();
    let (options, state) = passkeys
        .0
        .start_passkey_registration(handle(subject), &face.email, &face.name, Some(known))
        .map_err(refused)?;
    let mut options =
        serde_json::to_value(options).map_err(|e| Fault::wrap("writing a passkey's options", e))?;
    // Kept on the device with the name, so that it can be the only factor.
    options["publicKey"]["authenticatorSelection"]["residentKey"] = "required".into();
    options["publicKey"]["authenticatorSelection"]["requireResidentKey"] = true.into();
    let state = text(&state)?;
    let token = cx
        .write(async move |tx: &mut Tx| {
            challenges::begin(tx, Purpose::AddPasskey, &Challenge::of(subject, "passkey", state.clone()))
                .await
        })
        .await?;
    Ok(Begun { token, options: options.to_string() })
}

/// Keeps the passkey the browser made. Returns recovery codes when there were none yet.
pub(crate) async fn finish_adding(
    cx: &Cx,
    passkeys: &Passkeys,
    subject: Subject,
    token: &str,
    answer: &str,
    name: &str,
) -> Result<Option<Vec<String>>, IdentityError> {
    let name = name.trim().chars().take(60).collect::<String>();
    if name.is_empty() {
        let wrong = FieldError::new("name", "Give the passkey a name that tells you where it lives.");
        return Err(IdentityError::Invalid(vec![wrong]));
    }
    let challenge = challenges::take(cx, Purpose::AddPasskey, token).await?;
    if challenge.subject != subject {
        return Err(IdentityError::PasskeyRefused);
    }
    let state: PasskeyRegistration = value(&challenge.state)?;
    let answer: RegisterPublicKeyCredential = serde_json::from_str(answer).map_err(refused)?;
    let credential = passkeys.0.finish_passkey_registration(&answer, &state).map_err(refused)?;
    let credential_id = hex::encode(credential.cred_id().as_slice());
    let credential = text(&credential)?;
    cx.write(async move |tx: &mut Tx| {
        if tx.query_opt(&KNOWN, params![&credential_id], |row| row.get::<i64>(0)).await?.is_some() {
            return Err(IdentityError::PasskeyRefused);
        }
        let (kind, id) = (subject.kind.code(), subject.id);
        let (key, now) = (tx.new_raw_id()?, tx.now());
        tx.exec_one(&INSERT, params![key, kind, id, &credential_id, &credential, &name, now]).await?;
        let codes = match super::factors_of(tx, subject).await?.recovery_codes {
            0 => Some(renew_codes(tx, subject).await?),
            _ => None,
        };
        note_enrolled(tx, subject).await?;
        subject::announce_change(tx, subject, "passkey_added").await?;
        Ok(codes)
    })
    .await
}

/// Takes a passkey away.
pub(crate) async fn remove(cx: &Cx, subject: Subject, id: i64) -> Result<(), IdentityError> {
    cx.write(async move |tx: &mut Tx| {
        if tx.exec(&DELETE, params![id, subject.kind.code(), subject.id]).await? == 0 {
            return Err(IdentityError::NotFound("passkey"));
        }
        drop_codes_without_factor(tx, subject).await?;
        Ok(subject::announce_change(tx, subject, "passkey_removed").await?)
    })
    .await
}

/// What the browser must sign to show that a known person is there; `state` is for the check.
pub(crate) async fn options_for(
    cx: &Cx,
    passkeys: &Passkeys,
    subject: Subject,
) -> Result<(String, String), IdentityError> {
    let keys = cx.read(async move |tx: &mut Tx| all(tx, subject).await).await?;
    let keys: Vec<Passkey> = keys.into_iter().map(|it| it.credential).collect();
    let (options, state) = passkeys.0.start_passkey_authentication(&keys).map_err(refused)?;
    Ok((text(&options)?, text(&state)?))
}

/// Whether the browser signed as this person.
pub(crate) async fn check(
    cx: &Cx,
    passkeys: &Passkeys,
    subject: Subject,
    state: &str,
    answer: &str,
) -> Result<(), IdentityError> {
    let state: PasskeyAuthentication = value(state)?;
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(refused)?;
    let result = passkeys.0.finish_passkey_authentication(&answer, &state).map_err(refused)?;
    note_use(cx, subject, result).await
}

/// What the browser must sign when nobody has said who they are.
pub(crate) async fn begin_alone(cx: &Cx, passkeys: &Passkeys, kind: Kind) -> Result<Begun, IdentityError> {
    let (options, state) = passkeys.0.start_discoverable_authentication().map_err(refused)?;
    let (options, state) = (text(&options)?, text(&state)?);
    let nobody = Subject { kind, id: 0 };
    let token = cx
        .write(async move |tx: &mut Tx| {
            challenges::begin(tx, Purpose::PasskeyAlone, &Challenge::of(nobody, "passkey", state.clone()))
                .await
        })
        .await?;
    Ok(Begun { token, options })
}

/// Who signed.
pub(crate) async fn finish_alone(
    cx: &Cx,
    passkeys: &Passkeys,
    kind: Kind,
    token: &str,
    answer: &str,
) -> Result<Subject, IdentityError> {
    let challenge = challenges::take(cx, Purpose::PasskeyAlone, token).await?;
    let state: DiscoverableAuthentication = value(&challenge.state)?;
    let answer: PublicKeyCredential = serde_json::from_str(answer).map_err(refused)?;
    let (who, credential_id) = passkeys.0.identify_discoverable_authentication(&answer).map_err(refused)?;
    let subject = subject_of(who).filter(|it| it.kind == kind && challenge.subject.kind == kind);
    let subject = subject.ok_or(IdentityError::PasskeyRefused)?;
    let keys = cx.read(async move |tx: &mut Tx| all(tx, subject).await).await?;
    let key = keys.iter().find(|it| it.credential.cred_id().as_slice() == credential_id);
    let key = key.ok_or(IdentityError::PasskeyRefused)?;
    let result =
        passkeys.0.finish_discoverable_authentication_v2(&answer, state, &key.credential).map_err(refused)?;
    note_use(cx, subject, result).await?;
    Ok(subject)
}

async fn note_use(
    cx: &Cx,
    subject: Subject,
    result: webauthn_rs::prelude::AuthenticationResult,
) -> Result<(), IdentityError> {
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        for mut key in all(tx, subject).await? {
            if key.credential.cred_id() != result.cred_id() {
                continue;
            }
            key.credential.update_credential(&result);
            let credential = text(&key.credential)?;
            tx.exec_one(&USED, params![key.row.id, &credential, now]).await?;
            return Ok(());
        }
        Err(IdentityError::PasskeyRefused)
    })
    .await
}

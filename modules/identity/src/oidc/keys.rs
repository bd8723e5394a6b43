//! The keys that sign: made here, sealed, changed every three months.
//!
//! The next key is published a week before it signs, and the last one a week after, so that an app that fetches our keys
//! once a day meets no token it cannot check. Whoever needs a key makes the next one when it is due: there is nothing to
//! remember and nothing to run.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_context::Cx;
use bursar_db::{Row, Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_vault::{Sealed, Vault};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents};
use rsa::RsaPrivateKey;
use rsa::pkcs8::EncodePrivateKey as _;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::error::IdentityError;
use crate::permissions;

bursar_db::statements! {
    /// All that are published, the newest first.
    pub(crate) LIST = "SELECT kid, public_jwk, signs_from FROM identity_signing_keys
        ORDER BY signs_from DESC, kid LIMIT 20";
    /// One of them.
    pub(crate) PRIVATE = "SELECT private_sealed FROM identity_signing_keys WHERE kid = $1";
    /// A new one.
    pub(crate) INSERT = "INSERT INTO identity_signing_keys (kid, private_sealed, public_jwk, created_at, signs_from)
        VALUES ($1, $2, $3, $4, $5)";
    /// Not trusted any more.
    pub(crate) DELETE = "DELETE FROM identity_signing_keys WHERE kid = $1";
    /// Those whose follower has signed since before the time.
    pub(crate) PURGE = "DELETE FROM identity_signing_keys WHERE signs_from <
        (SELECT MAX(k.signs_from) FROM identity_signing_keys AS k WHERE k.signs_from < $1)";
}

/// How long a key signs.
const SIGNS_DAYS: i64 = 90;
/// How long a key is published before it signs, and after.
pub(crate) const BESIDE_DAYS: i64 = 7;
/// At least so long, when nobody asked for a key in time.
const SHORTEST_NOTICE_DAYS: i64 = 1;
const BITS: usize = 2048;

/// A published key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyRow {
    pub(crate) kid: String,
    pub(crate) public_jwk: String,
    pub(crate) signs_from: Instant,
}

fn key_row(row: &Row<'_>) -> Result<KeyRow, Fault> {
    Ok(KeyRow { kid: row.get(0)?, public_jwk: row.get(1)?, signs_from: row.get(2)? })
}

/// When a new key is to sign, if one is due. `keys` come the newest first.
fn due(keys: &[KeyRow], now: Instant) -> Option<Instant> {
    let Some(newest) = keys.first() else { return Some(now) };
    let ends = newest.signs_from.plus_days(SIGNS_DAYS);
    (now >= ends.plus_days(-BESIDE_DAYS)).then(|| ends.max(now.plus_days(SHORTEST_NOTICE_DAYS)))
}

/// The one that signs now: the newest whose time has come.
pub(crate) fn current(keys: &[KeyRow], now: Instant) -> Option<&KeyRow> {
    keys.iter().find(|key| key.signs_from <= now)
}

/// What is published, the next key made first when it is due.
pub(crate) async fn published(cx: &Cx, vault: &Vault) -> Result<Vec<KeyRow>, Fault> {
    let keys = cx.read(async |tx: &mut Tx| tx.query(&LIST, params![], key_row).await).await?;
    if due(&keys, cx.now()).is_none() {
        return Ok(keys);
    }
    let made = make(cx, vault).await?;
    cx.write(async move |tx: &mut Tx| {
        let keys = tx.query(&LIST, params![], key_row).await?;
        // Another node may have been quicker.
        let Some(signs_from) = due(&keys, tx.now()) else { return Ok(keys) };
        keep(tx, &made, signs_from).await?;
        tx.query(&LIST, params![], key_row).await
    })
    .await
}

/// Lets a new key sign from now on: for somebody who fears for the present one. That one still proves old tokens until
/// it is withdrawn.
///
/// # Errors
/// [`IdentityError::Denied`].
pub(crate) async fn rotate(cx: &Cx, vault: &Vault) -> Result<(), IdentityError> {
    cx.require(permissions::APP_EDIT)?;
    let made = make(cx, vault).await?;
    cx.write(async move |tx: &mut Tx| {
        let now = tx.now();
        keep(tx, &made, now).await?;
        let subject = format!("signing-key:{}", made.kid);
        Ok(record(tx, "identity.signing_key.rotate", &subject).await?)
    })
    .await
}

/// Withdraws a key: what it has signed is believed no more.
///
/// # Errors
/// [`IdentityError::Denied`], [`IdentityError::NotFound`] also for the key that signs.
pub(crate) async fn withdraw(cx: &Cx, kid: String) -> Result<(), IdentityError> {
    cx.require(permissions::APP_EDIT)?;
    cx.write(async move |tx: &mut Tx| {
        let keys = tx.query(&LIST, params![], key_row).await?;
        let signs = current(&keys, tx.now()).is_some_and(|key| key.kid == kid);
        if signs || tx.exec(&DELETE, params![&kid]).await? != 1 {
            return Err(IdentityError::NotFound("key that can be withdrawn"));
        }
        Ok(record(tx, "identity.signing_key.withdraw", &format!("signing-key:{kid}")).await?)
    })
    .await
}

async fn record(tx: &mut Tx, action: &str, subject: &str) -> Result<(), Fault> {
    bursar_audit::record(tx, bursar_audit::Audit { action, subject, before: None, after: None }).await
}

struct Made {
    kid: String,
    sealed: String,
    public_jwk: String,
}

async fn keep(tx: &mut Tx, made: &Made, signs_from: Instant) -> Result<(), Fault> {
    let now = tx.now();
    tx.exec_one(&INSERT, params![&made.kid, &made.sealed, &made.public_jwk, now, signs_from]).await
}

/// Makes a key away from the threads that answer requests: looking for primes takes a while.
async fn make(cx: &Cx, vault: &Vault) -> Result<Made, Fault> {
    let seed: [u8; 32] = cx.with_rng(bursar_ids::Rng::bytes);
    let made = tokio::task::spawn_blocking(move || {
        let key = RsaPrivateKey::new(&mut ChaCha20Rng::from_seed(seed), BITS)
            .map_err(|e| Fault::wrap("making a signing key", e))?;
        key.to_pkcs8_der().map_err(|e| Fault::new(format!("writing a signing key: {e}")))
    });
    let document = made.await.map_err(|e| Fault::wrap("making a signing key", e))??;
    let (kid, public_jwk) = public_half(&pair(document.as_bytes())?);
    let sealed = cx.with_rng(|rng| vault.seal(document.as_bytes(), &place(&kid), rng)).to_string();
    Ok(Made { kid, sealed, public_jwk })
}

fn pair(document: &[u8]) -> Result<RsaKeyPair, Fault> {
    RsaKeyPair::from_pkcs8(document).map_err(|e| Fault::corrupt(format!("a signing key cannot be read: {e}")))
}

/// The public key, and its name: the thumbprint of RFC 7638, which says nothing about when it was made.
fn public_half(pair: &RsaKeyPair) -> (String, String) {
    let public: RsaPublicKeyComponents<Vec<u8>> = pair.public().into();
    let (n, e) = (URL_SAFE_NO_PAD.encode(public.n), URL_SAFE_NO_PAD.encode(public.e));
    let named = format!(r#"{{"e":"{e}","kty":"RSA","n":"{n}"}}"#);
    let kid = URL_SAFE_NO_PAD.encode(Sha256::digest(named));
    let jwk = json!({ "kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid, "n": n, "e": e });
    (kid, jwk.to_string())
}

fn place(kid: &str) -> String {
    format!("identity_signing_keys:{kid}:private")
}

/// Signs claims with the key whose turn it is.
pub(crate) async fn sign(cx: &Cx, vault: &Vault, claims: &Value) -> Result<String, Fault> {
    let keys = published(cx, vault).await?;
    let kid = current(&keys, cx.now()).map(|key| key.kid.clone());
    let kid = kid.ok_or_else(|| Fault::new("no key signs yet"))?;
    let wanted = kid.clone();
    let sealed = cx
        .read(async move |tx: &mut Tx| {
            tx.query_one(&PRIVATE, params![&wanted], |row| row.get::<String>(0)).await
        })
        .await?;
    let document = vault.open(&Sealed::parse(&sealed)?, &place(&kid))?;
    let pair = pair(document.expose())?;
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": "RS256", "typ": "JWT", "kid": kid })), part(claims));
    let mut signature = vec![0; pair.public().modulus_len()];
    // This padding draws nothing: the same claims have the same signature.
    pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), signed.as_bytes(), &mut signature)
        .map_err(|_| Fault::new("a token could not be signed"))?;
    Ok(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

/// The public keys as a JSON Web Key Set.
pub(crate) fn key_set(keys: &[KeyRow]) -> Result<Value, Fault> {
    let keys: Result<Vec<Value>, _> = keys.iter().map(|key| serde_json::from_str(&key.public_jwk)).collect();
    Ok(json!({ "keys": keys.map_err(|e| Fault::corrupt(format!("a stored public key: {e}")))? }))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Instant = Instant::from_micros(1_767_225_600_000_000);

    fn key(signs_from: Instant) -> KeyRow {
        KeyRow { kid: signs_from.to_string(), public_jwk: String::new(), signs_from }
    }

    #[test]
    fn the_next_key_is_made_a_week_before_its_turn() {
        assert_eq!(due(&[], START), Some(START), "the first signs at once");
        let keys = [key(START)];
        assert_eq!(due(&keys, START.plus_days(82)), None);
        assert_eq!(due(&keys, START.plus_days(83)), Some(START.plus_days(90)));
        assert_eq!(due(&keys, START.plus_days(200)), Some(START.plus_days(201)), "never without notice");
        let keys = [key(START.plus_days(90)), key(START)];
        assert_eq!(due(&keys, START.plus_days(84)), None, "it is there already");
        assert_eq!(current(&keys, START.plus_days(89)).unwrap(), &keys[1]);
        assert_eq!(current(&keys, START.plus_days(90)).unwrap(), &keys[0]);
    }
}

//! Exchanging a code, renewing, asking who somebody is, giving up.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_context::Cx;
use bursar_db::{Tx, params};
use bursar_fault::Fault;
use bursar_time::Instant;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::apps::{self, App};
use super::keys;
use super::scope::Scopes;
use super::store::{self, Grant};
use crate::gatehouse::Gatehouse;
use crate::jwt::seconds;
use crate::limits::{self, Limit};
use crate::sessions::Kind;
use crate::sign_in::OTHER_SERVICE_PROVED;
use crate::subject::{self, Subject};
use crate::{token, users};

/// How long an access token and an identity token work.
pub(crate) const ACCESS_SECONDS: i64 = 15 * 60;
/// How long a refresh token may lie unused, and how long one sign-in can be renewed at all.
const REFRESH_DAYS: i64 = 30;
const GRANT_DAYS: i64 = 90;
/// Wrong secrets, from one network for one app.
const WRONG_SECRETS: Limit = Limit { tries: 20, minutes: 15 };

/// Why an app gets no token, in the standard's words.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TokenError {
    /// The app is not who it says.
    #[error("the app is not known by this secret")]
    Client,
    /// Too many of those.
    #[error("too many wrong secrets")]
    TooMany,
    /// Code or token is used, over, of another app, or does not fit.
    #[error("{0}")]
    Grant(&'static str),
    /// Something is missing or cannot be read.
    #[error("{0}")]
    Request(&'static str),
    /// More than was granted.
    #[error("the scope is wider than what was granted")]
    Scope,
    /// A way of asking that we do not know.
    #[error("grant_type must be authorization_code or refresh_token")]
    Type,
    /// We failed.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// How an app says who it is.
#[derive(Clone)]
pub(crate) struct Credentials {
    pub(crate) client_id: String,
    pub(crate) secret: Option<String>,
    /// Which network to count wrong secrets under.
    pub(crate) network: String,
}

/// The app behind credentials. One without a secret says its name; its code is bound to the challenge instead.
pub(crate) async fn recognise(cx: &Cx, it: Credentials) -> Result<App, TokenError> {
    let who = format!("{} {}", it.client_id, it.network);
    let (asked, counted) = (it.client_id.clone(), who.clone());
    let (app, is_left) = cx
        .read(async move |tx: &mut Tx| {
            let is_left = limits::is_left(tx, WRONG_SECRETS, "app-secret", &counted).await?;
            Ok::<_, Fault>((apps::find_by_client(tx, &asked).await?, is_left))
        })
        .await?;
    if !is_left {
        return Err(TokenError::TooMany);
    }
    let given = it.secret.as_deref().map(token::stored);
    let app = app.filter(|app| app.draft.is_active).filter(|app| match (&app.secret_hash, &given) {
        (None, None) => true,
        (Some(stored), Some(given)) => stored.as_bytes().ct_eq(given.as_bytes()).into(),
        (None, Some(_)) | (Some(_), None) => false,
    });
    if app.is_none() {
        cx.write(async move |tx: &mut Tx| limits::spend(tx, WRONG_SECRETS, "app-secret", &who).await).await?;
    }
    app.ok_or(TokenError::Client)
}

/// Tokens as they are handed out, and what the identity token will say.
pub(crate) struct Granted {
    access: String,
    refresh: Option<String>,
    scopes: Scopes,
    claims: Value,
}

impl Granted {
    /// The answer, the identity token signed.
    pub(crate) async fn answer(self, cx: &Cx, house: &Gatehouse) -> Result<Value, TokenError> {
        let mut answer = json!({
            "access_token": self.access, "token_type": "Bearer", "expires_in": ACCESS_SECONDS,
            "scope": self.scopes.to_string(), "id_token": keys::sign(cx, &house.vault, &self.claims).await?,
        });
        if let Some(refresh) = self.refresh {
            answer["refresh_token"] = refresh.into();
        }
        Ok(answer)
    }
}

const OVER: TokenError = TokenError::Grant("the code was used, is too old or was never given to this app");
const REUSED: TokenError = TokenError::Grant("the token was used before; this sign-in has ended for safety");

/// What came of a try inside a unit of work. A refusal that must leave something undone behind is no error there: an
/// error would roll it back.
type Tried = Result<Granted, TokenError>;

/// Exchanges a code. It is used up by the first try, whatever comes of it; a second try ends what the first one got.
pub(crate) async fn exchange(
    cx: &Cx,
    house: &Gatehouse,
    app: &App,
    code: String,
    redirect_uri: String,
    verifier: String,
) -> Result<Granted, TokenError> {
    let (app, issuer) = (app.clone(), house.base.clone());
    cx.write(async move |tx: &mut Tx| {
        let (hash, now) = (token::stored(&code), tx.now());
        let found = store::find_code(tx, &hash).await?;
        let Some(row) = found.filter(|row| row.grant.app_id == app.id) else { return Ok(Err(OVER)) };
        let is_first = tx.exec(&store::USE_CODE, params![&hash, now]).await? == 1;
        let refused = if row.is_used || !is_first {
            tracing::warn!(app.id = app.id, "a code came twice; the sign-in it stood for has ended");
            Some(OVER)
        } else if now >= row.expires_at {
            Some(OVER)
        } else if row.redirect_uri != redirect_uri {
            Some(TokenError::Grant("redirect_uri is not the one the code was asked for with"))
        } else if !fits(&row.challenge, &verifier) {
            Some(TokenError::Grant("code_verifier does not fit the challenge"))
        } else {
            None
        };
        if let Some(refused) = refused {
            store::end_grant(tx, row.grant.id).await?;
            return Ok::<Tried, Fault>(Err(refused));
        }
        let scopes = row.grant.scopes;
        hand_out(tx, &app, row.grant, scopes, &issuer).await
    })
    .await?
}

/// Whether a verifier is the one whose hash came with the request (RFC 7636). Without a challenge there must be none, so
/// that nobody can leave it out on the way here.
fn fits(challenge: &str, verifier: &str) -> bool {
    if challenge.is_empty() {
        return verifier.is_empty();
    }
    (43..=128).contains(&verifier.len())
        && URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)).as_bytes().ct_eq(challenge.as_bytes()).into()
}

/// Renews with a refresh token, which works once and is followed by another.
pub(crate) async fn renew(
    cx: &Cx,
    house: &Gatehouse,
    app: &App,
    refresh: String,
    wanted: Option<Scopes>,
) -> Result<Granted, TokenError> {
    let (app, issuer) = (app.clone(), house.base.clone());
    let tried = cx
        .write(async move |tx: &mut Tx| {
            let (hash, now) = (token::stored(&refresh), tx.now());
            let found = store::find_token(tx, &hash, "refresh").await?;
            let Some(row) = found.filter(|row| row.grant.app_id == app.id) else {
                return Ok(Err(TokenError::Grant("the refresh token is not known")));
            };
            if row.is_used || tx.exec(&store::USE_TOKEN, params![&hash, now]).await? != 1 {
                tracing::warn!(app.id = app.id, "a refresh token came twice; the sign-in has ended");
                store::end_grant(tx, row.grant.id).await?;
                return Ok(Err(REUSED));
            }
            if now >= row.expires_at || now >= row.grant.expires_at {
                store::end_grant(tx, row.grant.id).await?;
                return Ok(Err(TokenError::Grant("the refresh token is too old")));
            }
            let scopes = wanted.unwrap_or(row.grant.scopes);
            if !row.grant.scopes.covers(scopes) {
                // Nothing was handed out, so the token is not used up either.
                return Err(Undone::Scope);
            }
            hand_out(tx, &app, row.grant, scopes, &issuer).await.map_err(Undone::Fault)
        })
        .await;
    match tried {
        Ok(tried) => tried,
        Err(Undone::Scope) => Err(TokenError::Scope),
        Err(Undone::Fault(fault)) => Err(fault.into()),
    }
}

/// Why a unit of work was rolled back.
enum Undone {
    Scope,
    Fault(Fault),
}

impl From<Fault> for Undone {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

async fn hand_out(
    tx: &mut Tx,
    app: &App,
    grant: Grant,
    scopes: Scopes,
    issuer: &str,
) -> Result<Tried, Fault> {
    let Some(person) = Person::find(tx, grant.subject).await? else {
        store::end_grant(tx, grant.id).await?;
        return Ok(Err(TokenError::Grant("the person may not sign in any more")));
    };
    let now = tx.now();
    let access = tx.random_token(token::BYTES);
    let access_until = now.plus_seconds(ACCESS_SECONDS);
    keep(tx, &grant, &access, "access", scopes, access_until).await?;
    let mut grant_until = access_until;
    let mut refresh = None;
    if grant.scopes.offline {
        grant_until = grant.created_at.plus_days(GRANT_DAYS);
        let token = tx.random_token(token::BYTES);
        let until = now.plus_days(REFRESH_DAYS).min(grant_until);
        keep(tx, &grant, &token, "refresh", grant.scopes, until).await?;
        refresh = Some(token);
    }
    tx.exec_one(&store::EXTEND_GRANT, params![grant.id, grant_until.max(access_until)]).await?;
    let mut claims = person.claims(scopes);
    claims.insert("iss".to_owned(), issuer.into());
    claims.insert("aud".to_owned(), app.client_id.clone().into());
    claims.insert("iat".to_owned(), seconds(now).into());
    claims.insert("exp".to_owned(), seconds(access_until).into());
    claims.insert("auth_time".to_owned(), seconds(grant.proved_at).into());
    claims.insert("amr".to_owned(), ways(&grant.method).into());
    claims.insert("at_hash".to_owned(), half_hash(&access).into());
    if !grant.nonce.is_empty() {
        claims.insert("nonce".to_owned(), grant.nonce.into());
    }
    Ok(Ok(Granted { access, refresh, scopes, claims: Value::Object(claims) }))
}

async fn keep(
    tx: &mut Tx,
    grant: &Grant,
    token: &str,
    purpose: &str,
    scopes: Scopes,
    until: Instant,
) -> Result<(), Fault> {
    let (hash, scopes) = (token::stored(token), scopes.to_string());
    tx.exec_one(&store::INSERT_TOKEN, params![&hash, grant.id, purpose, &scopes, until]).await
}

/// What ties an identity token to its access token: half of the hash.
fn half_hash(access: &str) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(access)[..16])
}

/// The ways by which somebody showed who they are, in the words of RFC 8176.
fn ways(method: &str) -> Vec<&'static str> {
    match method {
        "password" | "sign-up" => vec!["pwd"],
        "passkey" => vec!["hwk", "user", "mfa"],
        "password and code" => vec!["pwd", "otp", "mfa"],
        "password and recovery code" => vec!["pwd", "otp", "mfa"],
        "password and passkey" => vec!["pwd", "hwk", "mfa"],
        "link and second factor" | "other service and second factor" | OTHER_SERVICE_PROVED => vec!["mfa"],
        _ => Vec::new(),
    }
}

/// Somebody as apps may know them.
struct Person {
    subject: Subject,
    name: String,
    email: String,
    is_verified: bool,
}

impl Person {
    /// None for somebody who may not sign in any more.
    async fn find(tx: &mut Tx, subject: Subject) -> Result<Option<Self>, Fault> {
        let Some(face) = subject::find(tx, subject).await? else { return Ok(None) };
        let is_verified = match subject.kind {
            // Whoever added them has written to the address.
            Kind::Staff => true,
            Kind::User => {
                users::find_user(tx, subject.id).await?.is_some_and(|user| user.email_verified_at.is_some())
            }
        };
        Ok(Some(Self { subject, name: face.name, email: face.email, is_verified }))
    }

    fn claims(&self, scopes: Scopes) -> Map<String, Value> {
        let mut claims = Map::new();
        // The two kinds are counted apart, so that the kind is part of the name.
        let sub = format!("{}-{}", self.subject.kind.code(), self.subject.id);
        claims.insert("sub".to_owned(), sub.into());
        if scopes.profile {
            claims.insert("name".to_owned(), self.name.clone().into());
            claims.insert("preferred_username".to_owned(), self.email.clone().into());
        }
        if scopes.email {
            claims.insert("email".to_owned(), self.email.clone().into());
            claims.insert("email_verified".to_owned(), self.is_verified.into());
        }
        claims
    }
}

/// Who an access token stands for. None when it is not in force.
pub(crate) async fn user_info(cx: &Cx, access: &str) -> Result<Option<Value>, Fault> {
    let hash = token::stored(access);
    cx.read(async move |tx: &mut Tx| {
        let now = tx.now();
        let found = store::find_token(tx, &hash, "access").await?;
        let Some(row) = found.filter(|row| now < row.expires_at) else { return Ok(None) };
        let app = apps::find(tx, row.grant.app_id).await?;
        if !app.is_some_and(|app| app.draft.is_active) {
            return Ok(None);
        }
        let person = Person::find(tx, row.grant.subject).await?;
        Ok(person.map(|person| Value::Object(person.claims(row.grant.scopes))))
    })
    .await
}

/// Gives a token up: a refresh token with the whole sign-in, an access token alone. One that is not the app's is left.
pub(crate) async fn give_up(cx: &Cx, app: &App, given: &str) -> Result<(), Fault> {
    let (hash, app) = (token::stored(given), app.id);
    cx.write(async move |tx: &mut Tx| {
        if let Some(row) = store::find_token(tx, &hash, "refresh").await?
            && row.grant.app_id == app
        {
            return store::end_grant(tx, row.grant.id).await;
        }
        if let Some(row) = store::find_token(tx, &hash, "access").await?
            && row.grant.app_id == app
        {
            tx.exec(&store::DELETE_TOKEN, params![&hash]).await?;
        }
        Ok(())
    })
    .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_verifier_fits_the_hash_it_was_announced_by() {
        // The example of RFC 7636, appendix B.
        let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
        assert!(fits(challenge, verifier));
        assert!(!fits(challenge, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXl"));
        assert!(!fits(challenge, "") && !fits("", verifier) && fits("", ""));
        assert!(!fits(challenge, challenge), "the plain method");
    }

    #[test]
    fn an_identity_token_is_tied_to_its_access_token_by_half_of_the_hash() {
        // printf SlAV32hkKG | openssl dgst -sha256 -binary | head -c 16 | basenc --base64url
        assert_eq!(half_hash("SlAV32hkKG"), "rXH7QWVTZnXYCou_6Vdpfg");
    }
}

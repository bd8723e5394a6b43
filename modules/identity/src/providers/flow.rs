//! Beginning a sign-in at a provider, and what comes of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_outbound::Credentials;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::decide::{self, Claims, Known, Verdict};
use super::refusal::Outside;
use super::store::Provider;
use super::{links, store, wire};
use crate::challenges::{self, Challenge, Purpose};
use crate::error::IdentityError;
use crate::gatehouse::Gatehouse;
use crate::limits::{self, Limit};
use crate::oidc::leave::with_parameters;
use crate::sessions::{Client, Kind};
use crate::sign_in::{self, Entry, OTHER_SERVICE};
use crate::subject::{self, Subject};
use crate::users::{self, NewUser};
use crate::{arrival, factors};

/// A browser that goes to a provider.
pub(crate) struct Begun {
    /// For the cookie.
    pub(crate) token: String,
    /// Where it goes.
    pub(crate) address: String,
}

/// What follows from the cookie: whoever does not have it can make none of them, and none of them is stored.
fn derived(token: &str, what: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(token.as_bytes()).expect("a key of any length will do");
    mac.update(what.as_bytes());
    URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes())
}

/// Where a provider sends a browser back to; it must know it.
pub(crate) fn back_address(base: &str, kind: Kind, code: &str) -> String {
    let area = match kind {
        Kind::Staff => "admin",
        Kind::User => "portal",
    };
    format!("{base}/{area}/sign-in/with/{code}/back")
}

/// Begins: for nobody yet (`who` without an id), or for somebody who connects the provider.
pub(crate) async fn begin(
    cx: &Cx,
    house: &Gatehouse,
    provider: &Provider,
    who: Subject,
    network: String,
    return_to: String,
) -> Result<Begun, Outside> {
    let allowed = cx
        .write(async move |tx: &mut Tx| {
            Ok::<_, Fault>(
                network.is_empty()
                    || limits::spend(tx, Limit::FROM_NETWORK, "outside-from", &network).await?,
            )
        })
        .await?;
    if !allowed {
        return Err(Outside::TooMany);
    }
    let found = wire::describe(&house.call(cx, Credentials::none()), provider).await?;
    let id = provider.id.to_string();
    let token = cx
        .write(async move |tx: &mut Tx| {
            let challenge = Challenge::of(who, &id, return_to.clone());
            challenges::begin(tx, Purpose::Outside, &challenge).await
        })
        .await?;
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(derived(&token, "verifier")));
    let redirect = back_address(&house.base, who.kind, &provider.code);
    let address = with_parameters(
        &found.authorization_endpoint,
        &[
            ("response_type", "code"),
            ("client_id", &provider.draft.client_id),
            ("redirect_uri", &redirect),
            ("scope", "openid email profile"),
            ("state", &derived(&token, "state")),
            ("nonce", &derived(&token, "nonce")),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ],
    );
    Ok(Begun { token, address })
}

/// What a browser brings back.
pub(crate) struct Returned {
    pub(crate) token: String,
    pub(crate) state: String,
    pub(crate) code: String,
}

/// What came of it.
pub(crate) enum Outcome {
    /// In, or asked for the second factor; and where the person wanted to go.
    Entered(Entry, String),
    /// The provider is connected with the person who is signed in.
    Connected,
}

/// Finishes what this browser began with this provider.
pub(crate) async fn finish(
    cx: &Cx,
    house: &Gatehouse,
    provider: &Provider,
    present: Option<Subject>,
    returned: Returned,
    (kind, client): (Kind, Client),
) -> Result<Outcome, Outside> {
    let begun = take(cx, &returned.token).await?;
    let expected = derived(&returned.token, "state");
    let is_same: bool = expected.as_bytes().ct_eq(returned.state.as_bytes()).into();
    if !is_same || begun.subject.kind != kind || begun.method != provider.id.to_string() {
        return Err(Outside::NotFinished);
    }
    if returned.code.is_empty() {
        return Err(Outside::NotFinished);
    }
    let secret = provider.secret(&house.vault)?;
    let (redirect, verifier) =
        (back_address(&house.base, kind, &provider.code), derived(&returned.token, "verifier"));
    let brought = wire::Returned { code: &returned.code, redirect_uri: &redirect, verifier: &verifier };
    let secret = String::from_utf8_lossy(secret.expose()).into_owned();
    let call = house.call(cx, Credentials::none().with("client_secret", secret.clone()));
    let (id_token, keys) = wire::exchange(&call, provider, &secret, brought).await?;
    let claims: Claims = keys.open(&id_token).map_err(|why| Outside::NotBelieved(why.to_string()))?;
    claims.check(provider, &derived(&returned.token, "nonce"), cx.now())?;
    if begun.subject.id != 0 {
        // Somebody else may have signed in on this browser meanwhile.
        if present != Some(begun.subject) {
            return Err(Outside::NotFinished);
        }
        return connect(cx, provider, claims, begun.subject).await;
    }
    let entry = enter(cx, provider, kind, claims, client).await?;
    Ok(Outcome::Entered(entry, begun.state))
}

async fn take(cx: &Cx, token: &str) -> Result<Challenge, Outside> {
    challenges::take(cx, Purpose::Outside, token).await.map_err(|error| match error {
        IdentityError::Fault(fault) => Outside::Fault(fault),
        _ => Outside::NotFinished,
    })
}

async fn connect(cx: &Cx, provider: &Provider, claims: Claims, who: Subject) -> Result<Outcome, Outside> {
    let email = claims.confirmed_email();
    decide::check_domain(provider, email.as_deref())?;
    let (provider, email) = (provider.id, email.unwrap_or_default());
    cx.write(async move |tx: &mut Tx| {
        match links::find(tx, provider, &claims.sub, who.kind).await? {
            Some(other) if other != who => return Err(Outside::Taken),
            Some(_) => {}
            None => links::connect(tx, provider, &claims.sub, &email, who).await?,
        }
        Ok(Outcome::Connected)
    })
    .await
}

async fn enter(
    cx: &Cx,
    provider: &Provider,
    kind: Kind,
    claims: Claims,
    client: Client,
) -> Result<Entry, Outside> {
    let provider = provider.clone();
    let entered = cx
        .write(async move |tx: &mut Tx| {
            let email = claims.confirmed_email();
            let linked = links::find(tx, provider.id, &claims.sub, kind).await?;
            let known = match &email {
                Some(email) => known(tx, kind, email).await?,
                None => None,
            };
            let verdict = match decide::decide(&provider, kind, email.as_deref(), linked, known) {
                Ok(verdict) => verdict,
                Err(refused) => return Ok(Err(refused)),
            };
            let email = email.unwrap_or_default();
            let mut has_ended_others = false;
            let subject = match verdict {
                Verdict::Enter(subject) => {
                    if subject::find(tx, subject).await?.is_none() {
                        return Ok(Err(Outside::Unknown));
                    }
                    subject
                }
                Verdict::Connect(subject) => {
                    if kind == Kind::User {
                        // The provider has seen that the address is theirs; whoever took it here has not shown that.
                        has_ended_others = arrival::show_address(tx, subject.id, &client).await?;
                    }
                    links::connect(tx, provider.id, &claims.sub, &email, subject).await?;
                    subject
                }
                Verdict::Create => {
                    let subject = create(tx, &claims, &email).await?;
                    links::connect(tx, provider.id, &claims.sub, &email, subject).await?;
                    subject
                }
            };
            let entry = if provider.draft.is_second_factor {
                sign_in::enter_proved(tx, subject, &client).await?
            } else {
                sign_in::enter(tx, subject, None, OTHER_SERVICE, &client).await?
            };
            Ok::<_, IdentityError>(Ok(entry.after_others(has_ended_others)))
        })
        .await;
    match entered {
        Ok(entered) => entered,
        Err(IdentityError::Fault(fault)) => Err(fault.into()),
        Err(other) => Err(Fault::new(other.to_string()).into()),
    }
}

/// Who has the address here.
async fn known(tx: &mut Tx, kind: Kind, email: &str) -> Result<Option<Known>, Fault> {
    let Some(subject) = subject::by_email(tx, kind, email).await? else {
        // Somebody who may not sign in is not made a second time either.
        let is_blocked = kind == Kind::User && users::find_user_by_email(tx, email).await?.is_some();
        let nobody = Subject { kind, id: 0 };
        let blocked = Known { subject: nobody, may_sign_in: false, has_second_factor: false };
        return Ok(is_blocked.then_some(blocked));
    };
    let has_second_factor = factors::factors_of(tx, subject).await?.any();
    Ok(Some(Known { subject, may_sign_in: true, has_second_factor }))
}

async fn create(tx: &mut Tx, claims: &Claims, email: &str) -> Result<Subject, IdentityError> {
    let name = claims.name.as_deref().map(str::trim).filter(|it| !it.is_empty());
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or(email));
    let name: String = name.chars().take(200).collect();
    let new = NewUser { email: email.to_owned(), name, password: None, is_verified: true };
    let id = users::register_user(tx, &new).await?;
    Ok(Subject { kind: Kind::User, id })
}

/// The provider behind a code in an address, if somebody of this kind may sign in by it.
pub(crate) async fn find(cx: &Cx, kind: Kind, code: String) -> Result<Option<Provider>, Fault> {
    let found = cx.read(async move |tx: &mut Tx| store::find_by_code(tx, &code).await).await?;
    Ok(found.filter(|it| it.admits(kind)))
}

//! What is said to providers. Everything within one short time: a person waits.

use bursar_outbound::{Answer, Call, CallError, Endpoint, Forbidden, Request};
use serde::Deserialize;

use super::refusal::Outside;
use super::store::Provider;
use crate::jwt::KeySet;

const MOST_ANSWER: usize = 512 * 1024;

/// How a provider describes itself.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Description {
    issuer: String,
    pub(crate) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
}

#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

impl From<CallError> for Outside {
    fn from(error: CallError) -> Self {
        Self::NotBelieved(error.to_string())
    }
}

/// An address that a provider named, as something to call: the base, and what follows it.
fn place(address: &str) -> Result<(Endpoint, String), Outside> {
    let wrong = |why: String| Outside::NotBelieved(format!("{address}: {why}"));
    let endpoint = Endpoint::parse(address).map_err(|why| wrong(why.to_string()))?;
    let url = url::Url::parse(address).map_err(|why| wrong(why.to_string()))?;
    let slash = if url.path().ends_with('/') { "/" } else { "" };
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    Ok((endpoint, format!("{slash}{query}")))
}

async fn get(call: &Call, address: &str) -> Result<Answer, Outside> {
    let (endpoint, rest) = place(address)?;
    let answer = Request::get(&endpoint, rest).reading_at_most(MOST_ANSWER).send(call).await?;
    Ok(answer.success(Forbidden::IsRefusal)?)
}

/// Asks the provider where its doors are. It must call itself what staff call it, or another could speak for it.
pub(crate) async fn describe(call: &Call, it: &Provider) -> Result<Description, Outside> {
    let base = it.draft.issuer.trim_end_matches('/');
    let answer = get(call, &format!("{base}/.well-known/openid-configuration")).await?;
    let found: Description = answer.json()?;
    if found.issuer.trim_end_matches('/') != base {
        return Err(Outside::NotBelieved(format!("it calls itself {}", found.issuer)));
    }
    // Whoever is sent there types a password.
    place(&found.authorization_endpoint)?;
    Ok(found)
}

/// Whether everything is there that a sign-in needs, and how many keys can be checked.
pub(crate) async fn check(call: &Call, it: &Provider) -> Result<usize, Outside> {
    let found = describe(call, it).await?;
    place(&found.token_endpoint)?;
    match keys(call, &found).await?.count() {
        0 => Err(Outside::NotBelieved("it publishes no key of a kind we can check (RSA, P-256)".to_owned())),
        count => Ok(count),
    }
}

async fn keys(call: &Call, found: &Description) -> Result<KeySet, Outside> {
    let answer = get(call, &found.jwks_uri).await?;
    let keys = KeySet::parse(&String::from_utf8_lossy(answer.body()));
    keys.ok_or_else(|| Outside::NotBelieved("its keys cannot be read".to_owned()))
}

/// What comes back with the browser, for the exchange.
pub(crate) struct Returned<'r> {
    pub(crate) code: &'r str,
    pub(crate) redirect_uri: &'r str,
    pub(crate) verifier: &'r str,
}

/// Exchanges a code for an identity token and fetches the keys to check it by.
pub(crate) async fn exchange(
    call: &Call,
    it: &Provider,
    secret: &str,
    returned: Returned<'_>,
) -> Result<(String, KeySet), Outside> {
    let found = describe(call, it).await?;
    let (endpoint, rest) = place(&found.token_endpoint)?;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", returned.code),
        ("redirect_uri", returned.redirect_uri),
        ("code_verifier", returned.verifier),
        ("client_id", it.draft.client_id.as_str()),
    ];
    let methods = &found.token_endpoint_auth_methods_supported;
    // The standard's default is the header; the form is taken where only that is offered.
    let by_form = !methods.is_empty() && !methods.iter().any(|it| it == "client_secret_basic");
    if by_form {
        form.push(("client_secret", secret));
    }
    let mut request = Request::post(&endpoint, rest).reading_at_most(MOST_ANSWER).hiding(returned.code);
    if !by_form {
        request = request.header("authorization", basic(&it.draft.client_id, secret));
    }
    let answer = request.form(&form).with_secret_answer().send(call).await?;
    let tokens: Tokens = answer.success(Forbidden::IsCredentials)?.json()?;
    Ok((tokens.id_token, keys(call, &found).await?))
}

/// Name and secret for the header, each form-encoded (RFC 6749, section 2.3.1).
fn basic(name: &str, secret: &str) -> String {
    use base64::Engine as _;
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let pair = format!("{}:{}", encoded(name), encoded(secret));
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

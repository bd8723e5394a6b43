//! A service that vouches for people, on a socket of its own. It does what a good one does, until it is told to misbehave.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use axum::{Json, Router};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use url::Url;

pub const CLIENT: &str = "bursar at example";
pub const SECRET: &str = "s3cret: with / signs";

/// What it does wrong in the next sign-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    Nonce,
    Audience,
    Issuer,
    Expired,
    /// Signed by a key that it does not publish.
    UnknownKey,
    /// Signed by another key under the name of a published one.
    ForgedKey,
    /// Not signed at all.
    AlgNone,
    /// Signed with its public key as if that were a shared secret.
    AlgHmac,
    UnverifiedMail,
    /// Never answers.
    Slow,
    /// Describes itself as somebody else.
    OtherDescription,
    /// Says that the code is worth nothing.
    RefusesCode,
    /// Answers without an identity token.
    NoIdentity,
}

/// Who signs in there.
#[derive(Debug, Clone)]
pub struct Person {
    pub sub: String,
    pub email: String,
    pub name: String,
}

impl Person {
    pub fn new(sub: &str, email: &str) -> Self {
        Self { sub: sub.to_owned(), email: email.to_owned(), name: "Ann Elsewhere".to_owned() }
    }
}

struct Key {
    kid: String,
    pair: EcdsaKeyPair,
}

impl Key {
    fn new(kid: &str) -> Self {
        let rng = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &rng).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8.as_ref(), &rng).unwrap();
        Self { kid: kid.to_owned(), pair }
    }

    fn public(&self) -> Value {
        let point = self.pair.public_key().as_ref();
        let [x, y] = [&point[1..33], &point[33..]].map(|half| URL_SAFE_NO_PAD.encode(half));
        json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": self.kid, "x": x, "y": y })
    }

    fn sign(&self, text: &str) -> String {
        let signature = self.pair.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        URL_SAFE_NO_PAD.encode(signature)
    }
}

/// What was promised for a code.
struct Promise {
    code: String,
    nonce: String,
    challenge: String,
    redirect_uri: String,
    person: Person,
}

struct Desk {
    base: String,
    key: Key,
    wrong: Wrong,
    seconds: i64,
    promised: Vec<Promise>,
}

/// The service. Clones are the same one.
#[derive(Clone)]
pub struct Elsewhere(Arc<Mutex<Desk>>);

impl Elsewhere {
    /// Listens for as long as the story lasts. `seconds` is what its clock shows.
    pub async fn open(seconds: i64, story: impl AsyncFnOnce(Self)) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let desk = Desk { base, key: Key::new("one"), wrong: Wrong::Nothing, seconds, promised: Vec::new() };
        let it = Self(Arc::new(Mutex::new(desk)));
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(describe))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(it.clone());
        tokio::select! {
            end = bursar_web::serve(listener, router, std::future::pending()) => panic!("{end:?}"),
            () = story(it) => {}
        }
    }

    pub fn issuer(&self) -> String {
        self.0.lock().unwrap().base.clone()
    }

    pub fn misbehave(&self, wrong: Wrong) {
        self.0.lock().unwrap().wrong = wrong;
    }

    /// From now on another key signs, and only that is published.
    pub fn rotate(&self, kid: &str) {
        self.0.lock().unwrap().key = Key::new(kid);
    }

    pub fn set_clock(&self, seconds: i64) {
        self.0.lock().unwrap().seconds = seconds;
    }

    /// Somebody signs in there with a browser that was sent to this address. Returns where it is sent back to.
    pub fn sign_in(&self, address: &str, person: &Person) -> String {
        let url = Url::parse(address).unwrap();
        let given = |name: &str| {
            url.query_pairs()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        let mut desk = self.0.lock().unwrap();
        assert!(address.starts_with(&format!("{}/authorize?", desk.base)), "{address}");
        assert_eq!((given("response_type"), given("client_id")), ("code".to_owned(), CLIENT.to_owned()));
        assert_eq!(
            (given("scope"), given("code_challenge_method")),
            ("openid email profile".into(), "S256".into())
        );
        let code = format!("code {}", desk.promised.len());
        let mut back = Url::parse(&given("redirect_uri")).unwrap();
        back.query_pairs_mut().append_pair("code", &code).append_pair("state", &given("state"));
        desk.promised.push(Promise {
            code,
            nonce: given("nonce"),
            challenge: given("code_challenge"),
            redirect_uri: given("redirect_uri"),
            person: person.clone(),
        });
        back[url::Position::BeforePath..].to_owned()
    }
}

async fn describe(State(it): State<Elsewhere>) -> Json<Value> {
    let (base, wrong) = {
        let desk = it.0.lock().unwrap();
        (desk.base.clone(), desk.wrong)
    };
    if wrong == Wrong::Slow {
        std::future::pending::<()>().await;
    }
    let issuer = if wrong == Wrong::OtherDescription { "https://accounts.example.com" } else { &base };
    Json(json!({
        "issuer": issuer, "authorization_endpoint": format!("{base}/authorize"),
        "token_endpoint": format!("{base}/token"), "jwks_uri": format!("{base}/keys"),
    }))
}

async fn keys(State(it): State<Elsewhere>) -> Json<Value> {
    Json(json!({ "keys": [it.0.lock().unwrap().key.public()] }))
}

async fn token(State(it): State<Elsewhere>, headers: HeaderMap, body: String) -> axum::response::Response {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    let given = |name: &str| form.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
    let mut desk = it.0.lock().unwrap();
    let encoded = |text: &str| url::form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let expected = format!("Basic {}", STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET))));
    let refuse = |why: &str| (StatusCode::BAD_REQUEST, Json(json!({ "error": why }))).into_response();
    if headers.get("authorization").is_none_or(|it| it.as_bytes() != expected.as_bytes()) {
        return refuse("invalid_client");
    }
    let Some(at) = desk.promised.iter().position(|it| it.code == given("code")) else {
        return refuse("invalid_grant");
    };
    let promise = desk.promised.remove(at);
    let is_same = URL_SAFE_NO_PAD.encode(Sha256::digest(given("code_verifier"))) == promise.challenge
        && promise.redirect_uri == given("redirect_uri");
    if !is_same || given("grant_type") != "authorization_code" || desk.wrong == Wrong::RefusesCode {
        return refuse("invalid_grant");
    }
    let mut answer = json!({ "access_token": "unused", "token_type": "Bearer", "expires_in": 60 });
    if desk.wrong != Wrong::NoIdentity {
        answer["id_token"] = identity(&desk, &promise).into();
    }
    Json(answer).into_response()
}

/// The identity token, as good or bad as it was asked for.
fn identity(desk: &Desk, promise: &Promise) -> String {
    let is = |wrong: Wrong| desk.wrong == wrong;
    let age = if is(Wrong::Expired) { 3600 } else { 0 };
    let claims = json!({
        "iss": if is(Wrong::Issuer) { "https://accounts.example.com" } else { desk.base.as_str() },
        "sub": promise.person.sub, "name": promise.person.name,
        "aud": if is(Wrong::Audience) { "somebody else" } else { CLIENT },
        "iat": desk.seconds - age, "exp": desk.seconds - age + 300,
        "nonce": if is(Wrong::Nonce) { "another" } else { promise.nonce.as_str() },
        "email": promise.person.email, "email_verified": !is(Wrong::UnverifiedMail),
    });
    let alg = match desk.wrong {
        Wrong::AlgNone => "none",
        Wrong::AlgHmac => "HS256",
        _ => "ES256",
    };
    let kid = if is(Wrong::UnknownKey) { "nobody's" } else { desk.key.kid.as_str() };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let signed = format!("{}.{}", part(&json!({ "alg": alg, "kid": kid })), part(&claims));
    let signature = match desk.wrong {
        Wrong::AlgNone => String::new(),
        Wrong::AlgHmac => {
            let shared = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, desk.key.pair.public_key().as_ref());
            URL_SAFE_NO_PAD.encode(ring::hmac::sign(&shared, signed.as_bytes()))
        }
        Wrong::UnknownKey | Wrong::ForgedKey => Key::new("other").sign(&signed),
        _ => desk.key.sign(&signed),
    };
    format!("{signed}.{signature}")
}

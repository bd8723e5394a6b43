//! Apps sign people in here: a program that knows nothing of ours but the standard, over sockets.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use bursar_identity::{App, AppDraft, Audience, NewApp, TeamRole};
use bursar_testkit::{TestCx, on_both_engines};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;

use crate::house::{PASSWORD, a_user, join, schema};
use crate::pages::office_at;
use crate::wire::{Browser, Page, send};

const BACK: &str = "https://panel.example/oauth/callback";

/// A server on a socket for as long as the story lasts.
async fn served(cx: &TestCx, story: impl AsyncFnOnce(String)) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    let office = office_at(cx, &base);
    tokio::select! {
        end = bursar_web::serve(listener, office.router.clone(), std::future::pending()) => panic!("{end:?}"),
        () = story(base) => {}
    }
}

fn draft(is_first_party: bool) -> AppDraft {
    AppDraft {
        name: "Game panel".to_owned(),
        audience: Audience::Users,
        is_first_party,
        redirect_uris: vec![BACK.to_owned()],
        logout_uris: vec!["https://panel.example/bye".to_owned()],
        is_active: true,
    }
}

async fn ann(cx: &TestCx) -> i64 {
    let user = a_user(cx, "ann@example.com").await;
    join(cx, user, 7, TeamRole::Owner).await;
    user
}

async fn signed_in(base: &str) -> Browser {
    let mut browser = Browser::new(base);
    browser.get("/portal/sign-in").await;
    let fields = [("email", "ann@example.com"), ("password", PASSWORD)];
    assert_eq!(browser.post("/portal/sign-in/password", &fields).await.location, "/portal");
    browser
}

/// What an app of somebody else keeps.
struct Panel {
    description: Value,
    keys: Value,
    new: NewApp,
    now: i64,
}

/// What it keeps for one sign-in.
struct Begun {
    address: String,
    state: &'static str,
    nonce: &'static str,
    verifier: String,
}

async fn fetch(address: &str) -> Value {
    let request = axum::http::Request::get(address).body(Vec::new()).unwrap();
    serde_json::from_slice(send(request).await.unwrap().body()).unwrap()
}

impl Panel {
    async fn set_up(cx: &TestCx, base: &str, new: NewApp) -> Self {
        let description = fetch(&format!("{base}/.well-known/openid-configuration")).await;
        assert_eq!(description["issuer"], base);
        let keys = fetch(description["jwks_uri"].as_str().unwrap()).await;
        Self { description, keys, new, now: cx.now().micros() / 1_000_000 }
    }

    fn begin(&self) -> Begun {
        let verifier = "a verifier of more than forty-three letters".replace(' ', "-");
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
        let (state, nonce) = ("the state & more", "n-0S6_WzA2Mj");
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs([
            ("response_type", "code"),
            ("client_id", &self.new.client_id),
            ("redirect_uri", BACK),
            ("scope", "openid email profile offline_access"),
            ("state", state),
            ("nonce", nonce),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ]);
        let door = self.description["authorization_endpoint"].as_str().unwrap();
        Begun { address: format!("{door}?{}", query.finish()), state, nonce, verifier }
    }

    async fn ask(&self, fields: &[(&str, &str)]) -> Result<Value, String> {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut request = axum::http::Request::post(self.description["token_endpoint"].as_str().unwrap())
            .header("content-type", "application/x-www-form-urlencoded");
        match &self.new.secret {
            Some(secret) => {
                let pair = STANDARD.encode(format!("{}:{secret}", self.new.client_id));
                request = request.header("authorization", format!("Basic {pair}"));
            }
            None => {
                form.append_pair("client_id", &self.new.client_id);
            }
        }
        let response = send(request.body(form.finish().into_bytes()).unwrap()).await.unwrap();
        let body: Value = serde_json::from_slice(response.body()).unwrap();
        if response.status().is_success() { Ok(body) } else { Err(body.to_string()) }
    }

    async fn exchange(&self, code: &str, verifier: &str) -> Result<Value, String> {
        self.ask(&[
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", BACK),
            ("code_verifier", verifier),
        ])
        .await
    }

    async fn renew(&self, answer: &Value) -> Result<Value, String> {
        let refresh = answer["refresh_token"].as_str().unwrap();
        self.ask(&[("grant_type", "refresh_token"), ("refresh_token", refresh)]).await
    }

    /// What the identity token says, if one of the keys this app has fetched has signed it for it.
    fn claims(&self, answer: &Value, nonce: &str) -> Result<Value, &'static str> {
        let token = answer["id_token"].as_str().unwrap();
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let (head, body) = signed.split_once('.').unwrap();
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let head: Value = serde_json::from_slice(&bytes(head)).unwrap();
        assert_eq!(head["alg"], "RS256");
        let keys = self.keys["keys"].as_array().unwrap();
        let key = keys.iter().find(|key| key["kid"] == head["kid"]).ok_or("unknown key")?;
        let part = |name: &str| bytes(key[name].as_str().unwrap());
        RsaPublicKeyComponents { n: part("n"), e: part("e") }
            .verify(&RSA_PKCS1_2048_8192_SHA256, signed.as_bytes(), &bytes(signature))
            .map_err(|_| "wrong signature")?;
        let claims: Value = serde_json::from_slice(&bytes(body)).unwrap();
        assert_eq!(claims["iss"], self.description["issuer"]);
        assert_eq!(claims["aud"], self.new.client_id.as_str());
        assert!(claims["exp"].as_i64().unwrap() > self.now && claims["iat"].as_i64().unwrap() >= self.now);
        if claims["nonce"] == nonce { Ok(claims) } else { Err("wrong nonce") }
    }
}

/// The parameter of an address people are sent back to.
fn given(page: &Page, name: &str) -> String {
    let url = url::Url::parse(&page.location)
        .unwrap_or_else(|_| panic!("{} {}: {}", page.status, page.location, page.text));
    assert_eq!(url.host_str(), Some("panel.example"));
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned()).unwrap_or_default()
}

async fn code(browser: &mut Browser, begun: &Begun) -> String {
    let page = browser.get(&begun.address).await;
    assert_eq!(given(&page, "state"), begun.state);
    given(&page, "code")
}

#[test]
fn a_stranger_signs_in_allows_and_the_app_learns_who_they_are() {
    on_both_engines(schema(), async |cx| {
        let user = ann(&cx).await;
        let new = bursar_identity::add_app(&cx, draft(false), true).await.unwrap();
        served(&cx, async |base| {
            let panel = Panel::set_up(&cx, &base, new).await;
            let begun = panel.begin();
            let mut browser = Browser::new(&base);
            let door = browser.get(&begun.address).await;
            assert!(
                door.location.starts_with("/portal/sign-in?return_to=%2Foauth%2Fauthorize"),
                "{}",
                door.location
            );
            let page = browser.get(&door.location).await;
            let back = Browser::hidden(&page, "return_to");
            let fields = [("email", "ann@example.com"), ("password", PASSWORD), ("return_to", back.as_str())];
            let inside = browser.post("/portal/sign-in/password", &fields).await;
            let asked = browser.get(&inside.location).await;
            assert!(
                asked.text.contains("Game panel will learn") && asked.text.contains("your e-mail address")
            );
            let query = Browser::hidden(&asked, "query");
            let no = browser.post("/oauth/authorize", &[("query", &query), ("answer", "deny")]).await;
            assert_eq!(given(&no, "error"), "access_denied");
            let yes = browser.post("/oauth/authorize", &[("query", &query), ("answer", "allow")]).await;
            assert_eq!((given(&yes, "state"), given(&yes, "iss")), (begun.state.to_owned(), base.clone()));
            let answer = panel.exchange(&given(&yes, "code"), &begun.verifier).await.unwrap();
            let claims = panel.claims(&answer, begun.nonce).unwrap();
            assert_eq!(claims["sub"], format!("user-{user}"));
            assert_eq!(claims["email"], "ann@example.com");
            assert_eq!(claims["email_verified"], false, "nobody has shown yet that it is theirs");
            let access = answer["access_token"].as_str().unwrap();
            assert_eq!(claims["at_hash"], URL_SAFE_NO_PAD.encode(&Sha256::digest(access)[..16]));
            assert_eq!(claims["amr"], serde_json::json!(["pwd"]));
            assert_eq!(panel.claims(&answer, "another"), Err("wrong nonce"));
            let (status, known) = ask_user_info(&base, access).await;
            assert_eq!((status, &known["name"]), (200, &Value::from("Ann Buyer")));
            let again = panel.begin();
            assert!(!code(&mut browser, &again).await.is_empty(), "what was allowed is not asked again");
        })
        .await;
    });
}

#[test]
fn a_code_is_exchanged_once_by_its_app_with_its_verifier_and_a_second_try_ends_the_sign_in() {
    on_both_engines(schema(), async |cx| {
        ann(&cx).await;
        let new = bursar_identity::add_app(&cx, draft(true), true).await.unwrap();
        let other = bursar_identity::add_app(&cx, draft(true), true).await.unwrap();
        served(&cx, async |base| {
            let panel = Panel::set_up(&cx, &base, new).await;
            let thief = Panel::set_up(&cx, &base, other).await;
            let mut browser = signed_in(&base).await;
            let begun = panel.begin();
            let got = code(&mut browser, &begun).await;
            let stolen = thief.exchange(&got, &begun.verifier).await.unwrap_err();
            assert!(stolen.contains("invalid_grant"), "{stolen}");
            let answer = panel.exchange(&got, &begun.verifier).await.unwrap();
            let replayed = panel.exchange(&got, &begun.verifier).await.unwrap_err();
            assert!(replayed.contains("invalid_grant"), "{replayed}");
            let ended = panel.renew(&answer).await.unwrap_err();
            assert!(ended.contains("invalid_grant"), "what the first one got is worth nothing: {ended}");

            let begun = panel.begin();
            let got = code(&mut browser, &begun).await;
            let forged = begun.verifier.replace('a', "e");
            let wrong = panel.exchange(&got, &forged).await.unwrap_err();
            assert!(wrong.contains("code_verifier"), "{wrong}");
            assert!(panel.exchange(&got, &begun.verifier).await.is_err(), "a code is tried once");

            let begun = panel.begin();
            let got = code(&mut browser, &begun).await;
            cx.test_clock().advance_seconds(121);
            assert!(panel.exchange(&got, &begun.verifier).await.is_err(), "two minutes are over");
            let mut impostor = Panel::set_up(&cx, &base, panel.new.clone()).await;
            impostor.new.secret = Some("guess".to_owned());
            let begun = impostor.begin();
            let got = code(&mut browser, &begun).await;
            let refused = impostor.exchange(&got, &begun.verifier).await.unwrap_err();
            assert!(refused.contains("invalid_client"), "{refused}");
        })
        .await;
    });
}

#[test]
fn people_are_never_sent_to_an_address_that_is_not_registered() {
    on_both_engines(schema(), async |cx| {
        ann(&cx).await;
        let new = bursar_identity::add_app(&cx, draft(true), true).await.unwrap();
        served(&cx, async |base| {
            let mut browser = signed_in(&base).await;
            let ask = |client: &str, to: &str| {
                let mut query = url::form_urlencoded::Serializer::new(String::new());
                query.extend_pairs([
                    ("response_type", "code"),
                    ("client_id", client),
                    ("redirect_uri", to),
                    ("scope", "openid"),
                ]);
                format!("/oauth/authorize?{}", query.finish())
            };
            for forged in
                ["https://evil.example/", "https://panel.example/oauth/callback/", "//evil.example", ""]
            {
                let page = browser.get(&ask(&new.client_id, forged)).await;
                assert_eq!((page.status.as_u16(), page.location.as_str()), (422, ""), "{forged}");
                assert!(page.text.contains("not registered"), "{forged}");
            }
            let page = browser.get(&ask("nobody", BACK)).await;
            assert_eq!((page.status.as_u16(), page.location.as_str()), (422, ""));
            let fine = browser.get(&ask(&new.client_id, BACK)).await;
            assert!(!given(&fine, "code").is_empty());
            let out = format!("/oauth/sign-out?client_id={}&post_logout_redirect_uri=", new.client_id);
            let mut away = Browser::new(&base);
            let nowhere = away.get(&format!("{out}https://evil.example/")).await;
            assert_eq!(nowhere.location, "");
            assert_eq!(
                away.get(&format!("{out}https://panel.example/bye")).await.location,
                "https://panel.example/bye"
            );
            let asked = browser.get(&format!("{out}https://panel.example/bye&state=x")).await;
            let query = Browser::hidden(&asked, "query");
            let left = browser.post("/oauth/sign-out", &[("query", &query)]).await;
            assert_eq!(left.location, "https://panel.example/bye?state=x");
            assert_eq!(
                browser.get("/portal/security").await.location,
                "/portal/sign-in?return_to=%2Fportal%2Fsecurity"
            );
        })
        .await;
    });
}

#[test]
fn a_refresh_token_works_once_and_one_that_comes_twice_ends_everything() {
    on_both_engines(schema(), async |cx| {
        ann(&cx).await;
        let new = bursar_identity::add_app(&cx, draft(true), true).await.unwrap();
        served(&cx, async |base| {
            let panel = Panel::set_up(&cx, &base, new).await;
            let mut browser = signed_in(&base).await;
            let begun = panel.begin();
            let first = panel.exchange(&code(&mut browser, &begun).await, &begun.verifier).await.unwrap();
            let second = panel.renew(&first).await.unwrap();
            assert_ne!(first["refresh_token"], second["refresh_token"]);
            panel.claims(&second, begun.nonce).unwrap();
            assert!(panel.renew(&first).await.unwrap_err().contains("invalid_grant"));
            assert!(panel.renew(&second).await.is_err(), "the thief and the robbed are both out");
            let known = ask_user_info(&base, second["access_token"].as_str().unwrap()).await;
            assert_eq!(known.0, 401, "and so is the access token");

            let begun = panel.begin();
            let answer = panel.exchange(&code(&mut browser, &begun).await, &begun.verifier).await.unwrap();
            assert_eq!(ask_user_info(&base, answer["access_token"].as_str().unwrap()).await.0, 200);
            let password = [("password", "eleven small green frogs")];
            browser.get("/portal/security").await;
            assert_eq!(
                browser.post("/portal/security/password", &password).await.location,
                "/portal/security"
            );
            assert!(panel.renew(&answer).await.is_err(), "a new password ends it");
        })
        .await;
    });
}

async fn ask_user_info(base: &str, access: &str) -> (u16, Value) {
    let request = axum::http::Request::get(format!("{base}/oauth/userinfo"))
        .header("authorization", format!("Bearer {access}"))
        .body(Vec::new())
        .unwrap();
    let response = send(request).await.unwrap();
    (response.status().as_u16(), serde_json::from_slice(response.body()).unwrap_or_default())
}

#[test]
fn a_program_without_a_secret_signs_in_by_its_challenge_alone() {
    on_both_engines(schema(), async |cx| {
        ann(&cx).await;
        let new = bursar_identity::add_app(&cx, draft(true), false).await.unwrap();
        assert!(new.secret.is_none());
        served(&cx, async |base| {
            let panel = Panel::set_up(&cx, &base, new).await;
            let mut browser = signed_in(&base).await;
            let begun = panel.begin();
            let bare = format!(
                "/oauth/authorize?response_type=code&scope=openid&client_id={}&redirect_uri={BACK}",
                panel.new.client_id
            );
            let refused = browser.get(&bare).await;
            assert_eq!(given(&refused, "error"), "invalid_request");
            let answer = panel.exchange(&code(&mut browser, &begun).await, &begun.verifier).await.unwrap();
            panel.claims(&answer, begun.nonce).unwrap();
        })
        .await;
    });
}

#[test]
fn a_token_signed_before_the_key_changed_is_still_believed_until_the_key_is_withdrawn() {
    on_both_engines(schema(), async |cx| {
        ann(&cx).await;
        let new = bursar_identity::add_app(&cx, draft(true), true).await.unwrap();
        served(&cx, async |base| {
            let panel = Panel::set_up(&cx, &base, new.clone()).await;
            let mut browser = signed_in(&base).await;
            let begun = panel.begin();
            let answer = panel.exchange(&code(&mut browser, &begun).await, &begun.verifier).await.unwrap();
            assert_eq!(panel.keys["keys"].as_array().unwrap().len(), 1);
            // A week before its turn the next key is published, and signs nothing yet.
            cx.test_clock().advance_seconds(84 * 24 * 60 * 60);
            let later = Panel { now: panel.now, ..Panel::set_up(&cx, &base, new.clone()).await };
            assert_eq!(later.keys["keys"].as_array().unwrap().len(), 2);
            later.claims(&answer, begun.nonce).unwrap();
            cx.test_clock().advance_seconds(7 * 24 * 60 * 60);
            let mut browser = signed_in(&base).await;
            let after = Panel::set_up(&cx, &base, new).await;
            let begun_after = after.begin();
            let fresh =
                after.exchange(&code(&mut browser, &begun_after).await, &begun_after.verifier).await.unwrap();
            after.claims(&fresh, begun_after.nonce).unwrap();
            assert!(panel.claims(&fresh, begun_after.nonce).is_err(), "another key has signed it");
            let old = Panel { now: panel.now, ..after };
            old.claims(&answer, begun.nonce).unwrap();
        })
        .await;
    });
}

#[test]
fn only_who_may_registers_apps_and_nothing_unsafe_is_registered() {
    on_both_engines(schema(), async |cx| {
        let nobody = cx.for_actor(bursar_ids::Actor::Staff(9), bursar_context::Permissions::none(), "test");
        let denied = bursar_identity::add_app(&nobody, draft(true), true).await;
        assert!(matches!(denied, Err(bursar_identity::IdentityError::Denied(_))));
        for address in ["http://panel.example/cb", "javascript:alert(1)", "https://panel.example/#x"] {
            let unsafe_one = AppDraft { redirect_uris: vec![address.to_owned()], ..draft(true) };
            let refused = bursar_identity::add_app(&cx, unsafe_one, true).await;
            assert!(matches!(refused, Err(bursar_identity::IdentityError::Invalid(_))), "{address}");
        }
        let new = bursar_identity::add_app(&cx, draft(true), true).await.unwrap();
        let again = bursar_identity::renew_secret(&cx, new.id).await.unwrap();
        assert_ne!(new.secret, Some(again));
        let all: Vec<App> =
            cx.read(async |tx: &mut bursar_db::Tx| bursar_identity::list_apps(tx).await).await.unwrap();
        assert_eq!(all.iter().map(|app| app.client_id.clone()).collect::<Vec<_>>(), [new.client_id]);
    });
}

//! What an app asks for by the browser: read and checked, without a database.

use std::collections::BTreeMap;

use bursar_time::Instant;
use bursar_web::Surface;

use super::apps::App;
use super::scope::Scopes;
use crate::sessions::Kind;
use crate::subject::Subject;

/// How recent a proof counts as just now, in seconds: somebody who was sent to prove again who they are has come back.
const JUST_NOW_SECONDS: i64 = 60;

/// The parameters as they came. One that came twice is not taken at all, because two programs could read it differently.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ask {
    values: BTreeMap<String, String>,
    has_doubles: bool,
}

impl Ask {
    pub(crate) fn parse(query: &str) -> Self {
        let mut ask = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            ask.has_doubles |= ask.values.insert(name.into_owned(), value.into_owned()).is_some();
        }
        ask
    }

    pub(crate) fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }
}

/// A request that can be granted, if the person is the right one and agrees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) redirect_uri: String,
    pub(crate) scopes: Scopes,
    pub(crate) nonce: String,
    /// Empty where the app has a secret and gave none.
    pub(crate) challenge: String,
    pub(crate) prompt: Prompt,
    /// How long ago somebody may have shown who they are at most.
    pub(crate) max_age_seconds: Option<i64>,
}

/// What the app wants people to be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Prompt {
    /// Nothing: it is looking whether somebody is here.
    pub(crate) none: bool,
    /// Whether the app may know them, even if they allowed it before.
    pub(crate) consent: bool,
}

/// An answer to the app in the standard's words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) error: &'static str,
    pub(crate) description: &'static str,
}

const fn refuse(error: &'static str, description: &'static str) -> Refusal {
    Refusal { error, description }
}

pub(crate) const DENIED: Refusal = refuse("access_denied", "the person said no, or may not sign in here");
pub(crate) const TOO_MANY: Refusal = refuse("temporarily_unavailable", "too many sign-ins in a short time");

/// Whether people may be sent to the address at all: only one that is registered, letter by letter. Until this is known
/// nothing is answered to it.
pub(crate) fn is_registered(app: &App, redirect_uri: &str) -> bool {
    app.draft.redirect_uris.iter().any(|known| known == redirect_uri)
}

/// Reads the rest.
pub(crate) fn read(app: &App, ask: &Ask) -> Result<Request, Refusal> {
    if ask.has_doubles {
        return Err(refuse("invalid_request", "a parameter came twice"));
    }
    if !ask.get("request").is_empty() {
        return Err(refuse("request_not_supported", "requests as tokens are not supported"));
    }
    if !ask.get("request_uri").is_empty() {
        return Err(refuse("request_uri_not_supported", "requests by reference are not supported"));
    }
    if ask.get("response_type") != "code" {
        return Err(refuse("unsupported_response_type", "response_type must be code"));
    }
    if !matches!(ask.get("response_mode"), "" | "query") {
        return Err(refuse("invalid_request", "response_mode must be query"));
    }
    let scopes = Scopes::parse(ask.get("scope"));
    if !scopes.openid {
        return Err(refuse("invalid_scope", "scope must contain openid"));
    }
    if ask.get("nonce").len() > 500 {
        return Err(refuse("invalid_request", "nonce is longer than 500 bytes"));
    }
    let (prompt, is_login) = prompt(ask.get("prompt"))?;
    Ok(Request {
        redirect_uri: ask.get("redirect_uri").to_owned(),
        scopes,
        nonce: ask.get("nonce").to_owned(),
        challenge: challenge(app, ask)?,
        prompt,
        max_age_seconds: max_age(ask.get("max_age"), is_login)?,
    })
}

fn challenge(app: &App, ask: &Ask) -> Result<String, Refusal> {
    let challenge = ask.get("code_challenge");
    let is_hash = challenge.len() == 43
        && challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    match (challenge, ask.get("code_challenge_method")) {
        ("", "") if app.is_confidential() => Ok(String::new()),
        ("", _) => Err(refuse("invalid_request", "code_challenge is missing")),
        (_, "S256") if is_hash => Ok(challenge.to_owned()),
        (_, "S256") => Err(refuse("invalid_request", "code_challenge is no SHA-256 hash")),
        (_, _) => Err(refuse("invalid_request", "code_challenge_method must be S256")),
    }
}

fn prompt(text: &str) -> Result<(Prompt, bool), Refusal> {
    let (mut prompt, mut is_login) = (Prompt::default(), false);
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        match word {
            "none" => prompt.none = true,
            "login" => is_login = true,
            // The page that asks also says who is signed in.
            "consent" | "select_account" => prompt.consent = true,
            _ => return Err(refuse("invalid_request", "prompt is not known")),
        }
    }
    if prompt.none && (is_login || prompt.consent) {
        return Err(refuse("invalid_request", "prompt=none stands alone"));
    }
    Ok((prompt, is_login))
}

/// To ask for the sign-in again is to ask that it was just now.
fn max_age(text: &str, is_login: bool) -> Result<Option<i64>, Refusal> {
    let given = match text {
        "" => None,
        digits => {
            let seconds = digits.parse().ok().filter(|seconds| *seconds >= 0);
            Some(seconds.ok_or(refuse("invalid_request", "max_age is no number of seconds"))?)
        }
    };
    let asked: Option<i64> = if is_login { Some(0) } else { given };
    Ok(asked.map(|seconds| seconds.max(JUST_NOW_SECONDS)))
}

/// Somebody who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asker {
    pub(crate) subject: Subject,
    pub(crate) method: String,
    pub(crate) proved_at: Instant,
}

/// What comes next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// The person signs in, on one of these surfaces.
    SignIn(Option<Surface>),
    /// They prove again who they are.
    Prove(Surface),
    /// They are asked whether the app may know them.
    Ask,
    /// The app gets its code.
    Grant,
    /// The app is told why not.
    Refuse(Refusal),
}

/// Decides what comes next for a request, given who is there and what they have allowed.
pub(crate) fn next(app: &App, request: &Request, who: Option<&Asker>, allowed: Scopes, now: Instant) -> Step {
    let audience = app.draft.audience;
    let Some(who) = who.filter(|who| audience.includes(who.subject.kind)) else {
        if request.prompt.none {
            return Step::Refuse(refuse("login_required", "nobody who may sign in here is signed in"));
        }
        return Step::SignIn(match audience {
            super::Audience::Users => Some(Surface::Customer),
            super::Audience::Staff => Some(Surface::Staff),
            super::Audience::Both => None,
        });
    };
    let is_old = request.max_age_seconds.is_some_and(|most| now > who.proved_at.plus_seconds(most));
    if is_old {
        return match (request.prompt.none, who.subject.kind) {
            (true, _) => Step::Refuse(refuse("login_required", "the sign-in is older than was asked for")),
            (false, Kind::Staff) => Step::Prove(Surface::Staff),
            (false, Kind::User) => Step::Prove(Surface::Customer),
        };
    }
    let is_asked = request.prompt.consent || !(app.draft.is_first_party || allowed.covers(request.scopes));
    match (is_asked, request.prompt.none) {
        (true, true) => Step::Refuse(refuse("consent_required", "the person has not allowed this yet")),
        (true, false) => Step::Ask,
        (false, _) => Step::Grant,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::oidc::{AppDraft, Audience};

    const NOW: Instant = Instant::from_micros(1_767_225_600_000_000);
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn app(secret: Option<&str>) -> App {
        App {
            id: 1,
            client_id: "panel".to_owned(),
            draft: AppDraft {
                name: "Panel".to_owned(),
                audience: Audience::Users,
                is_first_party: false,
                redirect_uris: vec!["https://panel.example/cb".to_owned()],
                logout_uris: Vec::new(),
                is_active: true,
            },
            version: 1,
            secret_hash: secret.map(str::to_owned),
        }
    }

    fn ask(more: &str) -> Ask {
        Ask::parse(&format!(
            "response_type=code&scope=openid+email&redirect_uri=https://panel.example/cb&{more}"
        ))
    }

    #[test]
    fn an_address_is_compared_letter_by_letter() {
        let app = app(Some("hash"));
        assert!(is_registered(&app, "https://panel.example/cb"));
        for forged in [
            "https://panel.example/cb/",
            "https://panel.example/cb?x=1",
            "https://PANEL.example/cb",
            "https://panel.example/cb/../evil",
            "https://panel.example.evil.example/cb",
            "",
        ] {
            assert!(!is_registered(&app, forged), "{forged}");
        }
    }

    #[test]
    fn a_program_without_a_secret_must_bring_a_hashed_challenge() {
        let (public, confidential) = (app(None), app(Some("hash")));
        let good = format!("code_challenge={CHALLENGE}&code_challenge_method=S256");
        assert_eq!(read(&public, &ask(&good)).unwrap().challenge, CHALLENGE);
        assert_eq!(read(&confidential, &ask(&good)).unwrap().challenge, CHALLENGE);
        assert_eq!(read(&confidential, &ask("")).unwrap().challenge, "");
        let plain = format!("code_challenge={CHALLENGE}&code_challenge_method=plain");
        for bad in ["", "code_challenge=short&code_challenge_method=S256", plain.as_str()] {
            assert_eq!(read(&public, &ask(bad)).unwrap_err().error, "invalid_request", "{bad}");
        }
        let unsaid = format!("code_challenge={CHALLENGE}");
        assert!(read(&confidential, &ask(&unsaid)).is_err(), "plain by omission");
    }

    #[test]
    fn what_is_not_supported_is_said_in_the_standards_words() {
        let app = app(Some("hash"));
        for (more, error) in [
            ("scope=openid", "invalid_request"),
            ("request=e30", "request_not_supported"),
            ("response_mode=fragment", "invalid_request"),
            ("prompt=none+login", "invalid_request"),
            ("prompt=dance", "invalid_request"),
            ("max_age=-1", "invalid_request"),
        ] {
            assert_eq!(read(&app, &ask(more)).unwrap_err().error, error, "{more}");
        }
        let token = Ask::parse("response_type=token&scope=openid");
        assert_eq!(read(&app, &token).unwrap_err().error, "unsupported_response_type");
        let no_openid = Ask::parse("response_type=code&scope=email");
        assert_eq!(read(&app, &no_openid).unwrap_err().error, "invalid_scope");
    }

    #[test]
    fn what_comes_next_follows_from_who_is_there_and_what_they_allowed() {
        let app = app(Some("hash"));
        let user = |kind, age: i64| Asker {
            subject: Subject { kind, id: 7 },
            method: "password".to_owned(),
            proved_at: NOW.plus_seconds(-age),
        };
        let ann = user(Kind::User, 600);
        let (none, all) = (Scopes::default(), Scopes::parse("openid email"));
        let step = |more: &str, who: Option<&Asker>, allowed| {
            next(&app, &read(&app, &ask(more)).unwrap(), who, allowed, NOW)
        };
        assert_eq!(step("", None, none), Step::SignIn(Some(Surface::Customer)));
        assert_eq!(step("", Some(&user(Kind::Staff, 1)), all), Step::SignIn(Some(Surface::Customer)));
        assert_eq!(step("", Some(&ann), none), Step::Ask);
        assert_eq!(step("", Some(&ann), Scopes::parse("openid")), Step::Ask, "it asks for more");
        assert_eq!(step("", Some(&ann), all), Step::Grant);
        assert_eq!(step("prompt=consent", Some(&ann), all), Step::Ask);
        assert_eq!(step("prompt=login", Some(&ann), all), Step::Prove(Surface::Customer));
        assert_eq!(step("prompt=login", Some(&user(Kind::User, 59)), all), Step::Grant, "they just did");
        assert_eq!(step("max_age=300", Some(&ann), all), Step::Prove(Surface::Customer));
        assert_eq!(step("max_age=900", Some(&ann), all), Step::Grant);
        let error = |step| match step {
            Step::Refuse(refusal) => refusal.error,
            other => panic!("{other:?}"),
        };
        assert_eq!(error(step("prompt=none", None, none)), "login_required");
        assert_eq!(error(step("prompt=none", Some(&ann), none)), "consent_required");
        assert_eq!(error(step("prompt=none&max_age=1", Some(&ann), all)), "login_required");
    }
}

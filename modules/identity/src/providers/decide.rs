//! What a provider's word is worth: pure.

use bursar_time::Instant;
use serde::Deserialize;

use super::refusal::Outside;
use super::store::Provider;
use crate::jwt::{Audience, LEEWAY_SECONDS, seconds};
use crate::sessions::Kind;
use crate::subject::Subject;

/// How old an identity token may be: it was asked for a moment ago.
const OLDEST_SECONDS: i64 = 10 * 60;

/// What an identity token says.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Claims {
    iss: String,
    pub(crate) sub: String,
    aud: Audience,
    #[serde(default)]
    azp: Option<String>,
    exp: i64,
    iat: i64,
    #[serde(default)]
    nonce: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    email_verified: Option<Flag>,
    #[serde(default)]
    pub(crate) name: Option<String>,
}

/// Some providers write flags as text.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum Flag {
    Is(bool),
    Says(String),
}

impl Claims {
    /// Whether the token is this provider's answer to what this browser has begun. The signature is checked already.
    pub(crate) fn check(&self, provider: &Provider, nonce: &str, now: Instant) -> Result<(), Outside> {
        let (draft, now) = (&provider.draft, seconds(now));
        let wrong = |what: &str| Err(Outside::NotBelieved(what.to_owned()));
        if self.iss.trim_end_matches('/') != draft.issuer.trim_end_matches('/') {
            return wrong("another issuer");
        }
        if !self.aud.includes(&draft.client_id) {
            return wrong("for somebody else");
        }
        if self.azp.as_ref().is_some_and(|azp| *azp != draft.client_id) {
            return wrong("asked for by somebody else");
        }
        if now >= self.exp + LEEWAY_SECONDS {
            return wrong("too old");
        }
        if self.iat > now + LEEWAY_SECONDS || self.iat < now - OLDEST_SECONDS {
            return wrong("not made just now");
        }
        if self.nonce.as_deref() != Some(nonce) {
            return wrong("not for this browser");
        }
        if self.sub.is_empty() || self.sub.len() > 255 {
            return wrong("about nobody");
        }
        Ok(())
    }

    /// The address, when the provider has seen it confirmed.
    pub(crate) fn confirmed_email(&self) -> Option<String> {
        let is_confirmed = match &self.email_verified {
            Some(Flag::Is(is)) => *is,
            Some(Flag::Says(text)) => text == "true",
            None => false,
        };
        let email = self.email.as_deref().map(str::trim).filter(|it| it.contains('@'));
        email.filter(|_| is_confirmed).map(str::to_lowercase)
    }
}

/// Somebody here who has the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) subject: Subject,
    pub(crate) may_sign_in: bool,
    pub(crate) has_second_factor: bool,
}

/// Who comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Somebody who has come this way before.
    Enter(Subject),
    /// Somebody we know by the address, who comes this way for the first time.
    Connect(Subject),
    /// Somebody new.
    Create,
}

/// Who comes in by claims that were checked. `email` is an address that the provider has seen confirmed.
pub(crate) fn decide(
    provider: &Provider,
    kind: Kind,
    email: Option<&str>,
    linked: Option<Subject>,
    known: Option<Known>,
) -> Result<Verdict, Outside> {
    check_domain(provider, email)?;
    if let Some(subject) = linked {
        return Ok(Verdict::Enter(subject));
    }
    if email.is_none() {
        return Err(Outside::Unverified);
    }
    match known {
        Some(known) if !known.may_sign_in => Err(Outside::Unknown),
        // Their second factor would be worth nothing if an account elsewhere let them in without being asked.
        Some(known) if known.has_second_factor => Err(Outside::ConnectFirst),
        Some(known) => Ok(Verdict::Connect(known.subject)),
        None if provider.draft.may_create && kind == Kind::User => Ok(Verdict::Create),
        None => Err(Outside::Unknown),
    }
}

/// Whether the business takes this provider's word for the address. Without one only a connection made before counts.
pub(crate) fn check_domain(provider: &Provider, email: Option<&str>) -> Result<(), Outside> {
    let domains = &provider.draft.domains;
    let domain = email.and_then(|it| it.rsplit_once('@')).map(|(_, domain)| domain);
    match domain {
        Some(domain) if !domains.is_empty() && !domains.iter().any(|it| it == domain) => {
            Err(Outside::OtherDomain)
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::super::store::{ProviderDraft, sample};
    use super::*;
    use crate::oidc::Audience as For;

    fn provider(may_create: bool, domains: &[&str]) -> Provider {
        sample(ProviderDraft {
            name: "Example".to_owned(),
            issuer: "https://id.example.com".to_owned(),
            client_id: "us".to_owned(),
            audience: For::Both,
            may_create,
            is_second_factor: false,
            domains: domains.iter().map(|it| (*it).to_owned()).collect(),
            is_active: true,
        })
    }

    fn claims(change: &[(&str, serde_json::Value)]) -> Claims {
        let mut claims = serde_json::json!({
            "iss": "https://id.example.com/", "sub": "7", "aud": ["us"], "exp": 1_400, "iat": 1_000, "nonce": "n",
            "email": " Ann@Example.com", "email_verified": true,
        });
        for (name, value) in change {
            claims[*name] = value.clone();
        }
        serde_json::from_value(claims).unwrap()
    }

    fn said(change: &[(&str, serde_json::Value)], at: i64) -> String {
        let checked = claims(change).check(&provider(false, &[]), "n", Instant::EPOCH.plus_seconds(at));
        checked.err().map(|error| error.to_string()).unwrap_or_default()
    }

    #[test]
    fn only_an_answer_for_us_now_to_this_browser_is_believed() {
        assert_eq!(said(&[], 1_000), "");
        assert_eq!(said(&[], 1_459), "", "clocks may differ by a minute");
        for (change, at, why) in [
            (("iss", "https://id.example.net".into()), 1_000, "another issuer"),
            (("aud", "them".into()), 1_000, "for somebody else"),
            (("azp", "them".into()), 1_000, "asked for by somebody else"),
            (("exp", 900.into()), 1_000, "too old"),
            (("iat", 1_061.into()), 1_000, "not made just now"),
            (("iat", 399.into()), 1_000, "not made just now"),
            (("nonce", "m".into()), 1_000, "not for this browser"),
            (("nonce", serde_json::Value::Null), 1_000, "not for this browser"),
            (("sub", "".into()), 1_000, "about nobody"),
        ] {
            let said = said(&[change], at);
            assert!(said.ends_with(why), "{why}: {said}");
        }
    }

    #[test]
    fn an_address_counts_only_when_the_provider_says_that_it_was_confirmed() {
        assert_eq!(claims(&[]).confirmed_email().as_deref(), Some("ann@example.com"));
        assert_eq!(
            claims(&[("email_verified", "true".into())]).confirmed_email().as_deref(),
            Some("ann@example.com")
        );
        for no in [false.into(), "false".into(), serde_json::Value::Null] {
            assert_eq!(claims(&[("email_verified", no)]).confirmed_email(), None);
        }
        assert_eq!(claims(&[("email", "ann".into())]).confirmed_email(), None);
    }

    #[test]
    fn who_comes_in_follows_from_whom_we_know_and_what_the_business_allows() {
        let (ann, ben) = (Subject { kind: Kind::User, id: 1 }, Subject { kind: Kind::User, id: 2 });
        let known =
            |has_second_factor, may_sign_in| Some(Known { subject: ann, may_sign_in, has_second_factor });
        let email = Some("ann@example.com");
        let (closed, open) = (provider(false, &[]), provider(true, &[]));
        let of = |it: &Provider, email, linked, known| decide(it, Kind::User, email, linked, known);
        assert!(matches!(of(&closed, None, Some(ben), None), Ok(Verdict::Enter(it)) if it == ben));
        assert!(
            matches!(of(&closed, email, Some(ben), known(true, true)), Ok(Verdict::Enter(it)) if it == ben)
        );
        assert!(matches!(of(&closed, None, None, None), Err(Outside::Unverified)));
        assert!(
            matches!(of(&closed, email, None, known(false, true)), Ok(Verdict::Connect(it)) if it == ann)
        );
        assert!(matches!(of(&closed, email, None, known(true, true)), Err(Outside::ConnectFirst)));
        assert!(matches!(of(&open, email, None, known(false, false)), Err(Outside::Unknown)));
        assert!(matches!(of(&closed, email, None, None), Err(Outside::Unknown)));
        assert!(matches!(of(&open, email, None, None), Ok(Verdict::Create)));
        assert!(
            matches!(decide(&open, Kind::Staff, email, None, None), Err(Outside::Unknown)),
            "staff are not made"
        );
        let narrow = provider(true, &["example.com"]);
        assert!(matches!(of(&narrow, email, None, None), Ok(Verdict::Create)));
        let other = Some("ann@sub.example.com");
        assert!(matches!(of(&narrow, other, None, None), Err(Outside::OtherDomain)));
        assert!(matches!(of(&narrow, other, Some(ben), None), Err(Outside::OtherDomain)));
        assert!(matches!(of(&narrow, None, Some(ben), None), Ok(Verdict::Enter(it)) if it == ben));
    }
}

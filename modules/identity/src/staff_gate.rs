//! Who may come to the admin area at all, before anybody says who they are: an allow-list of networks, and the signed
//! header of a proxy that has looked at people already (Cloudflare Access and its like).

use std::net::IpAddr;

use axum::http::HeaderMap;
use bursar_fault::FieldError;
use bursar_time::Instant;
use bursar_web::Network;
use serde::{Deserialize, Serialize};

use crate::jwt::{self, Audience, KeySet, LEEWAY_SECONDS};
use crate::policy::Policy;

/// The proxy that signs who comes through it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProxyGate {
    /// The header with the signed token: `cf-access-jwt-assertion`.
    pub header: String,
    /// Who must have signed it: `https://team.cloudflareaccess.com`.
    pub issuer: String,
    /// For whom it must be: the application's audience tag.
    pub audience: String,
    /// The proxy's public keys as a JSON Web Key Set.
    pub keys: String,
}

#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: i64,
}

impl ProxyGate {
    /// What cannot work in these settings.
    pub(crate) fn problem(&self) -> Option<FieldError> {
        if axum::http::HeaderName::from_bytes(self.header.as_bytes()).is_err() {
            return Some(FieldError::new(
                "proxy_header",
                "Give the name of a header, for example cf-access-jwt-assertion.",
            ));
        }
        if self.issuer.is_empty() || self.audience.is_empty() {
            return Some(FieldError::new(
                "proxy_audience",
                "Give the issuer and the audience that the proxy signs.",
            ));
        }
        match KeySet::parse(&self.keys) {
            Some(set) if set.is_usable() => None,
            _ => Some(FieldError::new(
                "proxy_keys",
                "Paste the proxy's JSON Web Key Set with an RSA or EC key.",
            )),
        }
    }

    /// Whether the request carries a token this proxy signed for us and that is in force.
    fn admits(&self, headers: &HeaderMap, now: Instant) -> bool {
        let mut values = headers.get_all(self.header.as_str()).iter();
        match (values.next().and_then(|value| value.to_str().ok()), values.next()) {
            (Some(token), None) => self.accepts(token, now).is_some(),
            _ => false,
        }
    }

    fn accepts(&self, token: &str, now: Instant) -> Option<()> {
        let claims: Claims = KeySet::parse(&self.keys)?.open(token).ok()?;
        let seconds = jwt::seconds(now);
        let is_in_force = claims.nbf <= seconds + LEEWAY_SECONDS && seconds < claims.exp + LEEWAY_SECONDS;
        (claims.aud.includes(&self.audience) && is_in_force && claims.iss == self.issuer).then_some(())
    }
}

/// Whether a request may come to the admin area. An entry that cannot be read admits nobody.
pub(crate) fn admits(policy: &Policy, address: IpAddr, headers: &HeaderMap, now: Instant) -> bool {
    let networks = &policy.staff_networks;
    let is_near = networks.is_empty()
        || networks
            .iter()
            .filter_map(|text| text.parse::<Network>().ok())
            .any(|network| network.contains(address));
    is_near && policy.proxy.as_ref().is_none_or(|proxy| proxy.admits(headers, now))
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::json;

    use super::*;

    const NOW: Instant = Instant::from_micros(1_767_225_600_000_000);
    const SECONDS: i64 = 1_767_225_600;

    struct Proxy {
        pair: EcdsaKeyPair,
        gate: ProxyGate,
    }

    fn proxy() -> Proxy {
        let random = SystemRandom::new();
        let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, document.as_ref(), &random).unwrap();
        let point = pair.public_key().as_ref();
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let keys = json!({ "keys": [{ "kty": "EC", "kid": "k1", "crv": "P-256",
            "x": part(&point[1..33]), "y": part(&point[33..]) }] });
        let gate = ProxyGate {
            header: "cf-access-jwt-assertion".to_owned(),
            issuer: "https://team.example".to_owned(),
            audience: "office".to_owned(),
            keys: keys.to_string(),
        };
        Proxy { pair, gate }
    }

    fn token(proxy: &Proxy, head: &serde_json::Value, claims: &serde_json::Value) -> String {
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(head), part(claims));
        let signature = proxy.pair.sign(&SystemRandom::new(), signed.as_bytes()).unwrap();
        format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    #[test]
    fn only_a_token_the_proxy_signed_for_us_and_that_is_in_force_opens() {
        let proxy = proxy();
        let head = json!({ "alg": "ES256", "kid": "k1" });
        let claims =
            json!({ "iss": "https://team.example", "aud": ["other", "office"], "exp": SECONDS + 60 });
        assert!(proxy.gate.accepts(&token(&proxy, &head, &claims), NOW).is_some());
        for (key, value) in [
            ("iss", json!("https://evil.example")),
            ("aud", json!("other")),
            ("exp", json!(SECONDS - 61)),
            ("nbf", json!(SECONDS + 61)),
        ] {
            let mut wrong = claims.clone();
            wrong[key] = value;
            assert!(proxy.gate.accepts(&token(&proxy, &head, &wrong), NOW).is_none(), "{key}");
        }
        for alg in ["none", "HS256", "RS256"] {
            let head = json!({ "alg": alg, "kid": "k1" });
            assert!(proxy.gate.accepts(&token(&proxy, &head, &claims), NOW).is_none(), "{alg}");
        }
        let good = token(&proxy, &head, &claims);
        let other = self::proxy();
        assert!(other.gate.accepts(&good, NOW).is_none(), "another key");
        assert!(proxy.gate.accepts(&good.replacen('.', ".e30", 1), NOW).is_none(), "altered");
        assert!(proxy.gate.accepts("", NOW).is_none());
    }

    #[test]
    fn only_the_listed_networks_come_near_and_an_unreadable_entry_opens_nothing() {
        let admits_from = |networks: &[&str], address: &str| {
            let networks = networks.iter().map(|it| (*it).to_owned()).collect();
            let policy = Policy { staff_networks: networks, ..Policy::default() };
            admits(&policy, address.parse().unwrap(), &HeaderMap::new(), NOW)
        };
        assert!(admits_from(&[], "8.8.8.8"));
        let office = ["192.0.2.0/24", "2001:db8::/32"];
        assert!(admits_from(&office, "192.0.2.255") && admits_from(&office, "2001:db8:1::1"));
        assert!(admits_from(&office, "::ffff:192.0.2.7"), "the same address over an IPv6 socket");
        assert!(!admits_from(&office, "192.0.3.0") && !admits_from(&office, "2001:db9::1"));
        assert!(!admits_from(&["nonsense"], "8.8.8.8"));
    }
}

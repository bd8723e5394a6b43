//! Sending the browser to another host.
//!
//! Our pages allow their forms to lead to us only, and browsers hold every redirect that follows a form to that. So a
//! browser that comes from a page of ours gets a page that leads on by itself, and every other one a plain redirect.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bursar_fault::Fault;
use bursar_web::{PageResult, Visit};
use serde_json::json;
use url::Url;

const PAGE: &str = "identity/apps/leave.html";

/// Sends to an address that was checked before.
pub(crate) fn leave(visit: &Visit, headers: &HeaderMap, to: &str) -> PageResult {
    let site = headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site == Some(b"same-origin") {
        let host = Url::parse(to).ok().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
        return visit.page(PAGE, json!({ "to": to, "host": host }));
    }
    let location =
        HeaderValue::from_str(to).map_err(|e| Fault::wrap("an address to leave to is no header", e))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    Ok(response)
}

/// An address with more parameters behind those it has.
pub(crate) fn with_parameters(address: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{}", query.finish())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_added_behind_those_that_are_there() {
        assert_eq!(
            with_parameters("https://a.example/cb", &[("code", "a b")]),
            "https://a.example/cb?code=a+b"
        );
        let to = with_parameters("https://a.example/cb?x=1", &[("state", "&"), ("nonce", "")]);
        assert_eq!(to, "https://a.example/cb?x=1&state=%26");
    }
}

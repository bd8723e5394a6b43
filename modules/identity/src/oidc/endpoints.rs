//! What programs of apps ask us directly. No cookie counts here, so that pages of other hosts may ask too.

use axum::Extension;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bursar_context::Cx;
use bursar_web::{Access, Form, PageResult, Public, Routes, Visit};
use serde_json::{Value, json};

use super::scope::Scopes;
use super::token::{self, Credentials, TokenError};
use super::{DISCOVERY, KEYS, REVOKE, TOKEN, USER_INFO, discovery, keys};
use crate::gatehouse::Gatehouse;

/// How long our keys may be kept: a day less than they are published before they sign would still do.
const KEYS_CACHE: &str = "public, max-age=3600";

pub(crate) fn routes() -> Routes {
    let app = || Access::Machine { proof: "secret of the app, or PKCE" };
    let bearer = || Access::Machine { proof: "access token" };
    Routes::<()>::new("identity")
        .get(DISCOVERY, Public, describe)
        .get(KEYS, Public, list_keys)
        .post(TOKEN, app(), tokens)
        .post(REVOKE, app(), revoke)
        .get(USER_INFO, bearer(), user_info)
        .post(USER_INFO, bearer(), user_info)
        .with_state(())
}

fn answer(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn cached(body: &Value) -> Response<Body> {
    let mut response = answer(StatusCode::OK, body);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(KEYS_CACHE));
    response
}

async fn describe(Extension(house): Extension<Gatehouse>) -> PageResult {
    Ok(cached(&discovery::document(&house.base)))
}

async fn list_keys(Extension(cx): Extension<Cx>, Extension(house): Extension<Gatehouse>) -> PageResult {
    let published = keys::published(&cx, &house.vault).await?;
    Ok(cached(&keys::key_set(&published)?))
}

/// A refusal in the standard's words.
fn refusal(error: TokenError) -> PageResult {
    let (status, code) = match &error {
        TokenError::Client => (StatusCode::UNAUTHORIZED, "invalid_client"),
        TokenError::TooMany => (StatusCode::TOO_MANY_REQUESTS, "invalid_client"),
        TokenError::Grant(_) => (StatusCode::BAD_REQUEST, "invalid_grant"),
        TokenError::Request(_) => (StatusCode::BAD_REQUEST, "invalid_request"),
        TokenError::Scope => (StatusCode::BAD_REQUEST, "invalid_scope"),
        TokenError::Type => (StatusCode::BAD_REQUEST, "unsupported_grant_type"),
        TokenError::Fault(_) => (StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
    };
    if let TokenError::Fault(fault) = error {
        return Err(fault.into());
    }
    let mut response = answer(status, &json!({ "error": code, "error_description": error.to_string() }));
    if status == StatusCode::UNAUTHORIZED {
        let ask = HeaderValue::from_static("Basic realm=\"token\"");
        response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    }
    Ok(response)
}

/// The only value of a field.
fn one(form: &Form, field: &'static str) -> Result<String, TokenError> {
    let mut values = form.all(field);
    match (values.next(), values.next()) {
        (value, None) => Ok(value.unwrap_or_default().to_owned()),
        (_, Some(_)) => Err(TokenError::Request("a parameter came twice")),
    }
}

fn needed(form: &Form, field: &'static str) -> Result<String, TokenError> {
    let value = one(form, field)?;
    if value.is_empty() { Err(TokenError::Request("a parameter is missing")) } else { Ok(value) }
}

/// How the app says who it is: in the header, or in the form, and not in both.
fn credentials(visit: &Visit, headers: &HeaderMap, form: &Form) -> Result<Credentials, TokenError> {
    let network = visit.client_network().to_string();
    let (client_id, secret) = (one(form, "client_id")?, one(form, "client_secret")?);
    let Some(value) = headers.get(header::AUTHORIZATION) else {
        let secret = (!secret.is_empty()).then_some(secret);
        return match client_id.is_empty() {
            true => Err(TokenError::Client),
            false => Ok(Credentials { client_id, secret, network }),
        };
    };
    let (named, shown) = value.to_str().ok().and_then(basic).ok_or(TokenError::Client)?;
    if !secret.is_empty() || (!client_id.is_empty() && client_id != named) {
        return Err(TokenError::Request("the app says twice who it is"));
    }
    Ok(Credentials { client_id: named, secret: Some(shown), network })
}

/// Name and secret from the header; each is form-encoded before both are joined (RFC 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, rest) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(rest.trim()).ok()?).ok()?;
    let (name, secret) = text.split_once(':')?;
    let plain = |part: &str| {
        let pair = format!("x={part}");
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())
    };
    // Neither holds a zero, which no database would look for.
    Some((plain(name)?, plain(secret)?))
        .filter(|(name, secret)| !name.contains('\0') && !secret.contains('\0'))
}

async fn tokens(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let cx = cx.as_system("identity", "an app exchanges what a browser brought");
    let granted = async {
        let app = token::recognise(&cx, credentials(&visit, &headers, &form)?).await?;
        let granted = match one(&form, "grant_type")?.as_str() {
            "authorization_code" => {
                let (code, to) = (needed(&form, "code")?, needed(&form, "redirect_uri")?);
                token::exchange(&cx, &house, &app, code, to, one(&form, "code_verifier")?).await?
            }
            "refresh_token" => {
                let scope = one(&form, "scope")?;
                let wanted = (!scope.is_empty()).then(|| Scopes::parse(&scope));
                token::renew(&cx, &house, &app, needed(&form, "refresh_token")?, wanted).await?
            }
            _ => return Err(TokenError::Type),
        };
        granted.answer(&cx, &house).await
    };
    match granted.await {
        Ok(body) => Ok(answer(StatusCode::OK, &body)),
        Err(error) => refusal(error),
    }
}

/// Answers the same whether there was anything to give up (RFC 7009).
async fn revoke(visit: Visit, Extension(cx): Extension<Cx>, headers: HeaderMap, form: Form) -> PageResult {
    let cx = cx.as_system("identity", "an app gives a token up");
    let done = async {
        let app = token::recognise(&cx, credentials(&visit, &headers, &form)?).await?;
        Ok(token::give_up(&cx, &app, &needed(&form, "token")?).await?)
    };
    match done.await {
        Ok(()) => Ok(answer(StatusCode::OK, &json!({}))),
        Err(error) => refusal(error),
    }
}

async fn user_info(Extension(cx): Extension<Cx>, headers: HeaderMap) -> PageResult {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let access =
        given.and_then(|text| text.split_once(' ')).filter(|(it, _)| it.eq_ignore_ascii_case("bearer"));
    if let Some((_, access)) = access
        && let Some(claims) = token::user_info(&cx, access.trim()).await?
    {
        return Ok(answer(StatusCode::OK, &claims));
    }
    let mut response = answer(
        StatusCode::UNAUTHORIZED,
        &json!({ "error": "invalid_token", "error_description": "the access token is not in force" }),
    );
    let ask = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    response.headers_mut().insert(header::WWW_AUTHENTICATE, ask);
    Ok(response)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_and_secret_are_decoded_from_the_header() {
        let header = format!("Basic {}", STANDARD.encode("my%20app:se%3Acret%2B"));
        assert_eq!(basic(&header), Some(("my app".to_owned(), "se:cret+".to_owned())));
        for bad in ["Bearer abc", "Basic", "Basic !!!", "Basic bm9jb2xvbg=="] {
            assert_eq!(basic(bad), None, "{bad}");
        }
    }
}

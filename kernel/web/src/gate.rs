//! What every request passes through: arrival, access, form token, security headers, error pages.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::IntoResponse;
use bursar_fault::Fault;
use bursar_i18n::{Locale, Translator};
use bursar_time::{Instant, Stopwatch, TimeZone};
use bytes::Bytes;
use futures_util::FutureExt as _;

use crate::Brand;
use crate::client::{ClientAddress, peer_of};
use crate::cookies::{FLASH_COOKIE, LANGUAGE_COOKIE, SCHEME_COOKIE, Transport, VISITOR_COOKIE};
use crate::csrf::{CSRF_FIELD, CSRF_HEADER};
use crate::flash::Flash;
use crate::language::Clues;
use crate::local_path::LocalPath;
use crate::principal::{Arrival, Principal, Surface};
use crate::problem::Problem;
use crate::routes::{Access, Demands, Verdict};
use crate::visit::{Inner, Scheme, Visit};
use crate::web::Web;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps every page: makes the [`Visit`], limits size and time, turns problems and panics into pages, sets headers.
pub(crate) async fn receive(State(web): State<Arc<Web>>, request: Request, next: Next) -> Response<Body> {
    let watch = Stopwatch::start();
    let (mut parts, body) = request.into_parts();
    let method = parts.method.clone();
    let mut fresh = Fresh::default();
    let visit_or_problem = welcome(&web, &mut parts, &mut fresh).await;
    let wants_html = wants_html(&parts);
    let (visit, mut response) = match visit_or_problem {
        Ok((visit, is_admitted)) => {
            parts.extensions.insert(visit.clone());
            let response = if !is_admitted {
                Problem::not_found().into_response()
            } else if declared_length(&parts.headers) > web.settings.body_limit_bytes as u64 {
                too_large().into_response()
            } else if names_zero(&parts.uri) {
                Problem::zero().into_response()
            } else {
                run(&web, next, Request::from_parts(parts, body)).await
            };
            (visit, response)
        }
        Err((visit, fault)) => (visit, Problem::from(fault).into_response()),
    };
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        if let Some(log) = problem.log_text() {
            tracing::error!(request.id = visit.request_id(), %method, path = visit.0.path, "{log}");
        }
        let headers = std::mem::take(response.headers_mut());
        response = if wants_html { visit.problem_page(&problem) } else { problem_json(&visit, &problem) };
        response.headers_mut().extend(headers);
    }
    if is_html(&response) {
        for (name, value) in [(VISITOR_COOKIE, fresh.visitor), (LANGUAGE_COOKIE, fresh.language)] {
            if let Some(value) = value {
                let cookie = name.store(web.settings.transport, &value, None);
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
    }
    harden(&web, &mut response);
    secure_page(&visit, &mut response);
    tracing::info!(
        request.id = visit.request_id(),
        client.ip = %visit.client_ip(),
        %method,
        path = visit.0.path,
        status = response.status().as_u16(),
        duration_ms = watch.elapsed_micros() / 1000,
        "answered"
    );
    response
}

/// Cookies that a page sets beside its own, until the browser is closed.
#[derive(Default)]
struct Fresh {
    visitor: Option<String>,
    language: Option<String>,
}

/// Makes the visit, and says whether it may come near. Even when that fails there is one, so that the failure can be
/// shown.
async fn welcome(
    web: &Arc<Web>,
    parts: &mut Parts,
    fresh: &mut Fresh,
) -> Result<(Visit, bool), (Visit, Fault)> {
    let arrived = async {
        parts
            .extensions
            .insert(ClientAddress(web.settings.proxies.client(peer_of(&parts.extensions), &parts.headers)));
        let arrival = web.site.arrive(parts).await?;
        if !web.authenticate.may_approach(parts).await? {
            let clues = Clues::of(web.settings.transport, parts, None);
            return Ok((arrival, None, clues, false, None));
        }
        let who = web.authenticate.authenticate(parts).await?;
        web.site.admit(parts, who.as_ref()).await?;
        let mut clues = Clues::of(web.settings.transport, parts, who.as_ref());
        if let Some(who) = who.as_ref().filter(|_| clues.asks_for_the_customers()) {
            clues.customers = web.site.language_of(parts, who).await?;
        }
        let unread = match who.as_ref().filter(|_| shows_a_page(parts)) {
            Some(who) => web.site.unread(parts, who).await?,
            None => None,
        };
        Ok((arrival, who, clues, true, unread))
    };
    match arrived.await {
        Ok((arrival, who, clues, is_admitted, unread)) => {
            fresh.language = clues.to_remember();
            let locale = clues.choose(arrival.locale);
            Ok((visit(web, parts, Met { arrival, who, locale, unread }, fresh), is_admitted))
        }
        Err(fault) => {
            let arrival = Arrival {
                brand: Brand::default(),
                locale: Locale::default(),
                zone: TimeZone::UTC,
                now: Instant::EPOCH,
            };
            let locale = Clues::of(web.settings.transport, parts, None).choose(arrival.locale);
            Err((visit(web, parts, Met { arrival, who: None, locale, unread: None }, fresh), fault))
        }
    }
}

/// Whom a request met, and where.
struct Met {
    arrival: Arrival,
    who: Option<Principal>,
    locale: Locale,
    unread: Option<u32>,
}

/// Whether the answer will have the layout around it, as far as the request says.
fn shows_a_page(parts: &Parts) -> bool {
    let is_part = parts.headers.contains_key("hx-request") && !parts.headers.contains_key("hx-boosted");
    wants_html(parts) && !is_part && !parts.uri.path().ends_with(".json")
}

fn visit(web: &Arc<Web>, parts: &Parts, met: Met, fresh: &mut Fresh) -> Visit {
    let Met { arrival, who, locale, unread } = met;
    let transport = web.settings.transport;
    let headers = &parts.headers;
    let binding = match &who {
        Some(who) => who.session_hash.to_vec(),
        None => VISITOR_COOKIE
            .read(transport, headers)
            .filter(|token| token.len() >= 32)
            .unwrap_or_else(|| fresh.visitor.insert(web.token(24)).clone())
            .into_bytes(),
    };
    let scheme =
        SCHEME_COOKIE.read(transport, headers).and_then(|text| Scheme::parse(&text)).unwrap_or_default();
    Visit(Arc::new(Inner {
        who,
        unread,
        arrival,
        translator: Translator::new(Arc::clone(&web.catalogue), locale),
        nonce: web.token(16),
        request_id: web.token(12),
        client_ip: web.settings.proxies.client(peer_of(&parts.extensions), headers),
        path: parts.uri.path().to_owned(),
        path_and_query: parts.uri.path_and_query().map_or("/", |it| it.as_str()).to_owned(),
        scheme,
        flash: FLASH_COOKIE.read(transport, headers).and_then(|value| Flash::read(&web.settings.key, &value)),
        binding,
        mask: web.random(),
        cookies: headers
            .get_all(header::COOKIE)
            .iter()
            .map(|value| (header::COOKIE, value.clone()))
            .collect(),
        agent: headers
            .get(header::USER_AGENT)
            .and_then(|value| value.to_str().ok())
            .map(|text| text.chars().take(200).collect())
            .unwrap_or_default(),
        is_swapped_in: headers.contains_key("hx-request"),
        wants_fragment: headers.contains_key("hx-request") && !headers.contains_key("hx-boosted"),
        inner_shell: OnceLock::new(),
        web: Arc::clone(web),
    }))
}

/// Runs the handler within its time; a panic is a problem like any other.
async fn run(web: &Web, next: Next, request: Request) -> Response<Body> {
    let handled = AssertUnwindSafe(next.run(request)).catch_unwind();
    match tokio::time::timeout(web.settings.request_timeout(), handled).await {
        Ok(Ok(response)) => response,
        Ok(Err(panic)) => {
            let text = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned())
                .unwrap_or_default();
            Problem::logged(
                StatusCode::INTERNAL_SERVER_ERROR,
                "shell-problem-panic",
                format!("the handler panicked: {text}"),
            )
            .into_response()
        }
        Err(_) => Problem::logged(
            StatusCode::GATEWAY_TIMEOUT,
            "shell-problem-slow",
            "the request took longer than its limit",
        )
        .into_response(),
    }
}

/// What [`guard`] needs to know of its route.
#[derive(Clone)]
pub(crate) struct Guard {
    pub(crate) web: Arc<Web>,
    pub(crate) access: Access,
    pub(crate) demands: Demands,
}

/// Wraps every handler: who may enter, and did the form come from our own page.
pub(crate) async fn guard(
    State(guard): State<Guard>,
    visit: Visit,
    request: Request,
    next: Next,
) -> Response<Body> {
    match guard.access.decide(guard.demands, &visit.0.path, visit.who(), visit.now()) {
        Verdict::Enter => {}
        Verdict::SignIn(surface) => return sign_in(surface, &visit, &request),
        Verdict::Hide => return Problem::not_found().into_response(),
        Verdict::Forbid(permission) => {
            return Problem::from(bursar_fault::Denied::new(permission)).into_response();
        }
        Verdict::Confine(place) => return lead(&visit, place.to_owned()),
        Verdict::Confirm(surface) => return confirm(surface, &visit, &request),
        Verdict::NotInPlace => {
            return Problem::new(
                StatusCode::FORBIDDEN,
                "Only the person themself may do this: not somebody in their place, and not a program with a token.",
            )
            .into_response();
        }
    }
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    // Read here, once, for everybody: the limit holds for bodies of undeclared length too.
    let Ok(body) = to_bytes(body, guard.web.settings.body_limit_bytes).await else {
        return too_large().into_response();
    };
    let checked = matches!(guard.access, Access::Machine { .. })
        || visit.who().is_some_and(|who| who.standing.is_token)
        || came_from_our_page(&guard.web, &visit, &parts, &body).await;
    if !checked {
        return Problem::new(StatusCode::FORBIDDEN, "shell-problem-form-token").into_response();
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// A request that changes something must carry the token of this session, and must not say that it comes from elsewhere.
async fn came_from_our_page(web: &Web, visit: &Visit, parts: &Parts, body: &Bytes) -> bool {
    let site = parts.headers.get("sec-fetch-site").map(HeaderValue::as_bytes);
    if site.is_some_and(|site| site != b"same-origin" && site != b"none") {
        return false;
    }
    let key = &web.settings.key;
    if let Some(token) = parts.headers.get(CSRF_HEADER) {
        return token.to_str().is_ok_and(|token| key.accepts_csrf(&visit.0.binding, token));
    }
    if let Some(token) = crate::upload::token(&parts.headers, body).await {
        return key.accepts_csrf(&visit.0.binding, &token);
    }
    url::form_urlencoded::parse(body)
        .find(|(name, _)| name == CSRF_FIELD)
        .is_some_and(|(_, token)| key.accepts_csrf(&visit.0.binding, &token))
}

/// To the sign-in page, and from there back to the page that was asked for.
fn sign_in(surface: Surface, visit: &Visit, request: &Request) -> Response<Body> {
    let here = (*request.method() == Method::GET).then_some(visit.0.path_and_query.as_str());
    lead(visit, with_return(surface.sign_in_path(), here))
}

/// To the page where people prove again who they are, and back: from a form, to the page that showed it.
fn confirm(surface: Surface, visit: &Visit, request: &Request) -> Response<Body> {
    if *request.method() == Method::GET {
        return lead(visit, with_return(surface.confirm_path(), Some(&visit.0.path_and_query)));
    }
    let from = request.headers().get(header::REFERER).and_then(|value| value.to_str().ok());
    let from = from.and_then(|text| url::Url::parse(text).ok()).map(|url| url.path().to_owned());
    let mut response = lead(visit, with_return(surface.confirm_path(), from.as_deref()));
    let flash = Flash::info("Nothing was changed yet: confirm that it is you, then send the form again.");
    let cookie = flash.store(&visit.0.web.settings.key, visit.transport());
    response.headers_mut().append(header::SET_COOKIE, cookie);
    response
}

fn with_return(target: &str, return_to: Option<&str>) -> String {
    match return_to.filter(|path| LocalPath::parse(path).is_some()) {
        None => target.to_owned(),
        Some(path) => {
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            format!("{target}?{}", query.append_pair("return_to", path).finish())
        }
    }
}

fn lead(visit: &Visit, target: String) -> Response<Body> {
    let target = HeaderValue::from_str(&target).expect("a form-encoded query is printable ASCII");
    let mut response = Response::new(Body::empty());
    if visit.0.wants_fragment {
        // htmx would put the sign-in page into the hole; this header makes the browser go there instead.
        *response.status_mut() = StatusCode::UNAUTHORIZED;
        response.headers_mut().insert("hx-redirect", target);
    } else {
        *response.status_mut() = StatusCode::SEE_OTHER;
        response.headers_mut().insert(header::LOCATION, target);
    }
    response
}

/// Whether an address holds the character zero. Decoded it would reach a database that has no place for it.
fn names_zero(uri: &Uri) -> bool {
    uri.path_and_query().is_some_and(|it| it.as_str().contains("%00"))
}

fn too_large() -> Problem {
    Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "shell-problem-too-large")
}

fn declared_length(headers: &HeaderMap) -> u64 {
    headers
        .get(header::CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| text.parse().ok())
        .unwrap_or_default()
}

/// Programs ask for JSON or for anything; browsers name HTML. What is there for programs is JSON whoever asks, a file that
/// cannot be made is told of on a page.
fn wants_html(parts: &Parts) -> bool {
    let path = parts.uri.path();
    if path.starts_with("/api/") || path.ends_with(".json") && !path.ends_with("/export.json") {
        return false;
    }
    let accept = parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok());
    accept.is_none_or(|accept| accept.contains("text/html") || !accept.contains("json"))
}

fn is_html(response: &Response<Body>) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

fn problem_json(visit: &Visit, problem: &Problem) -> Response<Body> {
    let fields: Vec<_> = problem
        .fields()
        .iter()
        .map(|field| serde_json::json!({ "field": field.field, "message": field.message }))
        .collect();
    let body = serde_json::json!({
        "error": { "message": problem.message(), "fields": fields, "request_id": visit.request_id() }
    });
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = problem.status();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The headers of everything we answer.
fn harden(web: &Web, response: &mut Response<Body>) {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if web.settings.transport == Transport::Tls {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=63072000; includeSubDomains"),
        );
    }
}

/// The headers of pages: nothing from elsewhere, nothing inline without this page's nonce, in nobody's frame.
fn secure_page(visit: &Visit, response: &mut Response<Body>) {
    let nonce = &visit.0.nonce;
    let policy = format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         font-src 'self'; connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    let headers = response.headers_mut();
    let policy = HeaderValue::from_str(&policy).expect("a policy with a base64url nonce is printable ASCII");
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(policy);
    headers.entry(header::X_FRAME_OPTIONS).or_insert(HeaderValue::from_static("DENY"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.insert(
        "permissions-policy",
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    );
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    if let Ok(id) = HeaderValue::from_str(visit.request_id()) {
        headers.insert(REQUEST_ID, id);
    }
}

/// Wraps the assets.
pub(crate) async fn harden_asset(
    State(web): State<Arc<Web>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let mut response = next.run(request).await;
    harden(&web, &mut response);
    response
}

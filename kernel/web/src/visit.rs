//! One request as handlers see it: who asks, and how to answer with a page.

use std::net::IpAddr;
use std::sync::{Arc, OnceLock};

use axum::body::Body;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use bursar_fault::{Fault, FieldError, Refusal, Text};
use bursar_i18n::{Locale, Translator};
use bursar_time::{Date, Instant};
use minijinja::context;
use minijinja::value::Value;
use serde::Serialize;

use crate::client::{Network, limited_network};
use crate::cookies::{CookieName, LANGUAGE_COOKIE, Transport};
use crate::flash::Flash;
use crate::local_path::LocalPath;
use crate::notice::NoticeKind;
use crate::outward::Outward;
use crate::page_link::{LinkView, links_for};
use crate::principal::{Arrival, Principal};
use crate::problem::{PageResult, Problem};
use crate::web::Web;

/// Light or dark, as the visitor chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Scheme {
    Light,
    Dark,
    #[default]
    System,
}

impl Scheme {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Light, Self::Dark, Self::System].into_iter().find(|scheme| scheme.code() == text)
    }

    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::System => "system",
        }
    }
}

pub(crate) struct Inner {
    pub(crate) web: Arc<Web>,
    pub(crate) who: Option<Principal>,
    /// What the bell says.
    pub(crate) unread: Option<u32>,
    pub(crate) arrival: Arrival,
    pub(crate) translator: Translator,
    pub(crate) nonce: String,
    pub(crate) request_id: String,
    pub(crate) client_ip: IpAddr,
    pub(crate) path: String,
    pub(crate) path_and_query: String,
    pub(crate) scheme: Scheme,
    pub(crate) flash: Option<Flash>,
    /// What forms are bound to: the session's hash, or the visitor cookie.
    pub(crate) binding: Vec<u8>,
    pub(crate) mask: [u8; 32],
    /// The request's cookies, and no other header.
    pub(crate) cookies: HeaderMap,
    /// What the browser calls itself, cut to 200 characters.
    pub(crate) agent: String,
    pub(crate) wants_fragment: bool,
    /// A script takes parts of the answer into a page that is there.
    pub(crate) is_swapped_in: bool,
    /// See [`Visit::inner_shell`].
    pub(crate) inner_shell: OnceLock<Value>,
}

/// A visit. Handlers take it as an argument and answer through it.
#[derive(Clone)]
pub struct Visit(pub(crate) Arc<Inner>);

impl Visit {
    /// Who is signed in.
    pub fn who(&self) -> Option<&Principal> {
        self.0.who.as_ref()
    }

    /// Whether the visitor has a permission; to hide a button, never instead of the check in the action.
    pub fn can(&self, permission: &str) -> bool {
        self.0.who.as_ref().is_some_and(|who| who.can(permission))
    }

    /// The kinds of news there are.
    pub fn notice_kinds(&self) -> &[NoticeKind] {
        &self.0.web.notices
    }

    /// What other modules put on a page about the subject `id`, as far as the visitor may follow it.
    pub fn links(&self, page: &str, id: i64) -> Vec<LinkView> {
        links_for(&self.0.web.links, self.who(), self.translator(), page, id)
    }

    /// The clock's time when the request arrived.
    pub fn now(&self) -> Instant {
        self.0.arrival.now
    }

    /// Today in the tenant's zone.
    pub fn today(&self) -> Date {
        self.0.arrival.now.to_date(&self.0.arrival.zone)
    }

    /// What the tenant calls itself.
    pub fn brand_name(&self) -> &str {
        &self.0.arrival.brand.name
    }

    /// The language of the page.
    pub fn locale(&self) -> Locale {
        self.0.translator.locale()
    }

    /// Says texts in the language of the page.
    pub fn translator(&self) -> &Translator {
        &self.0.translator
    }

    /// A text of a key, in the language of the page.
    pub fn t(&self, key: &'static str) -> String {
        self.0.translator.t(key)
    }

    /// A text with its values, in the language of the page.
    pub fn say(&self, text: &Text) -> String {
        self.0.translator.say(text)
    }

    /// What a refusal says, in the language of the page where it has a text.
    pub fn refusal(&self, refusal: &impl Refusal) -> String {
        refusal.text().map_or_else(|| refusal.message(), |text| self.say(&text))
    }

    /// Keeps the language that somebody chose, for a year: from the switcher, or with their profile.
    pub fn store_language(&self, response: &mut Response<Body>, locale: Locale) {
        self.store_cookie(response, LANGUAGE_COOKIE, locale.code(), Some(365 * 24 * 60 * 60));
    }

    /// The id of this request, as in logs and on error pages.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The address the request comes from: the connection's peer, or what a trusted proxy says of it. A request that
    /// came over no socket has the unspecified address.
    pub fn client_ip(&self) -> IpAddr {
        self.0.client_ip
    }

    /// Whom a limit per address should count together: in IPv6 a subscriber has a whole network to choose from.
    pub fn client_network(&self) -> Network {
        limited_network(self.0.client_ip)
    }

    /// The value of one of our cookies.
    pub fn cookie(&self, name: CookieName) -> Option<String> {
        name.read(self.transport(), &self.0.cookies)
    }

    /// What the browser calls itself; empty when it does not.
    pub fn user_agent(&self) -> &str {
        &self.0.agent
    }

    /// Whether people reach us over TLS; decides cookies.
    pub fn transport(&self) -> Transport {
        self.0.web.settings.transport
    }

    /// Whether htmx asks for a part of a page. Pages answer it whole; `hx-select` takes the part.
    pub fn wants_fragment(&self) -> bool {
        self.0.wants_fragment
    }

    /// A page with status 200.
    pub fn page<C: Serialize>(&self, template: &str, context: C) -> PageResult {
        self.page_with_status(StatusCode::OK, template, context)
    }

    /// The form's page again, with what was typed and the errors: status 422.
    pub fn refused_form<C: Serialize>(&self, template: &str, context: C) -> PageResult {
        self.page_with_status(StatusCode::UNPROCESSABLE_ENTITY, template, context)
    }

    /// The token that forms of this page carry.
    pub(crate) fn csrf_token(&self) -> String {
        self.0.web.settings.key.csrf_token(&self.0.binding, self.0.mask)
    }

    /// The tenant's time zone, in which instants are shown.
    pub(crate) fn zone(&self) -> &bursar_time::TimeZone {
        &self.0.arrival.zone
    }

    /// To another page of ours, after a form was carried out.
    pub fn redirect(&self, to: impl AsRef<str>) -> PageResult {
        let to = LocalPath::parse(to.as_ref())
            .ok_or_else(|| Fault::new(format!("{:?} is not a path of ours to redirect to", to.as_ref())))?;
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SEE_OTHER;
        let location = HeaderValue::from_str(to.as_str()).expect("a local path is printable ASCII");
        response.headers_mut().insert(header::LOCATION, location);
        Ok(response)
    }

    /// To where a driver's answer says that the browser goes on: a path of ours, or a vendor's page, which the answer leads
    /// to. Never for an address that came with a request.
    pub fn go_on(&self, to: &str) -> PageResult {
        if LocalPath::parse(to).is_some() {
            return self.redirect(to);
        }
        let out =
            Outward::parse(to).ok_or_else(|| Fault::new("a driver returned no https address to go on at"))?;
        self.page("shell/leave.html", context! { href => out.href, host => out.host })
    }

    /// The same with a message on the next page.
    pub fn redirect_with(&self, to: impl AsRef<str>, flash: Flash) -> PageResult {
        let mut response = self.redirect(to)?;
        response
            .headers_mut()
            .append(header::SET_COOKIE, flash.store(&self.0.web.settings.key, self.transport()));
        Ok(response)
    }

    /// Adds a cookie to a response, for instance the session's.
    pub fn store_cookie(
        &self,
        response: &mut Response<Body>,
        name: CookieName,
        value: &str,
        max_age_seconds: Option<u32>,
    ) {
        response
            .headers_mut()
            .append(header::SET_COOKIE, name.store(self.transport(), value, max_age_seconds));
    }

    /// Removes a cookie with a response.
    pub fn clear_cookie(&self, response: &mut Response<Body>, name: CookieName) {
        response.headers_mut().append(header::SET_COOKIE, name.clear(self.transport()));
    }

    /// A document of others' making, such as a mail, for a frame on a page of ours: it runs nothing, loads nothing and
    /// sends nothing. Its inline styles are allowed, because mails know no others, and nothing else is.
    pub fn frame_content(&self, html: String) -> Response<Body> {
        let mut response = self.html(StatusCode::OK, html);
        let headers = response.headers_mut();
        headers.remove(header::SET_COOKIE);
        headers.insert(
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; \
                 frame-ancestors 'self'; sandbox",
            ),
        );
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
        response
    }

    pub(crate) fn html(&self, status: StatusCode, html: String) -> Response<Body> {
        let mut response = Response::new(Body::from(html));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        // Pages show what only this person may see.
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if self.0.flash.is_some() {
            headers.append(header::SET_COOKIE, crate::cookies::FLASH_COOKIE.clear(self.transport()));
        }
        response
    }

    /// The error page of a problem.
    pub(crate) fn problem_page(&self, problem: &Problem) -> Response<Body> {
        let context = context! {
            status => problem.status().as_u16(),
            title => self.say(&problem.title()),
            message => problem.message_in(self.translator()),
            fields => problem.fields().iter().map(|field| self.field_error(field)).collect::<Vec<_>>(),
        };
        match self.render("shell/error.html", context) {
            Ok(html) => self.html(problem.status(), html),
            Err(fault) => {
                tracing::error!(
                    request.id = self.request_id(),
                    "the error page itself failed: {}",
                    fault.chain()
                );
                let mut response = Response::new(Body::from(format!("{}\n", problem.message())));
                *response.status_mut() = problem.status();
                response
            }
        }
    }

    fn field_error(&self, error: &FieldError) -> String {
        let said = error.text.as_ref().and_then(|text| self.translator().try_say(text).ok());
        said.unwrap_or_else(|| error.message.clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(|| {
            Problem::logged(
                StatusCode::INTERNAL_SERVER_ERROR,
                "shell-problem-fault",
                "a handler that takes a Visit was mounted outside the shell's router",
            )
        })
    }
}

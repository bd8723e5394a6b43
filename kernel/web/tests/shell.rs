//! The shell through its router: what comes in, what goes out.

#![expect(clippy::unwrap_used, reason = "a test's helpers fail the test as the test does")]

use std::collections::BTreeSet;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Method, Request, StatusCode, header};
use bursar_fault::{Denied, Fault};
use bursar_web::{
    Access, Flash, Form, LocalPath, PageResult, PeerAddress, Permission, Public, RouteError, Routes,
    SignedIn, Surface, Transport, Visit,
};
use tower::ServiceExt as _;

#[path = "../examples/gallery/samples.rs"]
mod samples;
#[path = "../examples/gallery/stage.rs"]
mod stage;

const HOSTILE: &str = "<script>alert(1)</script>\"'&";

struct Answer {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answer {
    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect()
    }

    /// The form token on the page.
    fn csrf(&self) -> String {
        let rest = self.text.split("name=\"_csrf\" value=\"").nth(1).expect("the page has a form");
        rest.split('"').next().unwrap().to_owned()
    }
}

async fn save(visit: Visit, mut form: Form) -> PageResult {
    form.required("name", 20);
    if form.is_refused() {
        let mut context = samples::parts("x");
        context["form"] = serde_json::to_value(form.view()).unwrap();
        return visit.refused_form("gallery/parts.html", context);
    }
    visit.redirect_with("/admin", Flash::success(format!("Saved {}", form.text("name"))))
}

fn routes() -> Routes<()> {
    Routes::<()>::new("gallery")
        .get("/admin", SignedIn(Surface::Staff), async |visit: Visit| -> PageResult {
            visit.page("gallery/parts.html", samples::parts(HOSTILE))
        })
        .get("/admin/detail", SignedIn(Surface::Staff), async |visit: Visit| -> PageResult {
            visit.page("gallery/detail.html", samples::detail(HOSTILE))
        })
        .get("/admin/invoices", Permission("billing.invoice.view"), async |visit: Visit| -> PageResult {
            visit.page("gallery/detail.html", samples::detail("x"))
        })
        .post("/admin/form", SignedIn(Surface::Staff), save)
        .get("/portal", SignedIn(Surface::Customer), async |visit: Visit| -> PageResult {
            visit.page("gallery/portal.html", samples::portal())
        })
        .get("/bare", Public, async |visit: Visit| -> PageResult {
            visit.page("gallery/sign_in.html", samples::sign_in())
        })
        .post("/bare", Public, async |visit: Visit, form: Form| -> PageResult {
            visit.redirect(LocalPath::parse_or(Some(form.text("return_to")), "/admin"))
        })
        .post("/hook", Access::Machine { proof: "signature" }, async || -> PageResult<&'static str> {
            Ok("taken")
        })
        .get("/fault", Public, async || -> PageResult {
            Err(Fault::wrap("reading a row", std::io::Error::other("secret path")).into())
        })
        .get("/denied", Public, async || -> PageResult { Err(Denied::new("billing.invoice.void").into()) })
        .get("/panic", Public, async || -> PageResult { panic!("secret detail") })
        .get("/where", Public, async |visit: Visit| -> PageResult<String> {
            Ok(format!("{} of {}", visit.client_ip(), visit.client_network()))
        })
        .get("/slow", Public, async || -> PageResult { std::future::pending().await })
        .get("/away", Public, async |visit: Visit| -> PageResult { visit.redirect("//evil.example") })
        .get("/strict", Public, async |visit: Visit| -> PageResult {
            visit.page("gallery/detail.html", serde_json::json!({ "name": "only this" }))
        })
        .with_state(())
}

fn permissions() -> BTreeSet<&'static str> {
    BTreeSet::from(["billing.invoice.view"])
}

fn router(transport: Transport) -> Router {
    stage::web(transport, false).router(vec![routes()], &permissions()).unwrap().0
}

async fn send(router: &Router, request: Request<Body>) -> Answer {
    let response = router.clone().oneshot(request).await.unwrap();
    let (parts, body) = response.into_parts();
    // Fonts are no text; their bytes are looked at nowhere.
    let text = String::from_utf8_lossy(&to_bytes(body, usize::MAX).await.unwrap()).into_owned();
    Answer { status: parts.status, headers: parts.headers, text }
}

fn get(path: &str, cookie: &str) -> Request<Body> {
    Request::get(path).header("cookie", cookie).header("accept", "text/html").body(Body::empty()).unwrap()
}

fn post(path: &str, cookie: &str, body: String) -> Request<Body> {
    Request::post(path)
        .header("cookie", cookie)
        .header("accept", "text/html")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from(body))
        .unwrap()
}

const OWNER: &str = "bursar_session=owner";

#[tokio::test]
async fn every_template_renders_strictly_and_lets_no_script_through() {
    let router = router(Transport::Plain);
    for (path, cookie) in [
        ("/admin", OWNER),
        ("/admin/detail", OWNER),
        ("/portal", "bursar_session=customer"),
        ("/bare", ""),
        ("/nowhere", ""),
    ] {
        for language in ["en", "de", "es", "fr", "bn", "ar"] {
            let page = send(&router, get(&format!("{path}?lang={language}"), cookie)).await;
            assert!(page.status == StatusCode::OK || path == "/nowhere", "{path}: {}", page.text);
            assert!(page.text.contains(&format!("lang=\"{language}\"")), "{path} {language}");
            assert!(!page.text.contains("<script>alert"), "{path} {language}");
        }
    }
    let admin = send(&router, get("/admin", OWNER)).await;
    // In cells, hints, stats, fields, areas, options, errors and messages: as often as it was given, always escaped.
    assert_eq!(admin.text.matches("&lt;script&gt;alert(1)").count(), 9);
    let clerk = send(&router, get("/admin", "bursar_session=clerk")).await;
    assert!(clerk.text.contains("Ben &lt;b&gt;") && !clerk.text.contains("Ben <b>"));
    assert_eq!(send(&router, get("/admin?lang=ar", OWNER)).await.text.matches("dir=\"rtl\"").count(), 1);
}

#[tokio::test]
async fn pages_allow_nothing_inline_but_what_carries_their_nonce() {
    let router = router(Transport::Plain);
    let page = send(&router, get("/admin", OWNER)).await;
    let policy = page.header("content-security-policy").to_owned();
    let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"));
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"));
    assert_eq!(
        page.text.matches("<style").count(),
        page.text.matches(&format!("<style nonce=\"{nonce}\"")).count()
    );
    for script in page.text.split("<script").skip(1) {
        assert!(
            script.starts_with(&format!(" nonce=\"{nonce}\"")) || script.contains("src=\"/assets/"),
            "{script}"
        );
    }
    assert!(!page.text.contains(" style=\"") && !page.text.contains(" onclick="));
    assert!(
        !page.text.contains("http://") && !page.text.contains("https://"),
        "nothing comes from another host"
    );
    let again = send(&router, get("/admin", OWNER)).await;
    assert_ne!(policy, again.header("content-security-policy"), "a nonce is used once");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(page.header("strict-transport-security"), "");
    assert!(page.header("x-request-id").len() >= 16);
}

/// The layout is kept from one page to the next; what is one person's or one request's must not be.
#[tokio::test]
async fn a_kept_layout_says_of_each_request_what_is_its_own() {
    let router = router(Transport::Plain);
    let mut tokens = BTreeSet::new();
    for (path, cookie, name) in [
        ("/admin/detail", OWNER, "Ann"),
        ("/admin/detail?again=%3Cb%3E", OWNER, "Ann"),
        ("/admin", "bursar_session=clerk", "Ben"),
        ("/admin", OWNER, "Ann"),
        ("/admin", "bursar_session=clerk", "Ben"),
    ] {
        let page = send(&router, get(path, cookie)).await;
        let policy = page.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap();
        let (head, body) = page.text.split_once("</head>").unwrap();
        assert!(
            body.contains(name) && body.contains(&format!("value=\"{}\"", path.replace('&', "&amp;"))),
            "{path}"
        );
        assert!(head.contains(&format!("<style nonce=\"{nonce}\"")), "{path}");
        assert_eq!(
            head.contains("echarts"),
            path.starts_with("/admin/detail"),
            "{path}: its scripts stand in the head"
        );
        assert_eq!(head.matches("<title>").count(), 1);
        let is_mark = |rest: &str| rest.bytes().take(32).filter(u8::is_ascii_hexdigit).count() == 32;
        assert!(!page.text.split("mark").skip(1).any(is_mark) && !body.contains("<b>"), "{path}");
        assert!(page.text.starts_with("<!doctype html>") && page.text.trim_end().ends_with("</html>"));
        tokens.insert(page.csrf());
        let saved = send(&router, post("/admin/form", cookie, format!("_csrf={}&name=x", page.csrf()))).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{path}: the token is this session's");
    }
    assert_eq!(tokens.len(), 5, "every page has a token of its own");
}

#[tokio::test]
async fn over_tls_cookies_belong_to_the_host_and_hsts_is_sent() {
    let router = router(Transport::Tls);
    let page = send(&router, get("/bare", "")).await;
    let cookies = page.cookies();
    assert_eq!(cookies.len(), 1);
    assert!(cookies[0].starts_with("__Host-bursar_visitor="));
    for flag in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
        assert!(cookies[0].contains(flag), "{flag}");
    }
    assert!(page.header("strict-transport-security").starts_with("max-age="));
    let planted = send(&router, get("/admin", OWNER)).await;
    assert_eq!(planted.status, StatusCode::SEE_OTHER, "a cookie without the prefix is not a session here");
}

/// A style under this answer's nonce would break the policy of the page that takes it in.
#[tokio::test]
async fn what_a_script_takes_into_a_page_brings_no_styles_of_its_own() {
    let router = router(Transport::Plain);
    assert!(send(&router, get("/admin", OWNER)).await.text.contains("<style nonce="));
    for boosted in [false, true] {
        let mut request = get("/admin", OWNER);
        request.headers_mut().insert("hx-request", "true".parse().unwrap());
        if boosted {
            request.headers_mut().insert("hx-boosted", "true".parse().unwrap());
        }
        let taken = send(&router, request).await;
        assert!(taken.text.contains("<main") && !taken.text.contains("<style"), "{}", taken.text);
    }
}

#[tokio::test]
async fn a_form_is_taken_from_our_own_page_only() {
    let router = router(Transport::Plain);
    let token = send(&router, get("/admin", OWNER)).await.csrf();
    let body = |token: &str| format!("name=Ann&_csrf={token}");

    let saved = send(&router, post("/admin/form", OWNER, body(&token))).await;
    assert_eq!((saved.status, saved.header("location")), (StatusCode::SEE_OTHER, "/admin"));

    let missing = send(&router, post("/admin/form", OWNER, "name=Ann".into())).await;
    assert_eq!(missing.status, StatusCode::FORBIDDEN);
    assert!(missing.text.contains("reload the page"), "the page says what to do");
    let wrong = send(&router, post("/admin/form", OWNER, body("AAAA"))).await;
    assert_eq!(wrong.status, StatusCode::FORBIDDEN);
    let of_another = send(&router, post("/admin/form", "bursar_session=clerk", body(&token))).await;
    assert_eq!(of_another.status, StatusCode::FORBIDDEN);

    let mut from_elsewhere = post("/admin/form", OWNER, body(&token));
    from_elsewhere.headers_mut().insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(send(&router, from_elsewhere).await.status, StatusCode::FORBIDDEN);

    let mut by_script = post("/admin/form", OWNER, "name=Ann".into());
    by_script.headers_mut().insert("x-csrf-token", token.parse().unwrap());
    assert_eq!(send(&router, by_script).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn before_signing_in_a_form_is_bound_to_the_visitor() {
    let router = router(Transport::Plain);
    let page = send(&router, get("/bare", "")).await;
    let cookie = page.cookies()[0].split(';').next().unwrap().to_owned();
    let body = format!("_csrf={}", page.csrf());
    assert_eq!(send(&router, post("/bare", &cookie, body.clone())).await.status, StatusCode::SEE_OTHER);
    assert_eq!(send(&router, post("/bare", "", body)).await.status, StatusCode::FORBIDDEN);
    assert!(!page.text.contains("typed-secret"), "a password is never put back on the page");
    assert!(page.text.contains("value=\"ann@northwind.example\""));
}

#[tokio::test]
async fn machines_need_no_form_token() {
    let router = router(Transport::Plain);
    let answer = send(&router, Request::post("/hook").body(Body::from("{}")).unwrap()).await;
    assert_eq!((answer.status, answer.text.as_str()), (StatusCode::OK, "taken"));
}

#[tokio::test]
async fn nobody_is_sent_to_sign_in_and_comes_back() {
    let router = router(Transport::Plain);
    let page = send(&router, get("/admin/invoices?status=open", "")).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_eq!(page.header("location"), "/admin/sign-in?return_to=%2Fadmin%2Finvoices%3Fstatus%3Dopen");
    assert_eq!(
        send(&router, get("/portal", "")).await.header("location"),
        "/portal/sign-in?return_to=%2Fportal"
    );
    let mut part = get("/admin", "");
    part.headers_mut().insert("hx-request", "true".parse().unwrap());
    let part = send(&router, part).await;
    assert_eq!(
        (part.status, part.header("hx-redirect")),
        (StatusCode::UNAUTHORIZED, "/admin/sign-in?return_to=%2Fadmin")
    );
}

#[tokio::test]
async fn what_one_may_not_know_of_is_not_there_and_what_one_may_not_do_is_named() {
    let router = router(Transport::Plain);
    assert_eq!(send(&router, get("/admin/invoices", OWNER)).await.status, StatusCode::OK);
    let clerk = send(&router, get("/admin/invoices", "bursar_session=clerk")).await;
    assert_eq!(clerk.status, StatusCode::FORBIDDEN);
    assert!(clerk.text.contains("billing.invoice.view"));
    let customer = send(&router, get("/admin/invoices", "bursar_session=customer")).await;
    assert_eq!(customer.status, StatusCode::NOT_FOUND);
    assert!(!customer.text.contains("billing.invoice.view"));
    assert_eq!(send(&router, get("/portal", OWNER)).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn failures_become_pages_that_tell_people_nothing_about_our_insides() {
    let router = router(Transport::Plain);
    for (path, status) in [
        ("/fault", 500),
        ("/panic", 500),
        ("/strict", 500),
        ("/away", 500),
        ("/denied", 403),
        ("/nowhere", 404),
        ("/slow", 504),
        ("/database-gone", 503),
    ] {
        let page = send(&router, get(path, "")).await;
        assert_eq!(page.status.as_u16(), status, "{path}");
        assert!(!page.text.contains("secret") && !page.text.contains("pool"), "{path}");
        assert!(page.text.contains(page.header("x-request-id")), "{path} shows the request's number");
        assert!(page.header("content-security-policy").contains("default-src 'none'"), "{path}");
    }
    let wrong_method = send(&router, get("/hook", "")).await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    let mut program = get("/nowhere", "");
    program.headers_mut().insert("accept", "application/json".parse().unwrap());
    let json: serde_json::Value = serde_json::from_str(&send(&router, program).await.text).unwrap();
    assert!(json["error"]["message"].is_string());
}

#[tokio::test]
async fn a_body_over_the_limit_is_refused_declared_or_not() {
    let router = router(Transport::Plain);
    let token = send(&router, get("/admin", OWNER)).await.csrf();
    let body = format!("_csrf={token}&name={}", "x".repeat(5000));
    let mut declared = post("/admin/form", OWNER, body.clone());
    declared.headers_mut().insert("content-length", body.len().into());
    assert_eq!(send(&router, declared).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    assert_eq!(send(&router, post("/admin/form", OWNER, body)).await.status, StatusCode::PAYLOAD_TOO_LARGE);
    let hook = Request::builder().method(Method::POST).uri("/hook").body(Body::from(vec![0; 5000])).unwrap();
    assert_eq!(send(&router, hook).await.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_visit_knows_where_it_comes_from_and_believes_only_our_own_proxy() {
    let router = router(Transport::Plain);
    let from = async |peer: Option<&str>, told: &str| {
        let mut request = get("/where", "");
        request.headers_mut().insert("x-forwarded-for", told.parse().unwrap());
        if let Some(peer) = peer {
            request.extensions_mut().insert(PeerAddress(peer.parse().unwrap()));
        }
        send(&router, request).await.text
    };
    assert_eq!(from(Some("203.0.113.9"), "127.0.0.1").await, "203.0.113.9 of 203.0.113.9");
    assert_eq!(from(Some(stage::PROXY), "127.0.0.1, 2001:db8::5").await, "2001:db8::5 of 2001:db8::/64");
    assert_eq!(from(None, "198.51.100.1").await, "0.0.0.0 of 0.0.0.0", "without a socket nobody is believed");
}

#[tokio::test]
async fn the_way_back_leads_to_our_own_host_only() {
    let router = router(Transport::Plain);
    let page = send(&router, get("/bare", "")).await;
    let cookie = page.cookies()[0].split(';').next().unwrap().to_owned();
    for (asked, got) in [
        ("/portal", "/portal"),
        ("//evil.example", "/admin"),
        ("https://evil.example", "/admin"),
        ("/\\evil.example", "/admin"),
    ] {
        let body = format!("_csrf={}&return_to={}", page.csrf(), asked.replace('\\', "%5C"));
        assert_eq!(send(&router, post("/bare", &cookie, body)).await.header("location"), got);
    }
}

#[tokio::test]
async fn a_refused_form_comes_back_with_its_errors_and_a_saved_one_with_a_message_shown_once() {
    let router = router(Transport::Plain);
    let token = send(&router, get("/admin", OWNER)).await.csrf();
    let refused = send(&router, post("/admin/form", OWNER, format!("_csrf={token}&name=&note=kept"))).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"error-name\"") && refused.text.contains("Please fill this in."));
    assert!(
        refused.text.contains("kept</textarea>") && refused.text.contains("aria-describedby=\"error-name")
    );

    let saved = send(&router, post("/admin/form", OWNER, format!("_csrf={token}&name=%3Ci%3E"))).await;
    let flash = saved.cookies()[0].split(';').next().unwrap().to_owned();
    let next = send(&router, get("/admin", &format!("{OWNER}; {flash}"))).await;
    assert!(next.text.contains("Saved &lt;i&gt;"));
    assert!(
        next.cookies()
            .iter()
            .any(|cookie| cookie.starts_with("bursar_flash=;") && cookie.contains("Max-Age=0"))
    );
}

#[tokio::test]
async fn the_colours_are_chosen_without_a_script_and_remembered() {
    let router = router(Transport::Plain);
    let token = send(&router, get("/admin", OWNER)).await.csrf();
    let body = format!("_csrf={token}&scheme=dark&return_to=/admin");
    let chosen = send(&router, post("/shell/scheme", OWNER, body)).await;
    assert_eq!(chosen.header("location"), "/admin");
    let cookie = chosen.cookies()[0].split(';').next().unwrap().to_owned();
    let page = send(&router, get("/admin", &format!("{OWNER}; {cookie}"))).await;
    assert!(
        page.text.contains("data-bs-theme=\"dark\"") && !page.text.contains("prefers-color-scheme: dark")
    );
}

#[tokio::test]
async fn assets_are_found_under_the_addresses_pages_use() {
    let router = router(Transport::Tls);
    let page = send(&router, get("/bare", "")).await;
    let addresses: BTreeSet<_> = page
        .text
        .split('"')
        .filter(|text| text.starts_with("/assets/"))
        .map(|text| text.split('#').next().unwrap())
        .collect();
    assert!(addresses.len() >= 5, "{addresses:?}");
    for address in addresses {
        let asset = send(&router, get(address, "")).await;
        assert_eq!(asset.status, StatusCode::OK, "{address}");
        assert_eq!(asset.header("x-content-type-options"), "nosniff");
        assert!(asset.cookies().is_empty());
    }
}

#[test]
fn routes_that_collide_or_ask_for_an_unknown_permission_cannot_be_registered() {
    let web = stage::web(Transport::Plain, false);
    let page = async || -> PageResult<&'static str> { Ok("") };
    let unknown = Routes::<()>::new("m").get("/admin/x", Permission("m.typo"), page).with_state(());
    let error = web.router(vec![unknown], &permissions()).unwrap_err();
    assert!(matches!(error, RouteError::UnknownPermission { permission: "m.typo", .. }));

    let first = Routes::<()>::new("a").get("/x", Public, page).with_state(());
    let second = Routes::<()>::new("b").get("/x", Public, page).with_state(());
    let error = web.router(vec![first, second], &permissions()).unwrap_err();
    assert!(matches!(error, RouteError::Duplicate { first: "a", second: "b", .. }));

    let inside = Routes::<()>::new("a").get("/assets/x", Public, page).with_state(());
    assert!(matches!(web.router(vec![inside], &permissions()).unwrap_err(), RouteError::BadPath { .. }));
}

#[test]
fn the_table_names_every_route_with_who_may_use_it() {
    let (_, table) = stage::web(Transport::Plain, false).router(vec![routes()], &permissions()).unwrap();
    let text = table.to_string();
    assert_eq!(table.rows().len(), 17);
    assert!(text.lines().any(|line| line.split_whitespace().eq([
        "GET",
        "/admin/invoices",
        "billing.invoice.view",
        "gallery"
    ])));
    assert!(text.lines().any(|line| line.split_whitespace().eq([
        "POST",
        "/shell/scheme",
        "public",
        "shell"
    ])));
}

#[tokio::test]
async fn the_language_is_the_browsers_until_one_is_chosen() {
    let router = router(Transport::Plain);
    let asking = |path: &str, cookie: &str| {
        let mut request = get(path, cookie);
        request.headers_mut().insert("accept-language", "de-AT,de;q=0.9,en;q=0.5".parse().unwrap());
        request
    };
    let page = send(&router, asking("/bare", "")).await;
    assert!(page.text.contains("lang=\"de\" dir=\"ltr\"") && page.text.contains("Zum Inhalt springen"));
    let staff = send(&router, asking("/admin", OWNER)).await;
    assert!(staff.text.contains("<html lang=\"en\""), "the office speaks the tenant's language");

    let cookie = page.cookies()[0].split(';').next().unwrap().to_owned();
    let body = format!("_csrf={}&locale=ar&return_to=/bare", page.csrf());
    let chosen = send(&router, post("/shell/language", &cookie, body)).await;
    assert_eq!((chosen.status, chosen.header("location")), (StatusCode::SEE_OTHER, "/bare"));
    let language = chosen.cookies()[0].split(';').next().unwrap().to_owned();
    let page = send(&router, asking("/bare", &format!("{cookie}; {language}"))).await;
    assert!(page.text.contains("lang=\"ar\" dir=\"rtl\""), "the choice beats the browser");
}

#[tokio::test]
async fn errors_are_told_in_the_readers_language() {
    let router = router(Transport::Plain);
    let missing = send(&router, get("/nowhere", "bursar_language=de")).await;
    assert!(missing.text.contains("Nicht gefunden") && missing.text.contains("Unter dieser Adresse"));
    let failed = send(&router, get("/fault", "bursar_language=fr")).await;
    assert!(failed.text.contains("de notre côté") && !failed.text.contains("our side"));
    let cookie = format!("{OWNER}; bursar_language=es");
    let token = send(&router, get("/admin", &cookie)).await.csrf();
    let refused = send(&router, post("/admin/form", &cookie, format!("_csrf={token}&name="))).await;
    assert!(refused.text.contains("Rellene este campo."));
    let mut program = get("/nowhere", "bursar_language=de");
    program.headers_mut().insert("accept", "application/json".parse().unwrap());
    assert!(send(&router, program).await.text.contains("nothing at this address"), "programs read English");
}

//! Where apps send people: signed in or led to the door, asked or not, and sent back with a code.

use axum::Extension;
use axum::extract::RawQuery;
use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_web::{Form, PageResult, Problem, Public, Routes, Surface, Visit};
use serde_json::{Value, json};

use super::apps::App;
use super::leave::{leave, with_parameters};
use super::request::{self, Ask, Asker, Refusal, Request, Step};
use super::scope::Scopes;
use super::{AUTHORISE, authorise};
use crate::gatehouse::Gatehouse;
use crate::sessions::Kind;
use crate::subject::Subject;
use crate::{policy, staff_gate};

const CONSENT: &str = "identity/apps/consent.html";
const CHOOSE: &str = "identity/apps/choose.html";
const WRONG: &str = "identity/apps/wrong.html";

pub(crate) fn routes() -> Routes {
    Routes::<()>::new("identity")
        .get(AUTHORISE, Public, authorise_page)
        .post(AUTHORISE, Public, answer)
        .with_state(())
}

/// Everything that is known of a request before it is decided.
struct Case {
    app: App,
    request: Request,
    who: Option<Asker>,
    allowed: Scopes,
    state: String,
}

/// A request that came so far, or the page that ends it.
enum Come {
    Case(Box<Case>),
    Answer(PageResult),
}

async fn authorise_page(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> PageResult {
    let query = query.unwrap_or_default();
    let case = match come(&visit, &cx, &house, &headers, &query).await? {
        Come::Case(case) => case,
        Come::Answer(answer) => return answer,
    };
    let here = format!("{AUTHORISE}?{query}");
    match request::next(&case.app, &case.request, case.who.as_ref(), case.allowed, visit.now()) {
        Step::SignIn(Some(surface)) => to(&visit, surface.sign_in_path(), &here),
        Step::SignIn(None) => visit.page(CHOOSE, choice(&case, &here)),
        Step::Prove(surface) => to(&visit, surface.confirm_path(), &here),
        Step::Ask => visit.page(CONSENT, question(&visit, &case, &query)),
        Step::Grant => grant(&visit, &cx, &house, &headers, &case).await,
        Step::Refuse(refusal) => refuse(&visit, &house, &headers, &case, refusal),
    }
}

/// The person's answer to the question. Everything is looked at again: the form only carries the request.
async fn answer(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let query = form.text("query").to_owned();
    let mut case = match come(&visit, &cx, &house, &headers, &query).await? {
        Come::Case(case) => case,
        Come::Answer(answer) => return answer,
    };
    if form.text("answer") != "allow" {
        return refuse(&visit, &house, &headers, &case, request::DENIED);
    }
    // The question was asked: what follows must not ask it again.
    case.request.prompt.consent = false;
    let scopes = case.request.scopes;
    let step = request::next(&case.app, &case.request, case.who.as_ref(), scopes, visit.now());
    match (step, &case.who) {
        (Step::Grant, Some(who)) => {
            authorise::allow(&cx, &case.app, who.subject, scopes).await?;
            grant(&visit, &cx, &house, &headers, &case).await
        }
        (Step::Refuse(refusal), _) => refuse(&visit, &house, &headers, &case, refusal),
        // They signed out or waited too long: from the beginning.
        _ => visit.redirect(format!("{AUTHORISE}?{query}")),
    }
}

/// Reads the request. What does not come from an app we know is answered here and leads nowhere.
async fn come(
    visit: &Visit,
    cx: &Cx,
    house: &Gatehouse,
    headers: &HeaderMap,
    query: &str,
) -> Result<Come, Problem> {
    let ask = Ask::parse(query);
    let wrong = |why: &str| Come::Answer(visit.refused_form(WRONG, json!({ "why": why })));
    let who = match asker(visit, cx, headers).await? {
        Standing::Nobody => None,
        Standing::Person(subject, session) => Some((subject, session)),
        Standing::Not(why) => return Ok(wrong(&visit.t(why))),
        Standing::Led(to) => return Ok(Come::Answer(visit.redirect(to))),
    };
    let Some((app, who, allowed)) = authorise::situation(cx, ask.get("client_id"), who).await? else {
        return Ok(wrong(&visit.t("identity-app-unknown")));
    };
    if !request::is_registered(&app, ask.get("redirect_uri")) {
        return Ok(wrong(&visit.t("identity-app-address")));
    }
    let state = ask.get("state").to_owned();
    match request::read(&app, &ask) {
        Ok(request) => Ok(Come::Case(Box::new(Case { app, request, who, allowed, state }))),
        Err(refusal) => {
            Ok(Come::Answer(send(visit, house, headers, ask.get("redirect_uri"), &state, refusal)))
        }
    }
}

enum Standing {
    Nobody,
    Person(Subject, [u8; 32]),
    /// Signed in, but not so that an app may know it; the text says why.
    Not(&'static str),
    /// Something must be done first.
    Led(String),
}

/// Who is there themself. Staff come only from where they may come to their own pages from.
async fn asker(visit: &Visit, cx: &Cx, headers: &HeaderMap) -> Result<Standing, Problem> {
    let Some(who) = visit.who() else { return Ok(Standing::Nobody) };
    if who.standing.is_token || who.standing.impersonator.is_some() {
        return Ok(Standing::Not("identity-app-not-you"));
    }
    if let Some(place) = who.standing.confined_to {
        return Ok(Standing::Led(place.to_owned()));
    }
    let Some(subject) = Subject::of(&who.actor) else { return Ok(Standing::Nobody) };
    if subject.kind == Kind::Staff {
        let rules = cx.read(async |tx: &mut Tx| policy::policy(tx).await).await?;
        if !staff_gate::admits(&rules, visit.client_ip(), headers, visit.now()) {
            return Ok(Standing::Not("identity-app-not-from-here"));
        }
    }
    Ok(Standing::Person(subject, who.session_hash))
}

fn to(visit: &Visit, page: &str, here: &str) -> PageResult {
    visit.redirect(with_parameters(page, &[("return_to", here)]))
}

fn choice(case: &Case, here: &str) -> Value {
    let door = |surface: Surface| with_parameters(surface.sign_in_path(), &[("return_to", here)]);
    json!({ "app": case.app.draft.name, "users": door(Surface::Customer), "staff": door(Surface::Staff) })
}

fn question(visit: &Visit, case: &Case, query: &str) -> Value {
    let scopes = case.request.scopes;
    let host = url::Url::parse(&case.request.redirect_uri)
        .ok()
        .and_then(|url| url.host_str().map(str::to_owned))
        .unwrap_or_default();
    json!({
        "app": case.app.draft.name, "host": host, "query": query, "here": AUTHORISE,
        "person": visit.who().map(|who| who.name.clone()), "profile": scopes.profile, "email": scopes.email,
        "offline": scopes.offline,
    })
}

async fn grant(visit: &Visit, cx: &Cx, house: &Gatehouse, headers: &HeaderMap, case: &Case) -> PageResult {
    let Some(who) = &case.who else { return Err(Problem::not_found()) };
    match authorise::issue(cx, &case.app, who, &case.request).await? {
        Some(code) => {
            let pairs = [("code", code.as_str()), ("state", &case.state), ("iss", &house.base)];
            leave(visit, headers, &with_parameters(&case.request.redirect_uri, &pairs))
        }
        None => refuse(visit, house, headers, case, request::TOO_MANY),
    }
}

fn refuse(visit: &Visit, house: &Gatehouse, headers: &HeaderMap, case: &Case, why: Refusal) -> PageResult {
    send(visit, house, headers, &case.request.redirect_uri, &case.state, why)
}

fn send(
    visit: &Visit,
    house: &Gatehouse,
    headers: &HeaderMap,
    address: &str,
    state: &str,
    why: Refusal,
) -> PageResult {
    let pairs = [
        ("error", why.error),
        ("error_description", why.description),
        ("state", state),
        ("iss", &house.base),
    ];
    leave(visit, headers, &with_parameters(address, &pairs))
}

//! The buttons of the door, the way back from a provider, and what the page Security says about them.

use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{
    CookieName, Flash, Form, LocalPath, PageResult, Problem, Public, Routes, SignedIn, Surface, Visit,
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::flow::{self, Begun, Outcome, Returned};
use super::refusal::Outside;
use super::{links, store};
use crate::challenges;
use crate::gatehouse::Gatehouse;
use crate::oidc::leave::leave;
use crate::pages::{by_surface, enter, security_page};
use crate::sessions::{Client, Kind};
use crate::subject::Subject;

/// Holds the token of a sign-in that this browser has begun at a provider.
const COOKIE: CookieName = CookieName::new("outside");

pub(crate) fn routes(surface: Surface) -> Routes {
    let on = |staff, customer| by_surface(surface, staff, customer);
    Routes::new("identity")
        .post(on("/admin/sign-in/with/{code}", "/portal/sign-in/with/{code}"), Public, begin)
        .get(on("/admin/sign-in/with/{code}/back", "/portal/sign-in/with/{code}/back"), Public, back)
        .post(
            on("/admin/security/providers/{code}", "/portal/security/providers/{code}"),
            SignedIn(surface),
            connect,
        )
        .fresh()
        .post(
            on("/admin/security/connections/{id}/remove", "/portal/security/connections/{id}/remove"),
            SignedIn(surface),
            disconnect,
        )
        .personal()
        .with_state(surface)
}

/// The providers of a door, for its page.
pub(crate) async fn buttons(cx: &Cx, kind: Kind) -> Result<Value, Fault> {
    let found = cx.read(async move |tx: &mut Tx| store::for_kind(tx, kind).await).await?;
    Ok(found.iter().map(|it| json!({ "code": it.code, "name": it.draft.name })).collect())
}

/// What somebody is connected with, and what they could be.
pub(crate) async fn of_person(tx: &mut Tx, who: Subject) -> Result<Value, Fault> {
    let linked = links::of_person(tx, who).await?;
    let offered = store::for_kind(tx, who.kind).await?;
    let linked: Vec<Value> = linked
        .iter()
        .map(|it| json!({ "id": it.id, "name": it.name, "email": it.email, "since": it.since }))
        .collect();
    let offered: Vec<Value> =
        offered.iter().map(|it| json!({ "code": it.code, "name": it.draft.name })).collect();
    Ok(json!({ "linked": linked, "offered": offered }))
}

/// Back to where the person was, with what they can do about it. What staff should look into goes to the log.
fn refused(visit: &Visit, on: Surface, why: Outside) -> PageResult {
    if let Outside::Fault(fault) = why {
        return Err(fault.into());
    }
    if let Outside::NotBelieved(_) = why {
        tracing::warn!("signing in by another service: {why}");
    }
    let is_inside = visit.who().is_some_and(|who| who.surface() == on);
    let to = if is_inside { security_page(on) } else { on.sign_in_path() };
    visit.redirect_with(to, Flash::danger(visit.refusal(&why)))
}

fn go(visit: &Visit, headers: &HeaderMap, begun: &Begun) -> PageResult {
    let mut response = leave(visit, headers, &begun.address)?;
    let seconds = u32::try_from(challenges::MINUTES * 60).expect("ten minutes are few seconds");
    visit.store_cookie(&mut response, COOKIE, &begun.token, Some(seconds));
    Ok(response)
}

async fn begin(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(code): Path<String>,
    headers: HeaderMap,
    form: Form,
) -> PageResult {
    let kind = Kind::of(on);
    let provider = flow::find(&cx, kind, code).await?.ok_or_else(Problem::not_found)?;
    let back = LocalPath::parse_or(Some(form.text("return_to")), on.home_path());
    let (nobody, network) = (Subject { kind, id: 0 }, Client::of(&visit).network);
    match flow::begin(&cx, &house, &provider, nobody, network, back.as_str().to_owned()).await {
        Ok(begun) => go(&visit, &headers, &begun),
        Err(why) => refused(&visit, on, why),
    }
}

async fn connect(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(code): Path<String>,
    headers: HeaderMap,
) -> PageResult {
    let provider = flow::find(&cx, Kind::of(on), code).await?.ok_or_else(Problem::not_found)?;
    let who = visit.who().and_then(|who| Subject::of(&who.actor)).ok_or_else(Problem::not_found)?;
    match flow::begin(&cx, &house, &provider, who, Client::of(&visit).network, String::new()).await {
        Ok(begun) => go(&visit, &headers, &begun),
        Err(why) => refused(&visit, on, why),
    }
}

/// What the provider sends along with the browser. An error of its own comes without a code.
#[derive(Debug, Deserialize)]
struct Answer {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
}

async fn back(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Extension(house): Extension<Gatehouse>,
    Path(code): Path<String>,
    Query(answer): Query<Answer>,
) -> PageResult {
    let kind = Kind::of(on);
    let provider = flow::find(&cx, kind, code).await?.ok_or_else(Problem::not_found)?;
    let present = visit.who().and_then(|who| Subject::of(&who.actor));
    let token = visit.cookie(COOKIE).unwrap_or_default();
    let returned = Returned { token, state: answer.state, code: answer.code };
    let came = flow::finish(&cx, &house, &provider, present, returned, (kind, Client::of(&visit))).await;
    let mut response = match came {
        Ok(Outcome::Entered(entry, to)) => {
            enter(&visit, &entry, on, &LocalPath::parse_or(Some(&to), on.home_path()))?
        }
        Ok(Outcome::Connected) => {
            visit.redirect_with(security_page(on), Flash::success(visit.t("identity-outside-connected")))?
        }
        Err(why) => refused(&visit, on, why)?,
    };
    visit.clear_cookie(&mut response, COOKIE);
    Ok(response)
}

async fn disconnect(
    visit: Visit,
    State(on): State<Surface>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let who = visit.who().and_then(|who| Subject::of(&who.actor)).ok_or_else(Problem::not_found)?;
    links::disconnect(&cx, who, id).await?;
    visit.redirect_with(security_page(on), Flash::success(visit.t("identity-outside-disconnected")))
}

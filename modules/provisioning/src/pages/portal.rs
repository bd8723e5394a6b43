//! A customer's own services: how they are, how to get in, and what may be done to them.

use axum::Extension;
use axum::body::Body;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_hosting::Door;
use bursar_web::{Flash, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::usage::{self, Span};
use super::{Pages, views};
use crate::actions::{Entrance, Offers, ask_service, has_password, list_of_customer, reveal, sign_in};
use crate::error::ProvisionError;
use crate::permissions::{PORTAL_SERVICE_OPERATE, PORTAL_SERVICE_VIEW, SERVICE_OPERATE};
use crate::policy::{Action, takes_errands};
use crate::service::Service;
use crate::{operations, store};

const LIST: &str = "provisioning/services/portal_list.html";
const SHOW: &str = "provisioning/services/portal_show.html";
const ROWS: i64 = 25;
const DOORS: [Door; 4] = [Door::Panel, Door::Console, Door::Webmail, Door::ResellerPanel];

#[derive(Debug, Deserialize)]
struct Page {
    before: Option<i64>,
}

pub(super) fn routes(pages: Pages) -> Routes {
    Routes::new("provisioning")
        .get("/portal/services", Permission(PORTAL_SERVICE_VIEW), list)
        .get("/portal/services/{id}", Permission(PORTAL_SERVICE_VIEW), show)
        .post("/portal/services/{id}/ask/{action}", Permission(PORTAL_SERVICE_OPERATE), ask)
        .post("/portal/services/{id}/reveal", Permission(PORTAL_SERVICE_OPERATE), show_password)
        // A link and no form: a form may not lead to another host.
        .get("/portal/services/{id}/open/{door}", Permission(PORTAL_SERVICE_OPERATE), open)
        .with_state(pages)
}

/// The customer somebody acts for.
fn own(visit: &Visit) -> PageResult<i64> {
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    customers.first().copied().ok_or_else(Problem::not_found)
}

/// A service of the customer's own; somebody else's does not exist.
async fn own_service(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Service> {
    let customer = own(visit)?;
    let found = cx.read(async move |tx: &mut Tx| store::find(tx, id).await).await?;
    found.filter(|service| service.customer_id == customer).ok_or_else(Problem::not_found)
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(page): Query<Page>) -> PageResult {
    let customer = own(&visit)?;
    let before = page.before.unwrap_or(i64::MAX);
    let mut rows =
        cx.read(async move |tx: &mut Tx| list_of_customer(tx, customer, before, ROWS + 1).await).await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|last| format!("/portal/services?before={}", last.id));
    let rows: Vec<Value> = rows.iter().map(views::service).collect();
    visit.page(LIST, json!({ "rows": rows, "next": next.unwrap_or_default() }))
}

async fn show(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(span): Query<Span>,
) -> PageResult {
    let service = own_service(&visit, &cx, id).await?;
    page(&visit, &pages, &cx, &service, span, None).await
}

/// The page, with the password when it was asked for: it is written nowhere else.
async fn page(
    visit: &Visit,
    pages: &Pages,
    cx: &Cx,
    service: &Service,
    span: Span,
    revealed: Option<&Entrance>,
) -> PageResult {
    let id = service.id;
    let drivers = pages.drivers.clone();
    let (resource, open, usage) = cx
        .read(async move |tx: &mut Tx| {
            let resource = store::resource_of(tx, id).await?;
            let usage = usage::read(tx, &drivers, id, resource.as_ref(), span).await?;
            Ok::<_, Fault>((resource, operations::open_of(tx, id).await?, usage))
        })
        .await?;
    let offers = Offers::of(&pages.drivers, resource.as_ref());
    let operate = visit.can(PORTAL_SERVICE_OPERATE) && takes_errands(service.state, service.desired());
    let is_there = resource.as_ref().is_some_and(|resource| resource.reference.is_some());
    let with_password =
        resource.as_ref().is_some_and(|it| it.password_sealed.is_some() && has_password(&pages.drivers, it));
    let with_secrets = resource.as_ref().is_some_and(|it| it.shown.has_secrets);
    visit.page(
        SHOW,
        json!({
            "service": views::service(service),
            "may_pay": cx.can(bursar_billing::permissions::PORTAL_INVOICE_PAY),
            "access": resource.as_ref().map(views::access).unwrap_or_default(),
            "addresses": resource.as_ref().map(|it| it.shown.addresses.clone()).unwrap_or_default(),
            "plan": resource.as_ref().map(|it| it.shown.plan.clone()).unwrap_or_default(),
            "is_busy": open.as_ref().is_some_and(|it| it.action != Action::Leave),
            "percent": open.and_then(|it| it.percent),
            "actions": if operate { offers.actions } else { Vec::new() },
            "doors": if operate && is_there { offers.doors } else { Vec::new() },
            "may_reveal": operate && is_there && revealed.is_none() && (with_password || with_secrets),
            "with_secrets": with_secrets, "usage": usage,
            "password": revealed.and_then(|it| it.password.as_ref()).map(|it| it.expose()),
            "secrets": revealed.map(secrets).unwrap_or_default(),
        }),
    )
}

fn secrets(entrance: &Entrance) -> Vec<Value> {
    let all = entrance.secrets.iter();
    all.map(|(kind, value)| json!({ "kind": kind, "value": value.expose() })).collect()
}

async fn ask(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path((id, action)): Path<(i64, String)>,
) -> PageResult {
    let service = own_service(&visit, &cx, id).await?;
    let action =
        Action::parse(&action).filter(|action| action.is_asked_for()).ok_or_else(Problem::not_found)?;
    let cx = cx.with_grants(&[SERVICE_OPERATE]);
    let done = ask_service(&cx, &pages.drivers, &pages.seals, service.id, action).await;
    let to = format!("/portal/services/{id}");
    match done {
        Ok(()) => visit.redirect_with(to, Flash::success(visit.t("provisioning-asked"))),
        Err(error) => refused(&visit, &to, error),
    }
}

/// On the page itself and only once: it must not lie in the browser's history or a cache.
async fn show_password(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let service = own_service(&visit, &cx, id).await?;
    match reveal(&cx.with_grants(&[SERVICE_OPERATE]), &pages.drivers, &pages.seals, service.id).await {
        Ok(entrance) => page(&visit, &pages, &cx, &service, Span::default(), Some(&entrance)).await,
        Err(error) => refused(&visit, &format!("/portal/services/{id}"), error),
    }
}

async fn open(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path((id, door)): Path<(i64, String)>,
) -> PageResult {
    let service = own_service(&visit, &cx, id).await?;
    let door = DOORS.into_iter().find(|known| known.code() == door).ok_or_else(Problem::not_found)?;
    match sign_in(&cx.with_grants(&[SERVICE_OPERATE]), &pages.drivers, service.id, door).await {
        Ok(link) => away(link.expose()),
        Err(error) => refused(&visit, &format!("/portal/services/{id}"), error),
    }
}

/// To the panel. The address lets in whoever has it: it is kept nowhere on the way.
fn away(link: &str) -> PageResult {
    let location = HeaderValue::from_str(link).map_err(|e| Fault::wrap("a sign-in link is no address", e))?;
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    response.headers_mut().insert(header::LOCATION, location);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn refused(visit: &Visit, to: &str, error: ProvisionError) -> PageResult {
    match error.kind() {
        ErrorKind::Conflict => visit.redirect_with(to, Flash::warning(visit.refusal(&error))),
        _ => Err(error.into()),
    }
}

//! One service for staff, what they may do to it, and suspensions that wait for their word.

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_hosting::Sight;
use bursar_ids::Id;
use bursar_inventory::HostingDrivers;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::usage::{self, Span};
use super::{Pages, moving, views};
use crate::actions::{
    self, Offers, ask_service, resume_service, retry_service, start_service, suspend_service,
    terminate_service,
};
use crate::dated::start_service_on;
use crate::error::ProvisionError;
use crate::permissions::{SERVICE_OPERATE, SERVICE_TERMINATE, SERVICE_VIEW, SUSPENSION_RELEASE};
use crate::policy::{Action, Desired, takes_errands};
use crate::service::Resource;
use crate::suspension::{Word, count_held, list_held, release};
use crate::{history, operations, places, store};

const SHOW: &str = "provisioning/services/admin_show.html";
const HELD: &str = "provisioning/services/admin_held.html";
const ROWS: i64 = 50;

pub(super) fn routes(pages: Pages) -> Routes {
    Routes::new("provisioning")
        .get("/admin/services/{id}", Permission(SERVICE_VIEW), show)
        .post("/admin/services/{id}/retry", Permission(SERVICE_OPERATE), again)
        .post("/admin/services/{id}/start", Permission(SERVICE_OPERATE), start)
        .post("/admin/services/{id}/start-on", Permission(SERVICE_OPERATE), start_on)
        .post("/admin/services/{id}/suspend", Permission(SERVICE_OPERATE), suspend)
        .post("/admin/services/{id}/resume", Permission(SERVICE_OPERATE), resume)
        .post("/admin/services/{id}/terminate", Permission(SERVICE_TERMINATE), terminate)
        .post("/admin/services/{id}/ask/{action}", Permission(SERVICE_OPERATE), ask)
        .get("/admin/suspensions", Permission(SUSPENSION_RELEASE), held)
        .post("/admin/suspensions", Permission(SUSPENSION_RELEASE), decide)
        .with_state(pages)
}

/// The order of a service by its number, and whether its money is still held.
async fn order_view(tx: &mut Tx, id: Option<i64>) -> Result<Option<Value>, Fault> {
    let Some(id) = id else { return Ok(None) };
    let Some(order) = bursar_ordering::find_order(tx, id).await? else { return Ok(None) };
    let is_held = match order.invoice_id {
        Some(invoice) => bursar_billing::settle::is_held(tx, invoice).await?,
        None => false,
    };
    Ok(Some(json!({ "number": order.number, "is_held": is_held })))
}

async fn show(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(span): Query<Span>,
) -> PageResult {
    let (asked, drivers) = (visit.clone(), pages.drivers.clone());
    let found = cx
        .read(async move |tx: &mut Tx| {
            let Some(service) = store::find(tx, id).await? else { return Ok::<_, Fault>(None) };
            let resource = store::resource_of(tx, id).await?;
            let server = match &resource {
                Some(resource) if resource.server_id != 0 => {
                    places::server_name(tx, resource.server_id).await?
                }
                Some(_) | None => String::new(),
            };
            let customer = bursar_customers::find(tx, Id::new(service.customer_id)).await?;
            let order = order_view(tx, service.order_id).await?;
            let open = operations::open_of(tx, id).await?;
            let (done, moves) = (history::done(tx, id).await?, history::moves(tx, id).await?);
            let place = moving::read(tx, &asked, &service, resource.as_ref(), open.as_ref()).await?;
            let usage = usage::read(tx, &drivers, id, resource.as_ref(), span).await?;
            Ok(Some((service, resource, server, (customer, order), open, done, moves, place, usage)))
        })
        .await?;
    let (service, resource, server, (customer, order), open, done, moves, place, usage) =
        found.ok_or_else(Problem::not_found)?;
    let operate = visit.can(SERVICE_OPERATE) && !service.state.is_over();
    let offers = Offers::of(&pages.drivers, resource.as_ref());
    let is_free = open.as_ref().is_none_or(|open| open.action == Action::Leave);
    let may_ask = operate && is_free && takes_errands(service.state, service.desired());
    let is_failed = service.state == crate::State::Failed;
    visit.page(
        SHOW,
        json!({
            "service": views::service(&service),
            "customer": customer.map(|customer| customer.details.postal.display_name()), "order": order,
            "resource": resource.as_ref().map(|resource| views::resource(&pages.drivers, resource, &server)),
            "is_hidden": resource.as_ref().is_some_and(|it| is_hidden(&pages.drivers, it)),
            "operations": done.iter().map(views::done).collect::<Vec<Value>>(), "moves": moves,
            "actions": if may_ask { offers.actions } else { Vec::new() },
            "place": place, "usage": usage,
            "may_retry": operate && (is_failed || open.is_some()),
            "may_start": operate && !service.facts.is_started && !service.facts.is_ended,
            "may_suspend": operate && service.desired() == Desired::Active,
            "may_resume": operate && service.desired() == Desired::Suspended && service.archived_until.is_none(),
            "may_terminate": visit.can(SERVICE_TERMINATE) && !service.facts.is_ended,
        }),
    )
}

/// Whether nobody can look at it at its vendor.
fn is_hidden(drivers: &HostingDrivers, resource: &Resource) -> bool {
    drivers.manifest(&resource.driver).is_some_and(|manifest| manifest.sight == Sight::Blind)
}

async fn again(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    answer(&visit, id, retry_service(&cx, id).await, "It is tried again now.")
}

async fn start(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    answer(&visit, id, start_service(&cx, id).await, "It is being made.")
}

async fn start_on(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let Some(on) = form.date("on") else {
        return visit.redirect_with(page_of(id), Flash::danger("Enter a date such as 2026-12-31."));
    };
    answer(&visit, id, start_service_on(&cx, id, on).await, &format!("It is made on {on}."))
}

async fn suspend(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    answer(&visit, id, suspend_service(&cx, id, form.text("reason")).await, "It is being suspended.")
}

async fn resume(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    answer(&visit, id, resume_service(&cx, id).await, "It is being given back.")
}

async fn terminate(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let service = actions::look_at(&cx, id).await?;
    // Nothing of it comes back: whoever removes it types which one they mean.
    if form.text("label").trim() != service.label.trim() {
        let wrong = format!("To remove it, type its name: {}", service.label);
        return visit.redirect_with(page_of(id), Flash::danger(wrong));
    }
    answer(&visit, id, terminate_service(&cx, id).await, "It is being removed.")
}

async fn ask(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path((id, action)): Path<(i64, String)>,
) -> PageResult {
    let action =
        Action::parse(&action).filter(|action| action.is_asked_for()).ok_or_else(Problem::not_found)?;
    let done = ask_service(&cx, &pages.drivers, &pages.seals, id, action).await;
    answer(&visit, id, done, "It is being done.")
}

pub(super) fn page_of(id: i64) -> String {
    format!("/admin/services/{id}")
}

/// Back to the service, with what was done or why it was not.
pub(super) fn answer(visit: &Visit, id: i64, done: Result<(), ProvisionError>, told: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with(page_of(id), Flash::success(told)),
        Err(error) => match error.kind() {
            ErrorKind::Invalid(_) | ErrorKind::Conflict => {
                visit.redirect_with(page_of(id), Flash::danger(error.message()))
            }
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
                Err(error.into())
            }
        },
    }
}

#[derive(Debug, Deserialize)]
struct Page {
    after: Option<i64>,
}

async fn held(visit: Visit, Extension(cx): Extension<Cx>, Query(page): Query<Page>) -> PageResult {
    let (mut rows, count, names) = cx
        .read(async move |tx: &mut Tx| {
            let rows = list_held(tx, page.after.unwrap_or(i64::MIN), ROWS + 1).await?;
            let customers: Vec<i64> = rows.iter().map(|row| row.customer_id).collect();
            let names = bursar_customers::names(tx, &customers).await?;
            Ok::<_, Fault>((rows, count_held(tx).await?, names))
        })
        .await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next =
        rows.last().filter(|_| more).map(|last| format!("/admin/suspensions?after={}", last.service_id));
    let rows = rows.iter().map(|row| {
        let mut shown = json!(row);
        shown["customer"] = json!(names.get(&row.customer_id));
        shown
    });
    visit.page(
        HELD,
        json!({ "rows": rows.collect::<Vec<_>>(), "count": count, "next": next.unwrap_or_default() }),
    )
}

async fn decide(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let word = if form.text("word") == "suspend" { Word::Suspend } else { Word::Leave };
    let shown = form.value("count", "Enter a number.").unwrap_or_default();
    let flash = match release(&cx, word, shown).await {
        Ok(done) if word == Word::Suspend => Flash::success(format!("{done} services are being suspended.")),
        Ok(done) => Flash::success(format!("{done} services are left as they are.")),
        Err(error) if matches!(error.kind(), ErrorKind::Conflict) => Flash::danger(error.message()),
        Err(error) => return Err(error.into()),
    };
    visit.redirect_with("/admin/suspensions", flash)
}

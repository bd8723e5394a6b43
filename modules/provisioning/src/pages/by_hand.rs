//! What waits for staff's hands, and saying that it is done.

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_hosting::handwork::{Act, Report};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Pages, plan};
use crate::by_hand::{self, Task, finish_task, list_tasks};
use crate::error::ProvisionError;
use crate::permissions::{SERVICE_OPERATE, SERVICE_VIEW};
use crate::{places, store};

const LIST: &str = "provisioning/services/admin_tasks.html";
const SHOW: &str = "provisioning/services/admin_task.html";
const ROWS: i64 = 50;
const LONGEST_CELL: usize = 80;

pub(super) fn routes(pages: Pages) -> Routes {
    Routes::new("provisioning")
        .get("/admin/tasks", Permission(SERVICE_VIEW), list)
        .get("/admin/tasks/{service}", Permission(SERVICE_OPERATE), show)
        .post("/admin/tasks/{service}", Permission(SERVICE_OPERATE), finish)
        .with_state(pages)
}

#[derive(Debug, Deserialize)]
struct Page {
    after: Option<i64>,
}

fn what(act: Act) -> &'static str {
    match act {
        Act::Create => "Make it",
        Act::Suspend => "Take it away from the customer, and keep everything",
        Act::Resume => "Give it back",
        Act::Resize => "Change its plan",
        Act::Terminate => "Remove it with everything in it",
    }
}

fn row(task: &Task, customer: Option<&String>) -> Value {
    // Instructions stand on the task's own page.
    let short = task.to_do.plan.values().filter(|value| value.len() <= LONGEST_CELL && !value.contains('\n'));
    let plan: Vec<&str> = short.map(String::as_str).collect();
    json!({
        "service_id": task.service_id, "label": task.label, "customer_id": task.customer_id, "customer": customer,
        "what": what(task.to_do.act), "plan": plan.join(", "), "since": task.to_do.asked_at * 1_000_000,
        "reference": task.reference,
    })
}

async fn list(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Query(page): Query<Page>,
) -> PageResult {
    let (tasks, next) = list_tasks(&cx, &pages.drivers, page.after.unwrap_or(i64::MIN), ROWS).await?;
    let customers: Vec<i64> = tasks.iter().map(|task| task.customer_id).collect();
    let names = cx.read(async move |tx: &mut Tx| bursar_customers::names(tx, &customers).await).await?;
    let rows: Vec<Value> = tasks.iter().map(|task| row(task, names.get(&task.customer_id))).collect();
    let next = next.map(|after| format!("/admin/tasks?after={after}")).unwrap_or_default();
    visit.page(LIST, json!({ "rows": rows, "next": next, "may_finish": visit.can(SERVICE_OPERATE) }))
}

async fn show(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(service): Path<i64>,
) -> PageResult {
    let context = context(&pages, &cx, service, &Form::filled(Vec::<(String, String)>::new())).await?;
    visit.page(SHOW, context)
}

async fn finish(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(service): Path<i64>,
    mut form: Form,
) -> PageResult {
    let report = Report {
        reference: form.text("reference").to_owned(),
        addresses: form.text("addresses").split([',', '\n', ' ']).map(str::to_owned).collect(),
        told: form.text("told").to_owned(),
        notes: form.text("notes").to_owned(),
    };
    match finish_task(&cx, service, form.text("key"), report).await {
        Ok(()) => visit.redirect_with("/admin/tasks", Flash::success("It is marked as done.")),
        Err(ProvisionError::Refused(why)) => visit.redirect_with("/admin/tasks", Flash::warning(why)),
        Err(ProvisionError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(SHOW, context(&pages, &cx, service, &form).await?)
        }
        Err(error) => Err(error.into()),
    }
}

async fn context(pages: &Pages, cx: &Cx, id: i64, form: &Form) -> PageResult<Value> {
    let found = cx
        .read(async move |tx: &mut Tx| {
            let (service, resource) = (store::find(tx, id).await?, by_hand::asked_of(tx, id).await?);
            let (Some(service), Some(resource)) = (service, resource) else { return Ok::<_, Fault>(None) };
            let card = by_hand::card_of(tx, resource.server_id, &resource.tag).await?;
            let names = bursar_customers::names(tx, &[service.customer_id]).await?;
            let addresses: Vec<String> = match places::find(tx, places::key(&service, &resource)).await? {
                Some(place) => place.addresses.iter().map(|it| it.ip.to_string()).collect(),
                None => Vec::new(),
            };
            Ok(card.map(|card| (service, resource.driver, card, names, addresses)))
        })
        .await?;
    let (service, driver, card, names, addresses) = found.ok_or_else(Problem::not_found)?;
    let thing = card.thing.as_ref();
    let to_do = card.to_do.as_ref().map(|to_do| {
        json!({
            "key": to_do.key, "what": what(to_do.act), "is_making": to_do.act == Act::Create,
            "is_removal": to_do.act == Act::Terminate, "plan": plan::in_words(&pages.drivers, &driver, &to_do.plan), "name": to_do.name,
            "reason": to_do.reason, "since": to_do.asked_at * 1_000_000,
        })
    });
    Ok(json!({
        "form": form.view(), "to_do": to_do,
        "service": { "id": service.id, "label": service.label, "name": service.name,
            "customer_id": service.customer_id, "customer": names.get(&service.customer_id) },
        "thing": thing.map(|it| json!({ "reference": it.reference, "plan": plan::in_words(&pages.drivers, &driver, &it.plan), "addresses": it.addresses,
            "told": it.told, "notes": it.notes })),
        "reserved": addresses,
    }))
}

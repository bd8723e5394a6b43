//! Groups of servers.

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{refuse, sentence};
use crate::drivers::HostingDrivers;
use crate::groups::save::{remove_group, save_group};
use crate::groups::{Fill, Group, GroupDetails, find_group, members};
use crate::permissions::{SERVER_EDIT, SERVER_VIEW};
use crate::servers::servers_of_driver;

const EDIT: &str = "inventory/groups/admin_edit.html";
/// Servers offered for a group.
const MOST_SERVERS: i64 = 1_000;

pub(super) fn routes(drivers: HostingDrivers) -> Routes {
    Routes::new("inventory")
        .get("/admin/server-groups/new", Permission(SERVER_EDIT), new_page)
        .post("/admin/server-groups/new", Permission(SERVER_EDIT), create)
        .get("/admin/server-groups/{id}", Permission(SERVER_VIEW), edit_page)
        .post("/admin/server-groups/{id}", Permission(SERVER_EDIT), save)
        .post("/admin/server-groups/{id}/remove", Permission(SERVER_EDIT), remove)
        .with_state(drivers)
}

fn at(id: i64) -> String {
    format!("/admin/server-groups/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<Group> {
    let found = cx.read(async move |tx: &mut Tx| find_group(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

#[derive(Debug, Deserialize)]
struct Of {
    driver: Option<String>,
}

async fn new_page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Query(of): Query<Of>,
) -> PageResult {
    let first = drivers.manifests().next().map_or("", |it| it.id);
    let driver = of.driver.filter(|id| drivers.manifest(id).is_some()).unwrap_or_else(|| first.to_owned());
    let form = Form::filled([("driver", driver.as_str()), ("fill", Fill::LeastUsed.code())]);
    visit.page(EDIT, context(&cx, &drivers, None, &form, &driver).await?)
}

async fn create(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let (details, members) = typed(&mut form, &drivers);
    let driver = details.driver.clone();
    if !form.is_refused() {
        match save_group(&cx, &drivers, None, details, members).await {
            Ok(id) => return visit.redirect_with(at(id), Flash::success("The group is there.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, &drivers, None, &form, &driver).await?)
}

async fn edit_page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let group = known(&cx, id).await?;
    let members = cx.read(async move |tx: &mut Tx| members(tx, id).await).await?;
    let mut values = vec![
        ("version".to_owned(), group.version.to_string()),
        ("name".to_owned(), group.details.name.clone()),
        ("driver".to_owned(), group.details.driver.clone()),
        ("fill".to_owned(), group.details.fill.code().to_owned()),
    ];
    for (place, member) in members.iter().enumerate() {
        values.push(("member".to_owned(), member.server_id.to_string()));
        values.push((format!("place_{}", member.server_id), (place + 1).to_string()));
    }
    let form = Form::filled(values);
    let mut context = context(&cx, &drivers, Some(&group), &form, &group.details.driver).await?;
    context["may_edit"] = json!(visit.can(SERVER_EDIT));
    visit.page(EDIT, context)
}

async fn save(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let group = known(&cx, id).await?;
    let (details, members) = typed(&mut form, &drivers);
    let driver = details.driver.clone();
    let seen = form.value("version", "Load the page again.").unwrap_or_default();
    if !form.is_refused() {
        match save_group(&cx, &drivers, Some((id, seen)), details, members).await {
            Ok(_) => return visit.redirect_with(at(id), Flash::success("The group is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, &drivers, Some(&group), &form, &driver).await?)
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    match remove_group(&cx, id).await {
        Ok(()) => visit.redirect_with("/admin/server-groups", Flash::success("The group is removed.")),
        Err(error) => visit.redirect_with(at(id), Flash::danger(sentence(error)?)),
    }
}

/// The group and its servers in the order of their places; those without a number come last.
fn typed(form: &mut Form, drivers: &HostingDrivers) -> (GroupDetails, Vec<i64>) {
    let fill = Fill::parse(form.text("fill"));
    if fill.is_none() {
        form.refuse("fill", "Choose one from the list.");
    }
    if drivers.manifest(form.text("driver")).is_none() {
        form.refuse("driver", "Choose a driver from the list.");
    }
    let mut members: Vec<(i64, i64)> = form
        .all("member")
        .filter_map(|text| text.parse::<i64>().ok())
        .map(|id| (form.text(&format!("place_{id}")).parse().unwrap_or(i64::MAX), id))
        .collect();
    members.sort_unstable();
    members.dedup_by_key(|(_, id)| *id);
    let details = GroupDetails {
        name: form.required("name", 100),
        driver: form.text("driver").to_owned(),
        fill: fill.unwrap_or(Fill::LeastUsed),
    };
    (details, members.into_iter().map(|(_, id)| id).collect())
}

async fn context(
    cx: &Cx,
    drivers: &HostingDrivers,
    group: Option<&Group>,
    form: &Form,
    driver: &str,
) -> Result<Value, Fault> {
    let of = driver.to_owned();
    let servers = cx.read(async move |tx: &mut Tx| servers_of_driver(tx, &of, 0, MOST_SERVERS).await).await?;
    let ticked: Vec<i64> = form.all("member").filter_map(|text| text.parse().ok()).collect();
    let mut servers: Vec<Value> = servers
        .into_iter()
        .map(|it| {
            let place = form.text(&format!("place_{}", it.id)).to_owned();
            json!({
                "id": it.id, "name": it.details.name, "mode": it.details.mode, "health": it.health,
                "weight": it.details.weight, "limit": it.details.seat_limit,
                "is_in": ticked.contains(&it.id), "place": place,
            })
        })
        .collect();
    servers.sort_by_key(|it| {
        let place = it["place"].as_str().and_then(|text| text.parse::<i64>().ok()).unwrap_or(i64::MAX);
        (it["is_in"] != json!(true), place)
    });
    let all: Vec<Value> = drivers.manifests().map(|it| json!({ "value": it.id, "label": it.name })).collect();
    let fills: Vec<Value> =
        Fill::ALL.iter().map(|it| json!({ "value": it.code(), "label": it.label() })).collect();
    Ok(json!({
        "form": form.view(), "id": group.map(|it| it.id), "may_edit": true,
        "name": group.map_or("", |it| it.details.name.as_str()), "driver": driver,
        "drivers": all, "fills": fills, "servers": servers,
    }))
}

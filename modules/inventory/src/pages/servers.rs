//! Servers: their page, their form, and what can be asked of them.

use std::collections::BTreeSet;

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_hosting::{Manifest, capabilities};
use bursar_outbound::Settings;
use bursar_vault::Secret;
use bursar_web::{Flash, Form, PageResult, PanelQuery, Permission, Problem, Routes, Visit, size_text};
use serde::Deserialize;
use serde_json::{Value, json};

use super::fields::{self, Offers, Required};
use super::{chosen, number, refuse, region_options, sentence, text_of};
use crate::drivers::HostingDrivers;
use crate::permissions::{SERVER_EDIT, SERVER_VIEW};
use crate::regions::find_region;
use crate::servers::health::{Known, health_of};
use crate::servers::listing::refresh_listings;
use crate::servers::probe::probe_server;
use crate::servers::save::{add_server, edit_server, groups_of, pin_certificate, remove_server, set_mode};
use crate::servers::supply::{FIELD, Supplied, add_supply, supplies};
use crate::servers::{HealthState, Server, ServerDetails, ServerMode, find_server, seats_taken, secrets_set};

const NEW: &str = "inventory/servers/admin_new.html";
const EDIT: &str = "inventory/servers/admin_edit.html";
const SHOW: &str = "inventory/servers/admin_show.html";
/// What others show about a server stands on this page.
const PAGE: &str = "inventory.server";

pub(super) fn routes(drivers: HostingDrivers) -> Routes {
    let edit = || Permission(SERVER_EDIT);
    Routes::new("inventory")
        .get("/admin/servers/new", edit(), new_page)
        .post("/admin/servers/new", edit(), create)
        .fresh()
        .get("/admin/servers/{id}", Permission(SERVER_VIEW), page)
        .get("/admin/servers/{id}/edit", edit(), edit_page)
        .fresh()
        .post("/admin/servers/{id}/edit", edit(), save)
        .fresh()
        .post("/admin/servers/{id}/test", edit(), test)
        .post("/admin/servers/{id}/pin", edit(), pin)
        .fresh()
        .post("/admin/servers/{id}/lists", edit(), ask_lists)
        .post("/admin/servers/{id}/supply/{setting}", edit(), supply)
        .post("/admin/servers/{id}/mode", edit(), change_mode)
        .post("/admin/servers/{id}/remove", edit(), remove)
        .with_state(drivers)
}

fn at(id: i64) -> String {
    format!("/admin/servers/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<Server> {
    let found = cx.read(async move |tx: &mut Tx| find_server(tx, id).await).await?;
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
    let Some(manifest) = of.driver.as_deref().and_then(|id| drivers.manifest(id)) else {
        let all: Vec<Value> = drivers
            .manifests()
            .map(|it| json!({ "id": it.id, "name": it.name, "summary": it.summary }))
            .collect();
        return visit.page(NEW, json!({ "drivers": all }));
    };
    let mut values = vec![
        ("driver".to_owned(), manifest.id.to_owned()),
        ("mode".to_owned(), ServerMode::Enabled.code().to_owned()),
        ("weight".to_owned(), "1".to_owned()),
    ];
    values.extend(fields::filled(manifest.server_settings, &fields::defaults(manifest.server_settings)));
    let context = context(&cx, manifest, None, &Form::filled(values), &BTreeSet::new()).await?;
    visit.page(EDIT, context)
}

async fn create(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let manifest = drivers.manifest(form.text("driver")).ok_or_else(Problem::not_found)?;
    let details = typed(&mut form, manifest);
    let secrets = fields::typed_secrets(&form, manifest.server_settings);
    if !form.is_refused() {
        match add_server(&cx, &drivers, details, secrets).await {
            Ok(id) => {
                let said = "The server is there. Try the connection, then put it into a group.";
                return visit.redirect_with(at(id), Flash::success(said));
            }
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, manifest, None, &form, &BTreeSet::new()).await?)
}

async fn edit_page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let server = known(&cx, id).await?;
    let manifest = drivers.get_manifest(&server.details.driver)?;
    let set = cx.read(async move |tx: &mut Tx| secrets_set(tx, id).await).await?;
    let form = filled(&server, manifest);
    visit.page(EDIT, context(&cx, manifest, Some(&server), &form, &set).await?)
}

async fn save(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let server = known(&cx, id).await?;
    let manifest = drivers.get_manifest(&server.details.driver)?;
    let details = typed(&mut form, manifest);
    let secrets = fields::typed_secrets(&form, manifest.server_settings);
    let seen = form.value("version", "Load the page again.").unwrap_or_default();
    if !form.is_refused() {
        match edit_server(&cx, &drivers, (id, seen), details, secrets).await {
            Ok(()) => return visit.redirect_with(at(id), Flash::success("The server is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let set = cx.read(async move |tx: &mut Tx| secrets_set(tx, id).await).await?;
    visit.refused_form(EDIT, context(&cx, manifest, Some(&server), &form, &set).await?)
}

fn typed(form: &mut Form, manifest: &Manifest) -> ServerDetails {
    let mode = ServerMode::parse(form.text("mode"));
    if mode.is_none() {
        form.refuse("mode", "Choose one from the list.");
    }
    ServerDetails {
        name: form.required("name", 100),
        driver: manifest.id.to_owned(),
        region_id: chosen(form, "region_id"),
        settings: fields::typed(form, manifest.server_settings),
        mode: mode.unwrap_or(ServerMode::Enabled),
        seat_limit: number(form, "seat_limit"),
        weight: number(form, "weight").unwrap_or(1),
        at_once: number(form, "at_once"),
        per_minute: number(form, "per_minute"),
        notes: form.optional("notes", 4_000).unwrap_or_default(),
    }
}

fn filled(server: &Server, manifest: &Manifest) -> Form {
    let d = &server.details;
    let mut values = vec![
        ("version".to_owned(), server.version.to_string()),
        ("driver".to_owned(), d.driver.clone()),
        ("name".to_owned(), d.name.clone()),
        ("region_id".to_owned(), text_of(d.region_id)),
        ("mode".to_owned(), d.mode.code().to_owned()),
        ("seat_limit".to_owned(), text_of(d.seat_limit)),
        ("weight".to_owned(), d.weight.to_string()),
        ("at_once".to_owned(), text_of(d.at_once)),
        ("per_minute".to_owned(), text_of(d.per_minute)),
        ("notes".to_owned(), d.notes.clone()),
    ];
    values.extend(fields::filled(manifest.server_settings, &d.settings));
    Form::filled(values)
}

async fn context(
    cx: &Cx,
    manifest: &Manifest,
    server: Option<&Server>,
    form: &Form,
    set: &BTreeSet<String>,
) -> PageResult<Value> {
    let offers = Offers::default();
    let settings = fields::views(manifest.server_settings, form, set, &offers, Required::AsDeclared);
    Ok(json!({
        "form": form.view(), "id": server.map(|it| it.id),
        "name": server.map_or("", |it| it.details.name.as_str()), "settings": settings,
        "driver": { "id": manifest.id, "name": manifest.name, "summary": manifest.summary },
        "pace": { "at_once": manifest.pace.at_once, "per_minute": manifest.pace.per_minute },
        "regions": region_options(cx, "No region").await?, "modes": modes(),
    }))
}

fn modes() -> Value {
    json!([
        { "value": "enabled", "label": "Enabled: takes new services" },
        { "value": "draining", "label": "Draining: keeps what it has, takes nothing new" },
        { "value": "disabled", "label": "Disabled: is not called" },
    ])
}

async fn page(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(query): Query<PanelQuery>,
) -> PageResult {
    let own = async move |tx: &mut Tx| {
        let Some(server) = find_server(tx, id).await? else { return Ok(None) };
        let region = match server.details.region_id {
            Some(region) => find_region(tx, region).await?,
            None => None,
        };
        let (health, set) = (health_of(tx, id).await?, secrets_set(tx, id).await?);
        let (taken, groups) = (seats_taken(tx, id).await?, groups_of(tx, id).await?);
        Ok(Some((server, health, set, taken, groups, region)))
    };
    let (found, panels) = visit.with_panels(&cx, PAGE, id, &query, own).await?;
    let (server, health, set, taken, groups, region) = found.ok_or_else(Problem::not_found)?;
    let d = &server.details;
    let health_figures =
        health.as_ref().and_then(|it| it.figures.resource_limit.zip(it.figures.resource_count));
    let driver = drivers.find(&d.driver);
    let manifest = driver.map(|it| it.manifest());
    let can: Vec<&str> =
        driver.map(|it| capabilities(it).into_iter().map(|it| it.title()).collect()).unwrap_or_default();
    let groups: Vec<Value> = groups.into_iter().map(|(id, name)| json!({ "id": id, "name": name })).collect();
    visit.page(
        SHOW,
        json!({
            "id": id, "name": d.name, "mode": d.mode, "health": server.health, "notes": d.notes,
            "driver": manifest.map_or(d.driver.as_str(), |it| it.name), "is_known": manifest.is_some(),
            "region": region.map(|it| json!({ "id": it.id, "name": it.details.name })),
            "settings": manifest.map(|it| shown(it, &d.settings, &set)).unwrap_or_default(),
            "taken": taken, "limit": d.seat_limit, "weight": d.weight, "groups": groups,
            "can": can, "lists": can.contains(&"Inventory"), "seen": health.map(|it| seen(&it, server.health)),
            "supplies": manifest.map(|it| supplied(it, health_figures)).unwrap_or_default(),
            "may_edit": visit.can(SERVER_EDIT), "links": visit.links(PAGE, id), "panels": panels,
        }),
    )
}

/// What is set, as its page shows it: of secrets only that they are.
fn shown(manifest: &Manifest, settings: &Settings, set: &BTreeSet<String>) -> Vec<Value> {
    let one = |setting: &bursar_hosting::Setting| {
        let value = if setting.kind.is_secret() {
            if set.contains(setting.name) { "set" } else { "not set" }
        } else {
            settings.text(setting.name).unwrap_or("")
        };
        json!({ "label": setting.label, "value": value, "is_secret": setting.kind.is_secret() })
    };
    manifest.server_settings.iter().map(one).collect()
}

fn seen(health: &Known, state: HealthState) -> Value {
    let f = &health.figures;
    let of = |pair: Option<(i64, i64)>| {
        pair.map(|(used, all)| format!("{} of {}", size_text(used), size_text(all)))
    };
    json!({
        "state": state, "checked_at": health.checked_at.micros(), "since": health.since.micros(),
        "why": health.why, "version": health.panel_version, "remarks": health.remarks,
        "load": f.cpu_ppm.map(|ppm| format!("{} %", ppm / 10_000)),
        "memory": of(f.memory_bytes), "disk": of(f.disk_bytes),
        "resources": f.resource_count, "resource_limit": f.resource_limit,
        "fingerprint": health.shown_fingerprint,
    })
}

async fn test(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    cx.require(SERVER_EDIT)?;
    let flash = match probe_server(&cx, &drivers, id).await {
        Ok(look) => match look.state {
            HealthState::Up => Flash::success("The server answers and lets us in."),
            HealthState::Warning => {
                Flash::warning("The server lets us in, and has something to say; see below.")
            }
            HealthState::Refused => Flash::danger("The server answers and does not let us in; see below."),
            HealthState::Down | HealthState::NotAsked => {
                Flash::danger("The server could not be reached; see below.")
            }
        },
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with(at(id), flash)
}

async fn pin(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    if let Err(error) = pin_certificate(&cx, &drivers, id, form.text("fingerprint").to_owned()).await {
        return visit.redirect_with(at(id), Flash::danger(sentence(error)?));
    }
    // The person waits for the answer to one question: is it right now?
    test(visit, State(drivers), Extension(cx), Path(id)).await
}

async fn ask_lists(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let flash = match refresh_listings(&cx, &drivers, id).await {
        Ok(0) => Flash::info("This driver has nothing to list."),
        Ok(count) => Flash::success(format!("{count} lists of what the panel offers were read.")),
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with(at(id), flash)
}

/// What the server uses up, with how much of it is left.
fn supplied(manifest: &Manifest, figures: Option<(i64, i64)>) -> Vec<Value> {
    let left = figures.map(|(limit, count)| (limit - count).max(0));
    supplies(manifest.server_settings)
        .map(|it| json!({ "name": it.name, "label": it.label, "left": left, "field": FIELD }))
        .collect()
}

async fn supply(
    visit: Visit,
    State(drivers): State<HostingDrivers>,
    Extension(cx): Extension<Cx>,
    Path((id, setting)): Path<(i64, String)>,
    form: Form,
) -> PageResult {
    let pasted = Secret::new(form.all(FIELD).next().unwrap_or_default().to_owned());
    let Supplied { added, known } = match add_supply(&cx, &drivers, id, &setting, pasted).await {
        Ok(supplied) => supplied,
        Err(error) => return visit.redirect_with(at(id), Flash::danger(sentence(error)?)),
    };
    // So that its page shows how many are left now.
    probe_server(&cx, &drivers, id).await?;
    let mut said = format!("{added} were added.");
    if known > 0 {
        said.push_str(&format!(" {known} were there already."));
    }
    visit.redirect_with(at(id), Flash::success(said))
}

async fn change_mode(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let Some(mode) = ServerMode::parse(form.text("mode")) else { return Err(Problem::not_found()) };
    let flash = match set_mode(&cx, id, mode).await {
        Ok(()) => Flash::success(match mode {
            ServerMode::Enabled => "The server takes new services.",
            ServerMode::Draining => "The server keeps what it has and takes nothing new.",
            ServerMode::Disabled => "The server is not called any more.",
        }),
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with(at(id), flash)
}

async fn remove(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    match remove_server(&cx, id).await {
        Ok(()) => visit.redirect_with("/admin/servers", Flash::success("The server is removed.")),
        Err(error) => visit.redirect_with(at(id), Flash::danger(sentence(error)?)),
    }
}

//! Machines and their waiting list.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_catalog::product_names;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_outbound::Settings;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{chosen, refuse, region_options, sentence, text_of};
use crate::hardware::{
    Machine, MachineDetails, MachineState, assign_machine, find_machine, models, save_machine,
    set_machine_state, stock_of, store, waiting,
};
use crate::permissions::{MACHINE_EDIT, MACHINE_VIEW};
use crate::servers::servers;

const EDIT: &str = "inventory/machines/admin_edit.html";
const WAITING: &str = "inventory/machines/admin_waiting.html";
const MOST_SERVERS: i64 = 1_000;
const MOST_WAITING: i64 = 500;

pub(super) fn routes() -> Routes {
    let edit = || Permission(MACHINE_EDIT);
    Routes::<()>::new("inventory")
        .get("/admin/machines/new", edit(), new_page)
        .post("/admin/machines/new", edit(), create)
        .get("/admin/machines/waiting", Permission(MACHINE_VIEW), waiting_page)
        .post("/admin/machines/waiting", edit(), assign)
        .get("/admin/machines/{id}", Permission(MACHINE_VIEW), edit_page)
        .post("/admin/machines/{id}", edit(), save)
        .post("/admin/machines/{id}/state", edit(), change_state)
        .with_state(())
}

fn at(id: i64) -> String {
    format!("/admin/machines/{id}")
}

async fn known(cx: &Cx, id: i64) -> PageResult<Machine> {
    let found = cx.read(async move |tx: &mut Tx| find_machine(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

#[derive(Debug, Deserialize)]
struct Like {
    model: Option<String>,
}

async fn new_page(visit: Visit, Extension(cx): Extension<Cx>, Query(like): Query<Like>) -> PageResult {
    let form = Form::filled([("model", like.model.unwrap_or_default())]);
    visit.page(EDIT, context(&cx, None, &form).await?)
}

async fn create(visit: Visit, Extension(cx): Extension<Cx>, mut form: Form) -> PageResult {
    let details = typed(&mut form);
    if !form.is_refused() {
        match save_machine(&cx, None, details).await {
            Ok(id) => return visit.redirect_with(at(id), Flash::success("The machine is there, and free.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, None, &form).await?)
}

async fn edit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let machine = known(&cx, id).await?;
    let d = &machine.details;
    let settings: Vec<String> = d.settings.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let form = Form::filled([
        ("version", machine.version.to_string()),
        ("label", d.label.clone()),
        ("model", d.model.clone()),
        ("specification", d.specification.clone()),
        ("serial", d.serial.clone()),
        ("region_id", text_of(d.region_id)),
        ("server_id", text_of(d.server_id)),
        ("settings", settings.join("\n")),
        ("note", d.note.clone()),
    ]);
    let mut context = context(&cx, Some(&machine), &form).await?;
    context["may_edit"] = json!(visit.can(MACHINE_EDIT));
    visit.page(EDIT, context)
}

async fn save(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, mut form: Form) -> PageResult {
    let machine = known(&cx, id).await?;
    let details = typed(&mut form);
    let seen = form.value("version", "Load the page again.").unwrap_or_default();
    if !form.is_refused() {
        match save_machine(&cx, Some((id, seen)), details).await {
            Ok(_) => return visit.redirect_with(at(id), Flash::success("The machine is saved.")),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    visit.refused_form(EDIT, context(&cx, Some(&machine), &form).await?)
}

fn typed(form: &mut Form) -> MachineDetails {
    let mut settings = Settings::none();
    for line in form.text("settings").to_owned().lines().filter(|line| !line.trim().is_empty()) {
        match line.split_once('=') {
            Some((name, value)) if !name.trim().is_empty() => settings.set(name.trim(), value.trim()),
            Some(_) | None => form.refuse("settings", "Write name = value, one a line."),
        }
    }
    MachineDetails {
        label: form.required("label", 100),
        model: form.required("model", 100),
        specification: form.optional("specification", 4_000).unwrap_or_default(),
        serial: form.optional("serial", 100).unwrap_or_default(),
        region_id: chosen(form, "region_id"),
        server_id: chosen(form, "server_id"),
        settings,
        note: form.optional("note", 4_000).unwrap_or_default(),
    }
}

async fn context(cx: &Cx, machine: Option<&Machine>, form: &Form) -> Result<Value, Fault> {
    let model = machine.map(|it| it.details.model.clone());
    let (all, stock) = cx
        .read(async move |tx: &mut Tx| {
            let stock = match &model {
                Some(model) => stock_of(tx, model).await?,
                None => Vec::new(),
            };
            Ok::<_, Fault>((servers(tx, 0, MOST_SERVERS).await?, stock))
        })
        .await?;
    let servers: Vec<Value> = std::iter::once(json!({ "value": "", "label": "People do" }))
        .chain(all.into_iter().map(|it| json!({ "value": it.id, "label": it.details.name })))
        .collect();
    let stock: Vec<Value> =
        stock.into_iter().map(|(state, count)| json!({ "state": state, "count": count })).collect();
    let state = machine.map(|it| it.state);
    let next: &[(&str, &str)] = match state {
        Some(MachineState::Free) => &[("broken", "Is broken")],
        Some(MachineState::Returned) => &[("free", "Is wiped and free"), ("broken", "Is broken")],
        Some(MachineState::Broken) => &[("free", "Is mended and free")],
        Some(MachineState::Reserved | MachineState::InUse) | None => &[],
    };
    let next: Vec<Value> = next.iter().map(|(to, label)| json!({ "to": to, "label": label })).collect();
    Ok(json!({
        "form": form.view(), "id": machine.map(|it| it.id), "state": state, "next": next, "stock": stock,
        "name": machine.map_or("", |it| it.details.label.as_str()),
        "service": machine.and_then(|it| it.service_id), "servers": servers,
        "regions": region_options(cx, "No region").await?, "may_edit": true,
    }))
}

async fn change_state(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let Some(state) = MachineState::parse(form.text("state")) else { return Err(Problem::not_found()) };
    let flash = match set_machine_state(&cx, id, state).await {
        Ok(()) => Flash::success("The state of the machine is saved."),
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with(at(id), flash)
}

async fn waiting_page(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let (waiting, names, free) = cx
        .read(async |tx: &mut Tx| {
            let waiting = waiting(tx, MOST_WAITING).await?;
            let products: Vec<i64> = waiting.iter().map(|it| it.product_id).collect();
            let names = product_names(tx, &products).await?;
            let mut free = Vec::new();
            for model in models(tx).await? {
                for machine in store::free(tx, &model, None, 100).await? {
                    free.push(json!({
                        "value": machine.id, "label": format!("{} ({model})", machine.details.label),
                    }));
                }
            }
            Ok::<_, Fault>((waiting, names, free))
        })
        .await?;
    let waiting: Vec<Value> = waiting
        .into_iter()
        .map(|it| {
            json!({
                "service": it.service_id, "product": names.get(&it.product_id), "model": it.model,
                "since": it.since.micros(),
            })
        })
        .collect();
    let may_edit = visit.can(MACHINE_EDIT);
    visit.page(WAITING, json!({ "waiting": waiting, "free": free, "may_edit": may_edit }))
}

async fn assign(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    let (Some(machine), Some(service)) = (chosen(&form, "machine"), chosen(&form, "service")) else {
        return visit
            .redirect_with("/admin/machines/waiting", Flash::danger("Choose a machine from the list."));
    };
    let flash = match assign_machine(&cx, machine, service).await {
        Ok(()) => {
            Flash::success("The machine is kept for this service; it is delivered with the next attempt.")
        }
        Err(error) => Flash::danger(sentence(error)?),
    };
    visit.redirect_with("/admin/machines/waiting", flash)
}

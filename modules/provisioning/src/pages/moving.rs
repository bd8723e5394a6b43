//! Where a service is: moving it to another server, what that left behind, linking it to what is on a server already, and
//! putting it away for a while.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::Pages;
use super::admin::{answer, page_of};
use crate::actions;
use crate::archive::{archive_service, restore_service};
use crate::mend::link_service;
use crate::moving::{Rest, decide_on_rest, move_service, servers_for};
use crate::permissions::{SERVICE_LINK, SERVICE_OPERATE, SERVICE_TERMINATE};
use crate::policy::{Action, takes_errands};
use crate::service::{Operation, Part, Resource, ResourceState, Service};
use crate::states::Event;
use crate::{places, store};

pub(super) fn routes(pages: Pages) -> Routes {
    Routes::new("provisioning")
        .post("/admin/services/{id}/move", Permission(SERVICE_TERMINATE), begin)
        .post("/admin/services/{id}/rest/{resource}/{word}", Permission(SERVICE_TERMINATE), decide)
        .post("/admin/services/{id}/link", Permission(SERVICE_LINK), link)
        .post("/admin/services/{id}/archive", Permission(SERVICE_TERMINATE), archive)
        .post("/admin/services/{id}/restore", Permission(SERVICE_OPERATE), restore)
        .with_state(pages)
}

/// What the page of a service says about where it is and may be.
pub(super) async fn read(
    tx: &mut Tx,
    visit: &Visit,
    service: &Service,
    own: Option<&Resource>,
    open: Option<&Operation>,
) -> Result<Value, Fault> {
    let others = store::others(tx, service.id).await?;
    let on: Vec<i64> = others.iter().map(|other| other.server_id).collect();
    let names = places::server_names(tx, &on).await?;
    let rows = others.iter().map(|other| {
        json!({
            "id": other.id, "part": other.part.code(), "tag": other.tag, "reference": other.reference,
            "server_id": other.server_id, "server": names.get(&other.server_id),
            "may_decide": visit.can(SERVICE_TERMINATE) && matches!(other.part, Part::Leaving | Part::Stuck),
        })
    });
    let rows: Vec<Value> = rows.collect();
    let is_free = open.is_none_or(|open| open.action == Action::Leave) && others.is_empty();
    let live = own.filter(|own| own.state == ResourceState::Live);
    let may_move = visit.can(SERVICE_TERMINATE) && is_free && takes_errands(service.state, service.desired());
    let servers = match live.filter(|_| may_move) {
        Some(own) => servers_for(tx, own).await?,
        None => Vec::new(),
    };
    let may_link = visit.can(SERVICE_LINK) && live.is_none() && service.state.after(Event::Adopt).is_some();
    let all = if may_link { places::all_servers(tx).await? } else { Vec::new() };
    Ok(json!({
        "others": rows, "may_move": may_move && live.is_some(), "servers": servers,
        "may_archive": visit.can(SERVICE_TERMINATE) && live.is_some() && service.archived_until.is_none(),
        "may_restore": visit.can(SERVICE_OPERATE) && service.archived_until.is_some() && !service.facts.is_ended,
        "may_link": may_link && !all.is_empty(), "all_servers": all,
    }))
}

async fn begin(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let service = actions::look_at(&cx, id).await?;
    let Some(server) = form.value("server", "Choose a server.") else {
        return visit.redirect_with(page_of(id), Flash::danger("Choose the server to which it is to move."));
    };
    // What is on the old machine is lost: whoever moves it types which one they mean.
    if form.text("label").trim() != service.label.trim() {
        let wrong = format!("To move it, type its name: {}", service.label);
        return visit.redirect_with(page_of(id), Flash::danger(wrong));
    }
    let done = move_service(&cx, &pages.drivers, id, server).await;
    answer(
        &visit,
        id,
        done,
        "It is being made on the other server. What is there now goes on until that runs.",
    )
}

async fn decide(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, resource, word)): Path<(i64, i64, String)>,
) -> PageResult {
    let (rest, told) = match word.as_str() {
        "remove" => (Rest::Remove, "It is being removed."),
        "forget" => (Rest::Forget, "It is taken for gone, and its place is free."),
        _ => return Err(Problem::not_found()),
    };
    answer(&visit, id, decide_on_rest(&cx, id, resource, rest).await, told)
}

async fn archive(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let Some(days) = form.value("days", "Enter a number of days.") else {
        return visit.redirect_with(page_of(id), Flash::danger("Enter for how many days it is kept."));
    };
    let told = "It is taken away and kept. Its subscription goes on unless you cancel that too.";
    answer(&visit, id, archive_service(&cx, id, days).await, told)
}

async fn restore(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let subscription = match form.text("subscription").trim() {
        "" => None,
        _ => match form.value("subscription", "Enter a number.") {
            Some(number) => Some(number),
            None => {
                return visit
                    .redirect_with(page_of(id), Flash::danger("Enter the number of a subscription."));
            }
        },
    };
    answer(&visit, id, restore_service(&cx, id, subscription).await, "It is being given back.")
}

async fn link(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let Some(server) = form.value("server", "Choose a server.") else {
        return visit.redirect_with(page_of(id), Flash::danger("Choose the server on which the account is."));
    };
    let done = link_service(&cx, &pages.drivers, id, server, form.text("reference")).await;
    answer(&visit, id, done, "What is there belongs to this service from now on.")
}

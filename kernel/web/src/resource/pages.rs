//! The routes of a resource.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;

use super::export::{self, Format};
use super::fetch::{self, Loaded, With};
use super::html::{self, View};
use super::place::Place;
use super::resource::Resource;
use super::views::{NewView, ViewError};
use super::{bulk, figure, json, views};
use crate::flash::Flash;
use crate::form::Form;
use crate::problem::{PageResult, Problem};
use crate::routes::{Permission, Routes};
use crate::visit::Visit;

impl Resource {
    /// Everything the resource answers, as routes of its module.
    pub fn routes(self: &Arc<Self>, module: &'static str) -> Routes {
        let may = || Permission(self.permission);
        let [csv, xlsx, export_json] = self.paths.exports;
        let [save, remove] = self.paths.views;
        let mut routes = Routes::<Arc<Self>>::new(module)
            .get(self.paths.list, may(), list)
            .get(self.paths.json, may(), as_json)
            .get(csv, may(), as_csv)
            .get(xlsx, may(), as_workbook)
            .get(export_json, may(), as_json_file)
            .post(save, may(), save_view)
            .post(remove, may(), remove_view);
        if !self.actions.is_empty() {
            routes = routes.post(self.paths.actions, may(), bulk::act);
        }
        if self.figures.is_some() {
            routes = routes.get(self.paths.figures, may(), figures);
        }
        routes.with_state(Arc::clone(self))
    }
}

type Held = State<Arc<Resource>>;

/// The page, or JSON for who asks for that.
async fn list(
    visit: Visit,
    State(resource): Held,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> PageResult {
    if wants_json(&headers) {
        return as_json(State(resource), Extension(cx), RawQuery(query)).await;
    }
    let Loaded { place, page, views } =
        fetch::load(&cx, &resource, query.unwrap_or_default(), With::Head).await?;
    let status = if place.errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let view = View { visit: &visit, resource: &resource, place: &place, page: &page, views: &views };
    visit.framed(status, resource.label, &html::content(&view))
}

async fn as_json(
    State(resource): Held,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> PageResult {
    let Loaded { place, page, .. } =
        fetch::load(&cx, &resource, query.unwrap_or_default(), With::RowsOnly).await?;
    Ok(json::answer(&resource, &place, &page))
}

fn wants_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("application/json") && !accept.contains("text/html")
}

fn file(resource: &Arc<Resource>, cx: Cx, query: Option<String>, format: Format) -> PageResult {
    let place = Place::read(resource, query.as_deref().unwrap_or_default());
    export::answer(cx, resource, place, format)
}

async fn as_csv(State(it): Held, Extension(cx): Extension<Cx>, RawQuery(query): RawQuery) -> PageResult {
    file(&it, cx, query, Format::Csv)
}

async fn as_workbook(State(it): Held, Extension(cx): Extension<Cx>, RawQuery(query): RawQuery) -> PageResult {
    file(&it, cx, query, Format::Xlsx)
}

async fn as_json_file(
    State(it): Held,
    Extension(cx): Extension<Cx>,
    RawQuery(query): RawQuery,
) -> PageResult {
    file(&it, cx, query, Format::Json)
}

async fn save_view(
    visit: Visit,
    State(resource): Held,
    Extension(cx): Extension<Cx>,
    form: Form,
) -> PageResult {
    cx.require(resource.permission)?;
    // Only what the list understands is kept.
    let place = Place::read(&resource, form.text("query"));
    let query = place.address(&resource, "").query();
    let view = NewView { name: form.text("name").to_owned(), query, is_first: form.is_checked("first") };
    let address = format!("{}?{}", resource.paths.list, view.query);
    let name = view.name.clone();
    let key = resource.key;
    let saved = cx.write(async move |tx: &mut Tx| views::save(tx, key, &view).await).await;
    match saved {
        Ok(()) => visit.redirect_with(address, Flash::success(format!("The view {name} is saved."))),
        Err(ViewError::Invalid(error)) => visit.redirect_with(address, Flash::danger(error.message)),
        Err(ViewError::Fault(fault)) => Err(fault.into()),
    }
}

async fn remove_view(
    visit: Visit,
    State(resource): Held,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    cx.require(resource.permission)?;
    let key = resource.key;
    let removed = cx.write(async move |tx: &mut Tx| views::remove(tx, key, id).await).await;
    if !removed.map_err(|fault: Fault| Problem::from(fault))? {
        return Err(Problem::not_found());
    }
    visit.redirect_with(resource.paths.list, Flash::success("The view is removed."))
}

async fn figures(visit: Visit, State(resource): Held, Extension(cx): Extension<Cx>) -> PageResult {
    cx.require(resource.permission)?;
    let Some(read) = resource.figures else { return Err(Problem::not_found()) };
    let found = cx.read(async move |tx: &mut Tx| read(tx).await).await?;
    let mut out = String::new();
    html::write_title(&mut out, resource.label, resource.paths.list);
    figure::write(&mut out, &found, visit.locale());
    visit.framed(StatusCode::OK, resource.label, &out)
}

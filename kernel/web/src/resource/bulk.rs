//! An action over selected rows: asked, shown with its size, confirmed, done.

use std::fmt::Write as _;
use std::sync::Arc;

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Denied;
use bursar_i18n::{MoneyStyle, format_money, format_number};

use super::action::{BulkAction, Done, MOST_SELECTED, Preview, SURPRISING, preview};
use super::fetch;
use super::html::write_title;
use super::place::{Cursor, Place};
use super::resource::Resource;
use super::tools::write_token;
use crate::flash::Flash;
use crate::form::Form;
use crate::markup::{escaped, icon_into};
use crate::problem::{PageResult, Problem};
use crate::visit::Visit;

/// The first time it shows what would happen; with the seal of what was shown, it happens.
pub(crate) async fn act(
    visit: Visit,
    State(resource): State<Arc<Resource>>,
    Extension(cx): Extension<Cx>,
    Path(what): Path<String>,
    form: Form,
) -> PageResult {
    cx.require(resource.permission)?;
    let action = resource.actions.iter().find(|action| action.key == what);
    let Some(action) = action.cloned() else { return Err(Problem::not_found()) };
    if !cx.can(action.permission) {
        return Err(Denied::new(action.permission).into());
    }
    let selected = match selected(&cx, &resource, &form).await? {
        Ok(selected) => selected,
        Err(why) => return visit.redirect_with(back(&resource, &form), Flash::danger(why)),
    };
    let (asked, held) = (action.clone(), Arc::clone(&resource));
    let found = cx.read(async move |tx: &mut Tx| preview(tx, &held, &asked, &selected).await).await?;
    if found.ids.is_empty() {
        let why = "Nothing that is selected can be treated so.";
        return visit.redirect_with(back(&resource, &form), Flash::info(why));
    }
    let seal = found.seal(&action);
    if form.text("seal").is_empty() {
        return show(&visit, &resource, &action, &found, &form, "");
    }
    if form.text("seal") != seal {
        let why = "What you selected has changed meanwhile. Please look again at what would happen.";
        return show(&visit, &resource, &action, &found, &form, why);
    }
    if found.ids.len() > SURPRISING && form.text("count") != found.ids.len().to_string() {
        return show(&visit, &resource, &action, &found, &form, "Type the number of rows to confirm it.");
    }
    let done = (action.run)(cx, found.ids).await?;
    answer(&visit, &resource, &action, &form, &done)
}

/// The selected ids, or why there are none.
async fn selected(cx: &Cx, resource: &Arc<Resource>, form: &Form) -> PageResult<Result<Vec<i64>, String>> {
    if form.is_checked("all") && form.text("seal").is_empty() {
        return all_that_match(cx, resource, form.text("query")).await;
    }
    let mut ids = Vec::new();
    for text in form.all("id") {
        match text.parse() {
            Ok(id) => ids.push(id),
            Err(_) => return Err(Problem::bad_request("A selected row is no row of this list.")),
        }
    }
    Ok(match ids.len() {
        0 => Err("Select the rows first.".to_owned()),
        many if many > MOST_SELECTED => Err(too_many()),
        _ => Ok(ids),
    })
}

async fn all_that_match(
    cx: &Cx,
    resource: &Arc<Resource>,
    query: &str,
) -> PageResult<Result<Vec<i64>, String>> {
    let place = Place::read(resource, query);
    if let Some(error) = place.errors.first() {
        return Ok(Err(error.message.clone()));
    }
    let place = Place { cursor: Cursor::Start, rows: MOST_SELECTED, columns: Vec::new(), ..place };
    let held = Arc::clone(resource);
    let page = cx.read(async move |tx: &mut Tx| fetch::rows(tx, &held, &place).await).await?;
    if page.has_next || page.is_cut {
        return Ok(Err(too_many()));
    }
    Ok(Ok(page.lines.iter().map(|line| line.edge.id).collect()))
}

fn too_many() -> String {
    format!("These are more than {MOST_SELECTED} rows. Narrow the list and do it in parts.")
}

/// The list as it was.
fn back(resource: &Resource, form: &Form) -> String {
    let place = Place::read(resource, form.text("query"));
    place.address(resource, resource.paths.list).text()
}

fn show(
    visit: &Visit,
    resource: &Resource,
    action: &BulkAction,
    found: &Preview,
    form: &Form,
    why: &str,
) -> PageResult {
    let locale = visit.locale();
    let many = found.ids.len();
    let mut out = String::new();
    write_title(&mut out, action.label, &back(resource, form));
    if !why.is_empty() {
        out.push_str("<div class=\"alert alert-danger notice\" role=\"alert\">");
        icon_into(&mut out, "alert-circle");
        let _written = write!(out, "<div>{}</div></div>", escaped(why));
    }
    let _written = write!(
        out,
        "<div class=\"card\"><div class=\"card-body\"><p>{}</p><dl><div class=\"fact\"><dt>Rows</dt><dd>{}</dd></div>",
        escaped(action.question),
        format_number(i64::try_from(many).unwrap_or(i64::MAX), locale)
    );
    for sum in &found.sums {
        let text = format_money(*sum, locale, MoneyStyle::Code);
        let _written =
            write!(out, "<div class=\"fact\"><dt>In all</dt><dd class=\"num\">{}</dd></div>", escaped(&text));
    }
    if found.left_out > 0 {
        let _written = write!(
            out,
            "<div class=\"fact\"><dt>Left out</dt><dd>{} of the selected rows cannot be treated so</dd></div>",
            found.left_out
        );
    }
    let address = resource.paths.actions.replace("{what}", action.key);
    let _written = write!(out, "</dl><form method=\"post\" action=\"{address}\">");
    write_token(&mut out, &visit.csrf_token());
    for (name, value) in [("query", form.text("query")), ("seal", found.seal(action).as_str())] {
        let _written = write!(out, "<input type=\"hidden\" name=\"{name}\" value=\"{}\">", escaped(value));
    }
    for id in &found.ids {
        let _written = write!(out, "<input type=\"hidden\" name=\"id\" value=\"{id}\">");
    }
    if many > SURPRISING {
        let _written = write!(
            out,
            "<div class=\"mb-3\"><label class=\"form-label\" for=\"count\">That is a lot. Type {many} to confirm it</label>\
             <input class=\"form-control\" id=\"count\" name=\"count\" inputmode=\"numeric\" required></div>"
        );
    }
    let _written = write!(
        out,
        "<div class=\"form-actions\"><button class=\"btn btn-primary\">{}</button><a class=\"btn\" href=\"{}\">Keep as \
         it is</a></div></form></div></div>",
        escaped(action.label),
        escaped(&back(resource, form))
    );
    let status = if why.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    visit.framed(status, action.label, &out)
}

fn answer(visit: &Visit, resource: &Resource, action: &BulkAction, form: &Form, done: &Done) -> PageResult {
    let Done { done: many, refused } = done;
    let mut text = format!("{}: {many} done.", action.label);
    let Some((id, why)) = refused.first() else {
        return visit.redirect_with(back(resource, form), Flash::success(text));
    };
    let _written = write!(text, " {} not done; row {id}: {why}", refused.len());
    visit.redirect_with(back(resource, form), Flash::warning(text))
}

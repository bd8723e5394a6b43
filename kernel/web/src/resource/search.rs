//! One search over every list a person may see.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::Extension;
use axum::body::Body;
use axum::extract::Query;
use axum::http::{HeaderValue, Response, StatusCode, header};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::column::Column;
use super::fetch;
use super::filter::Condition;
use super::place::Place;
use super::resource::Resource;
use super::rows::{Pen, plain};
use crate::markup::{escape_into, escaped, icon_into};
use crate::principal::Surface;
use crate::problem::PageResult;
use crate::routes::{Routes, SignedIn};
use crate::visit::Visit;

/// Rows that each list answers with.
const MOST: i64 = 5;

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

/// One row that was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Hit {
    label: String,
    note: String,
    href: String,
}

/// What one list found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Group {
    label: &'static str,
    icon: &'static str,
    /// The list with this search.
    all: String,
    hits: Vec<Hit>,
}

pub(crate) fn routes(module: &'static str) -> Routes {
    let staff = || SignedIn(Surface::Staff);
    Routes::<()>::new(module)
        .get("/admin/search", staff(), page)
        .get("/admin/search.json", staff(), as_json)
        .with_state(())
}

async fn page(visit: Visit, Extension(cx): Extension<Cx>, Query(asked): Query<Asked>) -> PageResult {
    let text = asked.q.trim().to_owned();
    let groups = find(&visit, &cx, &text).await?;
    let mut out = String::from("<div class=\"page-head\"><div><h1>Search</h1></div></div>");
    let _written = write!(
        out,
        "<form class=\"list-bar\" method=\"get\" action=\"/admin/search\" role=\"search\"><div class=\"list-search\">\
         <input class=\"form-control\" type=\"search\" id=\"list-search\" name=\"q\" value=\"{}\" aria-label=\"Search\" \
         placeholder=\"Names, numbers, e-mail addresses\"></div><button class=\"btn\">",
        escaped(&text)
    );
    icon_into(&mut out, "search");
    out.push_str(" Search</button></form>");
    for group in &groups {
        write_group(&mut out, group);
    }
    if groups.is_empty() {
        out.push_str("<div class=\"card\"><div class=\"empty\"><div class=\"empty-icon\">");
        icon_into(&mut out, "search");
        let (title, advice) = if text.is_empty() {
            ("What are you looking for?", "Type a name, a number or an e-mail address.")
        } else {
            ("Nothing found", "Type less, or the beginning of a word.")
        };
        let _written = write!(
            out,
            "</div><p class=\"empty-title\">{title}</p><p class=\"empty-subtitle text-secondary\">{advice}</p></div></div>"
        );
    }
    visit.framed(StatusCode::OK, "Search", &out)
}

fn write_group(out: &mut String, group: &Group) {
    out.push_str("<section class=\"card\"><div class=\"card-header\"><h2 class=\"card-title\">");
    icon_into(out, group.icon);
    let _written = write!(out, " {}</h2></div><ul class=\"hits\">", escaped(group.label));
    for hit in &group.hits {
        let _written = write!(
            out,
            "<li><a href=\"{}\">{}</a> <span class=\"text-secondary\">",
            escaped(&hit.href),
            escaped(&hit.label)
        );
        escape_into(out, &hit.note);
        out.push_str("</span></li>");
    }
    out.push_str("</ul>");
    let _written = write!(
        out,
        "<p class=\"hits-all\"><a href=\"{}\">All in {}</a></p></section>",
        escaped(&group.all),
        escaped(group.label)
    );
}

async fn as_json(visit: Visit, Extension(cx): Extension<Cx>, Query(asked): Query<Asked>) -> PageResult {
    let groups = find(&visit, &cx, asked.q.trim()).await?;
    let mut response = Response::new(Body::from(json!({ "groups": groups }).to_string()));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

/// Asks every list the person may see, in one unit of work.
async fn find(visit: &Visit, cx: &Cx, text: &str) -> PageResult<Vec<Group>> {
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let all = &visit.0.web.resources;
    let mine: Vec<Arc<Resource>> = all
        .iter()
        .filter(|resource| resource.search.is_some() && cx.can(resource.permission))
        .cloned()
        .collect();
    let (text, locale, zone) = (text.to_owned(), visit.locale(), visit.zone().clone());
    let groups = cx
        .read(async move |tx: &mut Tx| {
            let (mut groups, states) = (Vec::new(), BTreeMap::new());
            for resource in &mine {
                let pen = Pen { locale, zone: &zone, states: &states };
                if let Some(group) = ask(tx, resource, &text, pen).await? {
                    groups.push(group);
                }
            }
            Ok::<_, Fault>(groups)
        })
        .await?;
    Ok(groups)
}

/// The list's best rows for a few words: its first two columns say what each is.
async fn ask(tx: &mut Tx, resource: &Resource, text: &str, pen: Pen<'_>) -> Result<Option<Group>, Fault> {
    let (Some(search), Some(opens)) = (resource.search, resource.opens) else { return Ok(None) };
    let found = (search.find)(tx, text.to_owned(), MOST).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut place = Place::read(resource, "");
    place.columns.truncate(2);
    place.conditions.push(Condition::Any(resource.id, found.clone()));
    let page = fetch::rows(tx, resource, &place).await?;
    let columns: Vec<&Column> = place.columns.iter().map(|index| &resource.columns[*index]).collect();
    let mut hits: Vec<(usize, Hit)> = page
        .lines
        .iter()
        .map(|line| {
            let id = line.edge.id;
            let mut words =
                columns.iter().zip(&line.shown).map(|(column, shown)| plain(column, &shown.cell, pen));
            let (label, note) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            let rank = found.iter().position(|known| *known == id).unwrap_or(found.len());
            (rank, Hit { label, note, href: format!("{opens}{id}") })
        })
        .collect();
    hits.sort_by_key(|(rank, _)| *rank);
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("search", text).finish();
    Ok((!hits.is_empty()).then(|| Group {
        label: resource.label,
        icon: resource.icon,
        all: format!("{}?{query}", resource.paths.list),
        hits: hits.into_iter().map(|(_, hit)| hit).collect(),
    }))
}

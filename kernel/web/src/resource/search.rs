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

use super::column::{Column, Kind};
use super::fetch::{self, Known};
use super::filter::Condition;
use super::place::Place;
use super::resource::{Find, Resource};
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
            let states = BTreeMap::new();
            let pen = Pen { locale, zone: &zone, states: &states };
            let owners = owners(tx, &mine, &text).await?;
            let readers = mine.iter().map(|resource| {
                let (text, owners) = (&text, &owners);
                async move |tx: &mut Tx| ask(tx, resource, text, owners, pen).await
            });
            Ok::<_, Fault>(tx.together(readers).await?.into_iter().flatten().collect())
        })
        .await?;
    Ok(groups)
}

/// Who is found whose rows lists find too, by kind: looked for once, not by each list.
async fn owners(tx: &mut Tx, lists: &[Arc<Resource>], text: &str) -> Result<Known, Fault> {
    let kinds: BTreeMap<&'static str, Find> = lists
        .iter()
        .filter_map(|resource| resource.search?.owners)
        .map(|owners| (owners.kind, owners.find))
        .collect();
    let readers = kinds.into_iter().map(|(kind, find)| {
        async move |tx: &mut Tx| Ok::<_, Fault>((kind, find(tx, text.to_owned(), fetch::MOST_OWNERS).await?))
    });
    Ok(tx.together(readers).await?.into_iter().collect())
}

/// The list's best rows for a few words: its first two columns say what each is, and who it belongs to.
async fn ask(
    tx: &mut Tx,
    resource: &Resource,
    text: &str,
    owners: &Known,
    pen: Pen<'_>,
) -> Result<Option<Group>, Fault> {
    let (Some(search), Some(opens)) = (resource.search, resource.opens) else { return Ok(None) };
    let found = fetch::found(tx, &search, text, MOST, owners).await?;
    if found.is_empty() {
        return Ok(None);
    }
    let mut place = Place::read(resource, "");
    let is_named = |index: &usize| matches!(resource.columns[*index].kind, Kind::Named(_));
    let named = place.columns.iter().position(is_named).filter(|at| *at > 1).map(|at| place.columns[at]);
    place.columns.truncate(2);
    place.columns.extend(named);
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
            let label = words.next().unwrap_or_default();
            let note = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" · ");
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

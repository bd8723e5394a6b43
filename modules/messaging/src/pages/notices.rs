//! The bell's pages: the list, reading, and how somebody wants to hear of each kind.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_time::Instant;
use bursar_web::{Flash, Form, NoticeKind, PageResult, Problem, Routes, SignedIn, Surface, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::notices::{self, Notice, Reader, Way};

const ROWS: i64 = 50;

pub(super) fn routes() -> Routes {
    let (staff, customer) = (|| SignedIn(Surface::Staff), || SignedIn(Surface::Customer));
    Routes::<()>::new("messaging")
        .get("/admin/notices", staff(), list)
        .post("/admin/notices/read", staff(), read_all)
        .personal()
        .post("/admin/notices/{id}/open", staff(), open)
        .get("/admin/notices/choices", staff(), choices)
        .post("/admin/notices/choices", staff(), choose)
        .personal()
        .get("/portal/notices", customer(), list)
        .post("/portal/notices/read", customer(), read_all)
        .personal()
        .post("/portal/notices/{id}/open", customer(), open)
        .get("/portal/notices/choices", customer(), choices)
        .post("/portal/notices/choices", customer(), choose)
        .personal()
        .with_state(())
}

/// Where the pages lie for who visits, and their templates.
struct Side {
    at: &'static str,
    list: &'static str,
    choices: &'static str,
}

fn side(visit: &Visit) -> Side {
    match visit.who().map(|who| who.surface()) {
        Some(Surface::Staff) => Side {
            at: "/admin/notices",
            list: "messaging/notices/admin_list.html",
            choices: "messaging/notices/admin_choices.html",
        },
        Some(Surface::Customer) | None => Side {
            at: "/portal/notices",
            list: "messaging/notices/portal_list.html",
            choices: "messaging/notices/portal_choices.html",
        },
    }
}

fn reader(visit: &Visit) -> PageResult<Reader> {
    visit.who().and_then(Reader::of).ok_or_else(Problem::not_found)
}

#[derive(Debug, Default, Deserialize)]
struct Before {
    before: Option<String>,
}

impl Before {
    /// The last row that was shown: `1764300000000000-12`.
    fn place(&self) -> Option<(Instant, i64)> {
        let (at, id) = self.before.as_deref()?.split_once('-')?;
        Some((Instant::from_micros(at.parse().ok()?), id.parse().ok()?))
    }
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(query): Query<Before>) -> PageResult {
    let (reader, before, side) = (reader(&visit)?, query.place(), side(&visit));
    let mut found =
        cx.read(async move |tx: &mut Tx| notices::list(tx, &reader, before, ROWS + 1).await).await?;
    let more = found.len() > usize::try_from(ROWS).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next = found.last().filter(|_| more);
    let next = next.map(|it| format!("{}?before={}-{}", side.at, it.raised_at.micros(), it.id));
    let rows: Vec<Value> = found.iter().filter_map(|it| row(&visit, it)).collect();
    visit.page(side.list, json!({ "rows": rows, "next": next.unwrap_or_default(), "at": side.at }))
}

/// News of a kind that no module declares any more is not shown.
fn row(visit: &Visit, notice: &Notice) -> Option<Value> {
    let kind = visit.notice_kinds().iter().find(|kind| kind.name == notice.kind)?;
    Some(json!({
        "id": notice.id, "text": notices::say(kind, &notice.said, visit.translator()), "is_read": notice.is_read,
        "raised_at": notice.raised_at, "severity": kind.severity.code(), "icon": kind.severity.icon(),
    }))
}

async fn read_all(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let reader = reader(&visit)?;
    cx.write(async move |tx: &mut Tx| notices::mark_all_read(tx, &reader).await).await?;
    visit.redirect(side(&visit).at)
}

/// Marks it and goes where it leads. Who looks through somebody's eyes leaves no mark.
async fn open(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let reader = reader(&visit)?;
    let marks = visit.who().is_some_and(|who| who.standing.impersonator.is_none());
    let found = cx
        .write(async move |tx: &mut Tx| {
            let found = notices::find(tx, &reader, id).await?;
            if found.is_some() && marks {
                notices::mark_read(tx, &reader, id).await?;
            }
            Ok::<_, Fault>(found)
        })
        .await?;
    visit.redirect(found.ok_or_else(Problem::not_found)?.href)
}

/// The kinds somebody may hear of.
fn kinds_of(visit: &Visit) -> Vec<NoticeKind> {
    let surface = visit.who().map(|who| who.surface());
    let may = |kind: &&NoticeKind| kind.permission.is_none_or(|permission| visit.can(permission));
    visit.notice_kinds().iter().filter(|kind| Some(kind.surface) == surface).filter(may).copied().collect()
}

async fn choices(visit: Visit, Extension(cx): Extension<Cx>) -> PageResult {
    let reader = reader(&visit)?;
    let chosen = cx.read(async move |tx: &mut Tx| notices::choices_of(tx, &reader).await).await?;
    let kinds: Vec<Value> = kinds_of(&visit)
        .iter()
        .map(|kind| {
            let way = chosen.get(kind.name).copied().unwrap_or_default().in_force(kind);
            json!({ "name": kind.name, "label": visit.translator().label(kind.label), "way": way.code(), "has_letter": kind.has_letter })
        })
        .collect();
    let side = side(&visit);
    visit.page(side.choices, json!({ "kinds": kinds, "at": side.at }))
}

async fn choose(visit: Visit, Extension(cx): Extension<Cx>, form: Form) -> PageResult {
    let (reader, locale, side) = (reader(&visit)?, visit.locale(), side(&visit));
    let ways: Vec<(&'static str, Way)> = kinds_of(&visit)
        .iter()
        .filter_map(|kind| Some((kind.name, Way::parse(form.text(kind.name))?.in_force(kind))))
        .collect();
    cx.write(async move |tx: &mut Tx| notices::choose(tx, &reader, locale, &ways).await).await?;
    let saved = Flash::success(visit.t("messaging-notices-saved"));
    visit.redirect_with(format!("{}/choices", side.at), saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_the_list_is_read_back() {
        let place = |text: &str| Before { before: Some(text.to_owned()) }.place();
        assert_eq!(place("1764300000000000-12"), Some((Instant::from_micros(1_764_300_000_000_000), 12)));
        assert_eq!(place("12"), None);
        assert_eq!(place("x-y"), None);
        assert_eq!(Before::default().place(), None);
    }
}

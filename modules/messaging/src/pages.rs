//! The outbox.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_app::Registry;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_ids::Id;
use bursar_web::{Nav, PageResult, Permission, Problem, Routes, Surface, Visit};
use serde::Deserialize;
use serde_json::json;

use crate::{messages, permissions};

const ROWS: i64 = 50;

pub(crate) fn register(registry: &mut Registry) {
    registry.template("messages/admin_list.html", include_str!("../templates/messages/admin_list.html"));
    registry.template("messages/admin_show.html", include_str!("../templates/messages/admin_show.html"));
    registry.nav(Nav {
        surface: Surface::Staff,
        section: "Work",
        label: "Mail outbox",
        icon: "mail",
        href: "/admin/mail",
        permission: Some(permissions::MESSAGE_VIEW),
        order: 320,
    });
    registry.routes(
        Routes::<()>::new("messaging")
            .get("/admin/mail", Permission(permissions::MESSAGE_VIEW), list)
            .get("/admin/mail/{id}", Permission(permissions::MESSAGE_VIEW), show)
            .with_state(()),
    );
}

#[derive(Debug, Deserialize)]
struct Place {
    before: Option<i64>,
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(place): Query<Place>) -> PageResult {
    let before = place.before.map(Id::new);
    let rows = cx.read(async move |tx: &mut Tx| messages::list(tx, before, ROWS + 1).await).await?;
    let more = rows.len() as i64 > ROWS;
    let shown = &rows[..rows.len().min(ROWS as usize)];
    let next = shown.last().filter(|_| more).map(|last| format!("/admin/mail?before={}", last.id));
    let first = if before.is_some() { "/admin/mail" } else { "" };
    visit.page(
        "messaging/messages/admin_list.html",
        json!({ "rows": shown, "next": next.unwrap_or_default(), "previous": first }),
    )
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let found = cx.read(async move |tx: &mut Tx| messages::find(tx, Id::new(id)).await).await?;
    let message = found.ok_or_else(Problem::not_found)?;
    visit.page("messaging/messages/admin_show.html", json!({ "message": message }))
}

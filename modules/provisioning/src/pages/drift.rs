//! What differs between our books and the vendors', what it costs, and mending it.

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_web::{Flash, Form, PageResult, Permission, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Pages;
use crate::drift::{Drift, DriftKind, count_hidden, list, sums};
use crate::error::ProvisionError;
use crate::mend::{link_service, mend};
use crate::permissions::{SERVICE_LINK, SERVICE_VIEW};

const LIST: &str = "provisioning/services/admin_drift.html";
const ROWS: i64 = 50;

pub(super) fn routes(pages: Pages) -> Routes {
    Routes::new("provisioning")
        .get("/admin/drift", Permission(SERVICE_VIEW), show)
        .post("/admin/drift/{id}/mend", Permission(SERVICE_LINK), put_right)
        .post("/admin/drift/link", Permission(SERVICE_LINK), link)
        .with_state(pages)
}

#[derive(Debug, Deserialize)]
struct Page {
    after: Option<i64>,
}

fn label(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "Paid for and not there",
        DriftKind::Plan => "Another plan",
        DriftKind::State => "Another state",
        DriftKind::Unpaid => "There and not paid for",
        DriftKind::Unowned => "Nobody's",
    }
}

fn mending(kind: DriftKind) -> &'static str {
    match kind {
        DriftKind::Missing => "It is made again, empty.",
        DriftKind::Plan => "It is changed to the plan that was sold.",
        DriftKind::State => "It is suspended or given back, as it should be.",
        DriftKind::Unpaid => "It is removed with everything in it.",
        DriftKind::Unowned => "",
    }
}

fn row(drift: &Drift) -> Value {
    json!({
        "id": drift.id, "kind": drift.kind.code(), "kind_label": label(drift.kind), "detail": drift.detail,
        "label": drift.label, "service_id": drift.service_id, "server_id": drift.server_id,
        "reference": drift.reference, "monthly": drift.monthly, "found_at": drift.found_at,
        "mending": mending(drift.kind), "is_unowned": drift.kind == DriftKind::Unowned,
    })
}

async fn show(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Query(page): Query<Page>,
) -> PageResult {
    let (mut rows, sums, hidden) = cx
        .read(async move |tx: &mut Tx| {
            let rows = list(tx, page.after.unwrap_or(0), ROWS + 1).await?;
            Ok::<_, Fault>((rows, sums(tx).await?, count_hidden(tx, &pages.drivers).await?))
        })
        .await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|last| format!("/admin/drift?after={}", last.id));
    let sums: Vec<Value> = sums
        .iter()
        .map(|sum| json!({ "label": label(sum.kind), "count": sum.count, "monthly": sum.monthly }))
        .collect();
    visit.page(
        LIST,
        json!({
            "rows": rows.iter().map(row).collect::<Vec<_>>(), "sums": sums, "next": next.unwrap_or_default(),
            "may_mend": visit.can(SERVICE_LINK), "hidden": hidden,
        }),
    )
}

async fn put_right(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    answer(&visit, mend(&cx, id).await, "It is being put right.")
}

async fn link(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    mut form: Form,
) -> PageResult {
    let service = form.value("service", "Enter the number of a service.");
    let server = form.value("server", "Enter the number of a server.");
    let (Some(service), Some(server)) = (service, server) else {
        return visit.redirect_with("/admin/drift", Flash::danger("Enter the number of a service."));
    };
    let done = link_service(&cx, &pages.drivers, service, server, form.text("reference")).await;
    answer(&visit, done, "It belongs to the service from now on.")
}

fn answer(visit: &Visit, done: Result<(), ProvisionError>, told: &str) -> PageResult {
    match done {
        Ok(()) => visit.redirect_with("/admin/drift", Flash::success(told)),
        Err(error) => match error.kind() {
            ErrorKind::Invalid(_) | ErrorKind::Conflict | ErrorKind::NotFound => {
                visit.redirect_with("/admin/drift", Flash::danger(error.message()))
            }
            ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => Err(error.into()),
        },
    }
}

//! One customer, and what staff write about it.

use axum::Extension;
use axum::extract::{Path, Query};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Refusal;
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, PanelQuery, Permission, Routes, Visit};
use serde_json::json;

use super::PAGE;
use crate::customer::Status;
use crate::error::CustomerError;
use crate::{notes, permissions, store};

pub(super) fn routes() -> Routes {
    let edit = || Permission(permissions::CUSTOMER_EDIT);
    Routes::<()>::new("customers")
        .get("/admin/customers/{id}", Permission(permissions::CUSTOMER_VIEW), show)
        .post("/admin/customers/{id}/notes", edit(), add_note)
        .post("/admin/customers/{id}/notes/{note}/remove", edit(), remove_note)
        .with_state(())
}

async fn show(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    Query(query): Query<PanelQuery>,
) -> PageResult {
    let own = async move |tx: &mut Tx| store::find(tx, Id::new(id)).await;
    let (customer, panels) = visit.with_panels(&cx, PAGE, id, &query, own).await?;
    let customer = customer.ok_or(CustomerError::NotFound("customer"))?;
    let statuses: Vec<_> = Status::ALL
        .iter()
        .filter(|status| **status != customer.status)
        .map(|status| json!({ "value": status.code(), "label": super::edit::status_label(*status) }))
        .collect();
    visit.page(
        "customers/customers/admin_show.html",
        json!({
            "id": id, "name": customer.details.postal.display_name(), "status": customer.status.code(),
            "since": customer.created_at, "panels": panels, "links": visit.links(PAGE, id),
            "statuses": statuses, "can_edit": visit.can(permissions::CUSTOMER_EDIT),
            "can_status": visit.can(permissions::CUSTOMER_STATUS),
        }),
    )
}

async fn add_note(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let body = form.text("body").to_owned();
    let done = notes::add_note(&cx, Id::new(id), body, form.is_checked("sticky")).await;
    back(&visit, id, done.map(drop), "The note is kept.")
}

async fn remove_note(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path((id, note)): Path<(i64, i64)>,
) -> PageResult {
    let done = notes::remove_note(&cx, Id::new(id), note).await;
    back(&visit, id, done, "The note is removed.")
}

/// Back to the customer, with what was done or why it was not.
pub(super) fn back(visit: &Visit, id: i64, done: Result<(), CustomerError>, text: &str) -> PageResult {
    let to = format!("/admin/customers/{id}");
    match done {
        Ok(()) => visit.redirect_with(to, Flash::success(text)),
        Err(CustomerError::Invalid(fields)) => {
            let why = fields.first().map_or_else(String::new, |field| field.message.clone());
            visit.redirect_with(to, Flash::danger(why))
        }
        Err(refused @ (CustomerError::Changed | CustomerError::ContactInUse | CustomerError::GroupInUse)) => {
            visit.redirect_with(to, Flash::danger(refused.message()))
        }
        Err(error) => Err(error.into()),
    }
}

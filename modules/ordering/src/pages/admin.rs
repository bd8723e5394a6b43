//! One order for staff, and what they decide over it.

use axum::Extension;
use axum::extract::Path;
use bursar_billing::invoices::store::find as find_invoice;
use bursar_billing::settle::is_held;
use bursar_billing::settle::take_back::{PaidBack, TakenBack};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Fault, Refusal as _};
use bursar_ids::Id;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::views;
use crate::error::OrderError;
use crate::orders::decide::{Ending, accept_order, cancel_order, mark_fraud, reject_order};
use crate::orders::list::{OrderFilter, find_detail, list_orders};
use crate::orders::states::OrderStatus;
use crate::permissions::{ORDER_CANCEL, ORDER_FRAUD, ORDER_REVIEW, ORDER_VIEW};

const SHOW: &str = "ordering/orders/admin_show.html";
/// Other orders of the customer beside the one that is looked at.
const OTHERS: i64 = 6;

pub(super) fn routes() -> Routes {
    Routes::<()>::new("ordering")
        .get("/admin/orders/{id}", Permission(ORDER_VIEW), show)
        .post("/admin/orders/{id}/accept", Permission(ORDER_REVIEW), accept)
        .post("/admin/orders/{id}/reject", Permission(ORDER_REVIEW), reject)
        .post("/admin/orders/{id}/cancel", Permission(ORDER_CANCEL), cancel)
        .post("/admin/orders/{id}/fraud", Permission(ORDER_FRAUD), fraud)
        .with_state(())
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let found = cx
        .read(async move |tx: &mut Tx| {
            let Some(detail) = find_detail(tx, id).await? else { return Ok::<_, Fault>(None) };
            let items = views::items(tx, &detail).await?;
            let customer = bursar_customers::find(tx, Id::new(detail.order.customer_id)).await?;
            let filter = OrderFilter { customer_id: Some(detail.order.customer_id), status: None };
            let others = list_orders(tx, &filter, None, OTHERS).await?;
            let (invoice, is_held) = match detail.order.invoice_id {
                Some(id) => (find_invoice(tx, id).await?, is_held(tx, id).await?),
                None => (None, false),
            };
            Ok(Some((detail, items, customer, others, invoice, is_held)))
        })
        .await?;
    let (detail, items, customer, others, invoice, is_held) = found.ok_or_else(Problem::not_found)?;
    let order = &detail.order;
    let allowed = |to: OrderStatus, permission| order.status.may_become(to) && visit.can(permission);
    let customer = customer.map(|customer| {
        let postal = &customer.details.postal;
        json!({
            "name": postal.display_name(), "email": postal.email, "country": postal.country,
            "since": customer.created_at, "is_verified": customer.email_verified_at.is_some(),
        })
    });
    let invoice = invoice.map(|invoice| {
        let status = if is_held { "held" } else { invoice.state.code() };
        json!({ "id": invoice.id, "number": invoice.number, "status": status })
    });
    let others: Vec<Value> = others.iter().filter(|other| other.id != id).map(views::head).collect();
    visit.page(
        SHOW,
        json!({
            "order": views::head(order), "items": items, "customer": customer, "invoice": invoice,
            "is_held": is_held, "others": others, "agreements": detail.agreements, "history": detail.history,
            "reasons": order.review.iter().map(|reason| reason.label()).collect::<Vec<_>>(),
            "may_accept": allowed(OrderStatus::Accepted, ORDER_REVIEW),
            "may_reject": allowed(OrderStatus::Rejected, ORDER_REVIEW),
            "may_cancel": allowed(OrderStatus::Cancelled, ORDER_CANCEL),
            "may_fraud": allowed(OrderStatus::Fraud, ORDER_FRAUD),
        }),
    )
}

async fn accept(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let done = accept_order(&cx, id).await.map(|()| "The order is accepted; what was bought begins now.");
    answer(&visit, id, done.map(str::to_owned))
}

fn ending(form: &Form) -> Ending {
    let paid = if form.text("paid") == "refund" { PaidBack::Gateway } else { PaidBack::Credit };
    Ending { reason: form.text("reason").to_owned(), paid }
}

async fn reject(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let done = reject_order(&cx, id, ending(&form)).await;
    answer(&visit, id, done.map(|back| told("The order is rejected", &back)))
}

async fn cancel(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let done = cancel_order(&cx, id, ending(&form)).await;
    answer(&visit, id, done.map(|back| told("The order is cancelled", &back)))
}

async fn fraud(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let done = mark_fraud(&cx, id, form.text("reason").to_owned()).await;
    answer(&visit, id, done.map(|back| told("The order is marked as fraud", &back)))
}

fn told(what: &str, back: &TakenBack) -> String {
    let money = match (back.voided, back.to_credit_minor - back.refunded_minor, back.refunded_minor) {
        (true, _, _) => " Its invoice is void.",
        (false, 0, 0) => "",
        (false, 0, _) => " What was paid is on its way back.",
        (false, _, 0) => " What was paid is the customer's credit.",
        (false, _, _) => " Part of what was paid is on its way back, the rest is the customer's credit.",
    };
    let held = if back.released_minor > 0 { " The money that was held for it is let go." } else { "" };
    format!("{what}.{money}{held}")
}

/// Back to the order, with what was done or why it was not.
fn answer(visit: &Visit, id: i64, done: Result<String, OrderError>) -> PageResult {
    let page = format!("/admin/orders/{id}");
    match done {
        Ok(text) => visit.redirect_with(page, Flash::success(text)),
        Err(error) => match error.kind() {
            ErrorKind::Invalid(_) | ErrorKind::Conflict => {
                visit.redirect_with(page, Flash::danger(error.message()))
            }
            ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
                Err(error.into())
            }
        },
    }
}

//! A customer's own orders, and the page that says what happens next.

use axum::Extension;
use axum::extract::{Path, Query};
use axum::http::{HeaderValue, header};
use bursar_billing::BillError;
use bursar_billing::settle::is_held;
use bursar_billing::settle::take_back::is_being_paid;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _};
use bursar_web::{Flash, PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::{Value, json};

use super::views;
use crate::orders::decide::withdraw_order;
use crate::orders::list::{OrderFilter, find_detail, list_orders};
use crate::orders::states::OrderStatus;
use crate::permissions::{PORTAL_ORDER_PLACE, PORTAL_ORDER_VIEW};

const LIST: &str = "ordering/orders/portal_list.html";
const SHOW: &str = "ordering/orders/portal_show.html";
const ROWS: i64 = 25;
/// Seconds between looks at a payment that is under way.
const REFRESH: &str = "3";

#[derive(Debug, Deserialize)]
struct Page {
    after: Option<i64>,
}

pub(super) fn routes() -> Routes {
    Routes::<()>::new("ordering")
        .get("/portal/orders", Permission(PORTAL_ORDER_VIEW), list)
        .get("/portal/orders/{id}", Permission(PORTAL_ORDER_VIEW), show)
        .post("/portal/orders/{id}/withdraw", Permission(PORTAL_ORDER_PLACE), withdraw)
        .with_state(())
}

/// The customer somebody acts for.
fn own(visit: &Visit) -> PageResult<i64> {
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    customers.first().copied().ok_or_else(Problem::not_found)
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(page): Query<Page>) -> PageResult {
    let customer = own(&visit)?;
    let filter = OrderFilter { customer_id: Some(customer), status: None };
    let mut rows =
        cx.read(async move |tx: &mut Tx| list_orders(tx, &filter, page.after, ROWS + 1).await).await?;
    let more = i64::try_from(rows.len()).unwrap_or(i64::MAX) > ROWS;
    rows.truncate(usize::try_from(ROWS).unwrap_or(usize::MAX));
    let next = rows.last().filter(|_| more).map(|last| format!("/portal/orders?after={}", last.id));
    let rows: Vec<Value> = rows.iter().map(views::head).collect();
    visit.page(LIST, json!({ "rows": rows, "next": next.unwrap_or_default() }))
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let customer = own(&visit)?;
    let found = cx
        .read(async move |tx: &mut Tx| {
            let detail = find_detail(tx, id).await?.filter(|detail| detail.order.customer_id == customer);
            let Some(detail) = detail else { return Ok::<_, BillError>(None) };
            let items = views::items(tx, &detail).await?;
            let (is_being_paid, is_held) = match detail.order.invoice_id {
                Some(invoice) => (is_being_paid(tx, invoice).await?, is_held(tx, invoice).await?),
                None => (false, false),
            };
            Ok(Some((detail, items, is_being_paid, is_held)))
        })
        .await?;
    let (detail, items, is_being_paid, is_held) = found.ok_or_else(Problem::not_found)?;
    let status = detail.order.status;
    let waits = status == OrderStatus::PendingPayment;
    let stands = match status {
        _ if is_held => "held",
        OrderStatus::PendingPayment if is_being_paid => "paying",
        _ => status.code(),
    };
    let is_free_to_go = (waits && !is_being_paid) || (status == OrderStatus::PendingReview && is_held);
    let mut response = visit.page(
        SHOW,
        json!({
            "order": views::head(&detail.order), "items": items, "agreements": detail.agreements,
            "stands": stands, "may_withdraw": is_free_to_go && visit.can(PORTAL_ORDER_PLACE),
        }),
    )?;
    if stands == "paying" {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
    }
    Ok(response)
}

async fn withdraw(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let page = format!("/portal/orders/{id}");
    match withdraw_order(&cx, id, own(&visit)?).await {
        Ok(()) => visit.redirect_with(page, Flash::success(visit.t("ordering-withdrawn"))),
        Err(error) if matches!(error.kind(), ErrorKind::Conflict) => {
            visit.redirect_with(page, Flash::warning(visit.refusal(&error)))
        }
        Err(error) => Err(error.into()),
    }
}

//! Invoices for the customer who is signed in, and for nobody else.

use axum::Extension;
use axum::extract::{Path, Query, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::Money;
use bursar_web::{PageResult, Permission, Problem, Routes, Visit};
use serde::Deserialize;
use serde_json::json;

use super::{Pages, ROWS, address, cut, paper, store, views};
use crate::invoices::InvoiceState;
use crate::invoices::list::{InvoiceFilter, list_invoices};
use crate::invoices::store::{Document, find, lines};
use crate::{permissions, settle};

pub(crate) fn routes(pages: Pages) -> Routes {
    let view = || Permission(permissions::PORTAL_INVOICE_VIEW);
    Routes::new("billing")
        .get("/portal/invoices", view(), list)
        .get("/portal/invoices/{id}", view(), show)
        .get("/portal/invoices/{id}/pdf", view(), pdf)
        .with_state(pages)
}

/// The document, if it belongs to one of these customers and is issued; whatever else exists is not theirs to know.
pub async fn invoice_of(cx: &Cx, customers: &[i64], id: i64) -> Result<Option<Document>, Fault> {
    let found = cx.read(async move |tx: &mut Tx| find(tx, id).await).await?;
    Ok(found.filter(|document| {
        customers.contains(&document.customer_id) && document.state != InvoiceState::Draft
    }))
}

async fn own(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Document> {
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    invoice_of(cx, customers, id).await?.ok_or_else(Problem::not_found)
}

#[derive(Debug, Deserialize)]
struct Place {
    before: Option<i64>,
}

async fn list(visit: Visit, Extension(cx): Extension<Cx>, Query(place): Query<Place>) -> PageResult {
    let customer = visit.who().and_then(|who| who.customer_id());
    let customer = customer.ok_or_else(Problem::not_found)?;
    let before = place.before;
    let filter = InvoiceFilter { customer_id: Some(customer), hide_drafts: true, ..InvoiceFilter::default() };
    let (rows, more, owed, credit) = cx
        .read(async move |tx: &mut Tx| {
            let (documents, more) = cut(list_invoices(tx, &filter, before, ROWS + 1).await?);
            let last = documents.last().map(|document| document.id).filter(|_| more);
            let rows = views::rows(tx, &documents).await?;
            let owed = store::to_pay(tx, customer).await?;
            Ok::<_, Fault>((rows, last, owed, settle::credit_balances(tx, customer).await?))
        })
        .await?;
    let credit: Vec<Money> = credit.into_iter().filter(Money::is_positive).collect();
    visit.page(
        "billing/invoices/portal_list.html",
        json!({
            "any_payable": rows.iter().any(|row| row.is_payable), "rows": rows, "owed": owed, "credit": credit,
            "may_pay": visit.can(permissions::PORTAL_INVOICE_PAY),
            "may_manage": visit.can(bursar_payments::permissions::PORTAL_METHOD_MANAGE),
            "next": more.map(|last| address("/portal/invoices", &[], Some(last))).unwrap_or_default(),
            "previous": if before.is_some() { "/portal/invoices" } else { "" },
        }),
    )
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let document = own(&visit, &cx, id).await?;
    let words = visit.translator().clone();
    let may_pay = visit.can(permissions::PORTAL_INVOICE_PAY);
    let context = cx
        .read(async move |tx: &mut Tx| {
            let lines = lines(tx, id).await?;
            let settled = settle::store::allocations(tx, id).await?;
            Ok::<_, Fault>(json!({
                "may_pay": may_pay,
                "invoice": views::invoice(tx, &document, &lines, &words).await?,
                "settled": views::settled(&settled, document.currency, &words),
            }))
        })
        .await?;
    visit.page("billing/invoices/portal_show.html", context)
}

async fn pdf(
    visit: Visit,
    State(pages): State<Pages>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    own(&visit, &cx, id).await?;
    paper::pdf(&pages, &cx, id).await
}

//! A customer pays an invoice.

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, header};
use bursar_billing::invoices::store::Document;
use bursar_billing::permissions::PORTAL_INVOICE_PAY;
use bursar_billing::settle::{PayRequest, pay_invoices};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, Refusal as _, Text};
use bursar_gateway::MethodToken;
use bursar_gateway_sandbox::{ID as SANDBOX, cards};
use bursar_ids::Id;
use bursar_money::Money;
use bursar_payments::{Keep, Payment, PaymentState, run_charge, store_method};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::json;

use super::desk::Desk;

const PAY: &str = "desk/checkout/portal_pay.html";
/// Seconds between looks at a payment that nobody knows the outcome of.
const REFRESH: &str = "3";

pub(super) fn routes(desk: Desk) -> Routes {
    let pay_access = || Permission(PORTAL_INVOICE_PAY);
    Routes::new("desk")
        .get("/portal/invoices/{id}/pay", pay_access(), pay_page)
        .post("/portal/invoices/{id}/pay", pay_access(), pay)
        .get("/portal/payments/{id}", pay_access(), result)
        .get("/portal/payments/{id}/return", pay_access(), come_back)
        .with_state(desk)
}

async fn own_invoice(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Document> {
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    let found = bursar_billing::pages::invoice_of(cx, customers, id).await?;
    found.ok_or_else(Problem::not_found)
}

async fn own_payment(visit: &Visit, cx: &Cx, id: i64) -> PageResult<Payment> {
    let found = cx.read(async move |tx: &mut Tx| bursar_payments::find(tx, Id::new(id)).await).await?;
    let customers = visit.who().map_or(&[][..], |who| who.customer_ids());
    found.filter(|payment| customers.contains(&payment.customer)).ok_or_else(Problem::not_found)
}

async fn pay_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let invoice = own_invoice(&visit, &cx, id).await?;
    if invoice.open_minor() <= 0 {
        return visit.redirect(format!("/portal/invoices/{id}"));
    }
    visit.page(PAY, pay_context(&invoice, &Form::filled([("card", cards::VISA)])))
}

fn pay_context(invoice: &Document, form: &Form) -> serde_json::Value {
    let cards: Vec<_> =
        cards::OFFERED.iter().map(|card| json!({ "token": card.token, "label": card.label })).collect();
    json!({
        "id": invoice.id, "number": invoice.number, "due_on": invoice.due_on, "cards": cards,
        "open": Money::new(invoice.open_minor(), invoice.currency), "form": form.view(),
    })
}

async fn pay(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let invoice = own_invoice(&visit, &cx, id).await?;
    let card = form.required("card", 60);
    if !cards::OFFERED.iter().any(|offered| offered.token == card) {
        form.refuse_text("card", &Text::new("desk-pay-choose"));
        return visit.refused_form(PAY, pay_context(&invoice, &form));
    }
    let token = MethodToken::new(card);
    let method = store_method(&cx, &desk.gateways, invoice.customer_id, SANDBOX, token, Keep::Once).await?;
    let request = PayRequest {
        customer: invoice.customer_id,
        invoices: vec![id],
        gateway: SANDBOX.to_owned(),
        method: Some(method),
        is_present: true,
        return_url: Some("/portal".to_owned()),
        reason: invoice.number.clone().unwrap_or_default(),
    };
    match pay_invoices(&cx, request).await {
        Ok(payment) => {
            let view = run_charge(&cx, &desk.gateways, payment).await?;
            visit.redirect(next_page(&view.payment))
        }
        Err(refused) if matches!(refused.kind(), ErrorKind::Conflict) => {
            visit.redirect_with(format!("/portal/invoices/{id}"), Flash::info(visit.refusal(&refused)))
        }
        Err(error) => Err(error.into()),
    }
}

/// To the vendor's own page where the customer must confirm, otherwise to the result.
fn next_page(payment: &Payment) -> String {
    match payment.state {
        PaymentState::RequiresAction if !payment.action_url.is_empty() => payment.action_url.clone(),
        _ => format!("/portal/payments/{}", payment.id),
    }
}

/// Back from the vendor's page: what became of it is asked, never believed.
async fn come_back(
    visit: Visit,
    State(desk): State<Desk>,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
) -> PageResult {
    let payment = own_payment(&visit, &cx, id).await?;
    run_charge(&cx, &desk.gateways, payment.id).await?;
    visit.redirect(format!("/portal/payments/{id}"))
}

async fn result(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let payment = own_payment(&visit, &cx, id).await?;
    let stands = standing(payment.state);
    let invoice = payment.purpose.invoices.first().map(|(invoice, _)| *invoice);
    let order = match invoice {
        Some(invoice) => {
            let read = async move |tx: &mut Tx| bursar_ordering::order_of_invoice(tx, invoice).await;
            cx.read(read).await?.map(|order| order.id)
        }
        None => None,
    };
    let mut response = visit.page(
        "desk/checkout/portal_result.html",
        json!({
            "stands": stands, "amount": payment.amount, "why": payment.decline_code, "invoice": invoice,
            "number": payment.purpose.reason, "confirm_at": payment.action_url, "order": order,
        }),
    )?;
    if stands == "asking" {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
    }
    Ok(response)
}

/// What the page says of a state.
fn standing(state: PaymentState) -> &'static str {
    match state {
        PaymentState::Captured => "paid",
        PaymentState::RequiresAction => "confirm",
        PaymentState::Created | PaymentState::Sent | PaymentState::Pending | PaymentState::Unknown => {
            "asking"
        }
        PaymentState::Declined | PaymentState::Failed | PaymentState::Cancelled => "declined",
    }
}

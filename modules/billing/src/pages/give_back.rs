//! Giving money back, writing it off and adjusting credit, for staff.

use axum::Extension;
use axum::extract::Path;
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::{ErrorKind, FieldError, Refusal as _};
use bursar_ids::Id;
use bursar_money::Money;
use bursar_payments::Payment;
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::back;
use crate::error::BillError;
use crate::invoices::store::{Document, find_many};
use crate::invoices::write_off::write_off_invoice;
use crate::permissions;
use crate::settle::credit::balance_of;
use crate::settle::store::allocations_of_payment;
use crate::settle::{RefundFrom, RefundRequest, RefundTo, adjust_credit, credit_balances, refund};

const REFUND: &str = "billing/payments/admin_refund.html";
const CREDIT: &str = "billing/credit/admin_adjust.html";

pub(crate) fn routes() -> Routes {
    Routes::<()>::new("billing")
        .get("/admin/payments/{id}/refund", Permission(permissions::REFUND), refund_page)
        .post("/admin/payments/{id}/refund", Permission(permissions::REFUND), give_back)
        .post("/admin/invoices/{id}/write-off", Permission(permissions::INVOICE_WRITE_OFF), write_off)
        .get("/admin/customers/{id}/credit", Permission(permissions::CREDIT_ADJUST), credit_page)
        .post("/admin/customers/{id}/credit", Permission(permissions::CREDIT_ADJUST), adjust)
        .with_state(())
}

async fn write_off(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    form: Form,
) -> PageResult {
    let done = write_off_invoice(&cx, id, form.text("reason").to_owned()).await;
    back(&visit, &format!("/admin/invoices/{id}"), done, |()| {
        "What was open is booked as bad debt. A payment that comes after all becomes credit.".to_owned()
    })
}

/// A payment with what stands behind it.
struct Paid {
    payment: Payment,
    /// The invoices it settles, with how much of it.
    invoices: Vec<(Document, i64)>,
    /// The customer's unused credit in the payment's currency.
    credit: Money,
}

async fn paid(cx: &Cx, id: i64) -> PageResult<Paid> {
    let found = cx
        .read(async move |tx: &mut Tx| {
            let Some(payment) = bursar_payments::find(tx, Id::new(id)).await? else { return Ok(None) };
            let mut parts = allocations_of_payment(tx, id).await?;
            parts.retain(|part| part.reversed_at.is_none());
            let ids: Vec<i64> = parts.iter().map(|part| part.invoice_id).collect();
            let documents = find_many(tx, &ids).await?;
            let invoices = documents
                .into_iter()
                .map(|document| {
                    let own = parts.iter().filter(|part| part.invoice_id == document.id);
                    let minor = own.map(|part| part.amount_minor).sum();
                    (document, minor)
                })
                .collect();
            let currency = payment.amount.currency();
            let credit = balance_of(tx, payment.customer, currency).await?;
            Ok::<_, bursar_fault::Fault>(Some(Paid { payment, invoices, credit }))
        })
        .await?;
    found.ok_or_else(Problem::not_found)
}

async fn refund_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let paid = paid(&cx, id).await?;
    let left = left(&paid.payment);
    let from =
        paid.invoices.first().map_or("credit".to_owned(), |(invoice, _)| format!("note-{}", invoice.id));
    let form = Form::filled([
        ("amount", left.to_plain()),
        ("from", from),
        ("to", "gateway".to_owned()),
        // The form may be sent twice; the money goes once.
        ("form_key", format!("refund-{id}-{}", visit.request_id())),
    ]);
    visit.page(REFUND, refund_context(&paid, &form))
}

/// What is left of a payment.
fn left(payment: &Payment) -> Money {
    let minor = payment.amount.minor() - payment.refunded.minor();
    Money::new(minor, payment.amount.currency())
}

fn refund_context(paid: &Paid, form: &Form) -> Value {
    let payment = &paid.payment;
    let currency = payment.amount.currency();
    let number = |invoice: &Document| invoice.number.clone().unwrap_or_default();
    let mut from = Vec::new();
    for (invoice, minor) in &paid.invoices {
        let amount = Money::new(*minor, currency);
        from.push(json!({
            "value": format!("note-{}", invoice.id), "label": format!("Credit note on {}", number(invoice)),
            "help": format!("It was not owed. {amount} of this payment is on it."),
        }));
        from.push(json!({
            "value": format!("open-{}", invoice.id), "label": format!("Open {} again", number(invoice)),
            "help": "It is still owed and asks for payment again.",
        }));
    }
    if paid.credit.is_positive() {
        from.push(json!({
            "value": "credit", "label": "Unused credit", "help": format!("The customer has {}.", paid.credit),
        }));
    }
    json!({
        "form": form.view(), "id": payment.id.get(), "currency": currency.code(), "left": left(payment),
        "gateway": payment.gateway, "from": from, "can_refund": left(payment).is_positive(),
        "to": [
            {"value": "gateway", "label": "The way it came", "help": "The gateway sends it back."},
            {"value": "hand", "label": "By hand", "help": "You have sent it from the bank or the drawer."},
            {"value": "credit", "label": "Keep it as credit", "help": "It stays here for the customer's next invoices."},
        ],
    })
}

async fn give_back(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let paid = paid(&cx, id).await?;
    let amount = form.money("amount", paid.payment.amount.currency());
    let reason = form.required("reason", 500);
    let form_key = form.required("form_key", 200);
    let to = match form.text("to") {
        "gateway" => Some(RefundTo::Gateway),
        "hand" => Some(RefundTo::ByHand),
        "credit" => Some(RefundTo::Credit),
        _ => None,
    };
    let from = source(form.text("from"));
    if to.is_none() {
        form.refuse("to", "Choose where the money goes.");
    }
    if from.is_none() {
        form.refuse("from", "Choose what the refund means for the invoice.");
    }
    let (Some(amount), Some(to), Some(from), false) = (amount, to, from, form.is_refused()) else {
        return visit.refused_form(REFUND, refund_context(&paid, &form));
    };
    let request = RefundRequest { payment_id: id, amount, to, from, reason, form_key };
    let done = match refund(&cx, request).await {
        Ok(done) => done,
        Err(error) => {
            form.refuse_all(beside("amount", error)?);
            return visit.refused_form(REFUND, refund_context(&paid, &form));
        }
    };
    let said = match (done.refund_id, to) {
        (Some(_), RefundTo::Gateway) => "The refund is on its way; its state is shown here.",
        (Some(_), _) => "The refund is recorded.",
        (None, _) => "The money is the customer's credit now.",
    };
    visit.redirect_with(format!("/admin/payments/{id}"), Flash::success(said))
}

/// `credit`, `note-12`, `open-12`.
fn source(text: &str) -> Option<RefundFrom> {
    if text == "credit" {
        return Some(RefundFrom::Credit);
    }
    let (what, invoice) = text.split_once('-')?;
    let invoice_id = invoice.parse().ok()?;
    match what {
        "note" => Some(RefundFrom::CreditNote { invoice_id }),
        "open" => Some(RefundFrom::Reopen { invoice_id }),
        _ => None,
    }
}

/// A refusal beside a field, and everything else as it is.
fn beside(field: &'static str, error: BillError) -> PageResult<Vec<FieldError>> {
    match error.kind() {
        ErrorKind::Invalid(fields) => Ok(fields),
        ErrorKind::Conflict => Ok(vec![FieldError::new(field, error.message())]),
        ErrorKind::NotFound | ErrorKind::Forbidden | ErrorKind::Unavailable | ErrorKind::Fault => {
            Err(error.into())
        }
    }
}

async fn credit_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let context = credit_context(&cx, id, &Form::default()).await?;
    visit.page(CREDIT, context)
}

async fn credit_context(cx: &Cx, id: i64, form: &Form) -> PageResult<Value> {
    let (customer, balances) = cx
        .read(async move |tx: &mut Tx| {
            let customer = bursar_customers::find(tx, Id::new(id)).await?;
            Ok::<_, bursar_fault::Fault>((customer, credit_balances(tx, id).await?))
        })
        .await?;
    let customer = customer.ok_or_else(Problem::not_found)?;
    Ok(json!({
        "form": form.view(), "id": id, "name": customer.details.postal.display_name(),
        "currency": customer.currency.code(), "balances": balances,
    }))
}

async fn adjust(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let customer = cx.read(async move |tx: &mut Tx| bursar_customers::find(tx, Id::new(id)).await).await?;
    let currency = customer.ok_or_else(Problem::not_found)?.currency;
    let amount = form.money("amount", currency);
    let reason = form.required("reason", 500);
    if let (Some(amount), false) = (amount, form.is_refused()) {
        match adjust_credit(&cx, id, amount, reason).await {
            Ok(balance) => {
                let said = format!("The customer's credit is {balance} now.");
                return visit.redirect_with(format!("/admin/customers/{id}"), Flash::success(said));
            }
            Err(error) => form.refuse_all(beside("amount", error)?),
        }
    }
    let context = credit_context(&cx, id, &form).await?;
    visit.refused_form(CREDIT, context)
}

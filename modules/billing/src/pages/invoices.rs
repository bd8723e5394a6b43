//! Invoices for staff.

use axum::Extension;
use axum::extract::{Path, State};
use bursar_context::Cx;
use bursar_db::Tx;
use bursar_fault::Fault;
use bursar_money::Money;
use bursar_payments::{ManualPayment, Purpose};
use bursar_web::{Flash, Form, PageResult, Permission, Problem, Routes, Visit};
use serde_json::{Value, json};

use super::{Pages, back, paper, store, views};
use crate::error::BillError;
use crate::invoices::InvoiceState;
use crate::invoices::credit_note::{CreditNoteRequest, Part, issue_credit_note};
use crate::invoices::store::{Document, corrections, find, lines};
use crate::invoices::void::void_invoice;
use crate::settle::store::Allocation;
use crate::{mails, permissions, settle};

const LIST: &str = "/admin/invoices";
const PAYMENT: &str = "billing/invoices/admin_payment.html";

pub(crate) fn routes(pages: Pages) -> Routes {
    Routes::new("billing")
        .get("/admin/invoices/{id}", Permission(permissions::INVOICE_VIEW), show)
        .get("/admin/invoices/{id}/pdf", Permission(permissions::INVOICE_VIEW), pdf)
        .get("/admin/invoices/{id}/payment", Permission(permissions::PAYMENT_RECORD), payment_page)
        .post("/admin/invoices/{id}/payment", Permission(permissions::PAYMENT_RECORD), record_payment)
        .post("/admin/invoices/{id}/apply-credit", Permission(permissions::PAYMENT_RECORD), apply_credit)
        .post("/admin/invoices/{id}/send", Permission(permissions::INVOICE_ISSUE), send)
        .post("/admin/invoices/{id}/void", Permission(permissions::INVOICE_VOID), void)
        .post("/admin/invoices/{id}/credit-note", Permission(permissions::CREDIT_NOTE), credit)
        .with_state(pages)
}

async fn show(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let words = visit.translator().clone();
    let context = cx
        .read(async move |tx: &mut Tx| {
            let document = find(tx, id).await?.ok_or(BillError::NotFound("invoice"))?;
            let lines = lines(tx, id).await?;
            let settled = settle::store::allocations(tx, id).await?;
            let corrections = corrections(tx, id).await?;
            let others = match document.state {
                InvoiceState::Draft => super::drafts::others(tx, &document).await?,
                _ => Vec::new(),
            };
            let credit = settle::credit_balances(tx, document.customer_id).await?;
            let credit = credit.into_iter().find(|c| c.currency() == document.currency && c.is_positive());
            Ok::<_, BillError>(json!({
                "invoice": views::invoice(tx, &document, &lines, &words).await?,
                "settled": views::settled(&settled, document.currency, &words),
                "corrections": views::rows(tx, &corrections).await?,
                "charges": charges(tx, id, &settled).await?,
                "credit": credit,
                "others": views::rows(tx, &others).await?,
            }))
        })
        .await?;
    visit.page("billing/invoices/admin_show.html", context)
}

/// What was tried and did not settle anything: what did stands among the payments.
async fn charges(tx: &mut Tx, invoice: i64, settled: &[Allocation]) -> Result<Vec<Value>, Fault> {
    let ids = store::charges(tx, invoice).await?;
    let found = bursar_payments::find_many(tx, &ids).await?;
    let is_settled =
        |id: i64| settled.iter().any(|part| part.source_kind == "payment" && part.source_id == id);
    let others = found.iter().filter(|payment| !is_settled(payment.id.get()));
    let shown = others.map(|payment| {
        json!({
            "id": payment.id.get(), "gateway": payment.gateway, "state": payment.state.code(),
            "amount": payment.amount, "at": payment.created_at,
        })
    });
    Ok(shown.collect())
}

async fn pdf(State(pages): State<Pages>, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    known(&cx, id).await?;
    paper::pdf(&pages, &cx, id).await
}

async fn known(cx: &Cx, id: i64) -> PageResult<Document> {
    let found = cx.read(async move |tx: &mut Tx| find(tx, id).await).await?;
    found.ok_or_else(Problem::not_found)
}

async fn payment_page(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let invoice = known(&cx, id).await?;
    let open = Money::new(invoice.open_minor(), invoice.currency);
    let form = Form::filled([
        ("amount", open.to_plain()),
        ("received_on", cx.today().to_string()),
        // The form may be sent twice; the payment is recorded once.
        ("form_key", format!("invoice-{id}-{}", visit.request_id())),
    ]);
    visit.page(PAYMENT, payment_context(&invoice, &form))
}

fn payment_context(invoice: &Document, form: &Form) -> Value {
    json!({
        "form": form.view(), "id": invoice.id, "number": invoice.number, "currency": invoice.currency.code(),
        "open": Money::new(invoice.open_minor(), invoice.currency),
        "ways": [{"value": "bank_transfer", "label": "Bank transfer"}, {"value": "cash", "label": "Cash"},
                 {"value": "cheque", "label": "Cheque"}, {"value": "other", "label": "Something else"}],
    })
}

async fn record_payment(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let invoice = known(&cx, id).await?;
    let amount = form.money("amount", invoice.currency);
    let received_on = form.date("received_on");
    let reference = form.optional("reference", 200).unwrap_or_default();
    let gateway = form.required("way", 40);
    let form_key = form.required("form_key", 200);
    let (Some(amount), Some(received_on), false) = (amount, received_on, form.is_refused()) else {
        return visit.refused_form(PAYMENT, payment_context(&invoice, &form));
    };
    let meant = amount.minor().min(invoice.open_minor());
    let payment = ManualPayment {
        customer: invoice.customer_id,
        gateway,
        amount,
        fee: Money::zero(invoice.currency),
        received_on,
        reference,
        purpose: Purpose {
            invoices: if meant > 0 { vec![(id, meant)] } else { Vec::new() },
            reason: invoice.number.clone().unwrap_or_default(),
        },
        form_key,
    };
    match settle::record_payment(&cx, payment).await {
        Ok(received) if received.credit_minor > 0 => visit.redirect_with(
            format!("{LIST}/{id}"),
            Flash::success("The payment is recorded; what was too much is the customer's credit now."),
        ),
        Ok(_) => visit.redirect_with(format!("{LIST}/{id}"), Flash::success("The payment is recorded.")),
        Err(BillError::Invalid(fields)) => {
            form.refuse_all(fields);
            visit.refused_form(PAYMENT, payment_context(&invoice, &form))
        }
        Err(error) => Err(error.into()),
    }
}

async fn apply_credit(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let applied = settle::apply_credit_to_invoice(&cx, id, None).await;
    back(&visit, &format!("{LIST}/{id}"), applied, |_| {
        "The customer's credit was used for this invoice.".to_owned()
    })
}

async fn send(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>) -> PageResult {
    let sent = mails::send_document(&cx, id).await;
    back(&visit, &format!("{LIST}/{id}"), sent, |to| format!("It is on its way to {to}."))
}

async fn void(visit: Visit, Extension(cx): Extension<Cx>, Path(id): Path<i64>, form: Form) -> PageResult {
    let voided = void_invoice(&cx, id, form.text("reason").to_owned()).await;
    back(&visit, &format!("{LIST}/{id}"), voided, |()| "The invoice is void.".to_owned())
}

async fn credit(
    visit: Visit,
    Extension(cx): Extension<Cx>,
    Path(id): Path<i64>,
    mut form: Form,
) -> PageResult {
    let to = format!("{LIST}/{id}");
    let invoice = known(&cx, id).await?;
    let part = if form.text("amount").is_empty() {
        Part::Whole
    } else {
        match form.money("amount", invoice.currency) {
            Some(amount) => Part::Amount(amount.minor()),
            None => {
                let why = format!("Please give the amount in {}, with a point.", invoice.currency);
                return visit.redirect_with(to, Flash::danger(why));
            }
        }
    };
    let request = CreditNoteRequest { invoice_id: id, part, reason: form.text("reason").to_owned() };
    let made = issue_credit_note(&cx, request).await;
    back(&visit, &to, made, |made| format!("Credit note {} is issued.", made.number))
}
